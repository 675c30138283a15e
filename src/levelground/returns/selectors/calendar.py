"""The quarters of a member: how each stands, and what to do next."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from levelground.foundation import clock
from levelground.frameworks.models import Framework
from levelground.organisations.models import Affiliation, Organisation
from levelground.organisations.selectors import networks_of

from .. import rules
from ..models import QuarterChange, QuarterlyReturn, ReturnFigure, ReturnQuarter, ReturnValue
from ..states import ReturnStatus, Standing


@dataclass(frozen=True)
class CalendarRow:
    """One quarter of one member."""

    quarter: ReturnQuarter
    row: QuarterlyReturn | None
    today: dt.date
    expected: bool = True

    @property
    def standing(self) -> Standing:
        return rules.standing(self.quarter, self.row, self.today)

    @property
    def to_do(self) -> bool:
        """Somebody should send it, and can."""
        return self.expected and self.standing in (Standing.OPEN, Standing.DRAFT, Standing.OVERDUE)

    @property
    def writable(self) -> bool:
        """It can be written, sent or corrected today."""
        return self.expected and rules.is_open(self.quarter, self.today)

    @property
    def locked(self) -> bool:
        return rules.is_locked(self.quarter, self.today)

    @property
    def correcting(self) -> bool:
        return self.row is not None and self.row.status == ReturnStatus.CORRECTING

    @property
    def opens_on(self) -> dt.date:
        return rules.opens_on(self.quarter)

    @property
    def days_left(self) -> int:
        """Until the last day on time; negative after it."""
        return (self.quarter.on_time_by - self.today).days


def is_member_for(organisation: Organisation, quarter: ReturnQuarter) -> bool:
    """A present member that had joined by the end of the quarter: of it a return is expected."""
    return (
        Affiliation.objects.current()
        .filter(organisation=organisation, network__frameworks=quarter.framework_id, joined_on__lte=quarter.ends_on)
        .exists()
    )


def frameworks_with_returns(organisation: Organisation) -> list[Framework]:
    """The frameworks of the member's networks that have a calendar, and those it has sent returns for."""
    own = Framework.objects.filter(network__in=networks_of(organisation), return_quarters__isnull=False)
    past = Framework.objects.filter(return_quarters__returns__organisation=organisation)
    return list((own | past).distinct().select_related("network").order_by("pk"))


def calendar_of(organisation: Organisation, frameworks: Iterable[Framework]) -> list[CalendarRow]:
    """Every quarter of these frameworks with the member's return, the newest first. Three queries."""
    quarters = list(ReturnQuarter.objects.filter(framework__in=frameworks).select_related("framework"))
    rows = {row.quarter_id: row for row in QuarterlyReturn.objects.filter(
        organisation=organisation, quarter__in=quarters).select_related("sent_by")}  # fmt: skip
    joined: dict[int, dt.date] = {}
    for network, day in (
        Affiliation.objects.current().filter(organisation=organisation).values_list("network", "joined_on")
    ):
        joined[network] = day
    today = clock.today()
    found = []
    for quarter in sorted(quarters, key=lambda one: one.starts_on, reverse=True):
        first_day = joined.get(quarter.framework.network_id)
        expected, row = first_day is not None and first_day <= quarter.ends_on, rows.get(quarter.pk)
        if expected or row is not None:
            found.append(CalendarRow(quarter, row, today, expected))
    return found


def next_return(rows: Iterable[CalendarRow]) -> CalendarRow | None:
    """What to do next: the oldest return that can still be sent."""
    return next(iter(sorted((row for row in rows if row.to_do), key=lambda row: row.quarter.starts_on)), None)


def next_to_open(rows: Iterable[CalendarRow]) -> CalendarRow | None:
    """What comes after that: the first quarter that is not over yet."""
    return next(
        iter(sorted((row for row in rows if row.standing == Standing.NOT_OPEN), key=lambda row: row.quarter.starts_on)),
        None,
    )


def row_of(organisation: Organisation, quarter: ReturnQuarter) -> QuarterlyReturn | None:
    rows = QuarterlyReturn.objects.filter(organisation=organisation, quarter=quarter)
    found = rows.select_related("changed_by", "sent_by").first()
    if found is not None:
        found.organisation, found.quarter = organisation, quarter
    return found


def last_change_of(quarter: ReturnQuarter) -> QuarterChange | None:
    """Why the dates are other ones than they were, for the members that they concern."""
    return QuarterChange.objects.filter(quarter=quarter).first()


def may_be_removed(quarters: list[ReturnQuarter]) -> bool:
    """Nobody has written a return for one of them, changed its dates, or tied a figure to it."""
    tied = Q(from_quarter__in=quarters) | Q(until_quarter__in=quarters)
    return bool(quarters) and not (
        QuarterlyReturn.objects.filter(quarter__in=quarters).exclude(status=ReturnStatus.OPEN).exists()
        or QuarterChange.objects.filter(quarter__in=quarters).exists()
        or ReturnFigure.objects.filter(tied).exists()
    )


def figures_of(quarter: ReturnQuarter) -> list[ReturnFigure]:
    """What the quarter asks for, in order: people reached first."""
    return list(ReturnFigure.objects.all().asked_in(quarter))


def values_beside(
    organisation: Organisation, quarter: ReturnQuarter
) -> tuple[dict[int, Decimal | None], dict[int, Decimal]]:
    """By figure: what is written for this quarter, and what the member sent for the one before. One query."""
    before = ReturnQuarter.objects.filter(framework=quarter.framework_id, starts_on__lt=quarter.starts_on)
    newest = before.order_by("-starts_on").values("pk")[:1]
    rows = ReturnValue.objects.filter(
        Q(quarterly_return__quarter=quarter) | Q(quarterly_return__quarter__in=newest),
        quarterly_return__organisation=organisation,
    )
    written: dict[int, Decimal | None] = {}
    last: dict[int, Decimal] = {}
    for figure, where, value, sent in rows.values_list("figure", "quarterly_return__quarter", "value", "sent_value"):
        if where == quarter.pk:
            written[figure] = value
        elif sent is not None:
            last[figure] = sent
    return written, last
