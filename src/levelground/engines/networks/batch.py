"""Statistical process control of many series at once: Arrow tables in and out, the answers of ``engines.spc``.

No loop runs over series: time lies along axis 0 of a matrix, series along axis 1. Exact sums (``exact``) make every
limit, and so every tie with it, that of the single-series API. Methods: docs/methods/spc.md.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from levelground.engines.spc import RULE_SETS, OptionError, Rule, Settings
from levelground.engines.spc.profiles import settle

from .block import GOOD, Block, Columns, Faults, faults_of, gather, is_packed, unpack
from .lines import CHARTS, WITH_DENOMINATORS
from .signals import offered
from .spans import Cut, cut, evaluate
from .tables import errors_table, points_table, series_table
from .verdicts import assurance_of, give

OFFERED_CHARTS = tuple(CHARTS)
OFFERED_RULES = tuple(name for name, rules in RULE_SETS.items() if all(offered(rule) for rule in rules))
OFFERED_PROFILES = ("making_data_count",)


@dataclass(frozen=True)
class Plan:
    """How to analyse every series. ``target``: for those without one of their own; ``points``: also a row per point."""

    chart: str
    settings: Settings
    rules: tuple[Rule, ...]
    multiply: float = 1.0
    target: float | None = None
    points: bool = False


@dataclass(frozen=True)
class Answer:
    """One row per series that could be charted, one per series that could not, one per point if wanted."""

    series: pa.Table
    errors: pa.Table
    points: pa.Table | None


def make_plan(
    chart: str,
    *,
    profile: str | None = None,
    rules: str | None = None,
    direction: str | None = None,
    screen: bool | None = None,
    factor: float | None = None,
    conflict: str | None = None,
    minimum_points: int | None = None,
    inclusive_target: bool | None = None,
    multiply: float = 1.0,
    target: float | None = None,
    points: bool = False,
) -> Plan:
    """The plan of these arguments, which mean what they mean in ``engines.spc.analyse``.

    Without rules, run charts use ``anhoej``, others ``making_data_count``. Raises OptionError, whose code names the
    argument that is not offered here.
    """
    if chart not in OFFERED_CHARTS:
        raise OptionError("chart")
    if profile is not None and profile not in OFFERED_PROFILES:
        raise OptionError("profile")
    if chart == "run" and rules is None and profile is None:
        rules = "anhoej"
    if rules is not None and rules not in OFFERED_RULES:
        raise OptionError("rules")
    if not (np.isfinite(multiply) and multiply > 0):
        raise OptionError("multiply")
    given: dict[str, Any] = {
        "rules": rules, "direction": direction, "screen": screen, "factor": factor, "conflict": conflict,
        "minimum_points": minimum_points, "inclusive_target": inclusive_target, "order": "error", "repeats": "error",
    }  # fmt: skip
    settings = settle(chart, profile, given)
    return Plan(chart, settings, RULE_SETS[str(settings.rules)], float(multiply), target, points)


def analyse_table(table: pa.Table, columns: Columns, plan: Plan) -> Answer:
    """Every series of one table, packed or long, whose series are whole. Raises ColumnError."""
    if is_packed(table.schema, columns):
        block, uneven = unpack(table, columns)
    else:
        block, uneven = gather(table, columns), None
    return analyse_block(block, plan, uneven)


def analyse_block(block: Block, plan: Plan, uneven: pa.Table | None = None) -> Answer:
    """Every series of a block; ``uneven``: keys of series left out of it. Raises OptionError."""
    if block.denominator is None and plan.chart in WITH_DENOMINATORS:
        raise OptionError("denominators_needed")
    with np.errstate(all="ignore"):  # what cannot be calculated becomes NaN, and that a gap
        faults = faults_of(block, plan.chart)
        fine = np.ones(len(block), dtype=bool)
        fine[list(faults.series)] = False
        spans = cut(block, fine)
        numbers, points = evaluate(block, spans, plan.chart, plan.settings, rules=plan.rules, with_points=plan.points)
        series = np.flatnonzero(fine)
        judged = _judged(spans, numbers.last >= 0, series)
        last = np.searchsorted(spans.series, series, side="right") - 1
        good, target = _good(block, plan)[series], _target(block, plan)[series]
        ends = numbers.at_end[:, last] * plan.multiply
        assurance = assurance_of(target, ends[0], ends[1], good, plan.settings.inclusive_target)
        here = type(numbers)(**{name: array[..., judged] for name, array in vars(numbers).items()})
        length = (spans.stop - spans.start)[judged]
        verdicts = give(here, length, assurance, good, plan.settings, tested=plan.rules)
        totals = _summed(numbers.count, spans, series), _summed(numbers.known[None], spans, series)[0]
        answer = series_table(
            block, spans, plan, series=series, judged=judged, here=here, verdicts=verdicts, totals=totals, target=target
        )
        detail = None
        if points is not None:
            detail = points_table(
                block, spans, plan, points=points, good=_good(block, plan), target=_target(block, plan)
            )
    return Answer(answer, errors_table(block, faults, uneven), detail)


def _judged(spans: Cut, has_value: NDArray[np.bool_], series: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each series the last of its spans with a value; its last span if none has."""
    place = np.arange(len(spans.series))
    if len(place) == len(series):
        return place
    ends = np.searchsorted(spans.series, series, side="right") - 1
    latest = np.maximum.accumulate(np.where(has_value, place, -1))[ends]
    starts = np.searchsorted(spans.series, series, side="left")
    return np.where(latest >= starts, latest, ends)


def _summed(numbers: NDArray[np.int64], spans: Cut, series: NDArray[np.int64]) -> NDArray[np.int64]:
    """Sums over the spans of each series."""
    if len(spans.series) == len(series) or not len(series):
        return numbers
    return np.asarray(np.add.reduceat(numbers, np.searchsorted(spans.series, series, side="left"), axis=1))


def _good(block: Block, plan: Plan) -> NDArray[np.int64]:
    usual = GOOD[plan.settings.direction]
    if block.good is None:
        return np.full(len(block), usual)
    return np.where(block.good == 8, usual, block.good)


def _target(block: Block, plan: Plan) -> NDArray[np.float64]:
    usual = np.nan if plan.target is None else float(plan.target)
    if block.target is None:
        return np.full(len(block), usual)
    return np.where(np.isnan(block.target), usual, block.target)


__all__ = ["Answer", "Columns", "Faults", "Plan", "analyse_block", "analyse_table", "make_plan"]
