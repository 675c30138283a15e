"""Fixtures that every test may use."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext


@pytest.fixture(autouse=True)
def _quick_and_alone(settings: Any, tmp_path: Path) -> None:
    """A cheap hasher; mail in memory; files in the test's own folder; jobs at once."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.STORAGES = {
        **settings.STORAGES,
        "documents": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "documents", "base_url": None},
        },
    }


@pytest.fixture(autouse=True)
def _no_strangers(request: pytest.FixtureRequest) -> Iterator[None]:
    """Sockets only to this machine: the database, and the site under test."""
    import pytest_socket

    pytest_socket.socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)
    yield
    pytest_socket._remove_restrictions()


@pytest.fixture(scope="session", autouse=True)
def _flush_passes_triggers() -> Iterator[None]:
    """Django empties the tables after a transactional test; the append-only triggers must let only that pass."""
    original = type(connection.ops).sql_flush

    def sql_flush(self: Any, style: Any, tables: Any, **options: Any) -> list[str]:
        statements = original(self, style, tables, **options)
        if self.connection.vendor != "sqlite" or not statements:
            return statements
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
        return [f"DROP TRIGGER {name}" for name, _sql in triggers] + statements + [sql for _name, sql in triggers]

    type(connection.ops).sql_flush = sql_flush
    yield
    type(connection.ops).sql_flush = original


@pytest.fixture
def cast(db: Any) -> Any:
    """The named people of the tests: see ``tests/factories.py``."""
    from tests.factories import Cast

    return Cast.make()


@pytest.fixture
def query_budget() -> Callable[[int], AbstractContextManager[CaptureQueriesContext]]:
    """``with query_budget(25) as seen:`` fails when the block asks the database more often; ``len(seen)`` counts.

    A page's queries must not grow with its rows: measure it with few rows, then spend that number again with many.
    """

    @contextmanager
    def budget(most: int) -> Iterator[CaptureQueriesContext]:
        with CaptureQueriesContext(connection) as seen:
            yield seen
        if len(seen) > most:
            often = Counter(query["sql"][:160] for query in seen.captured_queries).most_common()
            pytest.fail(f"{len(seen)} queries, {most} allowed:\n" + "\n".join(f"{n} × {sql}" for sql, n in often))

    return budget


def pytest_configure(config: pytest.Config) -> None:
    settings.SECRET_KEY  # noqa: B018 - settings load before anything else asks for them
