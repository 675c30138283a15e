"""What the engine refuses, by code and position, and what it makes of next to nothing."""

import datetime
import math

import numpy as np
import pytest

from levelground.engines.spc import (
    CHARTS,
    ImpossibleValueError,
    LengthError,
    NumberError,
    OptionError,
    OrderError,
    SpcError,
    analyse,
    find_signals,
)

DENOMINATORS = {"p", "pp", "u", "up"}
DATES = np.array(["2024-01-01", "2024-03-01", "2024-02-01", "2024-03-01"], "M8[D]")


def refused(kind, *values, **options):
    with pytest.raises(kind) as caught:
        analyse(*values, **options)
    assert isinstance(caught.value, SpcError)
    return caught.value.code, caught.value.positions


@pytest.mark.parametrize(
    ("chart", "y", "n", "code", "rows"),
    [
        ("p", [1, 2, 3], [5, 0, 5], "events_without_denominator", (1,)),
        ("u", [1, 2, 3], [0, 5, 0], "events_without_denominator", (0, 2)),
        ("run", [1, 2, 3], [5, 0, 5], "events_without_denominator", (1,)),
        ("p", [1, 6, 3], [5, 5, 5], "more_than_denominator", (1,)),
        ("pp", [1, 6, 7], [5, 5, 5], "more_than_denominator", (1, 2)),
        ("c", [1, -2, 3], None, "negative_count", (1,)),
        ("g", [1, -2, 3], None, "negative_count", (1,)),
        ("u", [1, -2, 3], [5, 5, 5], "negative_count", (1,)),
        ("up", [1, 2, 3], [5, -5, 5], "negative_denominator", (1,)),
        ("ip", [1, 2, 3], [5, -5, 5], "negative_denominator", (1,)),
        ("t", [4, 0, 3, -1], None, "not_above_zero", (1, 3)),
    ],
)
def test_impossible_values(chart, y, n, code, rows):
    assert refused(ImpossibleValueError, y, chart=chart, denominators=n) == (code, rows)
    gap = analyse(y, chart=chart, denominators=n, invalid="gap")
    assert np.flatnonzero(np.isnan(gap.value)).tolist() == list(rows)
    assert [(notice.code, notice.positions) for notice in gap.notices] == [(code, rows)]


@pytest.mark.parametrize("chart", sorted(CHARTS))
def test_numbers_too_large_to_reckon_with(chart):
    given = {"chart": chart, "denominators": [1e200] * 3 if chart in DENOMINATORS else None}
    assert refused(NumberError, [1, 1e200, 2], **given)[0] == "too_large"
    gap = analyse([1.0, 1e200, 2], invalid="gap", **given)
    assert "too_large" in {notice.code for notice in gap.notices}
    assert not np.isinf(gap.centre).any()


@pytest.mark.parametrize("chart", sorted(CHARTS))
def test_large_numbers_give_finite_lines(chart):
    values = [1e149, 9e149, 3e149, 1e150] * 4
    found = analyse(values, chart=chart, denominators=[1e150] * 16 if chart in DENOMINATORS else None)
    for line in (found.centre, found.lcl, found.ucl):
        assert not np.isinf(line).any()


def test_a_baseline_is_given_in_one_way():
    assert refused(OptionError, [1, 2, 3], chart="i", freeze=2, baseline=[1]) == ("baseline_given_twice", ())
    assert refused(OptionError, [1, 2, 3], chart="i", baseline=[-1]) == ("baseline", ())
    assert [n.code for n in analyse([1, 2, 3], chart="i", baseline=[1, 7]).notices] == ["baseline_not_in_data"]


@pytest.mark.parametrize("bad", [math.inf, -math.inf])
def test_infinite_values(bad):
    assert refused(NumberError, [1, bad, 2], chart="i") == ("not_finite", (1,))
    assert refused(NumberError, [1, 1, 2], chart="u", denominators=[1, 2, bad]) == ("not_finite", (2,))
    assert np.isnan(analyse([1, bad, 2], chart="i", invalid="gap").value[1])


def test_a_missing_value_is_a_gap_whichever_way_it_is_written():
    masked = np.ma.masked_array([1.0, 9, 3], mask=[False, True, False])
    for values in ([1, None, 3], [1, math.nan, 3], masked):
        result = analyse(values, chart="i")
        assert np.isnan(result.value[1]) and not result.notices


def test_words_are_no_numbers():
    assert refused(NumberError, [1, "two", 3, "four"], chart="i") == ("not_numeric", (1, 3))
    assert refused(OptionError, [[1, 2], [3, 4]], chart="i")[0] == "values_not_one_dimensional"


def test_lengths_that_differ():
    assert refused(LengthError, [1, 2, 3], chart="p", denominators=[5, 5])[0] == "different_lengths"
    assert refused(LengthError, [1, 2, 3], chart="i", x=[1, 2])[0] == "different_lengths"
    assert refused(LengthError, [1, 2, 3], chart="i", phase_labels=["a"])[0] == "different_lengths"
    with pytest.raises(LengthError):
        find_signals([1, 2, 3], centre=[1, 2], sigma=1, rules="nelson")


