"""Sums and means of many columns at once that are those of ``math.fsum`` to the last bit.

Source: Knuth's TwoSum and its cascade (Ogita, Rump & Oishi 2005, "Accurate sum and dot product"). Two sums per column
hold the exact total as long as the second loses nothing, which is watched; a column where it does is summed by fsum.
"""

import contextlib
import math

import numpy as np
from numpy.typing import NDArray

from levelground.engines.spc.constants import Floats
from levelground.engines.spc.prepare import exact_mean

Bools = NDArray[np.bool_]


class _Sum:
    """Running exact sums of shape (series,)."""

    def __init__(self, series: int) -> None:
        self.high, self.low = np.zeros(series), np.zeros(series)
        self.spare = [np.empty(series) for _ in range(4)]
        self.lost = np.zeros(series, dtype=bool)

    def add(self, row: Floats) -> None:
        total, error, parts, rest = self.spare
        _two_sum(self.high, row, total, error, parts)
        self.high, self.spare[0] = total, self.high
        total = self.spare[0]
        _two_sum(self.low, error, total, rest, parts)
        self.low, self.spare[0] = total, self.low
        self.lost |= rest != 0

    def total(self) -> tuple[Floats, Bools]:
        """The sums, and where they may not be exact (NaN and infinity too)."""
        found = self.high + self.low
        return found, self.lost | ~np.isfinite(found)


def _two_sum(a: Floats, b: Floats, total: Floats, error: Floats, spare: Floats) -> None:
    """total + error = a + b, exactly."""
    np.add(a, b, out=total)
    np.subtract(total, a, out=spare)  # what of b arrived
    np.subtract(total, spare, out=error)  # what of a arrived
    np.subtract(a, error, out=error)
    np.subtract(b, spare, out=spare)
    np.add(error, spare, out=error)


def exact_sums(values: Floats) -> Floats:
    """``math.fsum`` of each column of ``values``, shape (points, series); no NaN among them."""
    running = _Sum(values.shape[1])
    for row in values:
        running.add(row)
    found, doubtful = running.total()
    for column in np.flatnonzero(doubtful).tolist():
        with contextlib.suppress(OverflowError, ValueError):  # beyond the largest float: what the plain sum gives stays
            found[column] = math.fsum(values[:, column].tolist())
    return found


def exact_means(values: Floats, used: Bools | None = None) -> Floats:
    """``exact_mean`` of each column of ``values``, shape (points, series), over ``used`` (None: all); NaN of none."""
    series = values.shape[1]
    count = np.full(series, float(len(values))) if used is None else np.count_nonzero(used, axis=0).astype(np.float64)
    if used is not None:
        values = np.where(used, values, 0.0)
    running = _Sum(series)
    for row in values:
        running.add(row)
    total, doubtful = running.total()
    first = total / count
    running, rest = _Sum(series), np.empty(series)
    for place, row in enumerate(values):
        np.subtract(row, first, out=rest)
        if used is not None:
            np.copyto(rest, 0.0, where=~used[place])
        running.add(rest)
    correction, also_doubtful = running.total()
    found = first + correction / count
    for column in np.flatnonzero((doubtful | also_doubtful) & (count > 0)).tolist():
        held = values[:, column] if used is None else values[used[:, column], column]
        found[column] = exact_mean(held.tolist())
    return found
