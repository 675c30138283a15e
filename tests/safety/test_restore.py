"""A restore goes into an empty place only, and an archive that does not fit leaves that place empty."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from levelground.accounts.models import User
from levelground.config.backup import place
from levelground.foundation.audit.models import AuditEvent
from levelground.foundation.documents import store
from levelground.foundation.documents.models import Document

from . import contents
from .archives import parts, with_manifest, with_rows


def storage() -> Path:
    return Path(store.storage().path(""))


def papers() -> list[Path]:
    return sorted(path for path in storage().rglob("*") if path.is_file())


def emptied(folder: Path) -> Path:
    """A backup, in whose place there is nothing any more."""
    path = folder / "a.zip"
    call_command("backup", str(path))
    call_command("flush", interactive=False, verbosity=0)
    for paper in papers():
        paper.unlink()
    return path


_kept: list[bytes] = []


@pytest.fixture
def archive(request: pytest.FixtureRequest, tmp_path: Path, transactional_db: Any) -> Path:
    """Of a filled system, which is made once: afterwards the test's own database is empty anyway."""
    if not _kept:
        request.getfixturevalue("filled")
        _kept.append(emptied(tmp_path).read_bytes())
    path = tmp_path / "a.zip"
    path.write_bytes(_kept[0])
    return path


def restore(archive: Path, capsys: Any) -> tuple[int, dict[str, Any]]:
    """The exit code, and what was said in JSON."""
    capsys.readouterr()
    code = 0
    try:
        call_command("restore", str(archive), "--json")
    except SystemExit as ended:
        code = int(ended.code or 0)
    return code, json.loads(capsys.readouterr().out)


def refused(archive: Path, capsys: Any) -> str:
    """The sentence with which a restore is refused; the place stays as it was."""
    before = (contents.schema(), User.objects.count(), AuditEvent.objects.count(), Document.objects.count())
    code, told = restore(archive, capsys)
    assert (code, told["ok"]) == (1, False)
    assert before == (contents.schema(), User.objects.count(), AuditEvent.objects.count(), Document.objects.count())
    return str(told["error"])


def test_into_tables_that_are_there_already(filled: Any, tmp_path: Path, capsys: Any) -> None:
    before, schema = contents.rows(), contents.schema()
    call_command("restore", str(emptied(tmp_path)))
    said = capsys.readouterr().out
    assert "Restored the backup of" in said
    assert "Everything holds." in said
    contents.assert_equal(contents.rows(), before)
    assert contents.schema() == schema
    assert len(papers()) == Document.objects.values("sha256").distinct().count() > 0


def test_not_over_what_is_there(archive: Path, capsys: Any) -> None:
    User.objects.create(email="here@test.example", name="Here")
    said = refused(archive, capsys)
    assert "The database is not empty: there are rows in accounts_user." in said
    assert "createdb" in said
    assert papers() == []


def test_not_among_tables_of_others(archive: Path, capsys: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE shop (id integer)")
    try:
        assert "tables that are not Levelground's (shop)" in refused(archive, capsys)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE shop")


def test_not_among_documents_of_others(archive: Path, capsys: Any) -> None:
    other = storage() / "aa" / "bb" / "other"
    other.parent.mkdir(parents=True)
    other.write_text("precious")
    assert "other documents where these should go (aa/bb/other)" in refused(archive, capsys)
    assert [path.name for path in papers()] == ["other"]


def test_again_after_a_restore_that_was_broken_off(archive: Path, capsys: Any) -> None:
    """Its documents lie there already; one of them is not what it should be, and another was half written."""
    sha256 = next(name.partition("/")[2] for name in parts(archive) if name.startswith("documents/"))
    paper = storage() / store.key(sha256)
    paper.parent.mkdir(parents=True, exist_ok=True)
    paper.write_bytes(b"x" * len(parts(archive)[f"documents/{sha256}"]))
    (storage() / store.TEMPORARY).mkdir(exist_ok=True)
    (storage() / store.TEMPORARY / "half").write_bytes(b"x")
    assert restore(archive, capsys)[0] == 0
    assert paper.read_bytes() == parts(archive)[f"documents/{sha256}"]


def test_an_archive_of_a_newer_version(archive: Path, capsys: Any) -> None:
    with_manifest(archive, lambda manifest: manifest["migrations"].append(["accounts", "0999_later"]))
    said = refused(archive, capsys)
    assert "newer version of Levelground" in said
    assert "accounts.0999_later" in said


def test_an_archive_of_an_older_version_than_the_tables(archive: Path, capsys: Any) -> None:
    def older(manifest: dict[str, Any]) -> None:
        manifest["migrations"].remove(["audit", "0002_append_only"])

    assert "tables are of a newer version than the archive" in refused(with_manifest(archive, older), capsys)


@pytest.mark.parametrize("change", [lambda t: t.pop("jobs_slot"), lambda t: t["jobs_slot"].update(columns=["id"])])
def test_tables_that_its_migrations_do_not_make(archive: Path, capsys: Any, change: Any) -> None:
    held = with_manifest(archive, lambda manifest: change(manifest["tables"]))
    said = refused(held, capsys)
    assert "jobs_slot" in said


def _without_people(rows: list[Any]) -> list[Any]:
    return rows[:-1]


def _twice(rows: list[Any]) -> list[Any]:
    return [*rows, rows[0]]


def _shape(rows: list[Any]) -> list[Any]:
    return [rows[0][:-1], *rows[1:]]


def _nested(rows: list[Any]) -> list[Any]:
    return [[{"a": 1}, *rows[0][1:]], *rows[1:]]


@pytest.mark.parametrize("change", [_without_people, _twice, _shape, _nested])
def test_rows_that_do_not_fit_together(archive: Path, capsys: Any, change: Any) -> None:
    said = refused(with_rows(archive, "accounts_user", change), capsys)
    assert "archive" in said
    assert User.objects.count() == 0
    User.objects.create(email="new@test.example", name="New")  # the place can still be used


def test_an_audit_log_that_was_changed_in_the_archive_is_found(archive: Path, capsys: Any) -> None:
    def other(rows: list[Any]) -> None:
        rows[0][5] = "person:somebody-else"

    code, told = restore(with_rows(archive, "audit_auditevent", other), capsys)
    assert (code, told["ok"]) == (3, False)
    assert any(line["what"] == "audit log" and line["state"] == "problem" for line in told["checks"])


def test_an_audit_log_of_another_time_is_found(archive: Path, capsys: Any) -> None:
    with_manifest(archive, lambda manifest: manifest["audit"][0].update(last_hash="0" * 64))
    code, told = restore(archive, capsys)
    assert code == 3
    assert told["checks"][0]["text"] == "The chains do not end as they did in the backup."


def test_without_room_for_the_documents(archive: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place.shutil, "disk_usage", lambda path: type("Usage", (), {"free": 1_000_000}))
    assert "Make room" in refused(archive, capsys)


def test_a_refusal_is_said_to_people_too(tmp_path: Path, capsys: Any, transactional_db: Any) -> None:
    (tmp_path / "a.zip").write_text("hello")
    with pytest.raises(SystemExit) as ended:
        call_command("restore", str(tmp_path / "a.zip"))
    assert ended.value.code == 1
    assert "not a backup of Levelground" in capsys.readouterr().err
