"""``levelground doctor``: is everything as it should be, and what to do if not."""

import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from levelground.config import checkup


class Command(BaseCommand):
    help = "Look whether everything is as it should be. Exit code 1 when there is a problem."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        lines = checkup.look()
        problems = sum(line.state == checkup.PROBLEM for line in lines)
        if options["json"]:
            self.stdout.write(json.dumps({"ok": not problems, "lines": [asdict(line) for line in lines]}))
        else:
            for line in lines:
                self.stdout.write(f"{line.state:<8}{line.what:<15}{line.text}")
                if line.todo:
                    self.stdout.write(f"{'':<23}→ {line.todo}")
            self.stdout.write(f"\n{problems} problems." if problems else "\nNo problems.")
        if problems:
            sys.exit(1)
