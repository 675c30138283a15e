"""Phases: from a day on, the limits are worked out anew. A recorded act, never done by the program itself."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from levelground.foundation import clock
from levelground.foundation.errors import IllegalMove, Invalid

from .. import rules
from ..models import Measure, MeasurePhase, MeasureVersion
from ..states import PhaseKind
from .common import lock, need, record

LIMIT = 30


@transaction.atomic
def start_phase(
    *, measure: Measure, starts_on: dt.date, reason: str, by: Any, baseline_to: dt.date | None = None,
    proposed: bool = False,
) -> MeasurePhase:  # fmt: skip
    """Rebase: begin a phase on ``starts_on``. With ``baseline_to`` its limits are frozen after that day. ``proposed``:
    the chart had proposed that day; the log keeps it."""
    found = lock(measure)
    reason = need("reason", reason, rules.REASON_LIMIT, _("Say why a new baseline is right from here."))
    if baseline_to is not None and baseline_to <= starts_on:
        raise Invalid(fields={"baseline_to": _("Choose a day after the first day of the phase.")})
    made = _begin(found, starts_on, reason, by, baseline_to=baseline_to)
    after = {"starts_on": str(made.starts_on)} | ({"proposed_by_the_chart": True} if proposed else {})
    record(found, "phase_started", by, after=after, reason=reason)
    return made


def begin_definition(measure: Measure, version: MeasureVersion, day: dt.date, reason: str, by: Any) -> MeasurePhase:
    """The phase in which a new definition counts."""
    return _begin(measure, day, reason, by, field="phase_from", kind=PhaseKind.DEFINITION, definition=version)


def _begin(
    measure: Measure, day: dt.date, reason: str, by: Any, *, field: str = "starts_on", **more: Any
) -> MeasurePhase:
    day = rules.day_of(measure.frequency, day)
    live = MeasurePhase.objects.filter(measure=measure, removed_at__isnull=True)
    if live.filter(starts_on=day).exists():
        raise Invalid(fields={field: _("A phase begins on this day already. Choose another day.")})
    if live.count() >= LIMIT:
        raise IllegalMove(_("There are %(limit)d phases already. More would tell nothing.") % {"limit": LIMIT})
    return MeasurePhase.objects.create(measure=measure, starts_on=day, reason=reason, by=by, at=clock.now(), **more)


@transaction.atomic
def remove_phase(*, phase: MeasurePhase, reason: str, by: Any) -> None:
    """Take a rebase back, with a reason; both acts are kept. The phase of a new definition stays."""
    found = lock(phase.measure)
    row = MeasurePhase.objects.select_for_update().get(pk=phase.pk)
    if row.removed_at is not None:
        return
    if row.kind == PhaseKind.DEFINITION:
        raise IllegalMove(_("This phase begins with a new definition. Change the definition instead."))
    reason = need("reason", reason, rules.REASON_LIMIT, _("Say why the phase is taken away."))
    row.removed_at, row.removed_by, row.removed_reason = clock.now(), by, reason
    row.save(update_fields=["removed_at", "removed_by", "removed_reason"])
    record(found, "phase_removed", by, before={"starts_on": str(row.starts_on)}, reason=reason)
