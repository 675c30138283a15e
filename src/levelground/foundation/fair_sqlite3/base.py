"""Django's SQLite, where whoever wants to write looks every millisecond whether it may.

SQLite lets one connection write at a time. The others ask again after growing pauses of up to a tenth of a second, and
who has just come asks most often: with eight people saving, one save in twenty waited half a second for nothing.
Here writers first take a lock on a file beside the database, which all try for evenly. The system lets go of it when a
process dies. It only orders the queue: SQLite's own lock still decides.
"""

import os
import time
from typing import Any

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows, where SQLite queues as it always did
    fcntl = None  # type: ignore[assignment]  # Windows has none

PAUSE = 0.001


class DatabaseWrapper(base.DatabaseWrapper):
    _turn: int | None = None

    def _start_transaction_under_autocommit(self) -> None:
        self._take_turn()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # the stubs do not know it
        except BaseException:
            self._end_turn()
            raise

    def _commit(self) -> Any:
        try:
            return super()._commit()  # type: ignore[misc]  # the stubs do not know it
        finally:
            self._end_turn()

    def _rollback(self) -> Any:
        try:
            return super()._rollback()  # type: ignore[misc]  # the stubs do not know it
        finally:
            self._end_turn()

    def _close(self) -> Any:
        try:
            return super()._close()  # type: ignore[misc]  # the stubs do not know it
        finally:
            self._end_turn()

    def _take_turn(self) -> None:
        name = str(self.settings_dict["NAME"])
        if fcntl is None or self.is_in_memory_db() or self._turn is not None:
            return
        turn = os.open(f"{name}-turn", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        deadline = time.monotonic() + float(self.settings_dict["OPTIONS"].get("timeout", 5))
        while True:
            try:
                fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    os.close(turn)
                    raise OperationalError("database is locked") from None
                time.sleep(PAUSE)
            else:
                self._turn = turn
                return

    def _end_turn(self) -> None:
        if self._turn is not None:
            os.close(self._turn)
            self._turn = None
