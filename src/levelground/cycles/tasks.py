"""What the yearly cycle asks of the clock, and of ``doctor``."""

import datetime as dt
from collections.abc import Iterable

from levelground.foundation import clock
from levelground.foundation.bilingual import Bilingual
from levelground.foundation.counts import recount
from levelground.foundation.jobs.registry import job
from levelground.foundation.jobs.timetable import Daily, schedule
from levelground.foundation.notifications.reminders import Reminder, deadlines_due, provider
from levelground.organisations.roles import Permission

from . import news, people, upkeep
from .addresses import address
from .models import Cycle, Submission
from .services import enrol, settle
from .services import network as _network  # noqa: F401 - declares a job, which a worker must know
from .states import UNSENT

recount("cycle tallies")(upkeep.drifts)


@provider
def snapshots_due(day: dt.date) -> Iterable[Reminder]:
    """To the quality leads of each member that has not sent its snapshot, on the days around its deadline."""
    rows = list(
        Submission.objects.filter(deadline__in=deadlines_due(day), status__in=UNSENT, cycle__opens_on__lte=day)
        .active()
        .select_related("organisation", "cycle__framework")
    )
    leads = people.holders({row.organisation_id for row in rows}, Permission.SUBMIT_SNAPSHOT)
    for row in rows:
        name = people.called(row)
        english, welsh = news.day_in("en", row.deadline), news.day_in("cy", row.deadline)
        text = Bilingual(f"{name.en} is due on {english}", f"Mae {name.cy} i'w anfon erbyn {welsh}")
        if row.deadline < day:
            text = Bilingual(f"{name.en} was due on {english}", f"Roedd {name.cy} i'w anfon erbyn {welsh}")
        for user in leads.get(row.organisation_id, []):
            yield Reminder(
                user=user, kind="submission.due", key=f"submission:{row.public_id}", deadline=row.deadline,
                text=text, url=address(row),
            )  # fmt: skip


@schedule(Daily("00:10"))
@job(name="cycles.upkeep")
def every_night() -> None:
    """Members who join or leave today, years that open today, and sign-offs whose comparison was cut short."""
    for cycle in Cycle.objects.filter(deadline__gte=clock.today() - dt.timedelta(days=400)):
        enrol(cycle=cycle)
    for cycle in Cycle.objects.filter(opens_on=clock.today()):
        news.spread(cycle, news.OPENED)
    for row in Submission.objects.filter(recheck=True):
        settle(submission=row)
