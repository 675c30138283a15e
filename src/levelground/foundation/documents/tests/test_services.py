"""Keeping files and giving them out."""

import datetime as dt
import hashlib
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import InMemoryStorage, storages
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from levelground.accounts.models import User
from levelground.foundation.documents import services, store
from levelground.foundation.documents.models import Document, ScanState
from levelground.foundation.documents.rules import Freshness
from levelground.foundation.documents.selectors import freshness_of, versions
from levelground.foundation.errors import Invalid, NotAllowed, TooLarge
from tests.factories import UserFactory

from .samples import GOOD, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def by() -> User:
    return UserFactory()


def files_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_a_file_is_kept_under_its_hash(by: User, tmp_path: Path) -> None:
    document = services.store(upload=upload("Strategic plan.PDF"), title=" Our plan ", by=by)
    sha = hashlib.sha256(GOOD["pdf"]).hexdigest()
    assert (document.title, document.filename, document.number) == ("Our plan", "Strategic plan.pdf", 1)
    assert (document.sha256, document.size) == (sha, len(GOOD["pdf"]))
    assert (document.content_type, document.scan_state) == ("application/pdf", ScanState.NOT_SCANNED)
    assert files_in(tmp_path / "documents") == [tmp_path / "documents" / sha[:2] / sha[2:4] / sha]


def test_the_browsers_word_on_the_type_counts_for_nothing(by: User) -> None:
    document = services.store(upload=upload("plan.pdf", content_type="text/html"), title="", by=by)
    assert (document.content_type, document.title) == ("application/pdf", "plan.pdf")


def test_the_same_bytes_are_kept_once(by: User, tmp_path: Path) -> None:
    one = services.store(upload=upload("a.pdf"), title="a", by=by)
    two = services.store(upload=upload("b.pdf"), title="b", by=by)
    assert one.sha256 == two.sha256
    assert one.public_id != two.public_id
    assert len(files_in(tmp_path / "documents")) == 1


def test_half_a_file_under_the_right_name_is_replaced(by: User, tmp_path: Path) -> None:
    sha = hashlib.sha256(GOOD["pdf"]).hexdigest()
    path = tmp_path / "documents" / store.key(sha)
    path.parent.mkdir(parents=True)
    path.write_bytes(GOOD["pdf"][:4])
    services.store(upload=upload("a.pdf"), title="a", by=by)
    assert path.read_bytes() == GOOD["pdf"]


