"""A network's view of its members' returns, for networks of any size: paged by the database, counted beforehand."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.functional import cached_property

from levelground.foundation import clock
from levelground.frameworks.models import Framework
from levelground.organisations.models import Affiliation, Organisation, fold

from .. import rules
from ..models import (
    PEOPLE_REACHED,
    FigureTally,
    QuarterlyReturn,
    QuarterTally,
    ReturnFigure,
    ReturnQuarter,
    ReturnValue,
)
from ..states import WITH_NETWORK, FigureKind
from .calendar import CalendarRow


@dataclass(frozen=True)
class Search:
    """What an officer looks for; an empty text does not narrow it. ``state`` is meant of ``quarter``."""

    q: str = ""
    state: str = ""
    quarter: ReturnQuarter | None = None


@dataclass(frozen=True)
class MemberRow:
    """One member with its four quarters."""

    organisation: Organisation
    cells: list[CalendarRow]


def quarters_of(framework: Framework, year: int | None = None) -> list[ReturnQuarter]:
    """The quarters of a framework, of one year or of all, with their counts; in order of time."""
    rows = ReturnQuarter.objects.filter(framework=framework).select_related("tally").order_by("starts_on")
    found = list(rows.filter(year=year) if year is not None else rows)
    for quarter in found:
        quarter.framework = framework
    return found


def current_quarter(quarters: Iterable[ReturnQuarter]) -> ReturnQuarter | None:
    """The newest quarter that is over: the one that returns are coming in for."""
    today = clock.today()
    open_ones = [quarter for quarter in quarters if rules.opens_on(quarter) <= today]
    return max(open_ones, key=lambda quarter: quarter.starts_on, default=None)


def _affiliated(framework: Framework) -> QuerySet[Affiliation]:
    return Affiliation.objects.current().filter(network=framework.network_id)


def members_with_returns(framework: Framework, wanted: Search) -> QuerySet[Organisation]:
    """The present members that fit, in the order of their addresses."""
    # By the index of addresses, so that a page costs the same however many members come after it.
    rows = Organisation.objects.filter(Exists(_affiliated(framework).filter(organisation=OuterRef("pk"))))
    for word in fold(wanted.q).split():
        rows = rows.filter(search_text__contains=word)
    if wanted.state and wanted.quarter:
        sent = QuarterlyReturn.objects.filter(quarter=wanted.quarter, status__in=WITH_NETWORK)
        if wanted.state == "waiting":
            expected = _affiliated(framework).filter(joined_on__lte=wanted.quarter.ends_on)
            rows = rows.filter(pk__in=expected.values("organisation")).exclude(pk__in=sent.values("organisation"))
        else:
            narrowed = {"on_time": {"late": False}, "late": {"late": True}, "significant": {"reported_change": True}}
            rows = rows.filter(pk__in=sent.filter(**narrowed[wanted.state]).values("organisation"))
    return rows.order_by("slug")


class Members(Paginator):
    """``members_with_returns`` in pages. All members are counted where counting is cheap: in their affiliations."""

    def __init__(self, framework: Framework, wanted: Search, per_page: int):
        fitting = members_with_returns(framework, wanted)
        super().__init__(fitting, per_page)
        self._counted: QuerySet[Any] = fitting if wanted.q or wanted.state else _affiliated(framework)

    @cached_property
    def count(self) -> int:
        return self._counted.count()


def member_rows(
    framework: Framework, quarters: list[ReturnQuarter], members: Iterable[Organisation]
) -> list[MemberRow]:
    """A page of members with their returns: two queries."""
    page = list(members)
    today = clock.today()
    returns = QuarterlyReturn.objects.filter(quarter__in=quarters, organisation__in=page).defer("description", "sha256")
    found = {(row.organisation_id, row.quarter_id): row for row in returns}
    current = Affiliation.objects.current().filter(network=framework.network_id, organisation__in=page)
    joined = dict(current.values_list("organisation", "joined_on"))
    return [
        MemberRow(
            member,
            [
                CalendarRow(quarter, found.get((member.pk, quarter.pk)), today, joined[member.pk] <= quarter.ends_on)
                for quarter in quarters
            ],
        )
        for member in page
        if member.pk in joined
    ]


@dataclass(frozen=True)
class Total:
    """One figure in one quarter: the sum over the returns sent, of percentages the average."""

    figure: ReturnFigure
    total: Decimal | None
    given: int


def total_of(figure: ReturnFigure, tally: FigureTally | None) -> Total:
    if tally is None or not tally.given:
        return Total(figure, None, 0)
    value = tally.total / tally.given if figure.kind == FigureKind.PERCENT else tally.total
    return Total(figure, round(value, 1) if figure.kind == FigureKind.PERCENT else value, tally.given)


def totals_by_quarter(framework: Framework, quarters: list[ReturnQuarter]) -> list[tuple[ReturnFigure, list[Total]]]:
    """Each figure with its total in each quarter, from the kept tallies: two queries, however many members."""
    tallies = {(row.figure_id, row.quarter_id): row for row in FigureTally.objects.filter(quarter__in=quarters)}
    figures = ReturnFigure.objects.filter(framework=framework).select_related("from_quarter", "until_quarter")
    return [
        (figure, [total_of(figure, tallies.get((figure.pk, quarter.pk))) for quarter in quarters])
        for figure in figures
        if any((figure.pk, quarter.pk) in tallies or _asks(figure, quarter) for quarter in quarters)
    ]


def _asks(figure: ReturnFigure, quarter: ReturnQuarter) -> bool:
    begun = figure.from_quarter is None or figure.from_quarter.starts_on <= quarter.starts_on
    return begun and (figure.until_quarter is None or figure.until_quarter.starts_on >= quarter.starts_on)


@dataclass(frozen=True)
class QuarterSummary:
    """One quarter in a few numbers, for the head of a page."""

    quarter: ReturnQuarter
    owed: int
    sent: int
    late: int
    significant: int
    reached: Decimal | None

    @property
    def waiting(self) -> int:
        return max(0, self.owed - self.sent)

    @property
    def overdue(self) -> bool:
        return clock.today() > self.quarter.on_time_by


def summary_of(quarter: ReturnQuarter) -> QuarterSummary:
    """From the kept counts: two queries at most."""
    tally = getattr(quarter, "tally", None) or QuarterTally()
    reached = FigureTally.objects.filter(quarter=quarter, figure__code=PEOPLE_REACHED).first()
    return QuarterSummary(
        quarter, tally.owed, tally.sent, tally.late, tally.significant,
        reached.total if reached is not None and reached.given else None,
    )  # fmt: skip


@dataclass(frozen=True)
class ExportRow:
    organisation: Organisation
    cell: CalendarRow
    values: dict[int, Decimal]


def export_rows(
    framework: Framework, quarters: list[ReturnQuarter], members: QuerySet[Organisation], *, at_once: int = 500
) -> Iterator[ExportRow]:
    """Every member and quarter with the figures that were sent, some hundred members at a time."""
    keys = list(members.values_list("pk", flat=True))
    for start in range(0, len(keys), at_once):
        page = Organisation.objects.filter(pk__in=keys[start : start + at_once]).order_by("slug")
        values: dict[int, dict[int, Decimal]] = {}
        sent = ReturnValue.objects.filter(
            quarterly_return__quarter__in=quarters, quarterly_return__organisation__in=page, sent_value__isnull=False
        )
        for row, figure, value in sent.values_list("quarterly_return", "figure", "sent_value"):
            values.setdefault(row, {})[figure] = value or Decimal(0)
        for member in member_rows(framework, quarters, page):
            for cell in member.cells:
                if cell.expected or cell.row is not None:
                    yield ExportRow(member.organisation, cell, values.get(cell.row.pk, {}) if cell.row else {})