def test_order_where_it_is_asked_for():
    assert refused(OrderError, [1, 2, 3, 4], chart="i", x=DATES, order="error") == ("unsorted", (2,))
    assert refused(OrderError, [1, 2, 3, 4], chart="i", x=DATES, repeats="error") == ("repeated", (3,))
    assert list(analyse([1, 2, 3, 4], chart="i", x=DATES).value) == [1, 3, 3]


@pytest.mark.parametrize(
    "x",
    [[1, "two", 3], [True, False, True], [datetime.datetime(2024, 1, day, tzinfo=datetime.UTC) for day in (1, 2, 3)]],
)
def test_an_x_that_has_no_order_of_ours(x):
    assert refused(OrderError, [1, 2, 3], chart="i", x=x)[0] == "x_type"


def test_rows_without_a_date_are_left_out_with_a_notice():
    dates = np.array(["2024-01-01", "NaT", "2024-02-01"], "M8[D]")
    result = analyse([1, 9, 3], chart="i", x=dates)
    assert list(result.value) == [1, 3]
    assert [(notice.code, notice.positions) for notice in result.notices] == [("rows_without_x_dropped", (1,))]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"chart": "xmr"}, "chart"),
        ({"chart": "p"}, "denominators_needed"),
        ({"chart": "i", "profile": "excel"}, "profile"),
        ({"chart": "i", "rules": "mine"}, "rules"),
        ({"chart": "i", "method": "box"}, "method"),
        ({"chart": "i", "direction": "up"}, "direction"),
        ({"chart": "i", "factor": 0}, "factor"),
        ({"chart": "i", "multiply": -1}, "multiply"),
        ({"chart": "i", "multiply": math.nan}, "multiply"),
        ({"chart": "i", "freeze": 0}, "freeze"),
        ({"chart": "i", "freeze": 2.5}, "freeze"),
        ({"chart": "i", "fix_after": 11, "profile": "plotthedots"}, "fix_after_too_short"),
        ({"chart": "i", "phases": ["x"]}, "phases"),
        ({"chart": "i", "phases": [1], "rebase": [2]}, "phases_given_twice"),
        ({"chart": "i", "exclude": [-1]}, "exclude"),
        ({"chart": "i", "centre": math.inf}, "centre"),
        ({"chart": "i", "centre": [1, 2]}, "centre"),
        ({"chart": "i", "centre": "high"}, "centre"),
        ({"chart": "t", "centre": -5}, "centre"),
        ({"chart": "i", "factor": "x"}, "factor"),
        ({"chart": "i", "rules": 5}, "rules"),
        ({"chart": "i", "multiply": "x"}, "multiply"),
        ({"chart": "i", "fix_after": "x"}, "fix_after"),
        ({"chart": "i", "x": DATES[:3], "rebase": [3]}, "rebase"),
        ({"chart": "i", "x": DATES[:3], "rebase": ["2024-01-01"]}, "rebase"),
        ({"chart": "i", "x": DATES[:3], "target": [(3, 4)]}, "target"),
        ({"chart": "i", "target": "high"}, "target"),
        ({"chart": "i", "quirks": frozenset({"none such"})}, "quirks"),
    ],
)
def test_options_that_do_not_fit(options, code):
    assert refused(OptionError, [1, 2, 3], **options)[0] == code


def test_positions_outside_the_series_are_noted():
    result = analyse([1, 2, 3, 4], chart="i", phases=[2, 9, -1], exclude=[7])
    assert list(result.phase) == [0, 0, 1, 1]
    assert {n.code: n.positions for n in result.notices} == {
        "phase_not_in_data": (9, -1),
        "exclude_not_in_data": (7,),
    }


def test_freeze_gives_way_to_phases_with_a_notice():
    result = analyse([1, 2, 3, 4], chart="i", phases=[2], freeze=2)
    assert result.baseline.all() and [notice.code for notice in result.notices] == ["freeze_ignored"]


@pytest.mark.parametrize("chart", sorted(CHARTS))
def test_no_points(chart):
    result = analyse([], chart=chart, denominators=[] if chart in DENOMINATORS else None, target=3)
    assert len(result) == 0 and result.phases == () and result.signals == ()
    assert result.verdict.status == "no_data" and result.variation is None and result.assurance is None


@pytest.mark.parametrize("chart", sorted(CHARTS))
@pytest.mark.parametrize("y", [[5], [None], [None, None, None]])
def test_one_point_or_none_with_a_value(chart, y):
    n = [9] * len(y) if chart in DENOMINATORS else None
    result = analyse(y, chart=chart, denominators=n, direction="increase", target=3)
    assert result.signals == () and result.verdict.status in {"no_data", "too_few"}
    assert not np.isinf(result.ucl).any()


def test_a_result_cannot_be_changed():
    result = analyse([1, 2, 3], chart="i")
    with pytest.raises(ValueError, match="read-only"):
        result.ucl[0] = 9
