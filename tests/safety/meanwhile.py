"""Makes a backup while another connection goes on writing into two tables, one saved early and one saved late.

Run by its name, it prints how often the other one wrote, and how many rows of each table the archive holds."""

import contextlib
import json
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django
from django.conf import settings

EARLY, LATE = "account_emailaddress", "usersessions_usersession"


def another_connection() -> Callable[[str], None]:
    """A way to write that has nothing to do with the backup's own connection, and does not wait."""
    given = settings.DATABASES["default"]
    if given["ENGINE"].endswith("sqlite3"):
        beside = sqlite3.connect(given["NAME"], timeout=0, isolation_level=None)
        return lambda sql: beside.execute(sql) and None
    import psycopg

    # What follows the last slash is the database.
    link = psycopg.connect(
        host=given["HOST"], port=given["PORT"], user=given["USER"], password=given["PASSWORD"], dbname=given["NAME"],
        autocommit=True, options="-c lock_timeout=500",
    )  # fmt: skip
    return lambda sql: link.execute(sql) and None


def main() -> None:
    django.setup()
    from levelground.accounts.models import User
    from levelground.config.backup import archive, dump
    from levelground.config.backup.progress import Progress

    user = User.objects.create(email="one@test.example", name="One")
    say, written = another_connection(), 0

    def write() -> None:
        nonlocal written
        now = "'2026-11-22 10:00:00'"
        email = f"INSERT INTO {EARLY} (email, verified, \"primary\", user_id) VALUES ('{written}@x.example', "
        say(f"{email}{'1=1'}, {'1=0'}, {user.pk})")
        session = f"INSERT INTO {LATE} (created_at, ip, last_seen_at, session_key, user_agent, data, user_id) VALUES "
        say(f"{session}({now}, '127.0.0.1', {now}, 'k{written}', '', '{{}}', {user.pk})")
        written += 1

    whole = archive.Writer.table

    def table(self: Any, name: str, *args: Any) -> None:
        write()
        whole(self, name, *args)

    write()
    archive.Writer.table = table  # type: ignore[method-assign]
    path = Path(sys.argv[1])
    dump.make(path, Progress(None))
    with archive.opened(path, Progress(None)) as backup:
        saved = [backup.tables[name]["rows"] for name in (EARLY, LATE)]
    json.dump({"written": written, "saved": saved}, sys.stdout)


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError):
        main()
