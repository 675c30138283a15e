"""Sending a return: what it says is frozen by its hash, and the network's totals count it."""

import hashlib
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from levelground.assessments.models import Workbook
from levelground.foundation import clock
from levelground.foundation.audit import services as audit
from levelground.foundation.bilingual import Bilingual
from levelground.foundation.errors import Conflict, IllegalMove, Invalid
from levelground.foundation.formats import LONDON
from levelground.foundation.notifications import services as notifications
from levelground.organisations.models import Membership, Organisation
from levelground.organisations.roles import Permission, roles_with

from .. import rules
from ..models import QuarterlyReturn, ReturnChange, ReturnEdition, ReturnFigure, ReturnQuarter, ReturnValue
from ..selectors import digest, figures_of, moment_since, proposals
from ..selectors.drafts import listed_for_sending, missing_in, payload_of
from ..selectors.listing import workbook_of
from ..states import ReturnStatus
from .drafting import move, replace_changes, take
from .tallies import add_value, count_one


@transaction.atomic
def send_return(
    *, quarter: ReturnQuarter, organisation: Organisation, by: Any,
    seen_version: int | None = None, seen_changes: str | None = None,
) -> QuarterlyReturn:  # fmt: skip
    """Send what has been written, or send a correction of what was sent.

    ``seen_changes`` is the mark (``selectors.digest``) of the list of changes that the person was shown: nothing goes
    out that nobody has looked at.
    """
    # Held, so that nothing in it changes meanwhile; nobody is told, because a return writes nothing in it.
    held = Workbook.objects.select_for_update(no_key=True).filter(organisation=organisation)
    held.filter(framework=quarter.framework_id).values_list("pk").first()
    workbook = workbook_of(organisation, quarter)
    row = take(quarter, organisation, sending=True)
    quarter = row.quarter
    if row.status == ReturnStatus.OPEN:
        raise IllegalMove(_("Nothing is written in this return yet."))
    first = row.edition == 0
    move(row, ReturnStatus.SENT)
    if seen_version is not None and seen_version != row.version:
        raise Conflict(_("A colleague changed this return meanwhile. Look at it again, then send it."), theirs=row)
    moved = proposals(workbook, moment_since(quarter, workbook)) if workbook else []
    if seen_changes is not None and seen_changes != digest(moved):
        raise IllegalMove(_("The workbook has changed since you opened this page. Look at the new list, then send it."))
    changes = listed_for_sending(row, workbook)
    replace_changes(row, changes)
    figures = figures_of(quarter)
    _require_whole(row, figures, changes)
    _freeze(row, workbook, figures, changes, by=by, first=first)
    _tell_officers(row, organisation, quarter)
    audit.record(
        by=by, verb="return.sent" if first else "return.corrected", subject=f"return:{row.public_id}",
        chain=organisation.audit_chain,
        after={"edition": row.edition, "sha256": row.sha256, "late": row.late},
    )  # fmt: skip
    return row


def _require_whole(row: QuarterlyReturn, figures: list[ReturnFigure], changes: list[ReturnChange]) -> None:
    if problems := missing_in(row, figures, changes):
        raise Invalid(_("Something is still missing."), fields=problems)


def _freeze(
    row: QuarterlyReturn, workbook: Workbook | None, figures: list[ReturnFigure], changes: list[ReturnChange], *,
    by: Any, first: bool,
) -> None:  # fmt: skip
    quarter, now = row.quarter, clock.now()
    row.workbook, row.edition = workbook, row.edition + 1
    payload = audit.canonical(
        payload_of(row, workbook, figures, changes) | {"sent_by": by.public_id, "sent_at": now.isoformat()}
    )
    row.sha256 = hashlib.sha256(payload.encode()).hexdigest()
    reported_before, row.reported_change = row.reported_change, row.significant_change
    row.sent_by, row.last_sent_at, row.version = by, now, row.version + 1
    row.changed_by, row.changed_at, row.released_on = by, now, None
    if first:
        row.sent_at, row.late = now, rules.is_late(quarter, now.astimezone(LONDON).date())
    row.save()
    ReturnEdition.objects.create(
        quarterly_return=row, number=row.edition, sent_by=by, sent_at=now, payload=payload, sha256=row.sha256
    )
    asked = {figure.pk for figure in figures}
    for value in ReturnValue.objects.filter(quarterly_return=row):
        wanted = value.value if value.figure_id in asked else None
        add_value(quarter, value.figure_id, value.sent_value, wanted)
        value.sent_value = wanted
        value.save(update_fields=["sent_value"])
    count_one(row, first=first, reported_before=reported_before)
    if workbook is not None:
        Workbook.objects.filter(pk=workbook.pk).update(last_return_at=now)


def _tell_officers(row: QuarterlyReturn, organisation: Organisation, quarter: ReturnQuarter) -> None:
    """A significant change may need help soon; returns without one wait in the list."""
    if not row.reported_change:
        return
    officers = Membership.objects.current().filter(
        network=quarter.framework.network_id, role__in=roles_with(Permission.SEE_SUBMITTED)
    )
    name = organisation.name
    for held in officers.select_related("user"):
        notifications.notify(
            user=held.user,
            kind="return.significant_change",
            key=f"return:{row.public_id}:{row.edition}",
            text=Bilingual(
                f"{name.en or name.cy} reports a significant change",
                f"Mae {name.cy or name.en} yn adrodd am newid arwyddocaol",
            ),
            url=reverse("return_sent", args=[row.public_id]),
        )
