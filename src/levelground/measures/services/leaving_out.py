"""Leaving the numbers of a day out of limits and rules: a recorded act with a reason. They stay on the chart."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from levelground.foundation import clock
from levelground.foundation.errors import IllegalMove, Invalid

from .. import rules
from ..models import LeftOut, Measure, Point
from .common import lock, need, record

LIMIT = 50


@transaction.atomic
def leave_out(*, measure: Measure, date: dt.date, reason: str, by: Any) -> LeftOut:
    """Leave out the numbers of a day, of everybody and of every group."""
    found = lock(measure)
    reason = need(
        "reason", reason, rules.REASON_LIMIT, _("Say why this number tells nothing of how things usually are.")
    )
    day = rules.day_of(found.frequency, date)
    if not Point.objects.filter(series__measure=found, date=day).exists():
        raise Invalid(fields={"date": _("There is no number for this day. Choose one that is on the chart.")})
    live = LeftOut.objects.filter(measure=found, removed_at__isnull=True)
    if live.filter(date=day).exists():
        raise Invalid(fields={"date": _("This number is left out already.")})
    if live.count() >= LIMIT:
        raise IllegalMove(_("%(limit)d numbers are left out already. Begin a new phase instead.") % {"limit": LIMIT})
    made = LeftOut.objects.create(measure=found, date=day, reason=reason, by=by, at=clock.now())
    record(found, "number_left_out", by, after={"date": str(day)}, reason=reason)
    return made


@transaction.atomic
def take_back(*, left_out: LeftOut, by: Any) -> None:
    """Count the numbers again; that they were left out is kept."""
    found = lock(left_out.measure)
    row = LeftOut.objects.select_for_update().get(pk=left_out.pk)
    if row.removed_at is not None:
        return
    row.removed_at, row.removed_by = clock.now(), by
    row.save(update_fields=["removed_at", "removed_by"])
    record(found, "number_taken_back", by, before={"date": str(row.date)})
