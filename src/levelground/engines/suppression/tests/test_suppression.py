"""Small numbers, against the public vectors (tests/oracles/suppression.json) and against what must always hold."""

import json
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from levelground.engines import suppression as sup
from levelground.engines.suppression import Reason, Release, Rule

ROOT = Path(__file__).resolve().parents[5]
CASES = json.loads((ROOT / "tests" / "oracles" / "suppression.json").read_text(encoding="utf-8"))["cases"]


def _answer(case: dict[str, Any]) -> dict[str, Any]:
    given, method = case["inputs"], case["method"]
    small = given.get("primary_rule")
    rule = Rule(*small, min_width=given.get("required_width", 3)) if small else sup.PROFILES.get(given.get("profile"))
    if method == "count_rule":
        return {"shown": [sup.count(value, rule).text for value in given["values"]]}
    if method == "percentage_rule":
        return {"shown": [sup.proportion(x, n, rule).percent.text for x, n in given["pairs"]]}
    if method == "audit":
        bounds = sup.audit(given["table"], [tuple(cell) for cell in given["hidden_cells"]])
        return {
            "intervals": [
                {"cell": list(b.cell), "lower": b.lower, "upper": b.upper, "exactly_disclosed": b.exactly_disclosed}
                for b in bounds
            ]
        }
    if method == "secondary":
        found = sup.secondary(given["table"], rule)
        bounds = {bound.cell: bound.width for bound in sup.audit(given["table"], found.hidden)}
        assert all(bounds[cell] >= given["required_width"] for cell in found.primary)
        # Any smallest pattern is right: the vector names one of them.
        example = case["expected"]["example_secondary"]
        return {
            "primary": [list(cell) for cell in found.primary],
            "minimum_secondary": len(found.secondary) if found.smallest else None,
            "example_secondary": example,
            "minimal_patterns": case["expected"]["minimal_patterns"],
        }
    releases = [Release.of(one["units"], one["count"]) for one in given["releases"]]
    return {
        "disclosures": [
            {"minuend": d.minuend, "subtrahend": d.subtrahend, "units": list(d.units), "value": d.value}
            for d in sup.differences(releases, rule)
        ]
    }


@pytest.mark.requirement("WM-37")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_public_vectors(case: dict[str, Any]) -> None:
    assert _answer(case) == case["expected"]


def test_ties_take_the_pattern_with_the_smallest_total() -> None:
    table = [[60, 140], [12, 40], [3, 22], [9, 15], [7, 11]]
    assert sup.secondary(table, sup.HIDE_1_4).secondary == ((2, 1), (4, 0), (4, 1))


@pytest.mark.requirement("WM-37")
def test_a_team_of_few_is_not_shown() -> None:
    """Five people, of whom two: no part, no rest and no percentage."""
    found = sup.proportion(2, 5)
    assert [one.text for one in (found.numerator, found.denominator, found.percent)] == ["*", "*", "*"]


def test_what_is_left_over_is_as_small_as_what_is_counted() -> None:
    found = sup.proportion(97, 100)
    assert found.numerator.reason is Reason.COMPLEMENT and found.percent.reason is Reason.DERIVED
    assert found.denominator.value == 100
    assert sup.proportion(100, 100).percent.value == 100  # nobody is left over: nobody is shown up
    assert sup.proportion(0, 100).percent.value == 0
    assert sup.proportion(0, 0).percent == sup.Shown(None)


@pytest.mark.parametrize(
    ("base", "reason"),
    [(8, None), (7, Reason.SMALL_BASE), (0, Reason.SMALL_BASE), (None, Reason.UNKNOWN_BASE)],
)
def test_means(base: int | None, reason: Reason | None) -> None:
    found = sup.mean(31.5, base)
    assert found.reason is reason and found.value == (None if reason else 31.5)
    assert sup.mean(None, base) == sup.Shown(None)


