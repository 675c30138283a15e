"""Rule sets as data, and the tests that read them.

A rule is tested within one phase. A point without a value breaks every rule; excluded points are passed over. The order
of a set's rules is the order in which a point's reason is told. Sources: docs/methods/spc.md, "Rules".
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from .constants import Floats
from .prepare import Bools, Ints
from .runs import Runs, sides_of, spans


@dataclass(frozen=True)
class Rule:
    """One rule. ``kind`` names the test; the numbers are its own.

    kinds: ``beyond`` (a point beyond ``sigmas``), ``side`` (``points`` on one side of the centre; ``on_centre`` "break"
    or "skip"), ``trend`` (``points`` rising or falling; ``ties`` "break" or "skip"), ``zone`` (``points`` of ``window``
    beyond ``sigmas`` on one side), ``alternating``, ``hugging`` (within ``sigmas``), ``avoiding`` (outside ``sigmas``,
    on both sides), ``runs`` (Anhøj), ``run_count`` (IHI).
    Of a zone rule: ``all_one_side``: the whole window lies on one side; ``within_limits``: only points not beyond
    3 sigma count; ``ends_beyond``: the last point of the window must itself be beyond.
    """

    code: str
    kind: str
    points: int = 1
    window: int = 1
    sigmas: float = 3
    on_centre: str = "break"
    ties: str = "break"
    all_one_side: bool = False
    within_limits: bool = False
    ends_beyond: bool = False


@dataclass(frozen=True)
class Signal:
    """One rule seen in one stretch of the chart. Points are 0-based positions of the result.

    ``completes_at``: the first point at which the rule is fulfilled; ``completions``: every such point of the stretch;
    ``points``: those that the signal is about; ``direction``: 1 high or rising, -1 low or falling, 0 neither.
    """

    rule: str
    completes_at: int
    points: tuple[int, ...]
    direction: int
    completions: tuple[int, ...]
    phase: int = 0


OUTSIDE = Rule("outside_limits", "beyond", sigmas=3)


def _making_data_count(points: int = 7) -> tuple[Rule, ...]:
    return (
        OUTSIDE,
        Rule("trend", "trend", points=points),
        Rule("two_of_three", "zone", points=2, window=3, sigmas=2, all_one_side=True),
        Rule("shift", "side", points=points),
    )


def _older(rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """The two-in-three of before the end of 2023: a point outside the limits does not count."""
    return tuple(replace(rule, within_limits=True) if rule.code == "two_of_three" else rule for rule in rules)


_ZONES = (
    Rule("two_of_three", "zone", points=2, window=3, sigmas=2, ends_beyond=True),
    Rule("four_of_five", "zone", points=4, window=5, sigmas=1, ends_beyond=True),
)

RULE_SETS: Mapping[str, tuple[Rule, ...]] = MappingProxyType(
    {
        "none": (),
        "shewhart": (OUTSIDE,),
        "making_data_count": _making_data_count(7),
        "making_data_count_6": _making_data_count(6),
        "making_data_count_2019": _older(_making_data_count(7)),
        "making_data_count_2019_6": _older(_making_data_count(6)),
        "anhoej": (OUTSIDE, Rule("runs", "runs")),
        "western_electric": (OUTSIDE, *_ZONES, Rule("shift", "side", points=8)),
        "nelson": (
            OUTSIDE,
            Rule("shift", "side", points=9),
            Rule("trend", "trend", points=6),
            Rule("alternating", "alternating", points=14),
            *_ZONES,
            Rule("hugging", "hugging", points=15, sigmas=1),
            Rule("avoiding", "avoiding", points=8, sigmas=1),
        ),
        "ihi": (
            Rule("shift", "side", points=6, on_centre="skip"),
            Rule("trend", "trend", points=5, ties="skip"),
            Rule("run_count", "run_count"),
        ),
        "wheeler": (
            OUTSIDE,
            Rule("shift", "side", points=8),
            # Nearer a limit than the centre is beyond one and a half sigma.
            Rule("three_of_four", "zone", points=3, window=4, sigmas=1.5, ends_beyond=True),
        ),
    }
)

ZONE_SIGMAS = (1, 1.5, 2, 3)


@dataclass(frozen=True, eq=False)
class Field:
    """What the rules look at: the points of a phase that are tested, and the lines at 1, 1.5, 2 and 3 sigma.

    ``lower`` and ``upper`` map sigmas to lines; ``runs`` is the runs analysis of the phase, if the chart has one.
    """

    position: Ints
    value: Floats
    centre: Floats
    lower: Mapping[float, Floats]
    upper: Mapping[float, Floats]
    runs: Runs | None = None

    def only(self, kept: Bools) -> "Field":
        return Field(
            self.position[kept],
            self.value[kept],
            self.centre[kept],
            {k: line[kept] for k, line in self.lower.items()},
            {k: line[kept] for k, line in self.upper.items()},
            self.runs,
        )

    def beyond(self, sigmas: float) -> Ints:
        """+1 above the upper line, -1 below the lower, 0 between, on a line, or where a number is missing."""
        high, low = self.value > self.upper[sigmas], self.value < self.lower[sigmas]
        return high.astype(np.int64) - low.astype(np.int64)


# A window: where it completes, which of the field's points it is about, its direction.
Window = tuple[int, list[int], int]


def _beyond(field: Field, rule: Rule) -> Iterator[Window]:
    for place, side in enumerate(field.beyond(rule.sigmas).tolist()):
        if side:
            yield place, [place], side


def _side(field: Field, rule: Rule) -> Iterator[Window]:
    yield from _steady(sides_of(field.value, field.centre), rule.points)


def _steady(sides: Ints, points: int) -> Iterator[Window]:
    """Every window of ``points`` equal signs."""
    for start, stop in spans(sides):
        if sides[start]:
            for end in range(start + points, stop + 1):
                yield end - 1, list(range(end - points, end)), int(sides[start])


def steps_of(value: Floats) -> Ints:
    """The sign of the step to each point from the one before; 0 for a tie, a gap and the first step."""
    return np.asarray(np.nan_to_num(np.sign(np.diff(value))), dtype=np.int64)


def _trend(field: Field, rule: Rule) -> Iterator[Window]:
    for end, _, side in _steady(steps_of(field.value), rule.points - 1):
        yield end + 1, list(range(end + 2 - rule.points, end + 2)), side


def _alternating(field: Field, rule: Rule) -> Iterator[Window]:
    steps = steps_of(field.value)
    turned = (steps[1:] * steps[:-1] == -1).astype(np.int64)
    for end, _, _ in _steady(turned, rule.points - 2):
        yield end + 2, list(range(end + 3 - rule.points, end + 3)), 0


def _zone(field: Field, rule: Rule) -> Iterator[Window]:
    beyond, sides = field.beyond(rule.sigmas), sides_of(field.value, field.centre)
    if rule.within_limits:
        outside = field.beyond(3)
        known = ~np.isnan(field.upper[3]) & ~np.isnan(field.lower[3])
        beyond = np.where((outside == 0) & known, beyond, 0)
    gap = np.isnan(field.value)
    if len(beyond) < rule.window:
        return
    for side in (1, -1):
        marked = beyond == side
        fires = sliding_window_view(marked, rule.window).sum(axis=1) >= rule.points
        fires &= ~sliding_window_view(gap, rule.window).any(axis=1)
        if rule.all_one_side:
            fires &= sliding_window_view(sides == side, rule.window).all(axis=1)
        if rule.ends_beyond:
            fires &= marked[rule.window - 1 :]
        for start in np.flatnonzero(fires).tolist():
            window = range(start, start + rule.window)
            yield start + rule.window - 1, [place for place in window if marked[place]], side


def _hugging(field: Field, rule: Rule) -> Iterator[Window]:
    within = (field.value <= field.upper[rule.sigmas]) & (field.value >= field.lower[rule.sigmas])
    for end, places, _ in _steady(within.astype(np.int64), rule.points):
        yield end, places, 0


def _avoiding(field: Field, rule: Rule) -> Iterator[Window]:
    beyond = field.beyond(rule.sigmas)
    for end, places, _ in _steady(np.abs(beyond), rule.points):
        if len(set(beyond[places].tolist())) > 1:
            yield end, places, 0


def _runs(field: Field, rule: Rule) -> Iterator[Window]:
    """Each run that is too long; too few crossings, or the box's cut corner, of the phase as a whole."""
    runs = field.runs
    if runs is None or not runs.useful:
        return
    sides = sides_of(field.value, field.centre)
    useful = np.flatnonzero(sides)
    for start, stop in spans(sides[useful]):
        if runs.too_long and stop - start > runs.longest_allowed:
            places = useful[start:stop].tolist()
            yield places[runs.longest_allowed], places, int(sides[useful[start]])
    if runs.too_few or runs.corner:
        yield int(useful[-1]), useful.tolist(), 0


