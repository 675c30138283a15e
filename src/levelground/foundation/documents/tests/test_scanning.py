"""The virus scanner, against a small daemon that speaks clamd's protocol."""

import io
import socket
import struct
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from levelground.foundation.audit.models import AuditEvent
from levelground.foundation.documents import scanning, services
from levelground.foundation.documents.models import Document, ScanState
from levelground.foundation.errors import Invalid
from tests.factories import UserFactory

from .samples import GOOD, upload

EICAR = b"STANDARD-ANTIVIRUS-TEST-FILE"


class Daemon(threading.Thread):
    """Answers PING, and INSTREAM by whether the bytes hold the harmless test signature."""

    def __init__(self, listener: socket.socket):
        super().__init__(daemon=True)
        self.listener, self.seen, self.mood = listener, b"", "well"

    def run(self) -> None:
        while True:
            try:
                peer, _address = self.listener.accept()
            except OSError:
                return
            with peer, peer.makefile("rwb") as stream:
                command = b""
                while not command.endswith(b"\0"):
                    command += stream.read(1)
                if command == b"zPING\0":
                    stream.write(b"PONG\0")
                elif self.mood == "silent":
                    continue
                else:
                    self.seen = self._body(stream)
                    answer = b"stream: Eicar-Signature FOUND\0" if EICAR in self.seen else b"stream: OK\0"
                    stream.write(b"INSTREAM size limit exceeded. ERROR\0" if self.mood == "small" else answer)
                stream.flush()

    @staticmethod
    def _body(stream: Any) -> bytes:
        body = b""
        while (size := struct.unpack("!I", stream.read(4))[0]) > 0:
            body += stream.read(size)
        return body


@pytest.fixture
def daemon(tmp_path: Path, settings: Any) -> Iterator[Daemon]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(str(tmp_path / "clamd"))
        listener.listen()
        settings.CLAMD_SOCKET = str(tmp_path / "clamd")
        thread = Daemon(listener)
        thread.start()
        yield thread
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(5)


@pytest.mark.django_db
def test_a_clean_file_is_marked_clean(daemon: Daemon) -> None:
    data = GOOD["txt"] + b"x" * 200_000
    document = services.store(upload=upload("a.txt", data), title="a", by=UserFactory())
    assert document.scan_state == ScanState.CLEAN
    assert daemon.seen == data


@pytest.mark.django_db
def test_an_infected_file_is_refused_and_not_kept(daemon: Daemon, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="harmful"):
        services.store(upload=upload("a.txt", b"x " + EICAR), title="a", by=UserFactory())
    assert not Document.objects.exists()
    assert not (tmp_path / "documents").exists()


@pytest.mark.parametrize("mood", ["silent", "small"])
def test_no_verdict_is_shown_as_not_scanned(daemon: Daemon, mood: str) -> None:
    daemon.mood = mood
    assert scanning.scan(io.BytesIO(b"hello")) is ScanState.NOT_SCANNED


def test_without_a_daemon_the_file_is_not_scanned(settings: Any, tmp_path: Path) -> None:
    settings.CLAMD_SOCKET = str(tmp_path / "nobody")
    stream = io.BytesIO(b"hello")
    assert scanning.scan(stream) is ScanState.NOT_SCANNED
    assert stream.read() == b"hello"
    assert not scanning.ping()


def test_a_daemon_over_tcp(settings: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        settings.CLAMD_SOCKET = f"tcp://127.0.0.1:{listener.getsockname()[1]}"
        thread = Daemon(listener)
        thread.start()
        assert scanning.ping()
        assert scanning.scan(io.BytesIO(b"hello")) is ScanState.CLEAN
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(5)


@pytest.mark.django_db
def test_files_stored_while_the_scanner_was_away_are_scanned_later(daemon: Daemon, settings: Any) -> None:
    address, settings.CLAMD_SOCKET = settings.CLAMD_SOCKET, ""
    by = UserFactory()
    good = services.store(upload=upload("a.txt"), title="a", by=by)
    bad = services.store(upload=upload("b.txt", EICAR), title="b", by=by)
    assert services.rescan() == 0
    settings.CLAMD_SOCKET = address
    assert services.rescan() == 2
    good.refresh_from_db()
    bad.refresh_from_db()
    assert (good.scan_state, bad.scan_state) == (ScanState.CLEAN, ScanState.REFUSED)
    assert AuditEvent.objects.get(verb="document.refused").subject == f"document:{bad.public_id}"
    assert services.rescan() == 0
