"""``levelground serve``: the site and its job worker, really started, disturbed, and stopped."""

import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import OperationalError

from levelground.config import health, serving
from levelground.foundation import assets
from levelground.foundation.jobs.tasks import tidy
from tests.elsewhere import Elsewhere


def wait_for(what: Callable[[], Any], log: Path | None = None, seconds: float = 60) -> Any:
    end = time.monotonic() + seconds
    while not (value := what()):
        assert time.monotonic() < end, log.read_text()[-4000:] if log else "too late"
        time.sleep(0.1)
    return value


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def ask(port: int, path: str, data: bytes | None = None) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", data, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()
    except OSError:
        return 0, ""


@pytest.mark.django_db(transaction=True)
def test_it_serves_does_the_jobs_and_stops_in_good_order(tmp_path: Path) -> None:
    tidy.enqueue_on_commit()
    place, port, log = Elsewhere(tmp_path), free_port(), tmp_path / "log"
    environment = place.environment(
        LEVELGROUND_DEBUG="yes", LEVELGROUND_JOBS_BEAT_SECONDS="1", LEVELGROUND_DOCUMENT_MAX_MB="1"
    )
    command = [sys.executable, "-m", "levelground.config.command", "serve", "--port", str(port), "--workers", "1"]
    with log.open("wb") as out, subprocess.Popen(command, env=environment, stdout=out, stderr=out) as serve:
        try:
            wait_for(lambda: ask(port, "/healthz") == (200, "ok\n"), log)
            assert ask(port, "/readyz") == (200, "ok\n")
            status, page = ask(port, "/help/", b"x" * 8_000_000)
            assert (status, "too big to send" in page) == (413, True)

            states = "SELECT status FROM django_tasks_database_dbtaskresult"
            wait_for(lambda: place.rows(states) == [("SUCCESSFUL",)], log)

            # The job worker is killed: another one takes its place.
            workers = "SELECT name FROM jobs_workerbeat ORDER BY started_at"
            first = wait_for(lambda: place.rows(workers), log)[0][0]
            subprocess.run(["kill", "-KILL", first.split("-")[-2]], check=True)
            wait_for(lambda: len(place.rows(workers)) == 2, log)

            serve.send_signal(signal.SIGTERM)
            assert serve.wait(30) == 0
            assert ask(port, "/healthz") == (0, "")
            # The second worker signed off; the killed one could not.
            assert place.rows(workers) == [(first,)]
        finally:
            serve.kill()


def test_a_busy_port_is_told_in_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert not serving.port_is_free("127.0.0.1", port)
        with pytest.raises(CommandError, match=f"Port {port} is in use.*--port {port + 1}"):
            call_command("serve", "--port", str(port))


@pytest.fixture
def not_served(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Everything but the serving itself."""
    calls: list[Any] = []
    monkeypatch.setattr(serving, "port_is_free", lambda host, port: True)
    monkeypatch.setattr(serving, "run_granian", lambda **options: calls.append(options))
    monkeypatch.setattr(serving, "job_worker", lambda parent: pytest.fail("not wanted here"))
    monkeypatch.setattr("levelground.config.management.commands.serve.connections.close_all", lambda: None)
    monkeypatch.setattr(assets, "stale", lambda: False)
    monkeypatch.setattr(assets, "missing", list)
    return calls


@pytest.mark.django_db
def test_without_jobs_when_the_settings_say_so(not_served: list[Any], settings: Any) -> None:
    settings.JOBS_IN_SERVE = False
    call_command("serve", "--port", "8999", "--workers", "3", "--host", "0.0.0.0")
    assert not_served == [{"host": "0.0.0.0", "port": 8999, "workers": 3, "threads": 2}]


@pytest.mark.django_db
def test_it_does_not_start_on_an_old_database(not_served: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "missing_migrations", lambda: ["audit 0099"])
    with pytest.raises(CommandError, match=r"1 migrations.*--migrate"):
        call_command("serve")

    def away() -> list[str]:
        raise OperationalError("refused")

    monkeypatch.setattr(health, "missing_migrations", away)
    with pytest.raises(CommandError, match="cannot be reached"):
        call_command("serve")
    assert not_served == []


@pytest.mark.django_db
def test_it_does_not_start_without_its_looks(not_served: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    def full() -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(assets, "stale", lambda: True)
    monkeypatch.setattr(assets, "collect", full)
    with pytest.raises(CommandError, match=r"No space left.*LEVELGROUND_VAR"):
        call_command("serve")
    monkeypatch.setattr(assets, "missing", lambda: ["levelground.css"])
    with pytest.raises(CommandError, match="make setup"):
        call_command("serve")


def test_static_files_are_collected_when_they_changed(settings: Any, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "a.txt").write_text("one")
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATICFILES_DIRS, settings.STATIC_ROOT = [source], tmp_path / "static"
    assert assets.stale()
    assets.collect()
    assert not assets.stale()
    assert (tmp_path / "static" / "a.txt").read_text() == "one"
    (source / "a.txt").write_text("three")
    assert assets.stale()
    assert assets.missing() == assets.BUILT


def script(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "companion.py"
    path.write_text(text)
    return [sys.executable, str(path)]


def test_a_companion_that_dies_is_started_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "_SHORTEST_WAIT", 0.01)
    log = tmp_path / "starts"
    companion = serving.Companion(script(tmp_path, f"open({str(log)!r}, 'a').write('x')"))
    companion.start()
    wait_for(lambda: log.exists() and len(log.read_text()) >= 3)
    companion.stop()
    starts = log.read_text()
    time.sleep(0.3)
    assert log.read_text() == starts


def test_a_companion_that_will_not_stop_is_ended(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    text = (
        f"import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nopen({str(ready)!r}, 'w')\ntime.sleep(99)"
    )
    companion = serving.Companion(script(tmp_path, text), patience=0.3)
    companion.start()
    wait_for(ready.exists)
    process = companion._process
    assert process is not None
    companion.stop()
    assert process.returncode == -signal.SIGKILL


def test_a_worker_without_its_parent_stops() -> None:
    from levelground.foundation.jobs.worker import Worker

    assert Worker(parent=1)._orphaned()
    assert not Worker()._orphaned()