@pytest.mark.parametrize(
    ("parts", "total", "wanted"),
    [
        ([40, 12, 3], 55, ["40", "*", "*"]),  # the second-smallest goes too
        ([40, 12, 3, 2], 57, ["40", "10", "*", "*"]),  # two are hidden already
        ([40, 12, 30], 82, ["40", "10", "30"]),
        ([40, 0, 3], 43, ["*", "0", "*"]),  # zero is no cover, and stays
        ([12, 12, 3], 27, ["*", "10", "*"]),  # the first of equals
        ([3, 0], 3, ["*", "0"]),  # the whole is small itself
        ([3, None], 40, ["*", ""]),  # nothing else to hide: the whole goes
        ([40, 3], None, ["40", "*"]),  # no whole is shown
    ],
)
def test_parts_of_a_whole(parts: list[int | None], total: int | None, wanted: list[str]) -> None:
    assert [one.text for one in sup.group(parts, total).parts] == wanted


def test_the_whole_goes_when_nothing_else_can() -> None:
    assert sup.group([3, None], 40).total.reason is Reason.SECONDARY
    assert sup.group([3, 0], 3).total.reason is Reason.SMALL
    assert sup.group([40, 12, 3], 55).total.value == 55


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: sup.count(-1),
        lambda: sup.proportion(5, 3),
        lambda: sup.proportion(-1, 3),
        lambda: sup.audit([[1, 2], [3]], []),
        lambda: sup.audit([[1]], [(0, 1)]),
        lambda: sup.audit([[-1]], []),
        lambda: Rule(hide_from=3, hide_to=2),
        lambda: Rule(round_to=0),
    ],
)
def test_nonsense_is_refused(wrong: Any) -> None:
    with pytest.raises(ValueError):
        wrong()


@given(st.integers(0, 10_000))
def test_a_shown_count_is_near_and_never_small(number: int) -> None:
    shown = sup.count(number)
    assert shown.hidden == (1 <= number <= 7)
    if shown.value is not None:
        assert abs(shown.value - number) <= 2 and (shown.value == 0) == (number == 0)


@given(st.lists(st.integers(0, 60), min_size=1, max_size=12))
def test_one_hidden_part_never_stands_alone(parts: list[int]) -> None:
    found = sup.group(parts, sum(parts))
    hidden = [one for one in found.parts if one.hidden]
    assert len(hidden) != 1 or found.total.hidden
    for part, one in zip(parts, found.parts, strict=True):
        assert one.hidden or not 1 <= part <= 7
        assert part != 0 or one.value == 0


_TABLES = st.integers(1, 3).flatmap(
    lambda width: st.lists(st.lists(st.integers(0, 9), min_size=width, max_size=width), min_size=1, max_size=3)
)


@given(_TABLES, st.data())
def test_the_bounds_are_what_trying_everything_finds(table: list[list[int]], data: Any) -> None:
    cells = [(r, c) for r in range(len(table)) for c in range(len(table[0]))]
    hidden = sorted(data.draw(st.sets(st.sampled_from(cells), max_size=4)))
    top = max(sum(row) for row in table)
    fits = []
    for values in product(range(top + 1), repeat=len(hidden)):
        guess = [list(row) for row in table]
        for (r, c), value in zip(hidden, values, strict=True):
            guess[r][c] = value
        rows_agree = [sum(row) for row in guess] == [sum(row) for row in table]
        if rows_agree and [*map(sum, zip(*guess, strict=True))] == [*map(sum, zip(*table, strict=True))]:
            fits.append(values)
        if len(hidden) > 3:
            break
    if len(hidden) <= 3:
        for place, bound in enumerate(sup.audit(table, hidden)):
            possible = [values[place] for values in fits]
            assert (bound.lower, bound.upper) == (min(possible), max(possible))


@given(_TABLES)
def test_a_pattern_keeps_small_cells_uncertain(table: list[list[int]]) -> None:
    rule = Rule(1, 4, round_to=1)
    found = sup.secondary(table, rule)
    whole = len(found.hidden) == len(table) * len(table[0])
    widths = {bound.cell: bound.width for bound in sup.audit(table, found.hidden)}
    assert whole or all(widths[cell] >= rule.min_width for cell in found.primary)
    assert set(found.primary) == {
        (r, c) for r, row in enumerate(table) for c, value in enumerate(row) if 1 <= value <= 4
    }


def test_a_large_table_gets_a_good_pattern() -> None:
    table = [[20 + (7 * r + 3 * c) % 11 for c in range(10)] for r in range(30)]
    table[4][5] = 2
    found = sup.secondary(table)
    assert found.primary == ((4, 5),) and not found.smallest and 1 <= len(found.secondary) <= 5
    assert sup.audit(table, found.hidden)[0].width >= 3
