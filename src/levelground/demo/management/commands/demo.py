"""``levelground demo``: a realistic network on this machine, served, with people to sign in as."""

import os
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from levelground.accounts.models import User
from levelground.demo import network
from levelground.demo.management.prepare import prepare, remove
from levelground.demo.personas import DOMAIN, personas


class Command(BaseCommand):
    help = "Build the demonstration network (once) and serve it on this machine."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument(
            "--members", type=int, help=f"How many members to build (%(metavar)s; {network.MEMBERS} unless told).",
            metavar=f"{network.SMALLEST} to {network.LARGEST}",
        )  # fmt: skip
        parser.add_argument("--no-serve", action="store_true", help="Build only.")
        parser.add_argument("--fresh", action="store_true", help="Take the old demonstration away first.")

    def handle(
        self, *args: Any, port: int, no_serve: bool, fresh: bool, members: int | None, **options: Any
    ) -> None:  # fmt: skip
        if members is not None and not network.SMALLEST <= members <= network.LARGEST:
            raise CommandError(f"--members takes a number from {network.SMALLEST} to {network.LARGEST}.")
        settings.VAR.mkdir(parents=True, exist_ok=True)
        if fresh:
            remove()
        prepare(self.stdout, members)
        if no_serve:
            return
        self.stdout.write(self.people())
        # Links in its e-mails lead here. The environment, because the server's processes read the settings anew.
        settings.BASE_URL = os.environ.setdefault("LEVELGROUND_BASE_URL", f"http://127.0.0.1:{port}")
        call_command("serve", port=port, workers=1)

    def people(self) -> str:
        """A table of whom one can sign in as."""
        emails = dict(User.objects.filter(email__endswith=DOMAIN).values_list("public_id", "email"))
        with translation.override("en-gb"):
            rows = [(p.name, p.role, p.place, emails[p.public_id], p.note) for p in personas()]
        head = ("Name", "Role", "At", "E-mail", "")
        widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
        lines = ["  " + "  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)) for row in [head, *rows]]
        return "\n".join(["", *map(str.rstrip, lines), "", f"  The password of each is: {network.PASSWORD}"])
