"""Whole systems for the tests of this folder: a folder, a database, and the real command working in them."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import connection

from tests.database import ROOT, template
from tests.elsewhere import Elsewhere

COMMAND = [sys.executable, "-m", "levelground.config.command"]
POSTGRES = connection.vendor == "postgresql"


class System:
    """A place of its own, which only other processes work in."""

    def __init__(self, folder: Path, url: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.url = folder, url

    @property
    def documents(self) -> dict[str, bytes]:
        """The files of the storage, by the last part of their names."""
        return files(self.folder / "documents")

    def environment(self) -> dict[str, str]:
        ours = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "LEVELGROUND_"))}
        return ours | {
            "DJANGO_SETTINGS_MODULE": "levelground.config.settings",
            "DATABASE_URL": self.url,
            "LEVELGROUND_VAR": str(self.folder),
            "LEVELGROUND_DATABASE_POOL": "no",
            "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])),
        }

    def run(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        """``levelground …``"""
        command = [*COMMAND, *map(str, words)]
        return subprocess.run(
            command, env=self.environment(), capture_output=True, text=True, timeout=900, check=False, cwd=self.folder
        )

    def told(self, *words: str | Path) -> Any:
        """What ``levelground … --json`` says."""
        done = self.run(*words, "--json")
        assert done.stdout, done.stderr
        return json.loads(done.stdout)

    def script(self, name: str, *words: str | Path) -> str:
        """The output of a module of this folder, run by its name."""
        command = [sys.executable, "-m", f"tests.safety.{name}", *map(str, words)]
        done = subprocess.run(
            command, env=self.environment(), capture_output=True, text=True, timeout=900, check=False, cwd=ROOT
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def sqlite(folder: Path, *, migrated: bool = False) -> System:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "levelground.sqlite3"
    if migrated:
        shutil.copy(_migrated(), file)
    return System(folder, f"sqlite:///{file}")


def _migrated() -> Path:
    """An empty SQLite database with its tables. Tests on PostgreSQL may be the first to want one."""
    kept = template()
    if not kept.exists():
        beside = kept.parent / uuid.uuid4().hex
        made = System(beside, f"sqlite:///{beside / kept.name}").run("migrate")
        assert made.returncode == 0, made.stderr
        (beside / kept.name).replace(kept)
        shutil.rmtree(beside)
    return kept


@contextlib.contextmanager
def postgres(folder: Path) -> Iterator[System]:
    """A database of its own, without tables, beside that of the tests; dropped in the end."""
    name = f"levelground_{uuid.uuid4().hex[:12]}"
    server = Elsewhere(folder).url.rpartition("/")[0]
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    try:
        yield System(folder, f"{server}/{name}")
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
