"""A worker process is really killed in the middle of a job; another one finishes it."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from levelground.foundation.jobs import services
from levelground.foundation.jobs.registry import Job
from tests.elsewhere import Elsewhere

from . import sleepy

pytestmark = pytest.mark.django_db(transaction=True)
STATES = "SELECT status FROM django_tasks_database_dbtaskresult"


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[Elsewhere], subprocess.Popen[bytes]]]:
    running: list[subprocess.Popen[bytes]] = []

    def run(place: Elsewhere) -> subprocess.Popen[bytes]:
        environment = place.environment(LEVELGROUND_JOBS_LEASE_SECONDS="2", LEVELGROUND_JOBS_BEAT_SECONDS="1")
        with (tmp_path / "log").open("ab") as log:
            running.append(subprocess.Popen([sys.executable, sleepy.__file__], env=environment, stdout=log, stderr=log))
        return running[-1]

    yield run
    for process in running:
        process.kill()
        process.wait()


def wait_for(what: Callable[[], Any], tmp_path: Path) -> None:
    end = time.monotonic() + 60
    while not what():
        assert time.monotonic() < end, (tmp_path / "log").read_text()[-3000:]
        time.sleep(0.1)


def test_the_job_of_a_killed_worker_is_finished_by_the_next(
    tmp_path: Path, start: Callable[[Elsewhere], subprocess.Popen[bytes]]
) -> None:
    services.enqueue(job=Job("test.sleep", sleepy.sleep, 3, 0), args=[str(tmp_path)])
    place = Elsewhere(tmp_path)

    first = start(place)
    wait_for((tmp_path / "started").exists, tmp_path)
    first.send_signal(signal.SIGKILL)
    first.wait(10)
    assert place.rows(STATES) == [("RUNNING",)]

    second = start(place)
    wait_for(lambda: place.rows(STATES) == [("SUCCESSFUL",)], tmp_path)
    assert (tmp_path / "finished").read_text() == str(second.pid)

    second.send_signal(signal.SIGTERM)
    assert second.wait(20) == 0
