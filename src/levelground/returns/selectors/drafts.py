"""A return as plain content: what stands in it, what would be sent, and what was."""

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from levelground.assessments.models import Workbook
from levelground.frameworks.models import Indicator
from levelground.organisations.models import Organisation

from .. import rules
from ..models import QuarterlyReturn, ReturnChange, ReturnEdition, ReturnFigure, ReturnQuarter, ReturnValue
from .calendar import figures_of, values_beside
from .changes import Proposal, digest, moment_since, proposals
from .listing import Chosen, indicators_for, listed, workbook_of


def values_of(row: QuarterlyReturn) -> dict[int, Decimal | None]:
    return dict(ReturnValue.objects.filter(quarterly_return=row).values_list("figure", "value"))


def content_of(
    row: QuarterlyReturn, figures: Iterable[ReturnFigure],
    values: Mapping[str, Decimal | None] | None = None, changes: Iterable[ReturnChange] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """What is written in a return, as plain data that can be compared and shown; stored, or as it is given."""
    if values is None:
        stored = values_of(row)
        values = {figure.code: stored.get(figure.pk) for figure in figures}
    if changes is None:
        changes = ReturnChange.objects.filter(quarterly_return=row)
    return {
        "values": {figure.code: plain_number(values.get(figure.code)) for figure in figures},
        "significant_change": row.significant_change,
        "description": row.description,
        "changes": sorted([one.code, one.from_value, one.to_value, one.included, one.note] for one in changes),
    }


def plain_number(value: Decimal | None) -> str | None:
    """``120`` and ``120.00`` are the same number: it is kept as ``120``, ``12.50`` as ``12.5``."""
    if value is None:
        return None
    text = format(value.normalize(), "f")
    return text if text != "-0" else "0"


def sent_content(row: QuarterlyReturn) -> dict[str, Any]:
    """What was sent last, as frozen."""
    return dict(json.loads(ReturnEdition.objects.get(quarterly_return=row, number=row.edition).payload))


def listed_for_sending(row: QuarterlyReturn, workbook: Workbook | None) -> list[ReturnChange]:
    """The draft's list, brought up to date with the workbook. Without a significant change nothing is marked as one."""
    yes = row.significant_change is True
    stored = ReturnChange.objects.filter(quarterly_return=row)
    chosen = [Chosen(one.code, yes and one.included, one.note) for one in stored]
    return listed(workbook, row.quarter, chosen, sending=True)


def missing_in(row: QuarterlyReturn, figures: list[ReturnFigure], changes: list[ReturnChange]) -> dict[str, Any]:
    """What still has to be filled in before the return can go, by field."""
    stored = values_of(row)
    return rules.missing(
        figures,
        {figure.code: stored.get(figure.pk) for figure in figures},
        significant_change=row.significant_change,
        description=row.description,
        named=sum(change.included for change in changes),
    )


def payload_of(
    row: QuarterlyReturn, workbook: Workbook | None, figures: list[ReturnFigure], changes: list[ReturnChange]
) -> dict[str, Any]:
    """Everything that is sent, as plain data in a fixed order."""
    quarter, values = row.quarter, values_of(row)
    return {
        "format": "levelground-return/1",
        "number": row.public_id,
        "organisation": row.organisation.slug,
        "framework": quarter.framework.slug,
        "year": quarter.year,
        "quarter": quarter.quarter,
        "starts_on": quarter.starts_on,
        "ends_on": quarter.ends_on,
        "on_time_by": quarter.on_time_by,
        "edition": row.edition,
        "changes_since": moment_since(quarter, workbook).isoformat() if workbook else None,
        "figures": [
            {
                "code": figure.code, "label": figure.label.as_dict(), "kind": figure.kind,
                "value": plain_number(values.get(figure.pk)),
            }
            for figure in figures
        ],
        "significant_change": row.significant_change,
        "description": row.description,
        "changes": [
            {
                "code": one.code, "text": one.indicator.text.as_dict(), "from": one.from_value, "to": one.to_value,
                "significant": one.included, "note": one.note,
            }
            for one in changes
        ],
    }  # fmt: skip


@dataclass(frozen=True)
class Written:
    """What the form of a return starts from."""

    figures: list[ReturnFigure]
    values: dict[int, Decimal | None]
    last: dict[int, Decimal]
    workbook: Workbook | None
    since: dt.datetime | None
    moved: list[Proposal]
    stored: list[ReturnChange]
    known: dict[str, Indicator]


def draft_of(organisation: Organisation, quarter: ReturnQuarter, row: QuarterlyReturn | None) -> Written:
    workbook = workbook_of(organisation, quarter)
    since = moment_since(quarter, workbook) if workbook else None
    values, last = values_beside(organisation, quarter)
    return Written(
        figures=figures_of(quarter),
        values=values,
        last=last,
        workbook=workbook,
        since=since,
        moved=proposals(workbook, since) if workbook and since else [],
        stored=list(ReturnChange.objects.filter(quarterly_return=row)) if row else [],
        known=indicators_for(workbook, quarter),
    )


@dataclass(frozen=True)
class Review:
    """A draft as it would be sent now, what it lacks, and the mark of the list of changes that it shows."""

    content: dict[str, Any]
    missing: dict[str, Any]
    seen: str


def review_of(row: QuarterlyReturn) -> Review:
    workbook = workbook_of(row.organisation, row.quarter)
    figures, changes = figures_of(row.quarter), listed_for_sending(row, workbook)
    moved = proposals(workbook, moment_since(row.quarter, workbook)) if workbook else []
    return Review(payload_of(row, workbook, figures, changes), missing_in(row, figures, changes), digest(moved))
