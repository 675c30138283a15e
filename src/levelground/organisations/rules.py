"""Pure rules about dates of roles. No database."""

import datetime as dt
from collections.abc import Iterable

from .states import Standing

Span = tuple[dt.date, dt.date | None]
ALWAYS = dt.date.max
INVITATION_DAYS = 14


def standing(from_date: dt.date, to_date: dt.date | None, today: dt.date, *, ended: bool = False) -> Standing:
    """How something stands today that holds from one day to another, both included (``None``: without end)."""
    if ended or (to_date is not None and to_date < today):
        return Standing.ENDED
    return Standing.COMING if from_date > today else Standing.CURRENT


def covered_until(spans: Iterable[Span], day: dt.date) -> dt.date:
    """The last day up to which, from ``day`` on and without a gap, some span holds.

    ``ALWAYS`` when there is no end; the day before ``day`` when nothing holds on it.
    """
    last = day - dt.timedelta(days=1)
    for start, end in sorted(spans, key=lambda span: span[0]):
        if last == ALWAYS or start > last + dt.timedelta(days=1):
            break
        last = max(last, end or ALWAYS)
    return last


def first_day_without(before: Iterable[Span], after: Iterable[Span], today: dt.date) -> dt.date | None:
    """The day from which nobody would hold a role any more because of a change; ``None`` when it takes nothing away."""
    until = covered_until(after, today)
    return until + dt.timedelta(days=1) if until < covered_until(before, today) else None
