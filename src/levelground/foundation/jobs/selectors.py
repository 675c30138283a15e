"""Reads about jobs, for the page, the metrics and the doctor."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django_tasks.base import TaskResultStatus as Status
from django_tasks_db.models import DBTaskResult

from levelground.foundation import clock

from .models import JobRun, Slot, WorkerBeat
from .timetable import TIMETABLE

STATES = {"waiting": Status.READY, "running": Status.RUNNING, "failed": Status.FAILED, "done": Status.SUCCESSFUL}


@dataclass(frozen=True)
class Entry:
    """A line of the timetable: the job, and the slot that was last taken care of."""

    name: str
    last: dt.datetime | None


def counts() -> dict[str, int]:
    """How many jobs are waiting, running, failed, done."""
    found = dict(DBTaskResult.objects.order_by().values_list("status").annotate(Count("pk")))
    return {name: found.get(status, 0) for name, status in STATES.items()}


def runs(state: str = "") -> QuerySet[JobRun]:
    """Jobs with their results, the newest first; of one state, or all."""
    found = JobRun.objects.select_related("result").order_by("-result__enqueued_at", "-pk")
    return found.filter(result__status=STATES[state]) if state in STATES else found


def waiting_since() -> dt.datetime | None:
    """Since when the oldest job that is due has been waiting."""
    ready = DBTaskResult.objects.ready().order_by("enqueued_at").first()
    return ready.enqueued_at if ready else None


def workers(*, within_seconds: float) -> list[WorkerBeat]:
    """The workers heard of lately."""
    since = clock.now() - dt.timedelta(seconds=within_seconds)
    return list(WorkerBeat.objects.filter(seen_at__gte=since).order_by("started_at"))


def entries() -> list[Entry]:
    """The timetable."""
    last: dict[str, dt.datetime] = {}
    for name, at in Slot.objects.order_by("at").values_list("name", "at"):
        last[name] = at
    return [Entry(name, last.get(name)) for name in sorted(TIMETABLE)]
