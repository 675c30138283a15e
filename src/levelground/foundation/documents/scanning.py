"""Virus scanning by a ``clamd`` daemon, over its socket (settings.CLAMD_SOCKET)."""

import socket
import struct
from typing import BinaryIO
from urllib.parse import urlsplit

import structlog
from django.conf import settings

from .models import ScanState

_CHUNK = 64 * 1024
_SECONDS = 20

log = structlog.get_logger(__name__)


class Unreachable(Exception):
    """There is no daemon, or it gave no verdict."""


def _connect(address: str) -> socket.socket:
    """``/path/of/socket``, or ``tcp://host:port``."""
    if address.startswith("tcp://"):
        parts = urlsplit(address)
        return socket.create_connection((parts.hostname or "127.0.0.1", parts.port or 3310), timeout=_SECONDS)
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(_SECONDS)
    try:
        connection.connect(address.removeprefix("unix://"))
    except OSError:
        connection.close()
        raise
    return connection


def _answer(connection: socket.socket) -> str:
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < 4096:
        part = connection.recv(1024)
        if not part:
            break
        answer += part
    return answer.rstrip(b"\0").decode(errors="replace").strip()


def ping() -> bool:
    """Whether the daemon answers."""
    try:
        with _connect(settings.CLAMD_SOCKET) as connection:
            connection.sendall(b"zPING\0")
            return _answer(connection) == "PONG"
    except OSError:
        return False


def _instream(stream: BinaryIO) -> str:
    try:
        with _connect(settings.CLAMD_SOCKET) as connection:
            connection.sendall(b"zINSTREAM\0")
            while chunk := stream.read(_CHUNK):
                connection.sendall(struct.pack("!I", len(chunk)) + chunk)
            connection.sendall(struct.pack("!I", 0))
            return _answer(connection)
    except OSError as error:
        raise Unreachable(str(error)) from error


def scan(stream: BinaryIO) -> ScanState:
    """The verdict on ``stream``; ``NOT_SCANNED`` when there is no daemon or it gives no verdict."""
    if not settings.CLAMD_SOCKET:
        return ScanState.NOT_SCANNED
    stream.seek(0)
    try:
        answer = _instream(stream)
    except Unreachable as error:
        log.warning("virus scanner did not answer", why=str(error))
        return ScanState.NOT_SCANNED
    finally:
        stream.seek(0)
    if answer.endswith("FOUND"):
        log.warning("virus found in an upload", answer=answer)
        return ScanState.REFUSED
    if answer.endswith("OK"):
        return ScanState.CLEAN
    log.warning("virus scanner gave no verdict", answer=answer)
    return ScanState.NOT_SCANNED
