"""Rules on series made for them: where they complete, which points they are about, several on one point."""

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from levelground.engines.spc import RULE_SETS, Rule, analyse, find_signals
from levelground.engines.spc.tables import RUN_COUNTS

CALM = [0.1, -0.1, 0.2, -0.2]


def found(values, rules, centre=0, sigma=1, **options):
    signals = find_signals(values, centre=centre, sigma=sigma, rules=rules, **options)
    return [(s.rule, s.completes_at, s.points, s.direction) for s in signals]


def test_a_signal_says_where_it_completes_and_what_it_is_about():
    y = [-0.1, *[0.5] * 9, -0.1]
    signal = next(s for s in find_signals(y, centre=0, sigma=1, rules="making_data_count") if s.rule == "shift")
    assert (signal.completes_at, signal.points, signal.direction) == (7, tuple(range(1, 10)), 1)
    assert signal.completions == (7, 8, 9)


def test_several_signals_on_one_point_are_all_kept():
    y = [0.5, 1, 1.5, 2.1, 2.5, 2.8, 3.5]
    rules = {rule for rule, _, points, _ in found(y, "making_data_count") if 6 in points}
    assert rules == {"outside_limits", "trend", "two_of_three", "shift"}
    result = analyse([10, 12, 9, 11] * 4 + [10.6, 11, 12, 13, 14.5, 15.5, 17], chart="i", fix_after=16)
    assert {s.rule for s in result.signals_at(22)} == rules
    assert result.reason[22] == "outside_limits"


def test_western_electric_marks_only_points_that_are_beyond_themselves():
    assert found([2.1, 2.2, 0.1, 0], "western_electric") == []
    assert found([0, 2.1, 0.5, 2.2], "western_electric") == [("two_of_three", 3, (1, 3), 1)]


def test_ihi_skips_points_on_the_median_and_repeats_in_a_trend():
    assert ("shift", 7, (0, 1, 2, 4, 5, 7), 1) in found([1, 2, 1, 0, 2, 1, 0, 2, -1], "ihi")
    assert ("trend", 5, (0, 1, 3, 4, 5), 1) in found([-2, -1, -1, 1, 2, 3, -3], "ihi")
    assert [rule for rule, *_ in found([1, 2, 1, 2, 1, -1], "ihi")] == []


def test_ihi_counts_runs():
    too_few = [1, 2] * 5 + [-1, -2] * 5
    assert ("run_count", 19, tuple(range(20)), 0) in found(too_few, "ihi")
    assert ("run_count", 19, tuple(range(20)), 0) in found([1, -1] * 10, "ihi")
    assert found([1, -1, -2, 2, 1, -1] * 3, "ihi") == []


def test_the_table_of_runs_is_what_chance_gives():
    """Each row of the published table against the exact distribution of runs about a median."""
    for n, (fewest, most) in RUN_COUNTS.items():
        above, below = n // 2, n - n // 2
        ways = {}
        for runs in range(2, n + 1):
            half = runs // 2
            if runs % 2 == 0:
                ways[runs] = 2 * math.comb(above - 1, half - 1) * math.comb(below - 1, half - 1)
            else:
                ways[runs] = math.comb(above - 1, half) * math.comb(below - 1, half - 1)
                ways[runs] += math.comb(above - 1, half - 1) * math.comb(below - 1, half)
        whole = math.comb(n, above)
        assert sum(ways.values()) == whole
        assert sum(w for runs, w in ways.items() if runs < fewest) / whole < 0.035, n
        assert sum(w for runs, w in ways.items() if runs > most) / whole < 0.035, n
        if n % 2 == 0:
            assert fewest + most == n + 2
    assert list(RUN_COUNTS) == list(range(10, 61))


def test_wheeler():
    assert found([*CALM, 1.6, 0.1, 1.7, 1.8], "wheeler") == [("three_of_four", 7, (4, 6, 7), 1)]
    assert ("shift", 7, tuple(range(8)), -1) in found([-0.1] * 8, "wheeler")
    assert ("shift", 6, tuple(range(7)), -1) not in found([-0.1] * 7, "wheeler")


def test_anhoej_tells_the_long_run_and_the_few_crossings():
    y = [1] * 9 + [-1, 1, -1, 1, -1, 1, -1, 1, -1]
    assert found(y, "anhoej", sigma=9) == [("runs", 7, tuple(range(9)), 1)]
    y = [1] * 6 + [-1] * 6 + [1] * 6
    assert found(y, "anhoej", sigma=9) == [("runs", 17, tuple(range(18)), 0)]


def test_the_cut_box_signals_in_its_corner():
    """Sixteen points, five crossings and a longest run of eight: each at its limit, together too much."""
    y = [1, 2, 1, 3, 2, 1, 2, 1, -1, 2, -1, -2, 1, 2, -2, -1]
    assert found(y, "anhoej", sigma=9, method="bestbox") == []
    assert found(y, "anhoej", sigma=9, method="cutbox") == [("runs", 15, tuple(range(16)), 0)]


