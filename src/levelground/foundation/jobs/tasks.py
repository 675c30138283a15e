"""Housekeeping."""

from django.core.management import call_command

from . import services
from .registry import job
from .timetable import Daily, schedule


@schedule(Daily("03:20"))
@job(name="jobs.tidy")
def tidy() -> None:
    """Forget old jobs and sessions that ended."""
    services.tidy()
    call_command("clearsessions")
