"""``levelground access-report``: who can see what, from the role matrix."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from levelground.organisations import report


class Command(BaseCommand):
    help = "Print who can see what, from the role matrix."

    def add_arguments(self, parser: CommandParser) -> None:
        kind = parser.add_mutually_exclusive_group()
        kind.add_argument("--json", action="store_true", help="As data, for a program to read.")
        kind.add_argument(
            "--write", nargs="?", const="docs/permissions.md", metavar="FILE",
            help="Write the page of documentation (docs/permissions.md).",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        if options["write"]:
            path = Path(options["write"])
            try:
                path.write_text(report.markdown(), encoding="utf-8")
            except OSError as error:
                raise CommandError(f"{path} cannot be written: {error.strerror}. Give the path of a file.") from error
            self.stdout.write(f"Written: {path}")
        elif options["json"]:
            self.stdout.write(json.dumps(report.data(), indent=2, ensure_ascii=False))
        else:
            self.stdout.write(report.markdown())
