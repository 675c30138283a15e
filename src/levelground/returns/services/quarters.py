"""The calendar: a year's four quarters, their dates, and a return for every member when a quarter is over."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from levelground.assessments.models import Workbook
from levelground.assessments.services.locking import plain
from levelground.foundation import clock, formats
from levelground.foundation.audit import services as audit
from levelground.foundation.errors import Conflict, IllegalMove, Invalid
from levelground.frameworks.models import Framework
from levelground.organisations.models import Affiliation, Network

from .. import rules
from ..models import QuarterChange, QuarterlyReturn, QuarterTally, ReturnQuarter
from ..selectors.calendar import may_be_removed
from ..states import WAITING
from .drafting import hold
from .figures import keep_people_reached
from .tallies import count_quarter

REASON_LIMIT = 500


@transaction.atomic
def open_year(
    *, framework: Framework, year: int, by: Any, first_month: int = rules.FIRST_MONTH,
    on_time: int = rules.ON_TIME_MONTHS, locked: int = rules.LOCKED_MONTHS,
) -> list[ReturnQuarter]:  # fmt: skip
    """Make a year's four quarters. ``on_time`` and ``locked`` are months after the end of each quarter."""
    if not 1 <= first_month <= 12 or not 2000 <= year <= 2100:
        raise Invalid(fields={"year": _("Choose a year from 2000 to 2100, and its first month.")})
    if not 1 <= on_time <= locked <= 12:
        raise Invalid(fields={"locked": _("Lock the returns in the same month as they are due, or later.")})
    # Two officers may press the button at the same moment.
    Network.objects.select_for_update().get(pk=framework.network_id)
    spans = rules.year_of_quarters(year, first_month, on_time=on_time, locked=locked)
    known = ReturnQuarter.objects.filter(framework=framework)
    if known.filter(
        Q(year=year) | Q(starts_on__lte=spans[-1].ends_on, ends_on__gte=spans[0].starts_on)
    ).exists():  # fmt: skip
        raise Invalid(fields={"year": _("There are quarters for some of these months already. Choose another year.")})
    quarters = ReturnQuarter.objects.bulk_create(
        [
            ReturnQuarter(
                framework=framework, year=year, quarter=span.quarter, starts_on=span.starts_on, ends_on=span.ends_on,
                on_time_by=span.on_time_by, locked_on=span.locked_on,
            )
            for span in spans
        ]
    )  # fmt: skip
    QuarterTally.objects.bulk_create([QuarterTally(quarter=quarter) for quarter in quarters])
    keep_people_reached(framework=framework)
    for quarter in quarters:
        open_returns(quarter=quarter)
    audit.record(
        by=by, verb="returns.year_opened", subject=f"framework:{framework.slug}", chain=framework.network.audit_chain,
        after={"year": year, "first_month": first_month},
    )  # fmt: skip
    return quarters


@transaction.atomic
def remove_year(*, framework: Framework, year: int, by: Any) -> None:
    """Take back a year that was set by mistake, while nobody has written anything in it."""
    Network.objects.select_for_update().get(pk=framework.network_id)
    quarters = ReturnQuarter.objects.select_for_update().filter(framework=framework, year=year)
    if not may_be_removed(list(quarters)):
        raise IllegalMove(_("This year is in use: its returns, dates or figures are needed."))
    QuarterlyReturn.objects.filter(quarter__in=quarters).delete()
    quarters.delete()
    audit.record(
        by=by, verb="returns.year_removed", subject=f"framework:{framework.slug}", chain=framework.network.audit_chain,
        before={"year": year},
    )  # fmt: skip


