"""Reminders of deadlines: 30, 14, 7 and 1 days before, then 1, 7 and 14 after (guide section 4; both are settings).

``foundation`` knows no deadlines. An app that has some registers a provider, in its ``tasks.py``::

    @provider
    def actions(day: date) -> Iterable[Reminder]:
        for action in Action.objects.open().filter(due_on__in=deadlines_due(day)): yield Reminder(…)
"""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from django.conf import settings

from levelground.foundation.bilingual import Bilingual

from . import services

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Reminder:
    """Whom to remind of what. ``key`` names the thing (``action:<public id>``); deadline and step are added to it."""

    user: Any
    kind: str
    key: str
    deadline: dt.date
    text: Bilingual
    url: str = ""


Provider = Callable[[dt.date], Iterable[Reminder]]
PROVIDERS: list[Provider] = []


def provider(func: Provider) -> Provider:
    """Register a function that gives the reminders of a day. It may give too many: ``due`` decides."""
    if func not in PROVIDERS:
        PROVIDERS.append(func)
    return func


def due(today: dt.date, deadline: dt.date, *, before: Sequence[int], after: Sequence[int]) -> int | None:
    """The step that falls on ``today``: days until the deadline (30, 14…) or, after it, minus the days since.

    ``None`` when no reminder falls on this day; there is none on the day of the deadline itself.
    """
    days = (deadline - today).days
    return days if (days > 0 and days in before) or (days < 0 and -days in after) else None


def deadlines_due(today: dt.date) -> list[dt.date]:
    """The deadlines of which a reminder falls on ``today``, by the settings."""
    steps = [*settings.REMINDERS_BEFORE, *(-days for days in settings.REMINDERS_AFTER)]
    return [today + dt.timedelta(days=days) for days in steps]


def remind(*, days: Iterable[dt.date]) -> int:
    """Tell people what is due on each of ``days``, each thing once; the number of notifications made.

    A provider that goes wrong does not keep the others from being asked; its error is raised at the end.
    """
    told, errors = 0, []
    for day in days:
        for give in PROVIDERS:
            try:
                told += sum(_tell(reminder, day) for reminder in give(day))
            except Exception as error:
                log.exception("reminders could not be made", provider=give.__qualname__, day=day.isoformat())
                errors.append(error)
    if errors:
        raise ExceptionGroup("Some reminders could not be made.", errors)
    return told


def _tell(reminder: Reminder, day: dt.date) -> bool:
    step = due(day, reminder.deadline, before=settings.REMINDERS_BEFORE, after=settings.REMINDERS_AFTER)
    if step is None:
        return False
    key = f"{reminder.key}:{reminder.deadline.isoformat()}:{step}"
    made = services.notify(user=reminder.user, kind=reminder.kind, text=reminder.text, url=reminder.url, key=key)
    return made is not None
