"""Jobs that run by the clock, in London time, once per slot however many workers there are."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from levelground.foundation import clock

from .models import Slot
from .registry import Job

LONDON = ZoneInfo("Europe/London")
_HOUR = dt.timedelta(hours=1)
_DAY = dt.timedelta(days=1)


class When(Protocol):
    def latest(self, now: dt.datetime) -> dt.datetime:
        """The last slot that is not after ``now``."""
        ...


def _at(day: dt.date, time: str) -> dt.datetime:
    """A London wall-clock time as a moment. A time that the spring change skips is the one an hour later."""
    return dt.datetime.combine(day, dt.time.fromisoformat(time), LONDON).astimezone(dt.UTC)


@dataclass(frozen=True)
class Hourly:
    minute: int = 0

    def latest(self, now: dt.datetime) -> dt.datetime:
        slot = now.astimezone(dt.UTC).replace(minute=self.minute, second=0, microsecond=0)
        return slot if slot <= now else slot - _HOUR


@dataclass(frozen=True)
class Daily:
    time: str

    def latest(self, now: dt.datetime) -> dt.datetime:
        today = now.astimezone(LONDON).date()
        slot = _at(today, self.time)
        return slot if slot <= now else _at(today - _DAY, self.time)


@dataclass(frozen=True)
class Weekly:
    weekday: int
    """0 is Monday."""
    time: str

    def latest(self, now: dt.datetime) -> dt.datetime:
        today = now.astimezone(LONDON).date()
        day = today - _DAY * ((today.weekday() - self.weekday) % 7)
        slot = _at(day, self.time)
        return slot if slot <= now else _at(day - 7 * _DAY, self.time)


TIMETABLE: dict[str, tuple[When, Job[Any]]] = {}


def schedule(when: When) -> Callable[[Job[Any]], Job[Any]]:
    """Put a job without arguments on the timetable: ``@schedule(Daily("08:00"))`` above ``@job(…)``."""

    def enter(job: Job[Any]) -> Job[Any]:
        TIMETABLE[job.name] = (when, job)
        return job

    return enter


def tick(now: dt.datetime | None = None) -> list[str]:
    """Enqueue what is due; the names of the jobs enqueued.

    A slot missed while no worker ran is made up for once, the latest of them only. A job that is new on the timetable
    starts with its next slot.
    """
    now = now or clock.now()
    return [name for name, (when, job) in TIMETABLE.items() if _take(name, when.latest(now), job)]


def _take(name: str, slot: dt.datetime, job: Job[Any]) -> bool:
    last = Slot.objects.filter(name=name).order_by("-at").first()
    if last is not None and last.at >= slot:
        return False
    try:
        with transaction.atomic():
            Slot.objects.create(name=name, at=slot)
            if last is not None:
                job.enqueue_on_commit(key=f"slot {slot.isoformat()}")
    except IntegrityError:
        return False  # another worker was quicker
    return last is not None


def slot_before(name: str, moment: dt.datetime) -> dt.datetime | None:
    """The slot that came before the one in force at ``moment``: since when a job that catches up has to look back."""
    return (
        Slot.objects.filter(name=name, at__lte=moment).order_by("-at").values_list("at", flat=True)[1:2].first()
        if name in TIMETABLE
        else None
    )