def _check_dates(quarter: ReturnQuarter, on_time_by: dt.date, locked_on: dt.date, reason: str) -> None:
    today = clock.today()
    problems: dict[str, Any] = {}
    if on_time_by <= quarter.ends_on:
        problems["on_time_by"] = _("Choose a day after the end of the quarter, %(day)s.") % {
            "day": formats.date(quarter.ends_on)
        }
    elif on_time_by != quarter.on_time_by and on_time_by < today:
        problems["on_time_by"] = _("Choose today or a later day.")
    if locked_on < on_time_by:
        problems["locked_on"] = _("Choose the last day on time or a later day.")
    elif locked_on != quarter.locked_on and locked_on < today:
        problems["locked_on"] = _("Choose today or a later day.")
    if not reason:
        problems["reason"] = _("Say in a few words why.")
    elif len(reason) > REASON_LIMIT:
        problems["reason"] = _("Write at most %(limit)d characters.") % {"limit": REASON_LIMIT}
    if problems:
        raise Invalid(fields=problems)


@transaction.atomic
def change_dates(
    *, quarter: ReturnQuarter, on_time_by: dt.date, locked_on: dt.date, reason: str, by: Any,
    seen_version: int | None = None,
) -> ReturnQuarter:  # fmt: skip
    """Move the two dates of a quarter. Who was late by the old date and is not by the new one, is on time; nobody who
    was on time becomes late."""
    found = hold(quarter)
    reason = plain(reason)
    if (found.on_time_by, found.locked_on) == (on_time_by, locked_on):
        return found
    if seen_version is not None and seen_version != found.version:
        raise Conflict(
            _("Somebody else changed these dates while you had the page open. Nothing of yours is lost."),
            theirs=found,
            yours={"on_time_by": on_time_by, "locked_on": locked_on},
        )
    _check_dates(found, on_time_by, locked_on, reason)
    before = {"on_time_by": found.on_time_by, "locked_on": found.locked_on}
    QuarterChange.objects.create(
        quarter=found, by=by, at=clock.now(), reason=reason, on_time_before=found.on_time_by, on_time_after=on_time_by,
        locked_before=found.locked_on, locked_after=locked_on,
    )  # fmt: skip
    found.on_time_by, found.locked_on, found.version = on_time_by, locked_on, found.version + 1
    found.save(update_fields=["on_time_by", "locked_on", "version"])
    end = dt.datetime.combine(on_time_by + rules.DAY, dt.time(), tzinfo=formats.LONDON)
    excused = QuarterlyReturn.objects.filter(quarter=found, late=True, sent_at__lt=end).update(late=False)
    QuarterTally.objects.filter(quarter=found).update(late=F("late") - excused)
    open_returns(quarter=found)
    audit.record(
        by=by, verb="returns.dates_changed", subject=f"framework:{found.framework.slug}",
        chain=found.framework.network.audit_chain, reason=reason,
        before=before, after={"on_time_by": on_time_by, "locked_on": locked_on, "year": found.year,
                              "quarter": found.quarter},
    )  # fmt: skip
    return found


@transaction.atomic
def open_returns(*, quarter: ReturnQuarter) -> int:
    """Give every member that owes one its return, as soon as the quarter is open; how many are new.

    Called again each day, for members that have joined or left since. Who joined after the quarter owes none.
    """
    if not rules.is_open(quarter, clock.today()):
        return 0
    hold(quarter)  # nobody sends while the counts are taken afresh
    members = Affiliation.objects.current().filter(network=quarter.framework.network_id)
    known = QuarterlyReturn.objects.filter(quarter=quarter)
    wanted = members.filter(joined_on__lte=quarter.ends_on).exclude(organisation__in=known.values("organisation"))
    new = list(wanted.values_list("organisation", flat=True).distinct())
    books = dict(
        Workbook.objects.filter(framework=quarter.framework_id, organisation__in=wanted.values("organisation"))
        .values_list("organisation", "pk")
    )  # fmt: skip
    QuarterlyReturn.objects.bulk_create(
        [QuarterlyReturn(quarter=quarter, organisation_id=pk, workbook_id=books.get(pk)) for pk in new],
        batch_size=1000,
        ignore_conflicts=True,
    )
    present = members.values("organisation")
    waiting = known.filter(status__in=WAITING)
    left = waiting.filter(released_on__isnull=True).exclude(organisation__in=present).update(released_on=clock.today())
    back = waiting.filter(released_on__isnull=False, organisation__in=present).update(released_on=None)
    if new or left or back:
        count_quarter(quarter)
    return len(new)
