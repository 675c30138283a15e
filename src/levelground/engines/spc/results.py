"""What an analysis gives back: frozen dataclasses of NumPy arrays and codes, no words and nothing drawn."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .constants import Floats
from .prepare import Bools, Ints, Notice
from .rules import Signal
from .runs import Runs

MOST_WITHHELD = 0.25  # share of a phase's points


@dataclass(frozen=True)
class PhaseSummary:
    """One phase: points ``start`` up to, not including, ``stop``.

    ``known``: points with a value; ``tested``: of those, the ones not excluded; ``in_baseline``: of those, the ones
    that gave centre and limits; ``short``: fewer than 13 points (with or without a value), so limits are weak.
    ``withheld``: points whose value is not given because it is small.
    """

    start: int
    stop: int
    known: int
    tested: int
    in_baseline: int
    short: bool
    runs: Runs | None
    withheld: int = 0

    @property
    def censored(self) -> bool:
        """So much is withheld that what is left would mislead: what is small is missing, not what happens to be."""
        return self.withheld > MOST_WITHHELD * (self.known + self.withheld)


@dataclass(frozen=True)
class Verdict:
    """What the chart says, as codes and numbers that the ``charts`` layer turns into words.

    ``status``: no_data, withheld, too_few, stable, earlier_signal, improvement, concern, changed_high, changed_low,
    pattern.
    ``rule``: code of the rule that carries it, ``rules``: all that hold now. ``since`` and ``until``: x of the first
    and last point of that signal, ``since_position``: the first one's position. ``sureness``: weak, provisional, firm.
    ``next_step``: add_points, look_wider, keep_watching, keep_it, find_out_why, ask_what_changed, redesign,
    look_for_pattern.
    ``numbers``: latest, points, tested, centre, lcl, ucl, target, signals, in_signal (points of the signal); NaN where
    unknown. ``phase``: number of the phase that was judged, the last with a tested point.
    """

    status: str
    rule: str | None
    rules: tuple[str, ...]
    since: Any
    since_position: int | None
    until: Any
    sureness: str
    next_step: str
    numbers: Mapping[str, float]
    phase: int | None = None


@dataclass(frozen=True, eq=False)
class Result:
    """One series, analysed. Every array has one entry per point (subgroup) in order of x; NaN is "none here".

    ``value``, ``centre``, the limits and ``target`` are in the units of the chart (multiplied by ``multiply``, the
    target excepted, which is given in them). ``lcl``/``ucl`` stand at 3 sigma, ``_2`` and ``_1`` at 2 and 1.
    ``denominator``: sum of denominators; ``size``: number of values. ``phase``: 0, 1, 2 …; ``baseline``: whether the
    point lies in the stretch that gives centre and limits; ``included``: False for excluded points.
    ``signals``: all, several on one point too. ``reason``: per point, the code of the first rule of the set that holds,
    or ""; ``reason_direction``: its direction. ``point_type``: common_cause, improvement, concern, neutral_high,
    neutral_low. ``variation``: icon of the chart (as point_type, with _high or _low), judged at ``variation_at``.
    ``assurance``: consistent_pass, consistent_fail, inconsistent, or None where it cannot be said.
    ``settings``: the arguments as they were used, defaults filled in: what a caption has to tell.
    """

    chart: str
    x: NDArray[Any]
    value: Floats
    denominator: Floats
    size: Ints
    phase: Ints
    baseline: Bools
    included: Bools
    centre: Floats
    lcl: Floats
    lcl_2: Floats
    lcl_1: Floats
    ucl_1: Floats
    ucl_2: Floats
    ucl: Floats
    target: Floats
    signals: tuple[Signal, ...]
    reason: NDArray[np.object_]
    reason_direction: Ints
    point_type: NDArray[np.object_]
    phases: tuple[PhaseSummary, ...]
    variation: str | None
    variation_at: int | None
    assurance: str | None
    verdict: Verdict
    notices: tuple[Notice, ...]
    settings: Mapping[str, Any]

    def __post_init__(self) -> None:
        for array in vars(self).values():
            if isinstance(array, np.ndarray):
                array.flags.writeable = False

    def __len__(self) -> int:
        return len(self.x)

    def signals_at(self, position: int) -> tuple[Signal, ...]:
        """Every signal that the point at ``position`` is part of."""
        return tuple(signal for signal in self.signals if position in signal.points)
