"""Sums and means of many columns at once that are those of ``math.fsum`` to the last bit.

Source: Knuth's TwoSum in a cascade (Ogita, Rump & Oishi 2005, "Accurate sum and dot product"): what an addition loses
is added up beside the sum. Mostly that settles the last bit. Where it does not, the column is summed again with a watch
on whether the losses themselves add up without loss; where they do not, fsum itself decides.
"""

import contextlib
import math

import numpy as np
from numpy.typing import NDArray

from levelground.engines.spc.constants import Floats
from levelground.engines.spc.prepare import exact_mean

Bools = NDArray[np.bool_]

UNIT = 2.0**-53  # of rounding


class _Sum:
    """Running sums of shape (series,), of ``rows`` numbers that are no larger than ``largest``."""

    def __init__(self, series: int, rows: int, largest: float, watch: bool) -> None:
        self.high, self.low = np.zeros(series), np.zeros(series)
        self.spare = [np.empty(series) for _ in range(4)]
        self.lost = np.zeros(series, dtype=bool) if watch else None
        # The losses are below rows × UNIT × (rows × largest) together; adding them up loses less than the rows-fold
        # UNIT of that. Four times it, so that our own rounding does not matter.
        self.unknown = 0.0 if watch else 4 * (rows * UNIT) ** 2 * rows * largest

    def add(self, row: Floats) -> None:
        total, loss, rest, spare = self.spare
        _two_sum(self.high, row, total, loss, spare)
        self.high, self.spare[0] = total, self.high
        if self.lost is None:
            self.low += loss
        else:
            total = self.spare[0]
            _two_sum(self.low, loss, total, rest, spare)
            self.low, self.spare[0] = total, self.low
            self.lost |= rest != 0

    def between(self) -> tuple[Floats, Floats]:
        """The least and the most that the rounded sum can be: mostly one number. NaN where nothing is sure."""
        least, most = self.high + (self.low - self.unknown), self.high + (self.low + self.unknown)
        return least, most if self.lost is None else np.where(self.lost, math.nan, most)


def _two_sum(a: Floats, b: Floats, total: Floats, loss: Floats, spare: Floats) -> None:
    """total + loss = a + b, exactly."""
    np.add(a, b, out=total)
    np.subtract(total, a, out=spare)  # what of b arrived
    np.subtract(total, spare, out=loss)  # what of a arrived
    np.subtract(a, loss, out=loss)
    np.subtract(b, spare, out=spare)
    np.add(loss, spare, out=loss)


def _unsure(least: Floats, most: Floats) -> Bools:
    return np.asarray((least != most) | ~np.isfinite(most))


def _largest(values: Floats) -> float:
    return max(float(values.max(initial=0)), -float(values.min(initial=0)))


def _sums(values: Floats, watch: bool) -> tuple[Floats, Bools]:
    """Sums, and where they are not sure."""
    running = _Sum(values.shape[1], len(values), _largest(values), watch)
    for row in values:
        running.add(row)
    found, most = running.between()
    return found, _unsure(found, most)


def exact_sums(values: Floats) -> Floats:
    """``math.fsum`` of each column of ``values``, shape (points, series); no NaN among them."""
    found, unsure = _sums(values, watch=False)
    if unsure.any():
        again = np.flatnonzero(unsure)
        found[again], still = _sums(values[:, again], watch=True)
        for column in again[still].tolist():
            with contextlib.suppress(OverflowError, ValueError):  # beyond the largest float the plain sum stays
                found[column] = math.fsum(values[:, column].tolist())
    return found


def _means(values: Floats, used: Bools | None, count: Floats, watch: bool) -> tuple[Floats, Bools]:
    """``exact_mean`` step by step (``values`` are 0 where not ``used``), and where it is not sure."""
    rows, series = values.shape
    total, unsure = _sums(values, watch)
    first = total / count
    running, rest = _Sum(series, rows, 3 * _largest(values), watch), np.empty(series)
    for place, row in enumerate(values):
        np.subtract(row, first, out=rest)
        if used is not None:
            np.copyto(rest, 0.0, where=~used[place])
        running.add(rest)
    found, most = (first + correction / count for correction in running.between())
    return np.where(count > 0, found, math.nan), (unsure | _unsure(found, most)) & (count > 0)


def exact_means(values: Floats, used: Bools | None = None) -> Floats:
    """``exact_mean`` of each column of ``values``, shape (points, series), over ``used`` (None: all); NaN of none."""
    rows, series = values.shape
    count = np.full(series, float(rows)) if used is None else np.count_nonzero(used, axis=0).astype(np.float64)
    if used is not None:
        values = np.where(used, values, 0.0)
    found, unsure = _means(values, used, count, watch=False)
    if unsure.any():
        again = np.flatnonzero(unsure)
        narrow = None if used is None else used[:, again]
        found[again], still = _means(values[:, again], narrow, count[again], watch=True)
        for column in again[still].tolist():
            held = values[:, column] if used is None else values[used[:, column], column]
            found[column] = exact_mean(held.tolist())
    return found
