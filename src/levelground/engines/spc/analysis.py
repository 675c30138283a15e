"""The steps of an analysis, from checked rows to a result. ``levelground.engines.spc`` is the way in."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import interpret, verdict
from .constants import Floats
from .errors import OptionError, SpcError
from .limits import CHARTS, Method, Phase
from .prepare import Bools, Ints, Notice, Subgroups, keys
from .profiles import Settings
from .results import PhaseSummary, Result
from .rules import RULE_SETS, ZONE_SIGMAS, Field, Rule, Signal, signals_of
from .runs import analyse_runs

SHORT = 13  # NHSRplotthedots warns below 13 points, though its text says 12


@dataclass(frozen=True, eq=False)
class Plan:
    """Where the phases start, what gives centre and limits, what is left out, which centres are known."""

    starts: tuple[int, ...]
    phase: Ints
    baseline: Bools
    included: Bools
    withheld: Bools
    centres: tuple[float | None, ...]
    notices: tuple[Notice, ...]


def _whole(number: Any, code: str, least: int) -> int:
    if isinstance(number, bool | float) and number != int(number):
        raise OptionError(code)
    try:
        found = int(number)
    except (TypeError, ValueError, OverflowError):
        raise OptionError(code) from None
    if found < least:
        raise OptionError(code)
    return found


def phase_starts(
    points: Subgroups, phases: Sequence[int] | None, rebase: Sequence[Any] | None
) -> tuple[tuple[int, ...], tuple[Notice, ...]]:
    """First positions of the phases, 0 always among them; positions that are no point of the chart are left out.

    From ``phases`` (positions), from ``rebase`` (values of x; those not in the data are left out), or from the labels
    of the points: a phase starts where a label is seen for the first time.
    """
    length = len(points)
    given, lost = [0], []
    if sum(source is not None for source in (phases, rebase, points.label)) > 1:
        raise OptionError("phases_given_twice")
    if phases is not None:
        wanted = [_whole(position, "phases", -(2**62)) for position in phases]
        given += [position for position in wanted if 0 < position < length]
        lost = [position for position in wanted if not 0 <= position < length]
    if rebase is not None and len(rebase) and length:
        dates = keys(list(rebase), length)[0]
        if (dates.dtype.kind == "M") != (points.x.dtype.kind == "M") or (dates.dtype.kind == "U") != (
            points.x.dtype.kind == "U"
        ):
            raise OptionError("rebase")
        given += np.flatnonzero(np.isin(points.x, dates)).tolist()
        lost = np.flatnonzero(~np.isin(dates, points.x)).tolist()
    if points.label is not None:
        seen: dict[str, int] = {}
        for position, label in enumerate(points.label.tolist()):
            seen.setdefault(repr(label), position)
        given += list(seen.values())
    notices = (Notice("phase_not_in_data", tuple(lost)),) if lost else ()
    return tuple(sorted(set(given))), notices


def plan(
    points: Subgroups,
    starts: tuple[int, ...],
    *,
    freeze: int | None,
    fix_after: int | None,
    chosen: Sequence[int] | None,
    exclude: Sequence[int],
    withheld: Sequence[int],
    centre: float | Sequence[float | None] | None,
    minimum_baseline: int,
    notices: tuple[Notice, ...],
) -> Plan:
    """Phase, baseline and inclusion of every point. Raises OptionError."""
    length = len(points)
    place = np.arange(length)
    phase = np.searchsorted(np.array(starts), place, side="right") - 1
    baseline = np.ones(length, dtype=bool)
    if freeze is not None:
        if len(starts) > 1:
            notices = (*notices, Notice("freeze_ignored"))
        else:
            baseline = place < _whole(freeze, "freeze", 1)
    if fix_after is not None:
        fixed = _whole(fix_after, "fix_after", 1)
        if fixed < minimum_baseline:
            raise OptionError("fix_after_too_short")
        baseline = baseline & (place - np.array(starts)[phase] < fixed)
    if chosen is not None:
        baseline, lost = _chosen(chosen, phase)
        notices = (*notices, Notice("baseline_not_in_data", lost)) if lost else notices
    left_out = [_whole(position, "exclude", 0) for position in exclude]
    if any(position >= length for position in left_out):
        notices = (*notices, Notice("exclude_not_in_data", tuple(p for p in left_out if p >= length)))
    small = np.isin(place, [_whole(position, "withheld", 0) for position in withheld])
    return Plan(starts, phase, baseline, ~np.isin(place, left_out), small, _centres(centre, len(starts)), notices)


def _chosen(chosen: Sequence[int], phase: Ints) -> tuple[Bools, tuple[int, ...]]:
    """The baseline made of named points; all points of a phase of which none is named. And those that do not exist."""
    wanted = [_whole(position, "baseline", 0) for position in chosen]
    named = np.isin(np.arange(len(phase)), wanted)
    with_names = np.isin(phase, phase[named])
    return named | ~with_names, tuple(position for position in wanted if position >= len(phase))


def _centres(centre: float | Sequence[float | None] | None, phases: int) -> tuple[float | None, ...]:
    try:
        if centre is None or isinstance(centre, int | float | np.number):
            found: tuple[float | None, ...] = (None if centre is None else float(centre),) * phases
        else:
            found = tuple(None if number is None else float(number) for number in centre)
    except (TypeError, ValueError):
        raise OptionError("centre") from None
    if len(found) != phases or any(number is not None and not math.isfinite(number) for number in found):
        raise OptionError("centre")
    return found


@dataclass(frozen=True, eq=False)
class Drawn:
    """One analysed phase, before scaling: values and lines (NaN where undefined), its runs and its signals."""

    value: Floats
    centre: Floats
    lower: Mapping[float, Floats]
    upper: Mapping[float, Floats]
    summary: PhaseSummary
    signals: list[Signal]


def draw(points: Subgroups, planned: Plan, number: int, settings: Settings, *, chart: str, categorical: bool) -> Drawn:
    """Limits, runs and signals of phase ``number``."""
    stop = planned.starts[number + 1] if number + 1 < len(planned.starts) else len(points)
    span = slice(planned.starts[number], stop)
    denominator = points.denominator[span]
    if chart == "ip" and np.isnan(points.denominator).all():
        denominator = points.size[span]
    base = (planned.baseline & planned.included)[span]
    phase = Phase(
        points.value[span], points.total[span], denominator, points.size[span], points.mean[span], points.sd[span],
        base, planned.centres[number], categorical,
    )  # fmt: skip
    factor = settings.factor if settings.factor is not None else math.nan
    lines = CHARTS[chart](phase, Method(settings.screen, factor, settings.quirks))
    known, included = ~np.isnan(lines.value), planned.included[span]
    runs = analyse_runs(lines.value, lines.centre, included, settings.method)
    if chart == "mr" or categorical:  # neighbouring ranges share a value; categories have no order
        runs = replace(runs, too_long=False, too_few=False, corner=False, fewest_runs=None, most_runs=None)
    summary = PhaseSummary(
        span.start, stop, int(known.sum()), int((known & included).sum()), int((known & base).sum()),
        len(phase.value) < SHORT, runs, int((planned.withheld[span] & ~known).sum()),
    )  # fmt: skip
    if summary.censored:
        nothing = np.full(len(known), math.nan)
        empty = dict.fromkeys(ZONE_SIGMAS, nothing)
        return Drawn(lines.value, nothing, empty, empty, summary, [])
    hidden = len(phase.value) < settings.minimum_points
    zones = {k: _finite(lines.at(k), hidden) for k in ZONE_SIGMAS}
    lower, upper = {k: zone[0] for k, zone in zones.items()}, {k: zone[1] for k, zone in zones.items()}
    field = Field(np.arange(span.start, stop), lines.value, lines.centre, lower, upper, runs)
    signals = _tested(field, included, number, settings, categorical)
    return Drawn(lines.value, lines.centre, lower, upper, summary, signals)


def _finite(lines: tuple[Floats, Floats], hidden: bool) -> tuple[Floats, Floats]:
    low, high = (np.where(np.isfinite(line) & (not hidden), line, np.nan) for line in lines)
    return low, high


def rules_of(settings: Settings) -> tuple[Rule, ...]:
    """The rules that the settings name."""
    return RULE_SETS[settings.rules] if isinstance(settings.rules, str) else tuple(settings.rules or ())


def _tested(field: Field, included: Bools, number: int, settings: Settings, categorical: bool) -> list[Signal]:
    rules = rules_of(settings)
    if categorical:  # without an order only the limits speak
        rules = tuple(rule for rule in rules if rule.kind == "beyond")
    if "trend_over_gap_refused" in settings.quirks:
        _refuse_trend_over_gap(field.value, rules)
    signals = signals_of(field.only(included), rules, number)
    if settings.test_excluded and not included.all():
        beyond = tuple(rule for rule in rules if rule.kind == "beyond")
        signals += signals_of(field.only(~included), beyond, number)
    return signals


def _refuse_trend_over_gap(value: Floats, rules: tuple[Rule, ...]) -> None:
    """The peer stops where a window holds a gap and its known steps all go one way, or none is known."""
    for rule in rules:
        for start in range(len(value) - rule.points + 1 if rule.kind == "trend" else 0):
            window = value[start : start + rule.points]
            known = np.diff(window)[~np.isnan(np.diff(window))]
            if np.isnan(window).any() and (set(np.sign(known).tolist()) in ({1.0}, {-1.0}, set())):
                raise SpcError("trend_over_gap", range(start, start + rule.points))


def targets(target: Any, x: NDArray[Any]) -> tuple[Floats, bool]:
    """The target at every point, and whether there is one: a number, or (start, value) pairs, the latest start wins."""
    if target is None:
        return np.full(len(x), np.nan), False
    if isinstance(target, int | float | np.number):
        return np.full(len(x), float(target)), True
    try:
        pairs = [(start, float(value)) for start, value in target]
        starts = keys([start for start, _ in pairs], len(pairs))[0]
        order = np.argsort(starts, kind="stable")
        place = np.searchsorted(starts[order], x, side="right") - 1 if pairs else np.full(len(x), -1)
    except (TypeError, ValueError):
        raise OptionError("target") from None
    values = np.array([value for _, value in pairs], dtype=np.float64)[order] if pairs else np.array([])
    found = np.array([values[i] if i >= 0 else np.nan for i in place.tolist()], dtype=np.float64)
    return found, bool(len(found)) and not math.isnan(found[-1])


def conclude(
    points: Subgroups,
    planned: Plan,
    drawn: list[Drawn],
    settings: Settings,
    *,
    chart: str,
    multiply: float,
    target: float | Sequence[tuple[Any, float]] | None,
) -> Result:
    """Put the phases together, scale them, and say what they mean."""
    if not (isinstance(multiply, int | float | np.number) and math.isfinite(multiply) and multiply > 0):
        raise OptionError("multiply")
    signals = tuple(signal for phase in drawn for signal in phase.signals)
    summaries = tuple(phase.summary for phase in drawn)
    value, centre = _joined([d.value for d in drawn]), _joined([d.centre for d in drawn])
    lower = {k: _joined([d.lower[k] for d in drawn]) * multiply for k in ZONE_SIGMAS}
    upper = {k: _joined([d.upper[k] for d in drawn]) * multiply for k in ZONE_SIGMAS}
    if not settings.negative_limits and not (value < 0).any():
        lower = {k: np.where(line < 0, 0.0, line) for k, line in lower.items()}
    wanted, has_target = targets(target, points.x)
    good = interpret.DIRECTIONS[settings.direction]
    reason, direction = _reasons(signals, value, planned, settings)
    kinds = interpret.point_types(signals, reason, direction, good, settings.conflict)
    icon, icon_at = _variation(value, planned, kinds, summaries, settings)
    assured = _assurance(wanted, lower[3], upper[3], settings) if has_target else None
    evidence = verdict.Evidence(
        points.x, value * multiply, planned.included, centre * multiply, lower[3], upper[3], wanted, kinds, reason,
        planned.phase, summaries, signals, good, assured,
    )  # fmt: skip
    return Result(
        chart=chart, x=points.x, value=value * multiply, denominator=points.denominator,
        size=points.size.astype(np.int64), phase=planned.phase, baseline=planned.baseline,
        included=planned.included, centre=centre * multiply, lcl=lower[3], lcl_2=lower[2], lcl_1=lower[1],
        ucl_1=upper[1], ucl_2=upper[2], ucl=upper[3], target=wanted, signals=signals, reason=reason,
        reason_direction=direction, point_type=kinds, phases=summaries, variation=icon, variation_at=icon_at,
        assurance=assured, verdict=verdict.give(evidence), notices=(*points.notices, *planned.notices),
        settings=MappingProxyType({**vars(settings), "multiply": multiply}),
    )  # fmt: skip


def _reasons(
    signals: tuple[Signal, ...], value: Floats, planned: Plan, settings: Settings
) -> tuple[NDArray[np.object_], Ints]:
    reason, direction = interpret.reasons(signals, rules_of(settings), len(value))
    if "trend_direction_by_next_point" in settings.quirks:
        in_trend = np.zeros(len(value), dtype=bool)
        in_trend[[place for signal in signals if signal.rule == "trend" for place in signal.points]] = True
        by_step = interpret.trend_by_next_point(value, planned.phase, in_trend)
        direction = np.where(reason == "trend", by_step, direction)
    return reason, direction


def _joined(parts: list[Floats]) -> Floats:
    return np.concatenate(parts) if parts else np.array([], dtype=np.float64)


def _variation(
    value: Floats,
    planned: Plan,
    kinds: NDArray[np.object_],
    phases: tuple[PhaseSummary, ...],
    settings: Settings,
) -> tuple[str | None, int | None]:
    """The variation icon, of the last point that has a value (the peer: of the last point), and where it was judged."""
    last = verdict.last_tested(value, planned.included)
    if "missing_last_is_common_cause" in settings.quirks:
        last = len(value) - 1 if len(value) else None
    if last is None:
        return None, None
    phase = phases[int(planned.phase[last])]
    if phase.stop - phase.start < settings.minimum_points or phase.censored:
        return None, None
    return interpret.variation(str(kinds[last]), interpret.DIRECTIONS[settings.direction]), last


def _assurance(target: Floats, lower: Floats, upper: Floats, settings: Settings) -> str | None:
    """The assurance icon, from the target and the limits of the last point."""
    if not len(target):
        return None
    return interpret.assurance(
        float(target[-1]),
        float(lower[-1]),
        float(upper[-1]),
        interpret.DIRECTIONS[settings.direction],
        inclusive=settings.inclusive_target,
        undefined_is_hit_and_miss="undefined_is_hit_and_miss" in settings.quirks,
    )
