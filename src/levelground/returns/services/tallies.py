"""Keeping the counts and totals of a quarter."""

from decimal import Decimal

from django.db.models import Count, F, Q, Sum

from ..models import FigureTally, QuarterlyReturn, QuarterTally, ReturnQuarter, ReturnValue
from ..states import WITH_NETWORK


def counts_of(quarter: ReturnQuarter) -> dict[str, int]:
    """The counts of a quarter, counted afresh."""
    return QuarterlyReturn.objects.filter(quarter=quarter).aggregate(
        owed=Count("pk", filter=Q(released_on__isnull=True)),
        sent=Count("pk", filter=Q(status__in=WITH_NETWORK)),
        late=Count("pk", filter=Q(late=True)),
        significant=Count("pk", filter=Q(reported_change=True)),
    )


def totals_of(quarter: ReturnQuarter) -> dict[int, tuple[Decimal, int]]:
    """The total of each figure over what was sent, and how many gave it, summed afresh."""
    rows = ReturnValue.objects.filter(quarterly_return__quarter=quarter, sent_value__isnull=False)
    return {
        row["figure"]: (row["total"], row["given"])
        for row in rows.values("figure").annotate(total=Sum("sent_value"), given=Count("pk"))
    }


def count_quarter(quarter: ReturnQuarter) -> None:
    """Bring a quarter's counts and totals up to date from its rows: when many returns were made at once."""
    QuarterTally.objects.get_or_create(quarter=quarter)
    QuarterTally.objects.filter(quarter=quarter).update(**counts_of(quarter))
    totals = totals_of(quarter)
    FigureTally.objects.filter(quarter=quarter).exclude(figure__in=totals).delete()
    for figure, (total, given) in totals.items():
        FigureTally.objects.update_or_create(
            quarter=quarter, figure_id=figure, defaults={"total": total, "given": given}
        )


def count_new(quarter: ReturnQuarter) -> None:
    """A member has come to owe a return."""
    QuarterTally.objects.get_or_create(quarter=quarter)
    QuarterTally.objects.filter(quarter=quarter).update(owed=F("owed") + 1)


def count_one(row: QuarterlyReturn, *, first: bool, reported_before: bool | None) -> None:
    """A return was sent, or sent again: change the counts by it alone."""
    significant = int(bool(row.reported_change)) - int(bool(reported_before))
    QuarterTally.objects.filter(quarter=row.quarter_id).update(
        sent=F("sent") + int(first),
        late=F("late") + int(first and bool(row.late)),
        significant=F("significant") + significant,
    )


def add_value(quarter: ReturnQuarter, figure: int, before: Decimal | None, after: Decimal | None) -> None:
    """One figure of one return changed from ``before`` to ``after``."""
    if before == after:
        return
    FigureTally.objects.get_or_create(quarter=quarter, figure_id=figure)
    FigureTally.objects.filter(quarter=quarter, figure=figure).update(
        total=F("total") + (after or Decimal(0)) - (before or Decimal(0)),
        given=F("given") + int(after is not None) - int(before is not None),
    )
