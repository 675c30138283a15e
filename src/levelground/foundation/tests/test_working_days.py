import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from levelground.foundation.working_days import NATIONS, add_working_days, is_bank_holiday, is_working_day


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


# The bank holidays of 2027 as published by the governments.
COMMON = ["2027-01-01", "2027-03-26", "2027-05-03", "2027-05-31", "2027-12-27", "2027-12-28"]
YEAR_2027 = {
    "ENG": [*COMMON, "2027-03-29", "2027-08-30"],
    "WLS": [*COMMON, "2027-03-29", "2027-08-30"],
    "SCT": [*COMMON, "2027-01-04", "2027-08-02", "2027-11-30"],
    "NIR": [*COMMON, "2027-03-17", "2027-03-29", "2027-07-12", "2027-08-30"],
}


@pytest.mark.parametrize("nation", NATIONS)
def test_the_bank_holidays_of_a_year(nation: str) -> None:
    days = [dt.date(2027, 1, 1) + dt.timedelta(days=n) for n in range(365)]
    closed = [d for d in days if d.weekday() < 5 and is_bank_holiday(d, nation)]
    assert closed == sorted(day(text) for text in YEAR_2027[nation])


def test_a_holiday_of_one_nation_is_a_working_day_in_another() -> None:
    st_andrew = day("2027-11-30")
    assert not is_working_day(st_andrew, "SCT")
    assert is_working_day(st_andrew, "WLS")


def test_weekends_are_no_working_days() -> None:
    assert [is_working_day(day(f"2027-05-{n}"), "ENG") for n in (14, 15, 16, 17)] == [True, False, False, True]


@pytest.mark.parametrize(
    ("start", "n", "nation", "end"),
    [
        ("2027-05-14", 1, "ENG", "2027-05-17"),
        ("2027-05-14", 5, "ENG", "2027-05-21"),
        ("2027-05-28", 1, "ENG", "2027-06-01"),
        ("2027-12-24", 1, "WLS", "2027-12-29"),
        ("2027-12-31", 1, "ENG", "2028-01-04"),
        ("2027-12-31", 1, "SCT", "2028-01-05"),
        ("2027-05-17", -1, "ENG", "2027-05-14"),
        ("2027-06-01", -1, "ENG", "2027-05-28"),
        ("2027-05-14", 0, "ENG", "2027-05-14"),
        ("2027-05-15", 0, "ENG", "2027-05-17"),
    ],
)
def test_adding_working_days(start: str, n: int, nation: str, end: str) -> None:
    assert add_working_days(day(start), n, nation) == day(end)


@given(st.dates(dt.date(2020, 1, 1), dt.date(2035, 1, 1)), st.integers(1, 60), st.sampled_from(NATIONS))
def test_as_many_working_days_lie_between(start: dt.date, n: int, nation: str) -> None:
    end = add_working_days(start, n, nation)
    between = [start + dt.timedelta(days=k) for k in range(1, (end - start).days + 1)]
    assert sum(is_working_day(d, nation) for d in between) == n
    assert is_working_day(end, nation)
    if is_working_day(start, nation):
        assert add_working_days(end, -n, nation) == start


def test_an_unknown_nation_is_an_error_on_any_day() -> None:
    with pytest.raises(ValueError, match="use one of ENG"):
        is_working_day(day("2027-05-15"), "FRA")
