"""Many series at once give the answers of the single-series API: limits to 1e-12, all else exactly."""

import datetime
import math
import random
from collections import Counter
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from levelground.engines.networks.batch import OFFERED_CHARTS, OFFERED_RULES, Columns, analyse_table, make_plan
from levelground.engines.spc import SpcError, analyse

pytestmark = pytest.mark.requirement("AMHE-34")

GAP = st.just(None)
# Whole numbers tie often; tenths tie in ways that depend on the last bit; the rest covers scales and signs.
MEASUREMENTS = [
    st.integers(0, 4).map(float),
    st.integers(-20, 20).map(lambda n: n / 10),
    st.integers(0, 3).map(lambda n: 0.1 + n * 0.3),
    st.floats(-1e6, 1e6, allow_subnormal=False),
    st.sampled_from([1e-30, 1.0, 1e16, 3.0, -1e16]),
    st.floats(allow_nan=True, allow_infinity=True),
]
COUNTS = [st.integers(0, 3), st.integers(0, 30), st.integers(-1, 5)]
SHARES = [st.integers(1, 4), st.integers(0, 60), st.floats(0.5, 100), st.just(30)]


@st.composite
def one_series(draw: st.DrawFn, chart: str, denominators: bool, phases: bool) -> dict[str, Any]:
    length = draw(st.one_of(st.integers(0, 4), st.integers(5, 40)))
    kind = draw(st.sampled_from(COUNTS if chart in {"p", "u", "c"} else MEASUREMENTS + COUNTS[:2]))
    gaps = draw(st.sampled_from([0, 0, 0.1, 0.6]))
    dice = random.Random(draw(st.integers(0, 10**9)))
    steady = draw(st.booleans()) and draw(st.booleans())
    values = [draw(kind)] * length if steady else draw(st.lists(kind, min_size=length, max_size=length))
    if draw(st.booleans()) and length > 14:  # a level that moves, so that rules speak
        at = dice.randrange(1, length)
        values = [v if i < at or v is None else v + draw(st.sampled_from([1, 2])) for i, v in enumerate(values)]
    if draw(st.integers(0, 4)) == 0:
        values = sorted(values, key=lambda v: (math.isnan(v), v))  # rising, with ties
    share = draw(st.sampled_from(SHARES))
    shares = draw(st.lists(share, min_size=length, max_size=length)) if denominators else None
    if chart == "p" and shares and draw(st.integers(0, 9)):
        values = [min(v, n) for v, n in zip(values, shares, strict=True)]
    gapped = [None if dice.random() < gaps else float(v) for v in values]
    days = [datetime.date(2020, 1, 1) + datetime.timedelta(30 * i) for i in range(length)]
    if length > 2 and draw(st.integers(0, 19)) == 0:
        days[1] = draw(st.sampled_from([days[0], days[-1]]))
    labels = sorted(dice.choices("abc", k=length)) if draw(st.booleans()) else dice.choices("aab", k=length)
    return {"date": days, "value": gapped, "denominator": shares and [float(n) for n in shares],
            "phase": labels if phases else None}  # fmt: skip


@st.composite
def cases(draw: st.DrawFn) -> dict[str, Any]:
    chart = draw(st.sampled_from(OFFERED_CHARTS))
    denominators = chart in {"p", "u"} or draw(st.integers(0, 5)) == 0
    phases = draw(st.booleans())
    given_ = {
        "chart": chart, "rules": draw(st.sampled_from(OFFERED_RULES)),
        "profile": draw(st.sampled_from([None, None, "making_data_count"])),
        "direction": draw(st.sampled_from(["increase", "decrease", "neutral"])),
        "screen": draw(st.sampled_from([None, True, False])),
        "conflict": draw(st.sampled_from([None, "improvement", "precedence"])),
        "inclusive_target": draw(st.booleans()),
        "multiply": draw(st.sampled_from([1.0, 100.0, 1000.0])),
        "target": draw(st.sampled_from([None, 0.0, 1.0, 2.0, 50.0])),
    }  # fmt: skip
    series = draw(st.lists(one_series(chart, denominators, phases), min_size=1, max_size=5))
    return {"series": series, "given": given_}


def tables_of(series: list[dict[str, Any]]) -> tuple[pa.Table, pa.Table, Columns]:
    """The same series packed and long (where an empty series has no row)."""
    names = [n for n in ("date", "value", "denominator", "phase") if series[0][n] is not None]
    kinds = {"date": pa.date32(), "value": pa.float64(), "denominator": pa.float64(), "phase": pa.string()}
    packed = {"key": pa.array(range(len(series)), pa.int64())}
    packed |= {n: pa.array([s[n] for s in series], pa.list_(kinds[n])) for n in names}
    long = {"key": pa.array([i for i, s in enumerate(series) for _ in s["value"]], pa.int64())}
    long |= {n: pa.array([v for s in series for v in s[n]], kinds[n]) for n in names}
    columns = Columns(("key",), **{n: n for n in names})
    return pa.table(packed), pa.table(long), columns


def same(found: float | None, wanted: float) -> bool:
    if found is None or math.isnan(wanted):
        return found is None and math.isnan(wanted)
    return math.isclose(found, wanted, rel_tol=1e-12, abs_tol=0.0)


