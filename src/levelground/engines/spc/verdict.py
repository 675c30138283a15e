"""The verdict: what the chart says now, since when, how sure, and what to do next. Codes only; words are `charts`'.

Source: docs/methods/spc.md, "Verdict"; Provost & Murray 2011 (20 to 30 points for firm limits), Making Data Count (12).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .constants import Floats
from .interpret import kind_of
from .prepare import Bools, Ints
from .results import PhaseSummary, Verdict
from .rules import Signal

ENOUGH_TO_JUDGE = 10  # known points in the phase; below, points only
ENOUGH_FOR_LIMITS = 13
ENOUGH_TO_BE_FIRM = 20

LASTING = ("shift", "trend", "runs")  # rules that tell more than single points near a limit do

STATUS = {
    "improvement": "improvement", "concern": "concern", "neutral_high": "changed_high", "neutral_low": "changed_low",
    "pattern": "pattern",
}  # fmt: skip
NEXT_STEP = {
    "no_data": "add_points", "withheld": "look_wider", "too_few": "add_points", "stable": "keep_watching",
    "earlier_signal": "keep_watching",
    "improvement": "keep_it", "concern": "find_out_why", "changed_high": "ask_what_changed",
    "changed_low": "ask_what_changed", "pattern": "look_for_pattern",
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Evidence:
    """What the verdict is made of; arrays have one entry per point."""

    x: NDArray[Any]
    value: Floats
    included: Bools
    centre: Floats
    lower: Floats
    upper: Floats
    target: Floats
    point_type: NDArray[np.object_]
    reason: NDArray[np.object_]
    phase: Ints
    phases: tuple[PhaseSummary, ...]
    signals: Sequence[Signal]
    good: int
    assurance: str | None


def last_tested(value: Floats, included: Bools) -> int | None:
    """Position of the last point that has a value and is not excluded."""
    places = np.flatnonzero(~np.isnan(value) & included)
    return int(places[-1]) if len(places) else None


def give(evidence: Evidence) -> Verdict:
    """The verdict on the last phase that has a value, judged at its last tested point."""
    last = last_tested(evidence.value, evidence.included)
    if last is None:
        status = "withheld" if any(phase.withheld for phase in evidence.phases) else "no_data"
        return Verdict(status, None, (), None, None, None, "weak", NEXT_STEP[status], _numbers(evidence, None, None))
    phase = evidence.phases[int(evidence.phase[last])]
    here = [s for s in evidence.signals if s.phase == evidence.phase[last]]
    now = [s for s in here if last in s.points]
    signal = _carrying(now, evidence, last)
    status = _status(signal, here, phase, evidence, last)
    if status in {"withheld", "too_few", "stable"}:
        signal = None
    elif status == "earlier_signal":
        signal = max(here, key=lambda s: s.points[-1])
    first = signal.points[0] if signal else None
    return Verdict(
        status=status,
        rule=signal.rule if signal else None,
        rules=tuple(dict.fromkeys(s.rule for s in now)) if status != "too_few" else (),
        since=None if first is None else evidence.x[first],
        since_position=first,
        until=None if signal is None else evidence.x[signal.points[-1]],
        sureness=_sureness(phase),
        next_step=_next_step(status, evidence.assurance),
        numbers=_numbers(evidence, last, signal),
        phase=int(evidence.phase[last]),
    )


def _carrying(now: list[Signal], evidence: Evidence, last: int) -> Signal | None:
    """Of the signals on the last point, those of its type; the oldest tells since when, of two a lasting one."""
    if not now:
        return None
    wanted = evidence.point_type[last]
    fitting = [s for s in now if kind_of(s.direction, evidence.good) == wanted]
    return min(fitting or now, key=lambda s: (s.points[0], s.rule not in LASTING))


def _status(signal: Signal | None, here: list[Signal], phase: PhaseSummary, evidence: Evidence, last: int) -> str:
    if phase.censored:
        return "withheld"
    if phase.tested < ENOUGH_TO_JUDGE or math.isnan(evidence.centre[last]):
        return "too_few"
    if signal is not None:
        return STATUS[kind_of(signal.direction, evidence.good)]
    return "earlier_signal" if here else "stable"


def _sureness(phase: PhaseSummary) -> str:
    if phase.in_baseline < ENOUGH_FOR_LIMITS:
        return "weak"
    return "firm" if phase.in_baseline >= ENOUGH_TO_BE_FIRM else "provisional"


def _next_step(status: str, assurance: str | None) -> str:
    """A steady process that cannot meet its target will not do so by watching it."""
    if status in {"stable", "earlier_signal"} and assurance == "consistent_fail":
        return "redesign"
    return NEXT_STEP[status]


def _numbers(evidence: Evidence, last: int | None, signal: Signal | None) -> Mapping[str, float]:
    def at(line: Floats) -> float:
        return math.nan if last is None else float(line[last])

    tested = evidence.phases[int(evidence.phase[last])].tested if last is not None else 0
    return MappingProxyType(
        {
            "latest": at(evidence.value),
            "points": float(np.count_nonzero(~np.isnan(evidence.value))),
            "tested": float(tested),
            "centre": at(evidence.centre),
            "lcl": at(evidence.lower),
            "ucl": at(evidence.upper),
            "target": at(evidence.target),
            "signals": float(len(evidence.signals)),
            "in_signal": float(len(signal.points)) if signal else 0.0,
        }
    )