def test_a_crash_while_writing_leaves_nothing_behind(by: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(_descriptor: int) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(store.os, "fsync", crash)
    with pytest.raises(OSError, match="no space left"):
        services.store(upload=upload("a.pdf"), title="a", by=by)
    assert files_in(tmp_path / "documents") == []
    assert not Document.objects.exists()


def test_an_empty_file_is_refused(by: User) -> None:
    with pytest.raises(Invalid, match="empty"):
        services.store(upload=upload("a.pdf", b""), title="a", by=by)


def test_a_file_over_the_limit_is_refused_and_not_read_to_its_end(by: User, settings: Any, tmp_path: Path) -> None:
    settings.DOCUMENT_MAX_BYTES = 100_000
    with pytest.raises(TooLarge, match=re.escape("up to 100.0 kB") + "|up to 100 kB"):
        services.store(upload=upload("a.pdf", GOOD["pdf"] + bytes(100_000)), title="a", by=by)
    assert files_in(tmp_path / "documents") == []
    services.store(upload=upload("a.pdf", GOOD["pdf"].ljust(100_000, b" ")), title="a", by=by)


def test_a_refused_file_is_not_kept(by: User, tmp_path: Path) -> None:
    with pytest.raises(Invalid):
        services.store(upload=upload("a.pdf", b"MZ\x90\0"), title="a", by=by)
    assert files_in(tmp_path) == []
    assert not Document.objects.exists()


@pytest.mark.requirement("MQM-26")
def test_the_dates_of_a_document_are_its_own(by: User) -> None:
    document = services.store(
        upload=upload("a.pdf"), title="a", by=by,
        document_date=dt.date(2026, 1, 1), expires_on=dt.date(2027, 1, 1),
    )  # fmt: skip
    assert document.uploaded_at.date() != document.document_date
    assert freshness_of(document, dt.date(2026, 12, 20)) is Freshness.EXPIRING


def test_an_end_date_before_the_documents_date_is_an_error_beside_the_field(by: User) -> None:
    with pytest.raises(Invalid) as refusal:
        services.store(
            upload=upload("a.pdf"), title="a", by=by,
            document_date=dt.date(2027, 1, 2), expires_on=dt.date(2027, 1, 1),
        )  # fmt: skip
    assert set(refusal.value.fields) == {"expires_on"}


def test_versions_count_up_and_form_one_line(by: User) -> None:
    first = services.store(upload=upload("a.pdf"), title="a", by=by)
    second = services.store(upload=upload("a.txt"), title="a", by=by, replaces=first)
    third = services.store(upload=upload("a.csv"), title="a", by=by, replaces=second)
    assert [document.number for document in versions(third)] == [3, 2, 1]
    with pytest.raises(Invalid, match="newer version"):
        services.store(upload=upload("a.png"), title="a", by=by, replaces=first)


def test_a_file_received_before_the_transaction_is_stored_from_what_was_seen(by: User) -> None:
    received = services.receive(upload("a.pdf"))
    assert services.store(upload=received, title="", by=by).sha256 == received.sha256


def test_refusals_speak_welsh(by: User) -> None:
    with translation.override("cy"), pytest.raises(Invalid) as refusal:
        services.store(upload=upload("a.pdf", b""), title="a", by=by)
    assert "wag" in str(refusal.value)


def test_download_is_an_attachment_that_no_browser_runs(by: User) -> None:
    document = services.store(upload=upload('polisi "diogelu" ŵ\r\nX-Evil: 1.pdf'), title="a", by=by)
    response = services.download(document)
    assert b"".join(response.streaming_content) == GOOD["pdf"]
    response.close()
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''polisi%20diogelu%20%C5%B5")
    assert "\n" not in response["Content-Disposition"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Length"] == str(len(GOOD["pdf"]))


def test_the_sites_own_policy_does_not_replace_that_of_a_download(by: User) -> None:
    from csp.middleware import CSPMiddleware

    document = services.store(upload=upload("a.txt"), title="a", by=by)

    def view(_request: HttpRequest) -> HttpResponse:
        return services.download(document)

    request = HttpRequest()
    request.path = "/x"
    response = CSPMiddleware(view)(request)
    response.close()
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_bytes_that_went_missing_are_told_in_a_sentence(by: User, tmp_path: Path) -> None:
    document = services.store(upload=upload("a.pdf"), title="a", by=by)
    (tmp_path / "documents" / store.key(document.sha256)).unlink()
    with pytest.raises(Invalid, match="cannot find the content"):
        services.download(document)


def test_a_document_in_which_a_virus_was_found_cannot_be_opened(by: User) -> None:
    document = services.store(upload=upload("a.pdf"), title="a", by=by)
    document.scan_state = ScanState.REFUSED
    with pytest.raises(NotAllowed, match="virus"):
        services.download(document)


def test_any_storage_of_django_will_do(by: User, settings: Any) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "documents": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    }
    place = storages["documents"]
    assert isinstance(place, InMemoryStorage)
    one = services.store(upload=upload("a.pdf"), title="a", by=by)
    services.store(upload=upload("b.pdf"), title="b", by=by)
    sha = one.sha256
    assert place.listdir(f"{sha[:2]}/{sha[2:4]}") == ([], [sha])
    assert b"".join(services.download(one).streaming_content) == GOOD["pdf"]


def test_two_at_once_leave_one_object(by: User, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "documents": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    }
    place = storages["documents"]
    one = services.store(upload=upload("a.pdf"), title="a", by=by)
    # The other upload looked before the first had written.
    real = place.exists
    looks = iter([False])
    monkeypatch.setattr(place, "exists", lambda name: next(looks, real(name)))
    services.store(upload=upload("b.pdf"), title="b", by=by)
    monkeypatch.undo()
    assert place.listdir(f"{one.sha256[:2]}/{one.sha256[2:4]}") == ([], [one.sha256])
