"""Putting a backup back."""

import hashlib
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.color import no_style
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from levelground.config import checkup
from levelground.foundation.audit import selectors as audit
from levelground.foundation.documents import store
from levelground.foundation.errors import Invalid
from levelground.foundation.rows import insert

from . import archive, place, tables
from .progress import Progress
from .tables import Table

_CHUNK, _AT_ONCE = 1 << 20, 5000


@dataclass(frozen=True)
class Restored:
    """What was put back, and what the checks said of it afterwards."""

    made_at: str
    rows: int
    documents: int
    missing: list[str]
    damaged: list[str]
    upgraded: int
    checks: list[checkup.Line]

    @property
    def well(self) -> bool:
        return all(line.state == checkup.OK for line in self.checks)


def restore(path: Path, progress: Progress) -> Restored:
    """Check the whole archive and the place, then write. The rows appear all at once, in one transaction."""
    with archive.opened(path, progress) as backup:
        place.demand(backup)
        _put_documents(backup, progress)
        _make_tables(backup)
        _put_rows(backup, progress)
        heads = audit.heads()
        upgraded = _upgrade()
        progress.begin("Checking the result", 1)
        about = backup.manifest
        return Restored(
            made_at=about["made_at"],
            rows=sum(said["rows"] for said in backup.tables.values()),
            documents=about["documents"]["count"],
            missing=about["documents"]["missing"],
            damaged=about["documents"]["damaged"],
            upgraded=upgraded,
            checks=[*_same_heads(about["audit"], heads), *checkup.audit_log(), *checkup.kept_counts()],
        )


def _same_heads(then: list[dict[str, Any]], now: list[dict[str, Any]]) -> Iterator[checkup.Line]:
    if then == now:
        yield checkup.Line("audit log", checkup.OK, f"All {len(now)} chains end as they did in the backup.")
    else:
        yield checkup.Line(
            "audit log", checkup.PROBLEM, "The chains do not end as they did in the backup.",
            "Do not use this copy. Take another backup.",
        )  # fmt: skip


def _put_documents(backup: archive.Backup, progress: Progress) -> None:
    progress.begin("Putting documents back", len(backup.documents))
    for sha256, size in backup.documents:
        if _is_spoilt(sha256):
            store.storage().delete(store.key(sha256))
        with backup.document(sha256) as stream:
            store.keep(stream, sha256=sha256, size=size)
        progress.step()


def _is_spoilt(sha256: str) -> bool:
    """Whether something else lies under the name of this content."""
    name, digest = store.key(sha256), hashlib.sha256()
    if not store.storage().exists(name):
        return False
    with store.storage().open(name, "rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest() != sha256


def _make_tables(backup: archive.Backup) -> None:
    """The tables as they were when the backup was made: the newest version's, or those of an older one."""
    executor = MigrationExecutor(connection)
    executor.migrate(tables.last_of_each(executor, backup.migrations))
    if tables.applied() != backup.migrations:
        raise Invalid(
            "The tables of this archive cannot be made: the list of its migrations has holes. Take another backup."
        )


def _put_rows(backup: archive.Backup, progress: Progress) -> None:
    every = tables.tables(backup.migrations)
    progress.begin("Putting the rows back", sum(said["rows"] for said in backup.tables.values()))
    try:
        with _guards_away(every):
            for table in every:
                if table.name in tables.MADE_ALONG:
                    with connection.cursor() as cursor:
                        cursor.execute(f"DELETE FROM {table.quoted}")  # noqa: S608 - quoted by Django
            for table in every:
                _put_table(backup, table, progress)
    except DatabaseError as error:
        raise Invalid(_unfit(str(error))) from error
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _unfit(what: str) -> str:
    return f"The rows of this archive do not fit together ({what.splitlines()[0][:200]}). None was kept."


def _put_table(backup: archive.Backup, table: Table, progress: Progress) -> None:
    columns = backup.tables[table.name]["columns"]
    order = [columns.index(column) for column in table.columns]

    def packed() -> Iterator[list[Any]]:
        for row in backup.rows(table.name):
            progress.step()
            yield [row[place] for place in order]

    rows = map(tuple, tables.unpacked(table, packed()))
    try:
        with connection.wrap_database_errors:
            while chunk := list(itertools.islice(rows, _AT_ONCE)):
                insert(table.model, table.columns, chunk)
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise Invalid(_unfit(f"{table.name}: {error}")) from error


@contextmanager
def _guards_away(every: list[Table]) -> Iterator[None]:
    """One transaction in which rows may come in any order, and frozen rows may come in: their triggers, and the keys
    between tables, are taken away and put back. The keys are checked for all rows before it ends."""
    if connection.vendor == "sqlite":
        connection.disable_constraint_checking()
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
                triggers = cursor.fetchall()
                for name, _sql in triggers:
                    cursor.execute(f"DROP TRIGGER {connection.ops.quote_name(name)}")
                yield
                connection.check_constraints()
                for _name, sql in triggers:
                    cursor.execute(sql)
        finally:
            connection.enable_constraint_checking()
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE contype = 'f' AND connamespace = current_schema()::regnamespace"
        )
        keys = cursor.fetchall()
        for name, key, _definition in keys:
            cursor.execute(f"ALTER TABLE {name} DROP CONSTRAINT {key}")
        for table in every:
            cursor.execute(f"ALTER TABLE {table.quoted} DISABLE TRIGGER USER")
        yield
        for table in every:
            cursor.execute(f"ALTER TABLE {table.quoted} ENABLE TRIGGER USER")
        # One look at a whole table here, instead of one at every row as it comes in.
        for name, key, definition in keys:
            cursor.execute(f"ALTER TABLE {name} ADD CONSTRAINT {key} {definition}")
        for statement in connection.ops.sequence_reset_sql(no_style(), [table.model for table in every]):
            cursor.execute(statement)


def _upgrade() -> int:
    """Take a restored older state to this version; how many migrations that took."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        call_command("migrate", interactive=False, verbosity=0)
    return len(plan)
