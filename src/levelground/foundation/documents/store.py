"""Where the bytes of documents live: a Django storage, each file under its SHA-256, whole or not at all."""

import contextlib
import os
import shutil
import tempfile
from pathlib import Path
from typing import BinaryIO

from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage, storages

TEMPORARY = "incoming"


def storage() -> Storage:
    return storages["documents"]


def key(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def keep(stream: BinaryIO, *, sha256: str, size: int) -> None:
    """Put the bytes into the storage unless they are there already."""
    place, name = storage(), key(sha256)
    if place.exists(name) and place.size(name) == size:
        return
    stream.seek(0)
    if not isinstance(place, FileSystemStorage):
        # An object store writes an object whole or not at all.
        written = place.save(name, File(stream, name=name))
        if written != name:
            place.delete(written)
        return
    _write_then_move(stream, Path(place.path(name)), Path(place.path(TEMPORARY)))


def _write_then_move(stream: BinaryIO, target: Path, waiting: Path) -> None:
    """Write beside the target, on the disk for certain, then move: a crash leaves no half file under the final name."""
    waiting.mkdir(parents=True, exist_ok=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=waiting)
    try:
        with os.fdopen(handle, "wb") as out:
            shutil.copyfileobj(stream, out, 1 << 20)
            out.flush()
            os.fsync(out.fileno())
        Path(temporary).replace(target)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            Path(temporary).unlink()
        raise
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
