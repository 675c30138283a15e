"""Pure rules of quarters and returns: dates, lateness, what is missing. No database."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from levelground.assessments.states import Value

from .models import QuarterlyReturn, ReturnFigure, ReturnQuarter
from .states import WITH_NETWORK, FigureKind, ReturnStatus, Standing

FIRST_MONTH = 4
ON_TIME_MONTHS = 1
LOCKED_MONTHS = 2
DAY = dt.timedelta(days=1)
LARGEST = Decimal("999999999999.99")


def month_on(day: dt.date, months: int) -> dt.date:
    """The first day of the month that is ``months`` after the month of ``day``."""
    count = day.year * 12 + day.month - 1 + months
    return dt.date(count // 12, count % 12 + 1, 1)


@dataclass(frozen=True)
class Span:
    """One quarter of a year, with its dates as they are proposed."""

    quarter: int
    starts_on: dt.date
    ends_on: dt.date
    on_time_by: dt.date
    locked_on: dt.date


def year_of_quarters(
    year: int, first_month: int = FIRST_MONTH, *, on_time: int = ON_TIME_MONTHS, locked: int = LOCKED_MONTHS
) -> list[Span]:
    """The four quarters of the year that begins in ``first_month`` of ``year``; both dates are ends of months."""
    begin = dt.date(year, first_month, 1)
    return [
        Span(
            quarter=number + 1,
            starts_on=month_on(begin, 3 * number),
            ends_on=month_on(begin, 3 * number + 3) - DAY,
            on_time_by=month_on(begin, 3 * number + 3 + on_time) - DAY,
            locked_on=month_on(begin, 3 * number + 3 + locked) - DAY,
        )
        for number in range(4)
    ]


def opens_on(quarter: ReturnQuarter) -> dt.date:
    """A quarter is told about when it is over."""
    return quarter.ends_on + DAY


def is_open(quarter: ReturnQuarter, today: dt.date) -> bool:
    return opens_on(quarter) <= today <= quarter.locked_on


def is_locked(quarter: ReturnQuarter, today: dt.date) -> bool:
    return today > quarter.locked_on


def is_late(quarter: ReturnQuarter, day: dt.date) -> bool:
    return day > quarter.on_time_by


def standing(quarter: ReturnQuarter, row: QuarterlyReturn | None, today: dt.date) -> Standing:
    """How a return stands; without a row, nobody has written anything."""
    if row is not None and row.status in WITH_NETWORK:
        return Standing.LATE if row.late else Standing.ON_TIME
    if today < opens_on(quarter):
        return Standing.NOT_OPEN
    if is_locked(quarter, today):
        return Standing.NOT_SENT
    if is_late(quarter, today):
        return Standing.OVERDUE
    begun = row is not None and row.status == ReturnStatus.DRAFT
    return Standing.DRAFT if begun else Standing.OPEN


def is_fall(from_value: str, to_value: str) -> bool:
    """Met, and not any more: the move that is always listed.

    Also when it "does not apply" now or has no answer: the next return sees only what followed, so that met, does not
    apply, not yet, with a return between the steps, would never be listed at all.
    """
    return from_value == Value.MET != to_value


def problem_with(figure: ReturnFigure, value: Decimal | None) -> str:
    """What is wrong with a figure's value; empty when it will do. An empty value is fine until the return is sent."""
    if value is None:
        return ""
    if not value.is_finite() or value < 0:
        return _("“%(figure)s”: write 0 or more.") % {"figure": figure.label.here()}
    if figure.kind == FigureKind.PERCENT and value > 100:
        return _("“%(figure)s”: write a percentage from 0 to 100.") % {"figure": figure.label.here()}
    if figure.kind == FigureKind.COUNT and value != value.to_integral_value():
        return _("“%(figure)s”: write a whole number, such as 120.") % {"figure": figure.label.here()}
    if value > LARGEST or value != round(value, 2):
        return _("“%(figure)s”: write a number with two places after the point at most.") % {
            "figure": figure.label.here()
        }
    return ""


def missing(
    figures: Iterable[ReturnFigure],
    values: dict[str, Decimal | None],
    *,
    significant_change: bool | None,
    description: str,
    named: int,
) -> dict[str, Any]:
    """What still has to be filled in before the return can go, by field. ``named``: how many indicators are ticked."""
    found: dict[str, Any] = {
        f"figure-{figure.code}": (
            _("Fill in “%(figure)s”. Write 0 if there were none.")
            if figure.kind == FigureKind.COUNT
            else _("Fill in “%(figure)s”.")
        )
        % {"figure": figure.label.here()}
        for figure in figures
        if figure.required and values.get(figure.code) is None
    }
    if significant_change is None:
        found["significant_change"] = _("Say whether anything has changed significantly.")
    elif significant_change:
        if not named:
            found["ticked"] = _("Tick at least one indicator that has changed, or write its code.")
        if not description.strip():
            found["description"] = _("Say in a few words what has changed.")
    return found
