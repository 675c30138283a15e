"""Writing a return: saved as often as people like, complete or not, until it is sent."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from levelground.assessments.services.locking import plain
from levelground.foundation import clock, formats
from levelground.foundation.audit import services as audit
from levelground.foundation.errors import Conflict, IllegalMove, Invalid
from levelground.organisations.models import Organisation

from .. import rules
from ..models import QuarterlyReturn, ReturnChange, ReturnFigure, ReturnQuarter, ReturnValue
from ..selectors import figures_of
from ..selectors.calendar import is_member_for
from ..selectors.drafts import content_of, sent_content
from ..selectors.listing import Chosen, indicators_for, listed, workbook_of
from ..states import ReturnStatus, may_move
from .tallies import count_new

DESCRIPTION_LIMIT = 4000


def require_open(quarter: ReturnQuarter) -> None:
    """Refuse what comes too early or too late, and say when it would do."""
    today = clock.today()
    if today < rules.opens_on(quarter):
        raise IllegalMove(
            _("This return opens on %(day)s, when the quarter is over.")
            % {"day": formats.date(rules.opens_on(quarter))}
        )
    if rules.is_locked(quarter, today):
        raise IllegalMove(
            _("This return has been locked since the end of %(day)s. Ask your network if something has to change.")
            % {"day": formats.date(quarter.locked_on)}
        )


def hold(quarter: ReturnQuarter) -> ReturnQuarter:
    """Wait for the quarter: its dates decide lateness, and its counts are changed one by one. Always before a return of
    it, and after the workbook (the order of all locks stands in ``cycles.services.moving``)."""
    found = ReturnQuarter.objects.select_for_update(no_key=True).get(pk=quarter.pk)
    found.framework = quarter.framework
    return found


def take(quarter: ReturnQuarter, organisation: Organisation, *, sending: bool = False) -> QuarterlyReturn:
    """The member's row, made when it is not there yet, and locked until the transaction ends. The quarter is held too
    when its counts will change."""
    quarter = hold(quarter) if sending else quarter
    require_open(quarter)
    if not is_member_for(organisation, quarter):
        raise IllegalMove(_("No return is expected of your organisation for this quarter."))
    rows = QuarterlyReturn.objects.filter(quarter=quarter, organisation=organisation)
    locked = rows.select_for_update(of=("self",)).select_related("changed_by")
    found = locked.first()
    if found is None:
        quarter = hold(quarter)
        if QuarterlyReturn.objects.get_or_create(quarter=quarter, organisation=organisation)[1]:
            count_new(quarter)
        found = locked.get()
    found.quarter, found.organisation = quarter, organisation
    return found


def _check(figures: Iterable[ReturnFigure], values: Mapping[str, Decimal | None], description: str) -> None:
    problems: dict[str, Any] = {
        f"figure-{figure.code}": problem
        for figure in figures
        if (problem := rules.problem_with(figure, values.get(figure.code)))
    }
    if len(description) > DESCRIPTION_LIMIT:
        problems["description"] = _("Write at most %(limit)d characters.") % {"limit": DESCRIPTION_LIMIT}
    if problems:
        raise Invalid(fields=problems)


@transaction.atomic
def save_draft(
    *, quarter: ReturnQuarter, organisation: Organisation, values: Mapping[str, Decimal | None],
    significant_change: bool | None, description: str, chosen: Iterable[Chosen], by: Any,
    seen_version: int | None = None,
) -> QuarterlyReturn:  # fmt: skip
    """Keep what has been written so far. ``Conflict.theirs`` is what stands, ``yours`` what was sent, as plain content.

    The same content again changes nothing. What is met no longer is listed, whatever was chosen.
    """
    description = plain(description)
    figures = figures_of(quarter)
    row = take(quarter, organisation)
    if row.status == ReturnStatus.SENT:
        raise IllegalMove(_("This return has been sent. Choose “Correct this return” first."))
    _check(figures, values, description)
    workbook = workbook_of(organisation, quarter)
    changes = listed(workbook, quarter, chosen)
    row.workbook = workbook
    before = content_of(row, figures)
    wanted = content_of(
        QuarterlyReturn(significant_change=significant_change, description=description), figures, values, changes
    )
    if before == wanted and row.changed_at is not None:
        return row
    if seen_version is not None and seen_version != row.version:
        raise Conflict(
            _("A colleague saved this return while you were writing. Choose what to keep."), theirs=row, yours=wanted
        )
    _write(row, figures, values, changes)
    row.significant_change, row.description, row.version = significant_change, description, row.version + 1
    row.changed_by, row.changed_at = by, clock.now()
    if row.status == ReturnStatus.OPEN:
        row.status = ReturnStatus.DRAFT
    row.save()
    audit.record(
        by=by, verb="return.saved", subject=f"return:{row.public_id}", chain=organisation.audit_chain,
        after={"version": row.version},
    )  # fmt: skip
    return row


def _write(
    row: QuarterlyReturn, figures: list[ReturnFigure], values: Mapping[str, Decimal | None],
    changes: list[ReturnChange],
) -> None:  # fmt: skip
    known = {value.figure_id: value for value in ReturnValue.objects.filter(quarterly_return=row)}
    for figure in figures:
        value, given = known.get(figure.pk), values.get(figure.code)
        if value is None and given is not None:
            ReturnValue.objects.create(quarterly_return=row, figure=figure, value=given)
        elif value is not None and value.value != given:
            value.value = given
            value.save(update_fields=["value"])
    replace_changes(row, changes)


def replace_changes(row: QuarterlyReturn, changes: list[ReturnChange]) -> None:
    ReturnChange.objects.filter(quarterly_return=row).delete()
    for change in changes:
        change.quarterly_return = row
    ReturnChange.objects.bulk_create(changes)


def move(row: QuarterlyReturn, to: ReturnStatus) -> None:
    if not may_move(row.status, to):
        raise IllegalMove(_("This cannot be done with the return as it stands. Load the page again to see it."))
    row.status = to


@transaction.atomic
def start_correction(*, quarter: ReturnQuarter, organisation: Organisation, by: Any) -> QuarterlyReturn:
    """Open a sent return again. The network keeps what was sent until the correction is sent too."""
    row = take(quarter, organisation)
    move(row, ReturnStatus.CORRECTING)
    row.version += 1
    row.save(update_fields=["status", "version"])
    audit.record(
        by=by, verb="return.correction_begun", subject=f"return:{row.public_id}", chain=organisation.audit_chain
    )
    return row


@transaction.atomic
def drop_correction(*, quarter: ReturnQuarter, organisation: Organisation, by: Any) -> QuarterlyReturn:
    """Give a correction up: what was sent stands, and stands in the form again."""
    row = take(quarter, organisation)
    move(row, ReturnStatus.SENT)
    workbook = workbook_of(organisation, quarter)
    sent = sent_content(row)
    known = indicators_for(workbook, quarter)
    for value in ReturnValue.objects.filter(quarterly_return=row):
        value.value = value.sent_value
        value.save(update_fields=["value"])
    replace_changes(row, [
        ReturnChange(
            indicator=known[one["code"]], code=one["code"], from_value=one["from"], to_value=one["to"],
            included=one["significant"], note=one["note"],
        )
        for one in sent["changes"] if one["code"] in known
    ])  # fmt: skip
    row.significant_change, row.description, row.version = (
        sent["significant_change"],
        sent["description"],
        row.version + 1,
    )
    row.save()
    audit.record(
        by=by, verb="return.correction_dropped", subject=f"return:{row.public_id}", chain=organisation.audit_chain
    )
    return row
