"""What the returns ask of the clock: a return for every member when a quarter is over, and reminders of its dates."""

import datetime as dt
from collections.abc import Iterable

from django.urls import reverse

from levelground.foundation import clock
from levelground.foundation.bilingual import Bilingual
from levelground.foundation.counts import recount
from levelground.foundation.jobs.registry import job
from levelground.foundation.jobs.timetable import Daily, schedule
from levelground.foundation.notifications.reminders import Reminder, deadlines_due, provider
from levelground.organisations.models import Membership
from levelground.organisations.roles import Permission, roles_with

from . import rules, services, upkeep
from .models import QuarterlyReturn, ReturnQuarter
from .names import year_name
from .states import WAITING

recount("quarterly returns")(upkeep.drifts)


@schedule(Daily("00:20"))
@job(name="returns.open", retries=5, backoff=300)
def open_returns() -> None:
    """Quarters that are over get their returns; members that have joined or left since are looked after."""
    today = clock.today()
    for quarter in ReturnQuarter.objects.filter(ends_on__lt=today, locked_on__gte=today).select_related("framework"):
        services.open_returns(quarter=quarter)


@provider
def returns_due(day: dt.date) -> Iterable[Reminder]:
    """To those who send a member's returns, while one is not sent and can be."""
    wanted = ReturnQuarter.objects.filter(on_time_by__in=deadlines_due(day), ends_on__lt=day, locked_on__gte=day)
    for quarter in wanted.select_related("framework"):
        waiting = QuarterlyReturn.objects.filter(quarter=quarter, status__in=WAITING, released_on__isnull=True)
        rows = {row.organisation_id: row for row in waiting.select_related("organisation")}
        leads = Membership.objects.current().filter(
            organisation__in=waiting.values("organisation"), role__in=roles_with(Permission.SUBMIT_SNAPSHOT)
        )
        for held in leads.select_related("user").iterator(chunk_size=1000):
            yield _reminder(rows[held.organisation_id or 0], quarter, held.user, day)


def _reminder(row: QuarterlyReturn, quarter: ReturnQuarter, user: object, day: dt.date) -> Reminder:
    en, cy = (
        ("Still to send", "Heb ei hanfon eto") if rules.is_late(quarter, day) else ("Due soon", "I'w hanfon yn fuan")
    )
    number, year = quarter.quarter, year_name(quarter)
    text = Bilingual(
        f"{en}: quarterly return for quarter {number} of {year}",
        f"{cy}: ffurflen chwarterol ar gyfer chwarter {number} o {year}",
    )
    return Reminder(
        user=user,
        kind="return.due",
        key=f"return:{row.public_id}",
        deadline=quarter.on_time_by,
        text=text,
        url=reverse("return_form", args=[row.organisation.slug, quarter.framework.slug, quarter.year, quarter.quarter]),
    )
