"""What stands beside the numbers: targets and notes of what happened."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from levelground.foundation import clock
from levelground.foundation.errors import Conflict, IllegalMove, Invalid

from .. import rules
from ..models import Annotation, Measure, Target
from .common import lock, need, record

LIMIT = 200


@transaction.atomic
def set_target(*, measure: Measure, from_date: dt.date, value: Decimal | None, by: Any) -> Target:
    """Aim at ``value`` from a day on, in the place of any target from that same day; ``None``: at nothing any more."""
    found = lock(measure)
    if problem := rules.problem_with_target(found.kind, value):
        raise Invalid(fields={"value": problem})
    day = rules.day_of(found.frequency, from_date)
    live = Target.objects.filter(measure=found, removed_at__isnull=True)
    before = live.filter(from_date=day).first()
    if before is not None and before.value == value:
        return before
    if live.count() >= LIMIT:
        raise IllegalMove(_("There are %(limit)d targets already. Remove some first.") % {"limit": LIMIT})
    now = clock.now()
    live.filter(from_date=day).update(removed_at=now, removed_by=by)
    made = Target.objects.create(measure=found, from_date=day, value=value, by=by, at=now)
    record(
        found, "target_set", by, before=before and {"value": str(before.value)},
        after={"from": str(day), "value": None if value is None else str(value)},
    )  # fmt: skip
    return made


@transaction.atomic
def remove_target(*, target: Target, by: Any) -> None:
    found = lock(target.measure)
    row = Target.objects.select_for_update().get(pk=target.pk)
    if row.removed_at is not None:
        return
    row.removed_at, row.removed_by = clock.now(), by
    row.save(update_fields=["removed_at", "removed_by"])
    record(found, "target_removed", by, before={"from": str(row.from_date), "value": str(row.value)})


@transaction.atomic
def add_note(*, measure: Measure, on: dt.date, text: str, by: Any) -> Annotation:
    """Note what happened on a day."""
    found = lock(measure)
    text = need("text", text, rules.NOTE_LIMIT, _("Say in a few words what happened."))
    if Annotation.objects.filter(measure=found, removed_at__isnull=True).count() >= LIMIT:
        raise IllegalMove(_("There are %(limit)d notes already. Remove some first.") % {"limit": LIMIT})
    made = Annotation.objects.create(measure=found, on=on, text=text, by=by, at=clock.now())
    record(found, "note_added", by, after={"on": str(on)})
    return made


@transaction.atomic
def change_note(*, note: Annotation, on: dt.date, text: str, by: Any, seen_version: int | None = None) -> Annotation:
    """Put a note right. ``Conflict`` shows both texts."""
    found = lock(note.measure)
    text = need("text", text, rules.NOTE_LIMIT, _("Say in a few words what happened."))
    row = Annotation.objects.select_for_update().get(pk=note.pk)
    if row.removed_at is not None:
        raise IllegalMove(_("A colleague has removed this note."))
    if (row.on, row.text) == (on, text):
        return row
    if seen_version is not None and seen_version != row.version:
        raise Conflict(
            _("A colleague changed this note while you were writing. Choose what to keep."),
            theirs=row,
            yours={"on": on, "text": text},
        )
    row.on, row.text, row.version = on, text, row.version + 1
    row.save(update_fields=["on", "text", "version"])
    record(found, "note_changed", by, after={"on": str(on)})
    return row


@transaction.atomic
def remove_note(*, note: Annotation, by: Any) -> None:
    found = lock(note.measure)
    row = Annotation.objects.select_for_update().get(pk=note.pk)
    if row.removed_at is not None:
        return
    row.removed_at, row.removed_by = clock.now(), by
    row.save(update_fields=["removed_at", "removed_by"])
    record(found, "note_removed", by, before={"on": str(row.on)})
