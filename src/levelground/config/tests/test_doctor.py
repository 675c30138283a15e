"""The doctor finds what is wrong, one thing at a time, and says what to do."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from django.core.management import call_command
from django.db import OperationalError, connections

from levelground.config import checkup, health
from levelground.config.checkup import OK, PROBLEM, WARN, Line
from levelground.foundation import assets, clock, counts
from levelground.foundation.jobs import services as jobs
from levelground.foundation.jobs.registry import Job

pytestmark = pytest.mark.django_db


@pytest.fixture
def well(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A site at which there is nothing to find."""
    settings.BASE_URL, settings.ALLOWED_HOSTS, settings.DEMO = "https://mark.example.org", ["mark.example.org"], False
    settings.SECRET_KEY = "".join(chr(40 + n) for n in range(50))
    settings.VAR = tmp_path
    settings.CLAMD_SOCKET = str(tmp_path / "clamd")
    settings.DEFAULT_FROM_EMAIL = "Levelground <levelground@example.org>"
    monkeypatch.setattr(checkup.scanning, "ping", lambda: True)
    monkeypatch.setattr(assets, "missing", list)
    monkeypatch.setattr(assets, "stale", lambda: False)
    monkeypatch.setattr(checkup.shutil, "disk_usage", lambda path: type("Usage", (), {"free": 10**10}))
    monkeypatch.setattr(counts, "RECOUNTS", {"things": list})
    monkeypatch.setattr(checkup, "RECOUNTS", counts.RECOUNTS)
    monkeypatch.setattr(checkup, "_catalogues", list)
    jobs.beat(worker="w", started_at=clock.now(), run=None)
    return settings


def found(what: str) -> list[Line]:
    return [line for line in checkup.look() if line.what == what and line.state != OK]


def test_a_site_that_is_well(well: Any, capsys: Any) -> None:
    assert [line for line in checkup.look() if line.state != OK] == []
    call_command("doctor")
    assert "No problems." in capsys.readouterr().out


def test_every_finding_that_is_not_well_says_what_to_do(settings: Any) -> None:
    for line in checkup.look():
        assert line.state == OK or line.todo, line


@pytest.mark.parametrize(
    ("name", "value", "state", "words"),
    [
        ("DEBUG", True, PROBLEM, "DEBUG is on"),
        ("DEMO", True, WARN, "passwords are known"),
        ("ALLOWED_HOSTS", ["other.example.org"], PROBLEM, "LEVELGROUND_HOSTS"),
        ("BASE_URL", "http://mark.example.org", PROBLEM, "HTTPS"),
    ],
)
def test_settings(well: Any, name: str, value: Any, state: str, words: str) -> None:
    setattr(well, name, value)
    (line,) = found("settings")
    assert line.state == state
    assert words in line.text


@pytest.mark.parametrize("key", ["short", "a" * 60])
def test_a_weak_secret_key(well: Any, key: str) -> None:
    well.SECRET_KEY = key
    assert [line.state for line in found("secret key")] == [PROBLEM]


def test_a_secret_key_that_others_can_read(well: Any, tmp_path: Path) -> None:
    path = tmp_path / "secret-key"
    path.write_text("x")
    path.chmod(0o644)
    assert "chmod 600" in found("secret key")[0].todo
    path.chmod(0o600)
    assert found("secret key") == []


def test_missing_migrations(well: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "missing_migrations", lambda: ["audit 0099"])
    assert "levelground migrate" in found("database")[0].todo


