"""Dates of quarters, how a return stands, what is missing: without a database."""

import datetime as dt
import itertools
from decimal import Decimal

import pytest
from django.utils import translation

from levelground.foundation.bilingual import Bilingual
from levelground.returns import names, rules
from levelground.returns.models import QuarterlyReturn, ReturnFigure, ReturnQuarter
from levelground.returns.states import FigureKind, ReturnStatus, Standing, may_move


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def quarter(**given) -> ReturnQuarter:
    return ReturnQuarter(
        **{
            "year": 2026, "quarter": 1, "starts_on": day("2026-04-01"), "ends_on": day("2026-06-30"),
            "on_time_by": day("2026-07-31"), "locked_on": day("2026-08-31"), **given,
        }
    )  # fmt: skip


@pytest.mark.requirement("MQM-34")
def test_a_year_has_four_quarters_with_dates_at_ends_of_months() -> None:
    spans = rules.year_of_quarters(2026)
    assert [(str(s.starts_on), str(s.ends_on), str(s.on_time_by), str(s.locked_on)) for s in spans] == [
        ("2026-04-01", "2026-06-30", "2026-07-31", "2026-08-31"),
        ("2026-07-01", "2026-09-30", "2026-10-31", "2026-11-30"),
        ("2026-10-01", "2026-12-31", "2027-01-31", "2027-02-28"),
        ("2027-01-01", "2027-03-31", "2027-04-30", "2027-05-31"),
    ]


@pytest.mark.parametrize("first_month", range(1, 13))
def test_quarters_leave_no_day_out(first_month: int) -> None:
    spans = [*rules.year_of_quarters(2026, first_month), *rules.year_of_quarters(2027, first_month)]
    for one, following in itertools.pairwise(spans):
        assert one.ends_on + rules.DAY == following.starts_on


def test_a_calendar_year_is_named_by_one_number_and_a_fiscal_one_by_two() -> None:
    with translation.override("en-gb"):
        assert names.short_name(quarter()) == "Quarter 1 of 2026–27"
        assert names.quarter_name(quarter()) == "Quarter 1, April to June 2026"
        january = quarter(starts_on=day("2026-01-01"), ends_on=day("2026-03-31"))
        assert names.short_name(january) == "Quarter 1 of 2026"
        over = quarter(quarter=4, starts_on=day("2026-11-01"), ends_on=day("2027-01-31"))
        assert names.months(over) == "November 2026 to January 2027"
        assert names.year_name(quarter(year=2099)) == "2099–00"


@pytest.mark.requirement("MQM-34")
@pytest.mark.parametrize(
    ("today", "status", "standing"),
    [
        ("2026-06-30", None, Standing.NOT_OPEN),
        ("2026-07-01", None, Standing.OPEN),
        ("2026-07-01", ReturnStatus.OPEN, Standing.OPEN),
        ("2026-07-31", ReturnStatus.DRAFT, Standing.DRAFT),
        ("2026-08-01", ReturnStatus.DRAFT, Standing.OVERDUE),
        ("2026-08-31", None, Standing.OVERDUE),
        ("2026-09-01", ReturnStatus.DRAFT, Standing.NOT_SENT),
        ("2026-09-01", ReturnStatus.SENT, Standing.ON_TIME),
        ("2026-07-02", ReturnStatus.CORRECTING, Standing.ON_TIME),
    ],
)
def test_how_a_return_stands(today: str, status: ReturnStatus | None, standing: Standing) -> None:
    row = QuarterlyReturn(status=status, late=False) if status else None
    assert rules.standing(quarter(), row, day(today)) == standing


def test_a_late_one_stays_late() -> None:
    row = QuarterlyReturn(status=ReturnStatus.SENT, late=True)
    assert rules.standing(quarter(), row, day("2030-01-01")) == Standing.LATE


def test_the_last_day_is_a_day_to_send() -> None:
    assert not rules.is_locked(quarter(), day("2026-08-31"))
    assert rules.is_locked(quarter(), day("2026-09-01"))
    assert not rules.is_late(quarter(), day("2026-07-31"))
    assert rules.is_late(quarter(), day("2026-08-01"))


@pytest.mark.parametrize(
    ("kind", "value", "good"),
    [
        (FigureKind.COUNT, "120", True), (FigureKind.COUNT, "0", True), (FigureKind.COUNT, "1.5", False),
        (FigureKind.COUNT, "-1", False), (FigureKind.MONEY, "12.50", True), (FigureKind.MONEY, "12.505", False),
        (FigureKind.MONEY, "9999999999999", False), (FigureKind.PERCENT, "100", True),
        (FigureKind.PERCENT, "100.1", False), (FigureKind.COUNT, "NaN", False), (FigureKind.MONEY, "Infinity", False),
    ],
)  # fmt: skip
def test_what_a_figure_may_be(kind: str, value: str, good: bool) -> None:
    figure = ReturnFigure(label=Bilingual("Money", "Arian"), kind=kind)
    assert (rules.problem_with(figure, Decimal(value)) == "") is good


def test_no_move_leads_from_sent_to_draft() -> None:
    assert may_move(ReturnStatus.SENT, ReturnStatus.CORRECTING)
    assert not may_move(ReturnStatus.SENT, ReturnStatus.DRAFT)
    assert not may_move(ReturnStatus.OPEN, ReturnStatus.SENT)


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("count", "1234", "1,234"), ("money", "1234.5", "£1,234.50"), ("money", "1234", "£1,234"),
        ("percent", "12.5", "12.5%"), ("count", None, ""), ("count", "0", "0"),
    ],
)  # fmt: skip
def test_amounts_in_words(kind: str, value: str | None, words: str) -> None:
    with translation.override("en-gb"):
        assert names.amount(kind, value) == words
