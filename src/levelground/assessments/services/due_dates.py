"""One new due date for several actions: all of them, or none."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from levelground.foundation import clock, formats
from levelground.foundation.audit import services as audit
from levelground.foundation.errors import DomainError, Invalid

from ..models import Action, ActionNote, Workbook
from .locking import lock, plain

REASON_LIMIT = 1000


@dataclass(frozen=True)
class Refusal:
    """Why one action keeps its date. ``for_good``: asking again would not help."""

    action: Action
    why: str
    for_good: bool


class RowsRefused(DomainError):
    """Some actions cannot have the new date, so none has been changed. ``rows`` has a ``Refusal`` for each of them."""

    def __init__(self, rows: list[Refusal]):
        super().__init__(_("No date has been changed yet. Look at the actions that are marked."))
        self.rows = rows


@transaction.atomic
def change_due_dates(
    *, workbook: Workbook, chosen: Mapping[str, int | None], due_on: dt.date, reason: str, by: Any
) -> int:
    """Give the ``chosen`` actions (their numbers, with the version that was seen) the date ``due_on``; how many had
    another one. The reason goes into each one's history. ``RowsRefused`` when one is over or was changed meanwhile."""
    reason = plain(reason)
    _check(chosen, due_on, reason)
    lock(workbook)
    rows = list(
        Action.objects.select_for_update(of=("self",))
        .select_related("workbook__organisation")
        .filter(workbook=workbook, public_id__in=chosen)
        .order_by("number")
    )
    if len(rows) != len(chosen):
        raise Invalid(_("One of these actions is not in this plan. Load the page again and tick them anew."))
    refused = [refusal for row in rows if (refusal := _refusal(row, chosen[row.public_id]))]
    if refused:
        raise RowsRefused(refused)
    changing = [row for row in rows if row.due_on != due_on]
    now, notes = clock.now(), []
    for row in changing:
        before = row.due_on
        notes.append(ActionNote(action=row, by=by, at=now, text=_told(before, due_on, reason)))
        row.due_on, row.version, row.changed_at = due_on, row.version + 1, now
        audit.record(
            by=by, verb="action.changed", subject=f"action:{row.public_id}",
            chain=row.workbook.organisation.audit_chain, before={"due_on": before}, after={"due_on": due_on},
        )  # fmt: skip
    Action.objects.bulk_update(changing, ["due_on", "version", "changed_at"])
    ActionNote.objects.bulk_create(notes)
    return len(changing)


def _check(chosen: Mapping[str, int | None], due_on: dt.date, reason: str) -> None:
    if not chosen:
        raise Invalid(_("Tick the actions whose date you want to change."))
    if due_on < clock.today():
        raise Invalid(fields={"due_on": _("This date has passed. Give today or a later date.")})
    if not reason:
        raise Invalid(fields={"reason": _("Say why the date changes.")})
    if len(reason) > REASON_LIMIT:
        raise Invalid(fields={"reason": _("Write at most %(limit)d characters.") % {"limit": REASON_LIMIT}})


def _refusal(row: Action, seen: int | None) -> Refusal | None:
    if not row.is_live:
        why = _("This action is “%(state)s” now, so its date stays.") % {"state": row.get_status_display()}
        return Refusal(row, why, for_good=True)
    if seen is not None and seen != row.version:
        return Refusal(row, _("A colleague changed this action while you were working."), for_good=False)
    return None


def _told(before: dt.date | None, after: dt.date, reason: str) -> str:
    """The note, in the language of the person who gives the reason."""
    words = {"before": formats.date(before), "after": formats.date(after), "reason": reason}
    if before is None:
        return _("The due date is now %(after)s. %(reason)s") % words
    return _("The due date moved from %(before)s to %(after)s. %(reason)s") % words
