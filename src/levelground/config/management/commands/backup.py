"""``levelground backup FILE``: the database and the documents in one verified archive.

Exit codes: 0 all is well, 1 there is no backup, 2 the command was not understood, 3 there is one, but the storage has
lost or spoilt documents that the database names.
"""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError

from levelground.config.backup import dump
from levelground.config.backup.progress import Progress
from levelground.foundation import formats
from levelground.foundation.errors import DomainError

FAILED, INCOMPLETE = 1, 3


class Command(BaseCommand):
    help = "Save the database and the documents in one archive, and check it. The site may go on running."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="The archive to write, like levelground.zip.")
        parser.add_argument("--overwrite", action="store_true", help="Take the place of a file of that name.")
        parser.add_argument("--json", action="store_true", help="Answer in JSON.")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        progress = Progress(self.stderr, wanted=not options["json"])
        try:
            made = dump.make(file, progress, overwrite=options["overwrite"])
        except (DomainError, DatabaseError) as error:
            progress.end()
            self._say(options, {"ok": False, "error": str(error).strip()}, self.stderr.write)
            sys.exit(FAILED)
        progress.end()
        lost = len(made.missing) + len(made.damaged)
        if options["json"]:
            self.stdout.write(json.dumps({"ok": not lost, **asdict(made)}))
        else:
            self.stdout.write(
                f"{made.file}: {formats.filesize(made.bytes)}, {made.rows:,} rows, {made.documents:,} documents. "
                "It was read back and every part of it is right."
            )
            self.stdout.write(f"Its fingerprint, to keep elsewhere: {made.fingerprint}")
            for sha256 in made.missing:
                self.stdout.write(f"missing: the storage does not have the document {sha256}")
            for sha256 in made.damaged:
                self.stdout.write(f"damaged: the storage has other bytes for the document {sha256}; they were left out")
        if lost:
            sys.exit(INCOMPLETE)

    def _say(self, options: dict[str, Any], answer: dict[str, Any], write: Any) -> None:
        if options["json"]:
            self.stdout.write(json.dumps(answer))
        else:
            write(answer["error"])
