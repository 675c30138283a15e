"""The demonstration's database appears whole or not at all, and only where nothing else is."""

import contextlib
import io
import os
import sqlite3
import subprocess
import sys

import pytest
from django.core.management.base import CommandError

from levelground.demo.management import prepare
from tests.factories import UserFactory

BUILD = """
import os, sys
from pathlib import Path
import django
django.setup()
from django.db import connection
from levelground.demo.management.prepare import built_apart, database_file

with built_apart(database_file()), connection.cursor() as cursor:
    cursor.execute("CREATE TABLE half (x)")
    if sys.argv[1] == "killed":
        os._exit(9)
    cursor.execute("CREATE TABLE whole (x)")
"""


def _build(how, folder):
    """In a process of its own: building points the connection elsewhere."""
    place = {"LEVELGROUND_VAR": str(folder), "DATABASE_URL": f"sqlite:///{folder}/demo.sqlite3"}
    environment = {**os.environ, **place, "DJANGO_SETTINGS_MODULE": "levelground.config.settings"}
    command = [sys.executable, "-c", BUILD, how]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_a_build_that_is_killed_leaves_nothing_and_the_next_one_starts_cleanly(tmp_path):
    assert _build("killed", tmp_path).returncode == 9
    assert not (tmp_path / "demo.sqlite3").exists()
    done = _build("whole", tmp_path)
    assert done.returncode == 0, done.stderr
    with sqlite3.connect(tmp_path / "demo.sqlite3") as database:
        assert {name for (name,) in database.execute("SELECT name FROM sqlite_master")} == {"half", "whole"}
    assert not list(tmp_path.glob(".demo.sqlite3.building*"))


def test_a_database_of_other_people_is_left_alone(db, settings, tmp_path, monkeypatch):
    settings.VAR = tmp_path
    UserFactory(email="someone@real.example")
    monkeypatch.setattr(prepare, "database_file", lambda: None)
    monkeypatch.setattr(prepare, "call_command", lambda *args, **options: None)
    with pytest.raises(CommandError, match="something other than the demonstration"):
        prepare.prepare(print)


@pytest.mark.parametrize("where", ["no file yet", "an empty database"])
def test_what_was_just_built_is_not_called_old(db, settings, tmp_path, monkeypatch, where):
    """Whether a file is made or an empty database is filled (as on PostgreSQL), the stamp knows its content."""
    settings.VAR = tmp_path
    path = tmp_path / "demo.sqlite3" if where == "no file yet" else None
    monkeypatch.setattr(prepare, "database_file", lambda: path)
    monkeypatch.setattr(prepare, "built_apart", lambda path: contextlib.nullcontext(path.touch()))
    monkeypatch.setattr(prepare, "call_command", lambda *args, **options: None)
    monkeypatch.setattr(prepare.network, "build", lambda *args: UserFactory(email=f"lead@{prepare.DOMAIN.lstrip('@')}"))
    said = io.StringIO()
    for _time in range(2):
        prepare.prepare(said)
    assert "Building" in said.getvalue() and "has changed since" not in said.getvalue()
    monkeypatch.setattr(prepare, "_content", lambda: iter([tmp_path]))
    prepare.prepare(said)
    assert "has changed since" in said.getvalue()
