"""The database of a transactional test, for other processes that the test starts."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from django.db import connection


class Elsewhere:
    """The test's database as other processes see it: a copy in a file (SQLite), or the database itself (PostgreSQL)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "copy.sqlite3" if connection.vendor == "sqlite" else None
        if self.file:
            connection.ensure_connection()
            with closing(sqlite3.connect(self.file)) as copy:
                connection.connection.backup(copy)
            self.url = f"sqlite:///{self.file}"
        else:
            given = connection.settings_dict
            who = f"{given['USER']}:{given['PASSWORD']}@" if given["USER"] else ""
            self.url = f"postgres://{who}{given['HOST']}:{given['PORT']}/{given['NAME']}"

    def environment(self, **more: str) -> dict[str, str]:
        """What a process needs to work in this database."""
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "levelground.config.settings",
            "DATABASE_URL": self.url,
            "LEVELGROUND_VAR": str(self.folder),
            "LEVELGROUND_DATABASE_POOL": "no",
            **more,
        }

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What is there now."""
        if self.file:
            with closing(sqlite3.connect(self.file, timeout=20)) as copy:
                return copy.execute(query).fetchall()
        with connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchall()