def compare(row: dict[str, Any], result: Any) -> None:
    verdict, numbers = result.verdict, result.verdict.numbers
    for name in ("latest", "centre", "lcl", "ucl"):
        assert same(row[name], numbers[name]), (name, row[name], numbers[name])
    assert (row["rows"], row["points"], row["tested"]) == (len(result), numbers["points"], numbers["tested"])
    assert row["phases"] == len(result.phases)
    assert row["signals"] == numbers["signals"]
    for name, count in row.items():
        if name.endswith("_signals"):
            assert count == sum(s.rule == name.removesuffix("_signals") for s in result.signals), name
    assert (row["variation"], row["assurance"]) == (result.variation, result.assurance)
    since, until = (None if x is None else x.astype(object) for x in (verdict.since, verdict.until))
    assert (row["status"], row["rule"], row["rules"], row["since"], row["until"]) == (
        verdict.status, verdict.rule, " ".join(verdict.rules), since, until,
    )  # fmt: skip
    assert (row["sureness"], row["next_step"]) == (verdict.sureness, verdict.next_step)
    if "crossings" in row and verdict.status != "no_data":
        runs = result.phases[row["phase"]].runs
        assert (row["useful"], row["longest_run"], row["longest_run_max"], row["crossings"], row["crossings_min"]) == (
            runs.useful, runs.longest, runs.longest_max, runs.crossings, runs.crossings_min,
        )  # fmt: skip


def compare_points(rows: list[dict[str, Any]], result: Any) -> None:
    assert len(rows) == len(result)
    for place, row in enumerate(rows):
        for name in ("value", "centre", "lcl", "lcl_2", "lcl_1", "ucl_1", "ucl_2", "ucl"):
            assert same(row[name], float(getattr(result, name)[place])), (name, place)
        assert (row["reason"] or "", row["reason_direction"]) == (result.reason[place], result.reason_direction[place])
        assert row["point_type"] == result.point_type[place]
        assert row["phase"] == result.phase[place]
        assert row["x"] == result.x[place].astype(object)


def check(case: dict[str, Any]) -> None:
    given_ = case["given"]
    plan = make_plan(**given_, points=True)
    packed, long, columns = tables_of(case["series"])
    for table in (packed, long):
        answer = analyse_table(table, columns, plan)
        rows = {row["key"]: row for row in answer.series.to_pylist()}
        errors = {row["key"]: row["reason"] for row in answer.errors.to_pylist()}
        points: dict[int, list[dict[str, Any]]] = {}
        for row in answer.points.to_pylist():
            points.setdefault(row["key"], []).append(row)
        for key, one in enumerate(case["series"]):
            if table is long and not one["value"]:
                continue
            try:
                result = analyse(
                    one["value"], x=one["date"] or None, denominators=one["denominator"], phase_labels=one["phase"],
                    **given_, order="error", repeats="error",
                )  # fmt: skip
            except SpcError as error:
                assert errors.pop(key) == error.code
                assert key not in rows
                continue
            compare(rows.pop(key), result)
            compare_points(points.get(key, []), result)
        assert not rows
        assert not errors


PLAIN = {"chart": "i", "rules": "making_data_count", "direction": "increase"}


@settings(max_examples=60, deadline=None)
@given(cases())
@example({"series": [{"date": [], "value": [], "denominator": None, "phase": None}], "given": PLAIN})
def test_each_series_has_the_answer_of_the_single_api(case: dict[str, Any]) -> None:
    check(case)


def wandering(dice: random.Random, chart: str) -> dict[str, Any]:
    """A series that makes rules speak: a level that jumps and drifts, on a coarse grid, so that there are ties."""
    length = dice.randrange(8, 70)
    grid, drift, level = dice.choice([1.0, 0.1, 0.5, 1 / 3]), dice.choice([0, 0, 0.2, -0.2, 0.9, -0.9]), 10.0
    width, values = dice.choice([0.5, 1, 2, 4]), []
    for _ in range(length):
        level += drift + (dice.choice([-3, 3]) if dice.random() < 0.04 else 0)
        values.append(max(round((level + dice.gauss(0, width)) / grid), 0))
    shares = [float(dice.randrange(60, 90)) for _ in values]
    values = [min(value, 60) if chart in {"p", "u", "c"} else value * grid for value in values]
    gaps = dice.choice([0, 0, 0.05])
    days = [datetime.date(2020, 1, 1) + datetime.timedelta(30 * i) for i in range(length)]
    return {"date": days, "value": [None if dice.random() < gaps else float(v) for v in values],
            "denominator": shares if chart in {"p", "u"} else None, "phase": None}  # fmt: skip


@pytest.mark.parametrize("chart", OFFERED_CHARTS)
@pytest.mark.parametrize("rules", OFFERED_RULES)
def test_series_with_many_signals_agree(chart: str, rules: str) -> None:
    dice = random.Random(f"{chart} {rules}")
    directions = ("increase", "decrease", "neutral")
    seen: Counter[str] = Counter()
    for direction in directions:
        series = [wandering(dice, chart) for _ in range(70)]
        check({"series": series, "given": {"chart": chart, "rules": rules, "direction": direction,
                                           "conflict": dice.choice(["improvement", "precedence"])}})  # fmt: skip
        packed, _, columns = tables_of(series)
        plan = make_plan(chart, rules=rules, direction=direction)
        for row in analyse_table(packed, columns, plan).series.to_pylist():
            seen.update(name for name, number in row.items() if name.endswith("_signals") and number)
            seen[row["status"]] += 1
    speaks = {f"{rule.code}_signals" for rule in plan.rules if chart != "run" or rule.kind not in {"beyond", "zone"}}
    assert speaks <= set(seen), "the random series leave a rule untested"
    if speaks:
        assert {"improvement", "concern", "earlier_signal"} <= set(seen)
        assert {"changed_high", "changed_low"} & set(seen)
