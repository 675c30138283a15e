"""Scanning, later, what no scanner saw when it came."""

from levelground.foundation.jobs.registry import job
from levelground.foundation.jobs.timetable import Hourly, schedule

from . import services


@schedule(Hourly(25))
@job(name="documents.rescan")
def rescan() -> None:
    services.rescan()
