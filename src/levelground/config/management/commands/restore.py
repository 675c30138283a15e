"""``levelground restore FILE``: puts a backup into an empty place.

Exit codes: 0 all is well, 1 nothing was restored, 2 the command was not understood, 3 it was restored, but a check of
the result found something.
"""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError

from levelground.config.backup import load
from levelground.config.backup.progress import Progress
from levelground.foundation.errors import DomainError

FAILED, DOUBTFUL = 1, 3


class Command(BaseCommand):
    help = "Put a backup into an empty database and an empty storage, after checking every part of it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="An archive made by `levelground backup`.")
        parser.add_argument("--json", action="store_true", help="Answer in JSON.")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        progress = Progress(self.stderr, wanted=not options["json"])
        try:
            done = load.restore(file, progress)
        except (DomainError, DatabaseError, OSError) as error:
            progress.end()
            text = str(error).strip()
            if options["json"]:
                self.stdout.write(json.dumps({"ok": False, "error": text}))
            else:
                self.stderr.write(text)
            sys.exit(FAILED)
        progress.end()
        if options["json"]:
            self.stdout.write(json.dumps({"ok": done.well, **asdict(done)}))
        else:
            self._tell(done)
        if not done.well:
            sys.exit(DOUBTFUL)

    def _tell(self, done: load.Restored) -> None:
        self.stdout.write(f"Restored the backup of {done.made_at}: {done.rows:,} rows, {done.documents:,} documents.")
        if done.upgraded:
            self.stdout.write(f"It was of an older version: {done.upgraded} migrations brought it up to date.")
        for sha256 in [*done.missing, *done.damaged]:
            self.stdout.write(f"The document {sha256} was lost before the backup was made.")
        for line in done.checks:
            self.stdout.write(f"{line.state:<8}{line.what:<15}{line.text}")
            if line.todo:
                self.stdout.write(f"{'':<23}→ {line.todo}")
        self.stdout.write("Everything holds." if done.well else "Something does not hold: see above.")
