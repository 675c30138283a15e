"""What ``levelground doctor`` looks at. Each check gives lines: how it is, and what to do when it is not well."""

import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.mail import get_connection
from django.db import connection

from levelground.foundation import assets, clock
from levelground.foundation.audit import services as audit
from levelground.foundation.counts import RECOUNTS
from levelground.foundation.documents import scanning
from levelground.foundation.documents import store as documents
from levelground.foundation.jobs import selectors as jobs

from . import health
from .metrics import WORKER_SECONDS

OK, WARN, PROBLEM = "ok", "warn", "problem"
_LOCAL = {"127.0.0.1", "localhost", "::1"}
_LEAST_DISK = 1_000_000_000
_LONGEST_QUEUE = 600


@dataclass(frozen=True)
class Line:
    """One finding."""

    what: str
    state: str
    text: str
    todo: str = ""


Check = Callable[[], Iterator[Line]]


def settings_fit() -> Iterator[Line]:
    site = urlsplit(settings.BASE_URL)
    local = site.hostname in _LOCAL
    if settings.DEBUG and not local:
        yield Line("settings", PROBLEM, "DEBUG is on: errors show the program's inside.", "Unset LEVELGROUND_DEBUG.")
    if settings.DEMO and not local:
        yield Line("settings", WARN, "This is a demonstration: its passwords are known.", "Unset LEVELGROUND_DEMO.")
    if site.hostname not in settings.ALLOWED_HOSTS and "*" not in settings.ALLOWED_HOSTS:
        yield Line(
            "settings", PROBLEM, f"{site.hostname} (from LEVELGROUND_BASE_URL) is not in LEVELGROUND_HOSTS.",
            f"Set LEVELGROUND_HOSTS to {site.hostname}, with commas between several.",
        )  # fmt: skip
    if site.scheme != "https" and not local:
        yield Line(
            "settings", PROBLEM, "The site is not served over HTTPS: passwords could be read on the way.",
            "Put a proxy with TLS in front and set LEVELGROUND_BASE_URL to its https:// address.",
        )  # fmt: skip
    yield Line("settings", OK, f"The site's address is {settings.BASE_URL}.")


def secret_key() -> Iterator[Line]:
    path = settings.VAR / "secret-key"
    if len(settings.SECRET_KEY) < 40 or len(set(settings.SECRET_KEY)) < 10:
        yield Line(
            "secret key", PROBLEM, "The secret key is short or simple.",
            "Set LEVELGROUND_SECRET_KEY to 50 or more random characters. Everybody will have to sign in again.",
        )  # fmt: skip
    elif path.exists() and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        yield Line("secret key", PROBLEM, f"Others on this machine can read {path}.", f"Run: chmod 600 {path}")
    else:
        yield Line("secret key", OK, "The secret key is long and random.")


def database() -> Iterator[Line]:
    connection.ensure_connection()
    version = ".".join(map(str, connection.get_database_version()))
    yield Line("database", OK, f"{connection.display_name} {version} answers.")
    if missing := health.missing_migrations():
        yield Line(
            "database", PROBLEM, f"{len(missing)} migrations of this version are missing.",
            "Make a backup, then run: levelground migrate",
        )  # fmt: skip
    if connection.vendor == "sqlite":
        yield from _sqlite()


def _sqlite() -> Iterator[Line]:
    wanted: dict[str, list[object]] = {"journal_mode": ["wal", "memory"], "synchronous": [2], "foreign_keys": [1]}
    with connection.cursor() as cursor:
        for name, good in wanted.items():
            value = cursor.execute(f"PRAGMA {name}").fetchone()[0]
            if value not in good:
                yield Line(
                    "database", PROBLEM, f"SQLite runs with {name} = {value}.",
                    "Put the database on a local disk (not a network share) and start again.",
                )  # fmt: skip
        verdict = cursor.execute("PRAGMA quick_check(3)").fetchall()
    if verdict != [("ok",)]:
        yield Line(
            "database", PROBLEM, f"The database file is damaged: {verdict[0][0]}.",
            "Stop the site, keep a copy of the file, and put the last good backup back.",
        )  # fmt: skip


def storage() -> Iterator[Line]:
    place, content = documents.storage(), b"levelground doctor"
    name = place.save("doctor/probe", ContentFile(content))
    try:
        with place.open(name, "rb") as stream:
            same = stream.read() == content
    finally:
        place.delete(name)
    if same:
        yield Line("documents", OK, "Files can be written, read and deleted.")
    else:
        yield Line("documents", PROBLEM, "A file came back changed.", "Check the disk or the object store.")
    free = shutil.disk_usage(settings.VAR).free
    if free < _LEAST_DISK:
        yield Line(
            "documents",
            WARN,
            f"Only {free // 1_000_000} MB are free at {settings.VAR}.",
            "Make room, or use a larger disk.",
        )


def static_files() -> Iterator[Line]:
    if gone := assets.missing():
        yield Line("static files", PROBLEM, f"Not built: {', '.join(gone)}.", "In a checkout, run: make setup")
    elif assets.stale():
        yield Line(
            "static files", WARN, "The collected files are not those of this version.",
            "`levelground serve` collects them when it starts.",
        )  # fmt: skip
    else:
        yield Line("static files", OK, "Built and collected.")


