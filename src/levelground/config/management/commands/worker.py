"""``levelground worker``: does the background jobs and keeps the timetable."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from levelground.foundation.jobs.worker import Worker


class Command(BaseCommand):
    help = "Do the background jobs until stopped. `levelground serve` runs one of these by itself."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="Do what is waiting now, then stop.")
        parser.add_argument("--parent", type=int, help="Stop when this process is no longer the parent.")

    def handle(self, *args: Any, **options: Any) -> None:
        worker = Worker(parent=options["parent"])
        if options["once"]:
            self.stdout.write(f"{worker.drain()} done")
            return
        worker.listen()
        worker.run()
