"""Makes the demonstration's database, once, and knows when it is still right."""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection
from django.db.migrations.exceptions import BadMigrationError, InconsistentMigrationHistory

from levelground.accounts.models import User
from levelground.demo import network
from levelground.demo.management.progress import Progress
from levelground.demo.personas import DOMAIN
from levelground.organisations.models import Affiliation

OTHER_VERSION = (
    "The demonstration in %s was made by another version of Levelground. Make it anew: make demo ARGS=--fresh"
)


# A file that nobody reads yet, and that is thrown away when anything goes wrong, need not be safe at every step.
_HURRY = (
    "PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF; PRAGMA locking_mode=EXCLUSIVE; PRAGMA foreign_keys=ON; "
    "PRAGMA cache_size=-300000; PRAGMA temp_store=MEMORY;"
)


def database_file() -> Path | None:
    """The SQLite file, or nothing where another database is used."""
    return Path(connection.settings_dict["NAME"]) if connection.vendor == "sqlite" else None


def prepare(out: Any, members: int | None = None) -> None:
    """Leave a migrated database with the demonstration in it; ``members`` says of what size, if that matters."""
    stamp = settings.VAR / "demo-stamp.json"
    wanted = {"schema": _digest(_migrations()), "content": _digest(_content())}
    have = _read(stamp)
    path = database_file()
    try:
        if path and not path.exists():
            with built_apart(path):
                built = _build(out, members)
        else:
            built = (not path or have.get("schema") != wanted["schema"]) and _build(out, members)
    except (InconsistentMigrationHistory, BadMigrationError, DatabaseError) as error:
        raise CommandError(f"{OTHER_VERSION % settings.VAR} ({error})") from None
    if built:
        have["content"] = wanted["content"]
    if not User.objects.filter(email__endswith=DOMAIN).exists():
        raise CommandError("This database holds something other than the demonstration. It is left as it is.")
    _require_size(members)
    if have.get("content") != wanted["content"]:
        out.write("The demonstration's content has changed since it was built: make demo ARGS=--fresh makes it anew.")
    stamp.write_text(json.dumps({**wanted, "content": have.get("content")}))


def remove() -> None:
    """Take the demonstration away, to build it anew."""
    path = database_file()
    if path is None:
        raise CommandError("Only a demonstration on SQLite can be made anew here. Empty the database yourself.")
    for name in (path, Path(f"{path}-wal"), Path(f"{path}-shm"), settings.VAR / "demo-stamp.json"):
        name.unlink(missing_ok=True)


def _build(out: Any, members: int | None) -> bool:
    """Migrate, and build where there is nobody yet; whether it was built."""
    call_command("migrate", verbosity=0)
    if User.objects.exists():
        return False
    count = members or network.MEMBERS
    took = "some minutes" if count > 1000 else "about ten seconds"
    out.write(f"Building the demonstration network of {count:,} members ({took}, once)…")
    network.build(count, Progress(count, out))
    return True


def _require_size(members: int | None) -> None:
    """What is there is never taken away without a word."""
    there = Affiliation.objects.filter(network__slug=network.NETWORK).count()
    if members is not None and there != members:
        raise CommandError(
            f"The demonstration in {settings.VAR} has {there:,} members. To build one of {members:,} in its place, add "
            f"--fresh (make demo MEMBERS={members} ARGS=--fresh); what was written in it goes away."
        )


@contextmanager
def built_apart(path: Path) -> Iterator[None]:
    """Build in a file beside, and move it into place when it is whole: a build that is killed leaves nothing behind."""
    beside = path.with_name(f".{path.name}.building")
    for old in beside.parent.glob(f"{beside.name}*"):
        old.unlink()
    connection.close()
    settled = dict(connection.settings_dict)
    connection.settings_dict |= {"NAME": str(beside), "OPTIONS": settled["OPTIONS"] | {"init_command": _HURRY}}
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict |= settled
        Path(f"{beside}-turn").unlink(missing_ok=True)
    with beside.open("rb+") as whole:
        os.fsync(whole.fileno())
    beside.replace(path)


def _migrations() -> Iterator[Path]:
    for app in apps.get_app_configs():
        yield from sorted(Path(app.path).glob("migrations/*.py"))


def _content() -> Iterator[Path]:
    yield from sorted(p for p in Path(network.__file__).parent.rglob("*") if p.suffix in {".py", ".yaml", ".csv"})


def _digest(paths: Iterator[Path]) -> str:
    total = hashlib.sha256()
    for path in paths:
        found = path.stat()
        total.update(f"{path}\0{found.st_size}\0{found.st_mtime_ns}\0".encode())
    return total.hexdigest()


def _read(stamp: Path) -> dict[str, str]:
    try:
        return dict(json.loads(stamp.read_text()))
    except (OSError, ValueError):
        return {}