def test_a_database_that_does_not_answer_leaves_the_rest_unlooked_at(
    well: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(self: Any) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(type(connections["default"]), "ensure_connection", away)
    assert found("database") == [
        Line("database", PROBLEM, "OperationalError: connection refused", checkup._TODO["database"])
    ]
    assert "Not looked at" in found("audit log")[0].text


def test_a_storage_that_cannot_be_written(well: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("django.core.files.storage.FileSystemStorage.save", refuse)
    (line,) = found("documents")
    assert (line.state, line.todo) == (PROBLEM, checkup._TODO["documents"])


def test_a_storage_that_gives_back_something_else(well: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkup.documents, "storage", Forgetful)
    assert "came back changed" in found("documents")[0].text


class Forgetful(InMemoryStorage):
    def _open(self, name: str, mode: str = "rb") -> Any:
        return ContentFile(b"something else")


def test_a_full_disk(well: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkup.shutil, "disk_usage", lambda path: type("Usage", (), {"free": 5_000_000}))
    assert "Only 5 MB" in found("documents")[0].text


def test_static_files_that_are_not_built_or_old(well: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "stale", lambda: True)
    assert [line.state for line in found("static files")] == [WARN]
    monkeypatch.setattr(assets, "missing", lambda: ["levelground.css"])
    assert [line.state for line in found("static files")] == [PROBLEM]


def test_welsh_that_is_not_compiled(well: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "locale" / "cy" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text("")
    monkeypatch.setattr(checkup, "_catalogues", lambda: [("x", folder / "django.po")])
    assert "x" in found("translations")[0].text
    (folder / "django.mo").write_text("")
    assert found("translations") == []
    os.utime(folder / "django.mo", (1, 1))
    assert found("translations")[0].state == PROBLEM


def test_jobs(well: Any) -> None:
    from levelground.foundation.jobs.models import WorkerBeat
    from levelground.foundation.jobs.worker import Worker

    jobs.enqueue(job=Job("gone", lambda: None, 0, 0))
    Worker().drain()
    assert "1 jobs did not work" in found("jobs")[0].text
    WorkerBeat.objects.all().delete()
    assert found("jobs")[0].state == WARN
    run = jobs.enqueue(job=Job("gone", lambda: None, 0, 0))
    type(run.result).objects.filter(pk=run.pk).update(enqueued_at=clock.now().replace(year=2020))
    assert found("jobs")[0].state == PROBLEM


def test_the_virus_scanner(well: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkup.scanning, "ping", lambda: False)
    assert found("virus scanner")[0].state == PROBLEM
    well.CLAMD_SOCKET = ""
    assert found("virus scanner")[0].state == WARN


def test_mail(well: Any) -> None:
    well.DEFAULT_FROM_EMAIL = "x@localhost"
    assert found("mail")[0].state == WARN
    well.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    assert "reach nobody" in found("mail")[0].text
    well.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    well.EMAIL_HOST, well.EMAIL_PORT = "127.0.0.1", 1
    assert found("mail")[0].state == PROBLEM


def test_counts_that_do_not_agree(well: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(counts.RECOUNTS, "progress", lambda: ["theme 3: kept 4, counted 5", "theme 4"])
    (line,) = found("kept counts")
    assert (line.state, line.text) == (PROBLEM, "progress: 2 are wrong, first: theme 3: kept 4, counted 5")


def test_the_workbooks_counts_are_recounted() -> None:
    assert "workbook progress" in counts.RECOUNTS


def test_an_audit_log_that_does_not_hold(well: Any) -> None:
    from levelground.foundation.audit.models import AuditChain

    AuditChain.objects.create(key="network:x", sequence=3, last_hash="0")
    (line,) = found("audit log")
    assert "network:x, event 1: cut short" in line.text


def test_the_command_fails_and_writes_json(well: Any, capsys: Any) -> None:
    well.SECRET_KEY = "short"
    with pytest.raises(SystemExit) as ended:
        call_command("doctor", "--json")
    assert ended.value.code == 1
    said = json.loads(capsys.readouterr().out)
    assert said["ok"] is False
    assert {"what", "state", "text", "todo"} == set(said["lines"][0])
    with pytest.raises(SystemExit):
        call_command("doctor")
    out = capsys.readouterr().out
    assert "problem secret key     The secret key is short or simple." in out
    assert "1 problems." in out


def test_a_bad_setting_is_told_in_one_sentence(tmp_path: Path) -> None:
    environment = {**os.environ, "LEVELGROUND_VAR": str(tmp_path), "LEVELGROUND_EMAIL_PORT": "post"}
    done = subprocess.run(
        [sys.executable, "-m", "levelground.config.command", "doctor"],
        env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.strip() == "A setting is not right. LEVELGROUND_EMAIL_PORT is 'post'. Write a whole number."