def _catalogues() -> Iterator[tuple[str, Path]]:
    for app in apps.get_app_configs():
        if app.name.startswith("levelground."):
            for source in Path(app.path).glob("locale/*/LC_MESSAGES/*.po"):
                yield app.label, source


def _is_late(source: Path) -> bool:
    built = source.with_suffix(".mo")
    # A minute's grace: an installer writes both at about the same time, in any order.
    return not built.exists() or built.stat().st_mtime < source.stat().st_mtime - 60


def translations() -> Iterator[Line]:
    late = [label for label, source in _catalogues() if _is_late(source)]
    if late:
        yield Line(
            "translations", PROBLEM, f"The Welsh is not compiled: {', '.join(sorted(set(late)))}.",
            "Run: python tools/messages.py --compile",
        )  # fmt: skip
    else:
        yield Line("translations", OK, "The Welsh is compiled.")


def background_jobs() -> Iterator[Line]:
    counts, workers = jobs.counts(), jobs.workers(within_seconds=WORKER_SECONDS)
    since = jobs.waiting_since()
    waiting = (clock.now() - since).total_seconds() if since else 0
    if workers:
        yield Line("jobs", OK, f"{len(workers)} workers; {counts['waiting']} jobs are waiting.")
    else:
        yield Line(
            "jobs", PROBLEM if waiting > _LONGEST_QUEUE else WARN,
            f"No worker was heard of lately; {counts['waiting']} jobs are waiting.",
            "Start `levelground serve` (it does the jobs too), or `levelground worker`.",
        )  # fmt: skip
    if counts["failed"]:
        yield Line(
            "jobs", WARN, f"{counts['failed']} jobs did not work.", f"See {settings.BASE_URL}/system/jobs/?state=failed"
        )


def virus_scanner() -> Iterator[Line]:
    if not settings.CLAMD_SOCKET:
        yield Line(
            "virus scanner", WARN, "There is none: uploaded files are marked “not scanned”.",
            "Install ClamAV and set LEVELGROUND_CLAMD_SOCKET.",
        )  # fmt: skip
    elif scanning.ping():
        yield Line("virus scanner", OK, f"Answers at {settings.CLAMD_SOCKET}.")
    else:
        yield Line(
            "virus scanner", PROBLEM, f"Nobody answers at {settings.CLAMD_SOCKET}.",
            "Start clamd, or let this user read and write its socket.",
        )  # fmt: skip


def mail() -> Iterator[Line]:
    if settings.EMAIL_BACKEND.endswith("filebased.EmailBackend"):
        yield Line(
            "mail", WARN, f"E-mails are written to {settings.EMAIL_FILE_PATH} and reach nobody.",
            "Set LEVELGROUND_EMAIL_HOST to your mail server.",
        )  # fmt: skip
        return
    with get_connection(fail_silently=False, timeout=10):
        yield Line("mail", OK, f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT} takes our mail.")
    if "@localhost" in settings.DEFAULT_FROM_EMAIL:
        yield Line("mail", WARN, "The sender is not a real address.", "Set LEVELGROUND_EMAIL_FROM.")


def kept_counts() -> Iterator[Line]:
    for name, count in RECOUNTS.items():
        wrong = [str(item) for item in count()]
        if wrong:
            yield Line(
                "kept counts", PROBLEM, f"{name}: {len(wrong)} are wrong, first: {wrong[0]}",
                "Please report this: a change did not keep its count.",
            )  # fmt: skip
        else:
            yield Line("kept counts", OK, f"{name}: right.")


def audit_log() -> Iterator[Line]:
    first = next(audit.verify(), None)
    if first is None:
        yield Line("audit log", OK, "Every chain holds.")
    else:
        yield Line(
            "audit log", PROBLEM, f"{first.chain}, event {first.sequence}: {first.what}.",
            "Keep the database as it is, run `levelground verify-audit`, and find out who had access to it.",
        )  # fmt: skip


# The second part asks the database; it is left out when the database does not answer.
FIRST: dict[str, Check] = {
    "settings": settings_fit,
    "secret key": secret_key,
    "documents": storage,
    "static files": static_files,
    "translations": translations,
    "virus scanner": virus_scanner,
    "mail": mail,
    "database": database,
}
SECOND: dict[str, Check] = {"jobs": background_jobs, "kept counts": kept_counts, "audit log": audit_log}

_TODO = {
    "database": "Check DATABASE_URL, that the server runs, and that this machine may connect.",
    "documents": "Make the folder writable, or check the LEVELGROUND_S3_… settings.",
    "mail": "Check the LEVELGROUND_EMAIL_… settings, and that this machine may reach the mail server.",
}


def _lines(what: str, check: Check) -> list[Line]:
    """A check that breaks is itself a finding."""
    try:
        return list(check())
    except Exception as error:
        return [Line(what, PROBLEM, f"{type(error).__name__}: {error}".strip(": \n"), _TODO.get(what, ""))]


def look() -> list[Line]:
    """All findings."""
    found = [line for what, check in FIRST.items() for line in _lines(what, check)]
    if any(line.what == "database" and line.state == PROBLEM for line in found):
        return [*found, *(Line(what, WARN, "Not looked at, because of the database.") for what in SECOND)]
    return found + [line for what, check in SECOND.items() for line in _lines(what, check)]
