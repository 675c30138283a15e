"""Evidence: files and links, dates that are not upload dates, several to an indicator."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from levelground.assessments import services
from levelground.assessments.models import Answer, Evidence
from levelground.foundation import clock
from levelground.foundation.errors import Invalid

TODAY = clock.today()


@pytest.fixture
def answer(cast):
    return Answer.objects.get(workbook=cast.workbook, indicator__code="1.1.1")


def _file(name="policy.txt", content=b"Our policy, agreed in May."):
    return SimpleUploadedFile(name, content)


@pytest.mark.requirement("MQM-03")
def test_several_items_each_with_its_own_date_and_end(cast, answer):
    long_ago, soon = TODAY - dt.timedelta(days=500), TODAY + dt.timedelta(days=10)
    file = services.add_evidence(answer=answer, upload=_file(), document_date=long_ago, by=cast.carys)
    link = services.add_evidence(
        answer=answer, url="https://example.org/p", title="Page", expires_on=soon, by=cast.carys
    )
    answer.refresh_from_db()
    assert answer.evidence_count == 2
    assert (file.title, file.document_date, file.freshness) == ("policy", long_ago, "stale")
    assert file.document.uploaded_at.date() != file.document_date
    assert (link.freshness, link.needs_renewal) == ("expiring", True)


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "upload"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": "https://example.org", "upload": True}, "upload"),
        ({"url": "https://example.org", "document_date": TODAY + dt.timedelta(days=2)}, "document_date"),
        (
            {"url": "https://example.org", "document_date": TODAY, "expires_on": TODAY - dt.timedelta(days=1)},
            "expires_on",
        ),
    ],
)
def test_what_does_not_fit_is_refused_beside_its_field(cast, answer, sent, field):
    if sent.get("upload"):
        sent = sent | {"upload": _file()}
    with pytest.raises(Invalid) as refused:
        services.add_evidence(answer=answer, by=cast.carys, **sent)
    assert list(refused.value.fields) == [field]
    assert not Evidence.objects.exists()


def test_a_disguised_program_is_refused(cast, answer):
    with pytest.raises(Invalid):
        services.add_evidence(answer=answer, upload=_file("minutes.pdf", b"MZ\x90\x00" + b"\x00" * 200), by=cast.carys)


def test_removed_evidence_leaves_the_page_and_not_the_store(cast, answer):
    item = services.add_evidence(answer=answer, upload=_file(), by=cast.carys)
    services.remove_evidence(item=item, by=cast.alice)
    answer.refresh_from_db()
    assert answer.evidence_count == 0
    assert Evidence.objects.get(pk=item.pk).removed_by == cast.alice
    assert not Evidence.objects.all().current().exists()
