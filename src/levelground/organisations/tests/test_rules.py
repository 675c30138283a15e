"""Dates of roles: pure rules."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from levelground.organisations.rules import ALWAYS, covered_until, first_day_without, standing
from levelground.organisations.states import Standing

DAY = dt.date(2026, 11, 22)


def day(offset: int) -> dt.date:
    return DAY + dt.timedelta(days=offset)


def test_standing():
    assert standing(day(0), None, DAY) is Standing.CURRENT
    assert standing(day(-9), day(0), DAY) is Standing.CURRENT  # the last day counts
    assert standing(day(-9), day(-1), DAY) is Standing.ENDED
    assert standing(day(1), None, DAY) is Standing.COMING
    assert standing(day(-9), day(0), DAY, ended=True) is Standing.ENDED


def test_roles_that_follow_each_other_leave_no_gap():
    assert covered_until([(day(-9), day(3)), (day(4), day(8))], DAY) == day(8)
    assert covered_until([(day(-9), day(3)), (day(5), None)], DAY) == day(3)
    assert covered_until([(day(4), None), (day(-9), day(3))], DAY) == ALWAYS
    assert covered_until([], DAY) == day(-1)


def test_a_change_that_takes_the_last_one_away_names_the_day():
    before = [(day(-9), None), (day(-9), day(5))]
    assert first_day_without(before, [(day(-9), day(5))], DAY) == day(6)
    assert first_day_without(before, [(day(-9), None)], DAY) is None
    assert first_day_without([(day(-9), day(5))], [], DAY) == DAY
    assert first_day_without([], [], DAY) is None


spans = st.lists(
    st.tuples(st.integers(-20, 20), st.one_of(st.none(), st.integers(0, 20))).map(
        lambda pair: (day(pair[0]), None if pair[1] is None else day(pair[0] + pair[1]))
    ),
    max_size=6,
)


@given(spans)
def test_covered_until_agrees_with_walking_day_by_day(held):
    last = day(-1)
    while last < day(60) and any(
        start <= last + dt.timedelta(days=1) and (end is None or end > last) for start, end in held
    ):
        last += dt.timedelta(days=1)
    found = covered_until(held, DAY)
    assert found == last or (found == ALWAYS and last == day(60))


@given(spans, spans)
def test_adding_roles_never_leaves_a_place_without(before, more):
    assert first_day_without(before, before + more, DAY) is None
