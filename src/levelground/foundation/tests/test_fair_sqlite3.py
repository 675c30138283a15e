"""Writers of one SQLite file queue evenly, and a queue that does not move ends in a clear error."""

import copy
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.db.utils import OperationalError

from levelground.foundation.fair_sqlite3.base import DatabaseWrapper

Open = Any
# The connections are the test's own; the mark lifts the ban on any.
pytestmark = pytest.mark.django_db


@pytest.fixture
def opened(tmp_path: Path, settings: Any) -> Iterator[Open]:
    """A function that opens one more connection to one file."""
    made: list[DatabaseWrapper] = []

    def open_one(timeout: float = 5) -> DatabaseWrapper:
        wanted = copy.deepcopy(connections["default"].settings_dict) | {"NAME": str(tmp_path / "a.sqlite3")}
        wanted |= {"ENGINE": "levelground.foundation.fair_sqlite3", "AUTOCOMMIT": True, "CONN_MAX_AGE": 0}
        wanted["OPTIONS"] = {"transaction_mode": "IMMEDIATE", "timeout": timeout}
        made.append(DatabaseWrapper(wanted, alias="other"))
        made[-1].inc_thread_sharing()
        return made[-1]

    yield open_one
    for one in made:
        one.close()


def _begin(connection: DatabaseWrapper) -> None:
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)


def _end(connection: DatabaseWrapper, *, commit: bool = True) -> None:
    (connection.commit if commit else connection.rollback)()
    connection.set_autocommit(True)


@pytest.mark.parametrize("commit", [True, False])
def test_the_second_writer_waits_for_the_first(opened: Open, commit: bool) -> None:
    first, second = opened(), opened()
    _begin(first)
    order: list[str] = []

    def write() -> None:
        _begin(second)
        order.append("second")
        _end(second)

    thread = threading.Thread(target=write)
    thread.start()
    thread.join(0.1)
    assert thread.is_alive()
    order.append("first")
    _end(first, commit=commit)
    thread.join(5)
    assert order == ["first", "second"]


def test_a_queue_that_does_not_move_is_an_error(opened: Open) -> None:
    first, second = opened(), opened(timeout=0.05)
    _begin(first)
    with pytest.raises(OperationalError, match="database is locked"):
        _begin(second)
    _end(first)
    _begin(second)  # and it can be tried again
    _end(second)


def test_closing_a_connection_gives_the_turn_away(opened: Open) -> None:
    first, second = opened(), opened(timeout=0.05)
    _begin(first)
    first.close()
    _begin(second)
    _end(second)


def test_every_write_of_many_threads_arrives(opened: Open) -> None:
    table = opened()
    with table.cursor() as cursor:
        cursor.execute("CREATE TABLE mark (n INTEGER)")
    table.close()

    def write(connection: DatabaseWrapper) -> None:
        for n in range(20):
            _begin(connection)
            with connection.cursor() as cursor:
                cursor.execute("INSERT INTO mark VALUES (%s)", [n])
            _end(connection)
        connection.close()

    threads = [threading.Thread(target=write, args=[opened()]) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    with table.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM mark")
        assert cursor.fetchone() == (120,)
