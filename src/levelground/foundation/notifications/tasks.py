"""Reminders each morning, then the digests; never at night."""

import datetime as dt

from django.conf import settings

from levelground.foundation import clock
from levelground.foundation.jobs.registry import Job, job
from levelground.foundation.jobs.timetable import LONDON, Daily, Weekly, schedule, slot_before

from . import digest, services
from . import reminders as reminding

LONGEST_LOOK_BACK = 7


@schedule(Daily("06:30"))
@job(name="notifications.reminders", retries=5, backoff=120)
def reminders() -> None:
    """Today's reminders, and those of the days on which no worker ran (a week of them at most)."""
    now = clock.now()
    today = now.astimezone(LONDON).date()
    before = slot_before(reminders.name, now)
    missed = (today - before.astimezone(LONDON).date()).days - 1 if before else 0
    back = max(0, min(missed, LONGEST_LOOK_BACK))
    reminding.remind(days=[today - dt.timedelta(days=days) for days in range(back, -1, -1)])


def _send(frequency: str, me: Job[[]]) -> None:
    """Send now, or ask for it again when the quiet hours are over."""
    until = digest.quiet_until(clock.now(), *settings.QUIET_HOURS)
    if until is None:
        digest.send(frequency=frequency)
    else:
        me.enqueue_on_commit(run_after=until, key=f"after quiet hours {until.isoformat()}")


@schedule(Daily(settings.DIGEST_TIME))
@job(name="notifications.digest.daily", retries=5, backoff=300)
def daily() -> None:
    _send("daily", daily)


@schedule(Weekly(settings.DIGEST_WEEKDAY, settings.DIGEST_TIME))
@job(name="notifications.digest.weekly", retries=5, backoff=300)
def weekly() -> None:
    _send("weekly", weekly)


@schedule(Daily("03:40"))
@job(name="notifications.tidy")
def tidy() -> None:
    services.tidy(keep_days=settings.NOTIFICATIONS_KEEP_DAYS)