def test_moving_ranges_and_categories_have_no_runs():
    y = [1, 1, 1, 1, 1, 1, 9, 9, 9, 9, 9, 9, 5, 5, 5, 5]
    assert analyse(y, chart="run", rules="anhoej").signals != ()
    assert analyse(y, chart="run", rules="anhoej", categorical=True).signals == ()
    assert analyse(y, chart="run", rules="anhoej", x=[f"ward {i:02}" for i in range(16)]).signals == ()
    mr = analyse([*range(10), 30, 60, 90, 120, 150, 180], chart="mr", rules="anhoej")
    assert all(signal.rule == "outside_limits" for signal in mr.signals) and not mr.phases[0].runs.signal


def test_rules_start_again_at_a_phase():
    y = [10, 12, 9, 11] * 4 + [12, 12, 12, 12] * 2
    whole = analyse(y, chart="i", fix_after=16)
    cut = analyse(y, chart="i", phases=[19])
    assert "shift" in {s.rule for s in whole.signals}
    assert cut.signals == () and [p.start for p in cut.phases] == [0, 19]


def test_a_rule_set_of_ones_own():
    mine = (Rule("three_high", "side", points=3),)
    assert found([1, 1, 1, -1], mine) == [("three_high", 2, (0, 1, 2), 1)]
    assert analyse([1, 1, 1, 9], chart="i", rules=mine).settings["rules"] == mine


@pytest.mark.parametrize("name", sorted(RULE_SETS))
def test_no_rule_sees_anything_in_calm(name):
    assert found(CALM * 2 + [0.1], name, sigma=1) == []


# Every rule once more, word for word: a window of so many points, looked at by itself.


def _known(window):
    return None not in window


def _all(window, test):
    return _known(window) and all(test(value) for value in window)


def _one_way(window):
    pairs = list(itertools.pairwise(window)) if _known(window) else []
    return bool(pairs) and (all(a < b for a, b in pairs) or all(a > b for a, b in pairs))


def _some_beyond(count, sigmas):
    def test(window):
        if not _known(window):
            return False
        return any(
            side * window[-1] > sigmas and sum(side * value > sigmas for value in window) >= count for side in (1, -1)
        )

    return test


def _near_of_three(window, outer):
    sides = (1, -1) if _known(window) else ()
    return any(
        all(side * v > 0 for v in window) and sum(side * v > 2 and (outer or side * v <= 3) for v in window) >= 2
        for side in sides
    )


def _turns(window):
    steps = [b - a for a, b in itertools.pairwise(window)] if _known(window) else [0, 0]
    return all(a * b < 0 for a, b in itertools.pairwise(steps))


def _one_side(window):
    return _all(window, lambda v: v > 0) or _all(window, lambda v: v < 0)


LITERALLY = {
    ("western_electric", "outside_limits"): (1, lambda w: _all(w, lambda v: abs(v) > 3)),
    ("western_electric", "two_of_three"): (3, _some_beyond(2, 2)),
    ("western_electric", "four_of_five"): (5, _some_beyond(4, 1)),
    ("western_electric", "shift"): (8, _one_side),
    ("nelson", "shift"): (9, _one_side),
    ("nelson", "trend"): (6, _one_way),
    ("nelson", "alternating"): (14, _turns),
    ("nelson", "hugging"): (15, lambda w: _all(w, lambda v: abs(v) <= 1)),
    ("nelson", "avoiding"): (8, lambda w: _all(w, lambda v: abs(v) > 1) and not _one_side(w)),
    ("making_data_count", "trend"): (7, _one_way),
    ("making_data_count", "shift"): (7, _one_side),
    ("making_data_count", "two_of_three"): (3, lambda w: _near_of_three(w, outer=True)),
    ("making_data_count_2019", "two_of_three"): (3, lambda w: _near_of_three(w, outer=False)),
    ("wheeler", "three_of_four"): (4, _some_beyond(3, 1.5)),
}
STEPS = st.sampled_from([-3.5, -2.5, -1.75, -1.25, -0.5, 0.0, 0.5, 1.0, 1.25, 1.75, 2.0, 2.5, 3.0, 3.5])
WALKS = st.one_of(
    st.lists(st.one_of(STEPS, STEPS, STEPS, st.none()), max_size=30),
    st.lists(st.sampled_from([0.5, 1.25, 2.5]), max_size=30),
    st.lists(st.sampled_from([-2.5, 1.5, 2.5]), max_size=30),
    st.lists(st.sampled_from([0, 1, 1, 1, 2]), max_size=30).map(lambda up: [v / 8 for v in itertools.accumulate(up)]),
    st.lists(st.sampled_from([0.25, 0.5, 0.75]), max_size=30).map(lambda a: [v * (-1) ** i for i, v in enumerate(a)]),
)


@pytest.mark.parametrize("rule", LITERALLY)
@given(values=WALKS)
def test_each_rule_is_what_its_words_say(rule, values):
    name, code = rule
    length, holds = LITERALLY[rule]
    expected = [end - 1 for end in range(length, len(values) + 1) if holds(values[end - length : end])]
    signals = find_signals(values, centre=0, sigma=1, rules=name)
    assert sorted({end for s in signals if s.rule == code for end in s.completions}) == expected
