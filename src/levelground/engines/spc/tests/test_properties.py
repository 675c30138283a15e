"""What must hold for every series: units, mirror, order, gaps."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from levelground.engines.spc import CHARTS, RULE_SETS, analyse

numbers = st.integers(-50, 50)
series = st.lists(numbers, min_size=1, max_size=40)
gappy = st.lists(st.none() | numbers, min_size=1, max_size=40)
rules = st.sampled_from(sorted(RULE_SETS))
DENOMINATORS = {"p", "pp", "u", "up"}


def found(result, turn=1):
    return sorted((s.rule, s.completes_at, s.points, turn * s.direction) for s in result.signals)


def limits(result):
    return np.array([result.value, result.centre, result.lcl, result.lcl_2, result.ucl_2, result.ucl])


@given(series, rules, st.integers(-1000, 1000), st.sampled_from(["run", "i"]))
def test_adding_a_number_moves_everything_by_it(y, name, shift, chart):
    before, after = (analyse([value + add for value in y], chart=chart, rules=name) for add in (0, shift))
    assert limits(after) == pytest.approx(limits(before) + shift, rel=1e-9, abs=1e-9, nan_ok=True)


@given(series, rules, st.integers(-3, 6), st.sampled_from(["run", "i", "mr", "c", "ip"]))
def test_units_change_no_signal(y, name, power, chart):
    """Powers of two, so that rounding stays out of it. A count's spread is no matter of units: c scales by multiply."""
    y = [abs(value) for value in y] if chart == "c" else y
    before = analyse(y, chart=chart, rules=name)
    after = analyse(y, chart=chart, rules=name, multiply=2.0**power)
    assert limits(after) == pytest.approx(limits(before) * 2.0**power, rel=1e-12, nan_ok=True)
    assert found(after) == found(before)
    if chart != "c":
        scaled = analyse([value * 2.0**power for value in y], chart=chart, rules=name)
        assert limits(scaled) == pytest.approx(limits(after), rel=1e-12, nan_ok=True)
        assert found(scaled) == found(before)


@given(gappy, rules)
def test_upside_down_every_signal_turns(y, name):
    up = analyse(y, chart="i", rules=name, direction="increase", target=3)
    down = analyse([None if v is None else -v for v in y], chart="i", rules=name, direction="decrease", target=-3)
    assert found(up) == found(down, turn=-1)
    assert list(up.point_type) == list(down.point_type)
    assert (up.assurance, up.verdict.status) == (down.assurance, down.verdict.status)


@given(gappy)
def test_backwards_has_the_same_limits_and_runs(y):
    forth, back = analyse(y, chart="i", rules="anhoej"), analyse(y[::-1], chart="i", rules="anhoej")
    assert limits(back)[:, ::-1] == pytest.approx(limits(forth), rel=1e-12, nan_ok=True)
    assert forth.phases[0].runs == back.phases[0].runs


@given(series, st.randoms())
def test_rows_may_come_in_any_order(y, random):
    rows = list(enumerate(y))
    random.shuffle(rows)
    mixed = analyse([value for _, value in rows], x=[place for place, _ in rows], chart="i")
    plain = analyse(y, chart="i")
    assert np.array_equal(limits(mixed), limits(plain), equal_nan=True) and found(mixed) == found(plain)


@given(gappy, rules, st.sampled_from(sorted(CHARTS)), st.sets(st.integers(0, 39), max_size=3))
def test_a_gap_never_signals(y, name, chart, left_out):
    """Nor does an excluded point; and whatever comes, the answer is numbers or NaN, never infinite."""
    y = [None if value is None else abs(value) + (chart == "t") for value in y]
    n = [60] * len(y) if chart in DENOMINATORS else None
    result = analyse(y, chart=chart, denominators=n, rules=name, exclude=sorted(left_out), direction="increase")
    for signal in result.signals:
        assert not np.isnan(result.value[list(signal.points)]).any()
        assert result.included[list(signal.points)].all()
        assert set(signal.completions) >= {signal.completes_at}
    gaps = np.isnan(result.value)
    assert (result.reason[gaps] == "").all() and (result.point_type[gaps] == "common_cause").all()
    assert not np.isinf(limits(result)).any()


@given(st.lists(numbers, min_size=3, max_size=20), st.lists(numbers, min_size=3, max_size=20), rules)
def test_a_phase_is_a_series_of_its_own(first, second, name):
    both = analyse(first + second, chart="i", rules=name, phases=[len(first)])
    alone = [analyse(part, chart="i", rules=name) for part in (first, second)]
    assert np.array_equal(limits(both), np.concatenate([limits(part) for part in alone], axis=1), equal_nan=True)
    shifted = [(s.rule, tuple(p + len(first) for p in s.points)) for s in alone[1].signals]
    assert [(s.rule, s.points) for s in both.signals] == [(s.rule, s.points) for s in alone[0].signals] + shifted


@given(st.floats(-1e9, 1e9), st.integers(2, 40), rules)
def test_a_constant_series_is_quiet(value, length, name):
    """The mean of equal numbers is that number, to the last bit: else every point would lie on one side of it."""
    assume(value == value + 0.0)
    result = analyse([value] * length, chart="i", rules=name)
    assert (result.centre == value).all()
    assert not [s for s in result.signals if s.rule != "hugging"]
