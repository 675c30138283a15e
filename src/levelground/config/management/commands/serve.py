"""``levelground serve``: the site, with its background jobs, in one command."""

import os
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connections

from levelground.config import health, serving
from levelground.foundation import assets


class Command(BaseCommand):
    help = "Serve the site with granian, and do the background jobs, until stopped (Ctrl+C or SIGTERM)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="Address to listen on (0.0.0.0: all). %(default)s")
        parser.add_argument("--port", type=int, default=8000, help="%(default)s")
        parser.add_argument("--workers", type=int, default=2, help="Web processes. %(default)s")
        parser.add_argument("--threads", type=int, default=2, help="Requests at once in each process. %(default)s")
        parser.add_argument("--migrate", action="store_true", help="Bring the database up to date first.")

    def handle(self, *args: Any, host: str, port: int, workers: int, threads: int, **options: Any) -> None:
        if not serving.port_is_free(host, port):
            raise CommandError(
                f"Port {port} is in use on {host}, or may not be used. Choose another: --port {port + 1}"
            )
        self._prepare_database(migrate=options["migrate"])
        self._prepare_assets()
        companion = serving.job_worker(os.getpid()) if settings.JOBS_IN_SERVE else None
        if companion:
            companion.start()
        self.stdout.write(f"Levelground listens on http://{host}:{port}/ ({settings.BASE_URL}). Ctrl+C ends it.")
        self.stdout.flush()
        try:
            serving.run_granian(host=host, port=port, workers=max(workers, 1), threads=max(threads, 1))
        finally:
            if companion:
                companion.stop()

    def _prepare_database(self, *, migrate: bool) -> None:
        try:
            if migrate:
                call_command("migrate", interactive=False, verbosity=1, stdout=self.stdout)
            missing = health.missing_migrations()
        except DatabaseError as error:
            raise CommandError(
                f"The database cannot be reached ({error}). Check DATABASE_URL; `levelground doctor` says more."
            ) from error
        finally:
            connections.close_all()
        if missing:
            raise CommandError(
                f"The database needs {len(missing)} migrations of this version. "
                "Make a backup, then start with --migrate."
            )

    def _prepare_assets(self) -> None:
        if gone := assets.missing():
            raise CommandError(f"The front-end is not built ({', '.join(gone)}). In a checkout, run: make setup")
        try:
            if assets.stale():
                assets.collect()
        except OSError as error:
            raise CommandError(
                f"The static files cannot be written to {settings.STATIC_ROOT} ({error.strerror}). "
                "Make the folder writable, or set LEVELGROUND_VAR to one that is."
            ) from error
