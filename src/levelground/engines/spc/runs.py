"""Runs tests of one phase: Anhøj's rules with their boxes, and the count of runs of the IHI.

Sources: Schilling 2012 (longest run), Chen 2010 (crossings), Anhøj & Olesen 2014 (PLoS ONE 9:e113825), Anhøj &
Wentzel-Larsen 2020 (best box, cut box), Perla, Provost & Murray 2011 (count of runs).
"""

import math
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from scipy.special import bdtr

from .constants import Floats
from .prepare import Bools, Ints
from .tables import BOXES, RUN_COUNTS

METHODS = ("anhoej", "bestbox", "cutbox")


@dataclass(frozen=True)
class Runs:
    """Runs of useful points (known, included, not on the centre line) about the centre line of one phase.

    ``longest_max`` and ``crossings_min`` are Anhøj's limits, whichever method judged; ``longest_allowed`` is the limit
    that the method used. Counts are None where there is no useful point. ``too_long``, ``too_few``: which part of the
    test signals; ``corner``: only the cut corner of the box does. ``fewest_runs`` and ``most_runs`` are the limits of
    the IHI's table, None outside 10 to 60 useful points.
    """

    observations: int
    useful: int
    longest: int | None
    longest_max: int | None
    crossings: int | None
    crossings_min: int | None
    too_long: bool
    too_few: bool
    corner: bool
    fewest_runs: int | None = None
    most_runs: int | None = None
    longest_allowed: int = 0

    @property
    def signal(self) -> bool:
        """Whether the runs are not what chance gives."""
        return self.too_long or self.too_few or self.corner

    @property
    def count(self) -> int | None:
        """The number of runs."""
        return None if self.crossings is None else self.crossings + 1


def longest_run_max(useful: int) -> int:
    """Longest run that chance explains among ``useful`` points (1 or more): round(log2 n) + 3."""
    return round(math.log2(useful)) + 3


@lru_cache(maxsize=4096)
def crossings_min(useful: int) -> int:
    """Fewest crossings that chance explains: the smallest k with P(Bin(n - 1, 1/2) <= k) >= 0.05."""
    steps = max(useful - 1, 0)
    return int(np.searchsorted(bdtr(np.arange(steps + 1), steps, 0.5), 0.05))


def spans(sides: Ints) -> list[tuple[int, int]]:
    """(first, one past last) of every run of equal numbers."""
    if not len(sides):
        return []
    edges = np.flatnonzero(np.diff(sides)) + 1
    bounds = [0, *edges.tolist(), len(sides)]
    return list(pairwise(bounds))


def sides_of(value: Floats, centre: Floats) -> Ints:
    """+1 above the centre line, -1 below, 0 on it or where either is unknown."""
    return np.asarray(np.nan_to_num(np.sign(value - centre)), dtype=np.int64)


def analyse_runs(value: Floats, centre: Floats, included: Bools, method: str) -> Runs:
    """Runs of one phase, tested by Anhøj's rules, or by the best or cut box for 10 to 100 useful points."""
    sides = sides_of(value[included], centre[included])
    sides = sides[sides != 0]
    observations, useful = int(included.sum()), len(sides)
    if not useful:
        return Runs(observations, 0, None, None, None, None, False, False, False)
    lengths = [stop - start for start, stop in spans(sides)]
    longest, crossings = max(lengths), len(lengths) - 1
    too_long, too_few, corner = _judge(useful, longest, crossings, method)
    fewest, most = RUN_COUNTS.get(useful, (None, None))
    return Runs(
        observations, useful, longest, longest_run_max(useful), crossings, crossings_min(useful),
        too_long, too_few, corner, fewest, most, _longest_allowed(useful, method),
    )  # fmt: skip


def _longest_allowed(useful: int, method: str) -> int:
    box = BOXES.get(useful)
    if method == "anhoej" or box is None:
        return longest_run_max(useful)
    return box.best_run_max if method == "bestbox" else box.cut_run_max


def _judge(useful: int, longest: int, crossings: int, method: str) -> tuple[bool, bool, bool]:
    box, too_long = BOXES.get(useful), longest > _longest_allowed(useful, method)
    if method == "anhoej" or box is None:
        return too_long, crossings < crossings_min(useful), False
    if method == "bestbox":
        return too_long, crossings < box.best_crossings_min, False
    too_few = crossings < box.cut_crossings_min
    if too_long or too_few:
        return too_long, too_few, False
    corner = (crossings == box.cut_crossings_min and longest > box.cut_run_max_at_crossings_min) or (
        longest == box.cut_run_max and crossings < box.cut_crossings_min_at_run_max
    )
    return False, False, corner
