"""A backup, put back into an empty place, is an equal system: on SQLite, on PostgreSQL, and from one to the other."""

import json
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import connection

from levelground.foundation.documents import store
from levelground.foundation.documents.models import Document
from tests.elsewhere import Elsewhere

from . import contents
from .systems import POSTGRES, System, files

# Where the archive goes, and where an archive of that place goes. Making tables takes long, so few places begin bare.
ROUTE = ["sqlite", "postgresql"] if POSTGRES else ["sqlite"]
Empty = Callable[..., System]


def backup(path: Path, *words: str) -> Path:
    call_command("backup", str(path), *words)
    return path


def test_an_equal_system(filled: Any, empty: Empty, tmp_path: Path) -> None:
    before, papers = contents.rows(), files(Path(store.storage().path("")))
    archive = backup(tmp_path / "a.zip")
    for number, vendor in enumerate(ROUTE):
        place = empty(vendor, migrated=vendor != connection.vendor)
        told = place.told("restore", archive)
        assert told["ok"], told
        assert [line["state"] for line in told["checks"]] == ["ok"] * len(told["checks"])
        assert {line["what"] for line in told["checks"]} == {"audit log", "kept counts"}
        archive = tmp_path / f"{number}.zip"
        assert place.told("backup", archive)["ok"]

    after = json.loads(place.script("contents"))
    contents.assert_equal(after["rows"], before)
    assert sum(map(len, before.values())) == told["rows"] > 500
    assert place.documents == papers
    assert len(papers) == told["documents"] > 0
    assert after["schema"] == contents.schema()  # its keys and triggers are in place again
    assert any("refuse_delete_audit_auditevent" in line for line in after["schema"])
    audit = place.told("verify-audit")
    assert audit["ok"]
    assert sum(head["sequence"] for head in audit["heads"]) == len(before["audit_auditevent"])
    place.script("alive")


def test_an_older_state_is_restored_and_brought_up_to_date(empty: Empty, tmp_path: Path) -> None:
    old, new = empty("sqlite", migrated=True), empty("sqlite", migrated=True)
    old.script("older", "old@test.example")
    assert old.told("backup", tmp_path / "old.zip")["ok"]
    with zipfile.ZipFile(tmp_path / "old.zip") as zipped:
        assert not any("support" in name for name in zipped.namelist())
    new.script("older")
    told = new.told("restore", tmp_path / "old.zip")
    assert told["ok"]
    assert told["upgraded"] >= 2
    after = json.loads(new.script("contents"))["rows"]
    assert [person["email"] for person in after["accounts_user"]] == ["old@test.example"]
    assert after["support_supportcase"] == []


@pytest.mark.django_db(transaction=True)
def test_what_is_written_meanwhile_is_not_torn_apart(tmp_path: Path) -> None:
    """Others write all the time while the backup reads: it holds one moment, and nobody waits for it."""
    place = System(tmp_path, Elsewhere(tmp_path).url)
    told = json.loads(place.script("meanwhile", tmp_path / "a.zip"))
    assert told["written"] > 10
    assert told["saved"] == [1, 1]  # both tables as they were when the backup began


def test_the_archive_is_for_its_owner_and_whole_or_not_there(filled: Any, tmp_path: Path, capsys: Any) -> None:
    archive = backup(tmp_path / "a.zip")
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    assert "every part of it is right" in capsys.readouterr().out
    assert [path.name for path in tmp_path.iterdir() if "a.zip" in path.name] == ["a.zip"]
    with zipfile.ZipFile(archive) as zipped:
        held = {
            name.partition("/")[2]: zipped.read(name) for name in zipped.namelist() if name.startswith("documents/")
        }
    assert held == files(Path(store.storage().path("")))
    whole = b"".join([archive.read_bytes(), *held.values()])
    assert django_settings.SECRET_KEY.encode() not in whole


def test_a_backup_takes_no_place_of_another_by_itself(filled: Any, tmp_path: Path, capsys: Any) -> None:
    archive = tmp_path / "a.zip"
    archive.write_text("precious")
    with pytest.raises(SystemExit) as ended:
        backup(archive)
    assert ended.value.code == 1
    assert "--overwrite" in capsys.readouterr().err
    assert archive.read_text() == "precious"
    backup(archive, "--overwrite")
    assert zipfile.is_zipfile(archive)


@pytest.mark.parametrize("where", ["nowhere/a.zip", "folder"])
def test_where_nothing_can_be_written(filled: Any, tmp_path: Path, capsys: Any, where: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(SystemExit) as ended:
        backup(tmp_path / where, "--json", "--overwrite")
    told = json.loads(capsys.readouterr().out)
    assert (ended.value.code, told["ok"]) == (1, False)
    assert where.partition("/")[0] in told["error"]
    assert not list(tmp_path.rglob("*.part"))


def test_an_error_on_the_way_leaves_no_half_archive(filled: Any, tmp_path: Path, monkeypatch: Any) -> None:
    from levelground.config.backup import archive

    def full(*args: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archive.Writer, "document", full)
    with pytest.raises(SystemExit):
        backup(tmp_path / "a.zip")
    assert [path for path in tmp_path.iterdir() if "a.zip" in path.name] == []


def test_documents_that_the_storage_lost_or_spoilt_are_named(filled: Any, tmp_path: Path, capsys: Any) -> None:
    lost, spoilt = Document.objects.earliest("pk").sha256, "f" * 64
    Path(store.storage().path(store.key(lost))).unlink()
    paper = Document.objects.earliest("pk")
    Document.objects.create(
        title="t", filename="t", content_type="t", size=3, sha256=spoilt, uploaded_by=paper.uploaded_by,
        uploaded_at=paper.uploaded_at,
    )  # fmt: skip
    target = Path(store.storage().path(store.key(spoilt)))
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(b"bad")

    with pytest.raises(SystemExit) as ended:
        backup(tmp_path / "a.zip", "--json")

    told = json.loads(capsys.readouterr().out)
    assert ended.value.code == 3
    assert (told["ok"], told["missing"], told["damaged"]) == (False, [lost], [spoilt])
    with zipfile.ZipFile(tmp_path / "a.zip") as zipped:
        assert f"documents/{spoilt}" not in zipped.namelist()


def test_without_tables_there_is_nothing_to_save(empty: Empty, tmp_path: Path) -> None:
    done = empty("sqlite").run("backup", tmp_path / "a.zip")
    assert done.returncode == 1
    assert "nothing to back up" in done.stderr


def test_the_connection_is_free_again(filled: Any, tmp_path: Path) -> None:
    backup(tmp_path / "a.zip")
    assert not connection.in_atomic_block
    Document.objects.update(title="changed")
    assert Document.objects.filter(title="changed").exists()
