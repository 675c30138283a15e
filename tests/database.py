"""A quick start for tests on SQLite: the migrated empty database is kept in var/ and copied into memory.

Running every migration takes seconds, in every worker of every run; copying takes milliseconds. The kept file's name is
made from all migrations and locked packages, so a change to any of them builds it anew.
"""

import hashlib
import os
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[1]


def template() -> Path:
    """Where the migrated empty database of this code is, or will be."""
    total = hashlib.sha256(sys.version.encode() + (ROOT / "requirements.lock").read_bytes())
    inputs = [path for app in apps.get_app_configs() for path in Path(app.path).glob("migrations/*.py")]
    for path in [*sorted(inputs), *sorted((ROOT / "src" / "levelground" / "foundation").glob("*.py"))]:
        total.update(path.read_bytes())
    return settings.VAR / "tests" / f"{total.hexdigest()[:24]}.sqlite3"


def keep(path: Path) -> None:
    """Keep the database that was just migrated, and drop those of older code."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(f".{os.getpid()}")
    with sqlite3.connect(beside) as copy:
        connection.connection.backup(copy)
    copy.close()
    beside.replace(path)
    for old in path.parent.glob("*.sqlite3"):
        if old != path:
            old.unlink(missing_ok=True)


def quick(create_test_db: Callable[..., str]) -> Callable[..., str]:
    """``create_test_db`` that fills the memory from the kept file where there is one."""

    def create(*args: Any, **kwargs: Any) -> str:
        path = template()
        if not path.exists():
            name = create_test_db(*args, **kwargs)
            keep(path)
            return name
        name = connection.creation._get_test_db_name()
        connection.close()
        settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
        connection.ensure_connection()
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as kept:
            kept.backup(connection.connection)
        kept.close()
        return name

    return create


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """pytest-django's hook just before it makes the database."""
    if connection.vendor == "sqlite":
        # Each worker has a memory of its own. pytest-django would name a file, because it knows Django's engine only.
        connection.settings_dict["TEST"]["NAME"] = None
        connection.creation.create_test_db = quick(connection.creation.create_test_db)
