"""A server killed in the middle of saves loses nothing that it acknowledged, and leaves nothing half-written."""

import contextlib
import http.client
import json
import os
import random
import signal
import subprocess
import threading
import time
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.elsewhere import Elsewhere
from tests.journeys.site import free_port

from .systems import COMMAND, System

KILLS = 4
TOKEN = "a" * 32


@dataclass
class Saver:
    """A person who saves without a pause. Words are numbered, so that each save can be found again."""

    name: str
    place: str
    codes: list[str]
    cookie: str
    sent: dict[str, list[str]] = field(default_factory=dict)
    acknowledged: dict[str, list[str]] = field(default_factory=dict)
    strange: list[str] = field(default_factory=list)
    _number: int = 0

    def save(self, link: http.client.HTTPConnection) -> None:
        self._number += 1
        code = self.codes[self._number % len(self.codes)]
        words = f"{self.name} {self._number}"
        value = "not_yet" if self._number // len(self.codes) % 2 else "not_applicable"
        body = urllib.parse.urlencode({"indicator": code, "value": value, "reason": words})
        headers = {
            "Cookie": f"sessionid={self.cookie}; csrftoken={TOKEN}",
            "X-CSRFToken": TOKEN,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        key = f"{self.place} {code}"
        self.sent.setdefault(key, []).append(words)
        link.request("POST", reverse("workbook_answer", args=[self.place, "mark"]), body, headers)
        answer = link.getresponse()
        page = answer.read().decode()
        if answer.status == 200 and words in page:
            self.acknowledged.setdefault(key, []).append(words)
        else:
            self.strange.append(f"{answer.status} {page[:300]}")

    def go_on(self, port: int) -> None:
        """Until the server is dead."""
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        with contextlib.closing(link), contextlib.suppress(OSError, http.client.HTTPException):
            while not self.strange:
                self.save(link)

    @property
    def count(self) -> int:
        return sum(map(len, self.acknowledged.values()))


def start(system: System, port: int) -> subprocess.Popen[bytes]:
    """The real server, with two web processes, in a process group of its own."""
    environment = system.environment() | {
        "LEVELGROUND_SECRET_KEY": settings.SECRET_KEY,
        "LEVELGROUND_DEBUG": "yes",
        "LEVELGROUND_JOBS_IN_SERVE": "no",
    }
    log = (system.folder / "server.log").open("ab")
    command = [*COMMAND, "serve", "--port", str(port), "--workers", "2"]
    with log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
    until = time.monotonic() + 60
    while time.monotonic() < until and server.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
            return server
        time.sleep(0.05)
    kill(server)
    raise AssertionError((system.folder / "server.log").read_text()[-4000:])


def kill(server: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)
    server.wait()


def cookie_of(user: Any) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value


@pytest.mark.requirement("MQM-20")
@pytest.mark.django_db(transaction=True)
def test_no_acknowledged_save_is_lost_and_none_is_half_written(cast: Any, tmp_path: Path) -> None:
    first, second = [f"1.1.{n}" for n in (1, 2, 3)], [f"2.1.{n}" for n in (1, 2, 3)]
    savers = [
        Saver("Alice", "alder", first, cookie_of(cast.alice)),
        Saver("Carys", "alder", second, cookie_of(cast.carys)),
        Saver("Bob", "birch", first + second, cookie_of(cast.bob)),
    ]
    system, port = System(tmp_path, Elsewhere(tmp_path).url), free_port()

    for _ in range(KILLS):
        server, wanted = start(system, port), sum(saver.count for saver in savers) + random.randint(5, 40)
        try:
            people = [threading.Thread(target=saver.go_on, args=(port,)) for saver in savers]
            for person in people:
                person.start()
            # After some saves, not some time: a busy machine sees as many. Then at any moment of the next ones.
            while sum(saver.count for saver in savers) < wanted and any(person.is_alive() for person in people):
                time.sleep(0.001)
            time.sleep(random.uniform(0, 0.05))
        finally:
            kill(server)
        for person in people:
            person.join(30)
        assert [saver.strange for saver in savers] == [[], [], []]
        assert sum(saver.count for saver in savers) >= wanted

    histories = json.loads(system.script("agree"))
    for saver in savers:
        for key, sent in saver.sent.items():
            kept, acknowledged = histories.pop(key), saver.acknowledged.get(key, [])
            assert kept == [words for words in sent if words in kept], (
                "in the order in which they were saved, once each"
            )
            assert [words for words in acknowledged if words not in kept] == []
            # Nobody can know what became of a save that was on its way; there is one at most for each kill.
            assert len(sent) - len(acknowledged) <= KILLS
    assert not any(histories.values())
