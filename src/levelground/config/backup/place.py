"""Where a restore may go: an empty database, a storage without other files. All of it is asked before anything is
written."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from django.core.files.storage import FileSystemStorage, Storage
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from levelground.foundation.documents import store
from levelground.foundation.errors import Invalid

from . import tables
from .archive import Backup

_OURS_FOR_A_MOMENT = {store.TEMPORARY, "doctor"}
_SPARE = 50_000_000
_GIVE = (
    "Restore writes only into an empty place. Stop the site, and give it a new one: "
    "for SQLite another LEVELGROUND_VAR, for PostgreSQL a new database in DATABASE_URL (createdb)."
)


def demand(backup: Backup) -> None:
    """Raise ``Invalid``, with what to do, unless ``backup`` can be restored here."""
    _fits_this_version(backup)
    _database_is_empty(backup)
    _storage_is_empty(backup)
    _there_is_room(backup)


def _fits_this_version(backup: Backup) -> None:
    known = set(MigrationExecutor(connection).loader.disk_migrations)
    if newer := sorted(backup.migrations - known):
        raise Invalid(
            f"This archive was made by a newer version of Levelground ({backup.manifest['program'][:40]}; "
            f"{'.'.join(newer[0])[:80]} is not known here). Install that version or a later one, and restore again. "
            "Nothing was written."
        )
    here = {table.name: set(table.columns) for table in tables.tables(backup.migrations)}
    there = {name: set(said["columns"]) for name, said in backup.tables.items()}
    if here != there:
        strange = sorted(name for name in here.keys() | there.keys() if here.get(name) != there.get(name))
        raise Invalid(
            f"This archive cannot be used: its table {strange[0]} is not as its migrations make it. "
            "Nothing was written. Take another backup."
        )


def _database_is_empty(backup: Backup) -> None:
    present = set(connection.introspection.table_names())
    if not present:
        return
    done = tables.applied()
    every = tables.tables(done)
    if strangers := sorted(present - {table.name for table in every} - tables.OUTSIDE):
        raise Invalid(f"The database has tables that are not Levelground's ({strangers[0]}). {_GIVE}")
    for table in every:
        if table.name in present - tables.MADE_ALONG and tables.has_rows(table):
            raise Invalid(f"The database is not empty: there are rows in {table.name}. {_GIVE}")
    if done - backup.migrations:
        raise Invalid(f"The database has no rows, but its tables are of a newer version than the archive. {_GIVE}")


def _storage_is_empty(backup: Backup) -> None:
    # Those of this very archive may lie there, from a restore that was broken off.
    expected = {store.key(sha256) for sha256, _size in backup.documents}
    for name in _files(store.storage(), ""):
        if name not in expected:
            raise Invalid(
                f"There are other documents where these should go ({name}). Restore writes only into an empty place: "
                "give another LEVELGROUND_VAR, LEVELGROUND_DOCUMENTS or LEVELGROUND_S3_BUCKET."
            )


def _files(place: Storage, folder: str) -> Iterator[str]:
    try:
        folders, files = place.listdir(folder)
    except FileNotFoundError:
        return
    inside = f"{folder}/" if folder else ""
    yield from (f"{inside}{name}" for name in files)
    for name in folders:
        if folder or name not in _OURS_FOR_A_MOMENT:
            yield from _files(place, f"{inside}{name}")


def _there_is_room(backup: Backup) -> None:
    place = store.storage()
    if not isinstance(place, FileSystemStorage):
        return
    folder = Path(place.location)
    while not folder.exists():
        folder = folder.parent
    needed, free = backup.manifest["documents"]["bytes"] + _SPARE, shutil.disk_usage(folder).free
    if free < needed:
        raise Invalid(
            f"The documents need {needed // 1_000_000} MB, and {folder} has {free // 1_000_000} MB free. Make room."
        )