def _run_count(field: Field, rule: Rule) -> Iterator[Window]:
    runs = field.runs
    if runs is None or runs.count is None or runs.fewest_runs is None or runs.most_runs is None:
        return
    if not runs.fewest_runs <= runs.count <= runs.most_runs:
        useful = np.flatnonzero(sides_of(field.value, field.centre)).tolist()
        yield useful[-1], useful, 0


TESTS: dict[str, Callable[[Field, Rule], Iterator[Window]]] = {
    "beyond": _beyond, "side": _side, "trend": _trend, "zone": _zone, "alternating": _alternating,
    "hugging": _hugging, "avoiding": _avoiding, "runs": _runs, "run_count": _run_count,
}  # fmt: skip


def signals_of(field: Field, rules: tuple[Rule, ...], phase: int = 0) -> list[Signal]:
    """Every signal of one phase, in the order of the rules and then of the points."""
    found: list[Signal] = []
    for rule in rules:
        looked_at = _passed_over(field, rule)
        windows = sorted(TESTS[rule.kind](looked_at, rule), key=lambda window: window[0])
        found += _merged(windows, rule.code, looked_at.position, phase)
    return found


def _passed_over(field: Field, rule: Rule) -> Field:
    """The field without the points that the rule neither counts nor is broken by."""
    if rule.on_centre == "skip":
        return field.only(np.isnan(field.value) | (sides_of(field.value, field.centre) != 0))
    if rule.ties == "skip":
        tied = np.zeros(len(field.value), dtype=bool)
        tied[1:] = field.value[1:] == field.value[:-1]
        return field.only(~tied)
    return field


def _merged(windows: list[Window], code: str, position: Ints, phase: int) -> list[Signal]:
    """Windows of one direction that share a point are one signal."""
    open_: dict[int, tuple[list[int], set[int]]] = {}
    closed: list[tuple[list[int], set[int], int]] = []
    for end, places, side in windows:
        ends, held = open_.get(side, ([], set()))
        if ends and held.isdisjoint(places):
            closed.append((ends, held, side))
            ends, held = [], set()
        open_[side] = ([*ends, end], held | set(places))
    closed += [(ends, held, side) for side, (ends, held) in open_.items()]
    closed.sort(key=lambda entry: (entry[0][0], min(entry[1])))
    signals = []
    for ends, held, side in closed:
        completions = tuple(int(position[end]) for end in ends)
        points = tuple(int(position[place]) for place in sorted(held))
        signals.append(Signal(code, completions[0], points, side, completions, phase))
    return signals
