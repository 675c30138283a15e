"""``levelground verify-audit``: proves that nobody changed the audit log."""

import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from levelground.foundation.audit import selectors, services

_SAYS = {
    "changed": "an event was changed, or its hash does not fit the one before",
    "missing": "an event is missing",
    "cut short": "the last events are missing",
    "added": "there are events that were not recorded by the application",
    "no head": "there are events without the head of their chain",
}


class Command(BaseCommand):
    help = "Check the audit log's hash chains. Exit code 1, and where, when one does not hold."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="Write JSON, with the heads to note elsewhere.")

    def handle(self, *args: Any, **options: Any) -> None:
        heads = selectors.heads()
        breaks = list(services.verify())
        if options["json"]:
            self.stdout.write(json.dumps({"ok": not breaks, "breaks": [asdict(b) for b in breaks], "heads": heads}))
        else:
            for found in breaks:
                self.stdout.write(f"{found.chain}, event {found.sequence}: {_SAYS[found.what]}")
            events = sum(head["sequence"] for head in heads)
            self.stdout.write(
                f"The audit log does NOT hold: {len(breaks)} breaks."
                if breaks
                else f"The audit log holds: {len(heads)} chains, {events} events."
            )
        if breaks:
            sys.exit(1)
