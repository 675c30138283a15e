"""A calendar to write returns in: the year from April 2026, looked at in July, when its first quarter is over."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from levelground.assessments import services as assessments
from levelground.foundation import clock
from levelground.frameworks.models import Framework
from levelground.organisations.models import Organisation
from levelground.returns import services
from levelground.returns.models import QuarterlyReturn, ReturnQuarter
from tests.factories import Cast


def moment(month: int, day: int, year: int = 2026) -> dt.datetime:
    return dt.datetime(year, month, day, 12, tzinfo=dt.UTC)


@dataclass
class Year:
    """The cast with four quarters, and short ways to act on a day."""

    cast: Cast
    quarters: list[ReturnQuarter]

    @property
    def framework(self) -> Framework:
        return self.cast.version.framework

    @property
    def first(self) -> ReturnQuarter:
        return self.quarters[0]

    def draft(self, *, quarter: ReturnQuarter | None = None, organisation: Organisation | None = None, **given: Any):
        wanted: dict[str, Any] = {
            "values": {"people_reached": Decimal(120)}, "significant_change": False, "description": "", "chosen": [],
            "by": self.cast.alice, **given,
        }  # fmt: skip
        return services.save_draft(
            quarter=quarter or self.first, organisation=organisation or self.cast.alder, **wanted
        )  # fmt: skip

    def send(self, *, quarter: ReturnQuarter | None = None, organisation: Organisation | None = None, **given: Any):
        self.draft(quarter=quarter, organisation=organisation, **given)
        return services.send_return(
            quarter=quarter or self.first,
            organisation=organisation or self.cast.alder,
            by=given.get("by", self.cast.alice),
        )

    def answer(self, code: str, value: str, on: dt.datetime, reason: str = "") -> None:
        book = self.cast.workbook
        with clock.at(on):
            indicator = book.answers.get(indicator__code=code).indicator
            assessments.save_answer(workbook=book, indicator=indicator, value=value, reason=reason, by=self.cast.alice)

    def row(self, quarter: ReturnQuarter | None = None) -> QuarterlyReturn:
        return QuarterlyReturn.objects.get(quarter=quarter or self.first, organisation=self.cast.alder)


@pytest.fixture
def year(cast: Cast) -> Year:
    with clock.at(moment(4, 2)):
        quarters = services.open_year(framework=cast.version.framework, year=2026, by=cast.nia)
    return Year(cast, quarters)


@pytest.fixture
def july(year: Year) -> Iterator[Year]:
    """10 July 2026: the quarter from April to June can be sent, and is on time until the end of the month."""
    with clock.at(moment(7, 10)):
        services.open_returns(quarter=year.first)
        yield year
