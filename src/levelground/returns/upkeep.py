"""Kept counts and totals, counted afresh and compared: what ``doctor`` asks."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from .models import FigureTally, QuarterTally, ReturnQuarter
from .services.tallies import counts_of, totals_of


@dataclass(frozen=True)
class Drift:
    """A kept count that is not what counting gives."""

    what: str
    kept: object
    counted: object


def drifts() -> Iterator[Drift]:
    """Every kept count of the quarters that is wrong: four queries for each quarter."""
    for quarter in ReturnQuarter.objects.select_related("framework"):
        yield from _of_counts(quarter)
        yield from _of_totals(quarter)


def _of_counts(quarter: ReturnQuarter) -> Iterator[Drift]:
    kept = QuarterTally.objects.filter(quarter=quarter).first() or QuarterTally()
    for name, counted in counts_of(quarter).items():
        if getattr(kept, name) != counted:
            yield Drift(f"{quarter}: {name}", getattr(kept, name), counted)


def _of_totals(quarter: ReturnQuarter) -> Iterator[Drift]:
    counted = totals_of(quarter)
    kept = {row.figure_id: (row.total, row.given) for row in FigureTally.objects.filter(quarter=quarter)}
    nothing = (Decimal(0), 0)
    for figure in sorted({*counted, *kept}):
        if kept.get(figure, nothing) != counted.get(figure, nothing):
            yield Drift(f"{quarter}: figure {figure}", kept.get(figure, nothing), counted.get(figure, nothing))
