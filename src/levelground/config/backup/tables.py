"""The tables of a database at the state of its migrations, and their rows as an archive holds them."""

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from .kinds import Kind, kind_of

# Not of the system's content: made by the migrations, or counts of failed sign-ins that may be forgotten.
OUTSIDE = {MigrationRecorder.Migration._meta.db_table, "levelground_cache"}
# `migrate` fills these by itself.
MADE_ALONG = {"django_content_type", "auth_permission"}
_AT_ONCE = 2000

Migrations = set[tuple[str, str]]


@dataclass(frozen=True)
class Table:
    name: str
    model: Any
    columns: tuple[str, ...]
    kinds: tuple[Kind, ...]
    key: str

    @classmethod
    def of(cls, model: Any) -> "Table":
        fields = [field for field in model._meta.local_concrete_fields if not field.generated]
        return cls(
            name=model._meta.db_table,
            model=model,
            columns=tuple(field.column for field in fields),
            kinds=tuple(kind_of(field) for field in fields),
            key=model._meta.pk.column,
        )

    def listed(self) -> str:
        return ", ".join(connection.ops.quote_name(column) for column in self.columns)

    @property
    def quoted(self) -> str:
        return connection.ops.quote_name(self.name)


def applied() -> Migrations:
    """The migrations that the database has had."""
    return set(MigrationRecorder(connection).applied_migrations())


def last_of_each(executor: MigrationExecutor, migrations: Collection[tuple[str, str]]) -> list[tuple[str, str]]:
    """Those of ``migrations`` that no other of their own app follows: what to migrate to in order to stand there."""
    nodes = executor.loader.graph.node_map
    return sorted(
        key
        for key in migrations
        if key in nodes and not any(child.key[0] == key[0] and child.key in migrations for child in nodes[key].children)
    )


def tables(migrations: Migrations) -> list[Table]:
    """All tables as they are after ``migrations``, which need not be the newest of this program."""
    executor = MigrationExecutor(connection)
    state = executor.loader.project_state(last_of_each(executor, migrations))
    models = state.apps.get_models(include_auto_created=True, include_swapped=False)
    found = [Table.of(model) for model in models if model._meta.managed and not model._meta.proxy]
    return sorted(found, key=lambda table: table.name)


@contextmanager
def one_moment() -> Iterator[None]:
    """Everything read inside is as it was at one moment, while others go on writing."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            # Not atomic(): our transactions on SQLite begin as writing ones, and would keep all others out.
            cursor.execute("BEGIN")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
    else:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield


def count(table: Table) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM {table.quoted}")  # noqa: S608 - quoted by Django
        return int(cursor.fetchone()[0])


def has_rows(table: Table) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {table.quoted} LIMIT 1")  # noqa: S608 - quoted by Django
        return cursor.fetchone() is not None


def rows(table: Table) -> Iterator[list[Any]]:
    """The rows in the order of their keys, as plain values; streamed."""
    turns = [(place, kind.pack) for place, kind in enumerate(table.kinds) if kind.pack]
    key = connection.ops.quote_name(table.key)
    with connection.chunked_cursor() as cursor:
        cursor.execute(f"SELECT {table.listed()} FROM {table.quoted} ORDER BY {key}")  # noqa: S608 - quoted by Django
        while chunk := cursor.fetchmany(_AT_ONCE):
            yield from _turned(chunk, turns)


def unpacked(table: Table, packed: Iterable[list[Any]]) -> Iterator[list[Any]]:
    """Rows of an archive as this database takes them."""
    wanted = [(place, kind.unpack(connection.vendor)) for place, kind in enumerate(table.kinds)]
    return _turned(packed, [(place, turn) for place, turn in wanted if turn])


def _turned(rows: Iterable[Any], turns: list[tuple[int, Callable[[Any], Any]]]) -> Iterator[list[Any]]:
    for row in rows:
        values = list(row)
        for place, turn in turns:
            if values[place] is not None:
                values[place] = turn(values[place])
        yield values
