"""Static files: are they built, and is the collected copy the one that belongs to this version?"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command

BUILT = ["levelground/levelground.css", "levelground/vendor/htmx.min.js"]
_STAMP = ".levelground-stamp"


def missing() -> list[str]:
    """The files that the front-end build makes, and that are not there."""
    return [name for name in BUILT if not finders.find(name)]


def _sources() -> Iterator[tuple[str, Path]]:
    for finder in finders.get_finders():
        for name, storage in finder.list([]):
            yield name, Path(storage.path(name))


def fingerprint() -> str:
    """Of names, sizes and times; no file is read."""
    total = hashlib.sha256()
    for name, path in sorted(_sources()):
        found = path.stat()
        total.update(f"{name}\0{found.st_size}\0{found.st_mtime_ns}\n".encode())
    return total.hexdigest()


def stale() -> bool:
    """Whether the collected files are those of another version, or were never collected."""
    stamp = Path(settings.STATIC_ROOT) / _STAMP
    return not stamp.exists() or stamp.read_text() != fingerprint()


def collect() -> None:
    """Collect, compress and name the static files by their content."""
    call_command("collectstatic", interactive=False, verbosity=0)
    (Path(settings.STATIC_ROOT) / _STAMP).write_text(fingerprint())
