"""Rows → subgroups: check what was given, sort it, pool what shares an x.

Source: docs/methods/spc.md, "From rows to points". All positions in errors are 0-based rows of the input.
"""

import datetime
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .constants import Floats
from .errors import ImpossibleValueError, LengthError, NumberError, OptionError, OrderError

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

NEEDS_DENOMINATORS = {"p", "pp", "u", "up"}
COUNTS = {"p", "pp", "c", "u", "up", "g"}
WITHOUT_DENOMINATORS = {"c", "xbar", "s"}
LARGEST = 1e150


@dataclass(frozen=True)
class Notice:
    """Something the reader of a chart should know: a code, and the positions (rows or points) that it is about."""

    code: str
    positions: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False)
class Rows:
    """The checked input, one entry per row: sort key, x as given, values, denominators (NaN where missing), labels."""

    key: NDArray[Any]
    value: Floats
    denominator: Floats | None
    label: NDArray[Any] | None
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, eq=False)
class Subgroups:
    """One entry per point of the chart, in order of x.

    ``value``: what is plotted before a chart changes it; ``total``: sum of the values; ``denominator``: sum of the
    denominators (NaN without any); ``size``: number of values that are not missing; ``mean``, ``sd``: of those values.
    """

    x: NDArray[Any]
    value: Floats
    total: Floats
    denominator: Floats
    size: Floats
    mean: Floats
    sd: Floats
    label: NDArray[Any] | None
    notices: tuple[Notice, ...] = ()

    def __len__(self) -> int:
        return len(self.x)


def exact_mean(values: Iterable[float]) -> float:
    """Mean that does not depend on the order and gives back a constant series' value to the last bit; NaN of none.

    A mean that is off by one unit in the last place would put every point of a constant series on one side of it.
    """
    listed = [float(value) for value in values]
    if not listed:
        return math.nan
    try:
        first = math.fsum(listed) / len(listed)
        if math.isinf(first):
            return first
        return first + math.fsum(value - first for value in listed) / len(listed)
    except (OverflowError, ValueError):  # infinities of both signs, or a sum beyond the largest float
        with np.errstate(all="ignore"):
            return float(np.mean(listed))


def sample_sd(values: Iterable[float]) -> float:
    """Standard deviation with n - 1; NaN for fewer than two values."""
    listed = [float(value) for value in values]
    if len(listed) < 2:
        return math.nan
    centre = exact_mean(listed)
    return math.sqrt(math.fsum((value - centre) ** 2 for value in listed) / (len(listed) - 1))


AGGREGATES: dict[str, Callable[[Floats], float]] = {
    "mean": exact_mean,
    "median": lambda values: float(np.median(values)),
    "sum": math.fsum,
    "sd": sample_sd,
}


def known_mean(values: Floats) -> float:
    """``exact_mean`` of the values that are not missing."""
    return exact_mean(values[~np.isnan(values)])


def numbers(given: Any, name: str) -> Floats:
    """One-dimensional float array of ``given``; None and masked entries become NaN."""
    if isinstance(given, np.ma.MaskedArray):
        given = np.ma.filled(given.astype(np.float64), np.nan)
    try:
        array = np.array(given, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        wrong = [place for place, value in enumerate(given) if not _is_number(value)] if _is_list(given) else []
        raise NumberError("not_numeric", wrong) from None
    if array.ndim != 1:
        raise OptionError(f"{name}_not_one_dimensional")
    return array


def _is_list(given: Any) -> bool:
    return isinstance(given, Sequence | np.ndarray) and not isinstance(given, str)


def _is_number(value: Any) -> bool:
    try:
        return value is None or isinstance(float(value), float)
    except (TypeError, ValueError, OverflowError):
        return False


def keys(x: Any, length: int) -> tuple[NDArray[Any], bool]:
    """Sort keys of ``x`` (numbers or dates; 0, 1, 2 … for None), and whether x is words, that is categorical."""
    if x is None:
        return np.arange(length), False
    if _is_list(x) and len({isinstance(value, str) for value in x}) > 1:
        raise OrderError("x_type")  # NumPy would make words of the numbers among words
    array = np.asarray(x)
    if array.ndim != 1:
        raise OptionError("x_not_one_dimensional")
    if array.dtype.kind == "O":
        array = _typed(array)
    if array.dtype.kind in "iuf" or array.dtype.kind == "M":
        return array, False
    if array.dtype.kind == "U":
        return array, True
    raise OrderError("x_type")


def _typed(array: NDArray[Any]) -> NDArray[Any]:
    """An object array of dates, moments, numbers or words (with None for a missing one) as an array of their type."""
    known = [value for value in array if value is not None]
    moments = any(isinstance(value, datetime.datetime) for value in known)
    if any(getattr(value, "tzinfo", None) for value in known):
        raise OrderError("x_type")  # NumPy's moments have no time zone; the caller chooses one
    if known and all(isinstance(value, datetime.date | np.datetime64) for value in known):
        unit = "us" if moments else "D"
        try:
            return np.array([np.datetime64("NaT") if v is None else v for v in array], dtype=f"datetime64[{unit}]")
        except (TypeError, ValueError):
            raise OrderError("x_type") from None
    if all(isinstance(value, str) for value in known) and len(known) == len(array):
        return array.astype(str)
    try:
        return np.array([np.nan if value is None else value for value in array], dtype=np.float64)
    except (TypeError, ValueError):
        raise OrderError("x_type") from None


def check_rows(values: Any, denominators: Any, x: Any, labels: Any, *, chart: str, invalid: str) -> tuple[Rows, bool]:
    """The rows as arrays, without those that have no x, refused or emptied where the chart cannot hold them.

    ``invalid``: "error" refuses impossible values, "gap" treats them as missing and notes where, "accept" takes them.
    Second result: whether x is categorical. Raises LengthError, NumberError, ImpossibleValueError, OptionError.
    """
    value = numbers(values, "values")
    denominator = None if denominators is None else numbers(denominators, "denominators")
    key, categorical = keys(x, len(value))
    label = None if labels is None else np.array(labels, dtype=object)
    for other in (key, denominator, label):
        if other is not None and len(other) != len(value):
            raise LengthError("different_lengths")
    if denominator is None and chart in NEEDS_DENOMINATORS:
        raise OptionError("denominators_needed")
    rows = Rows(key, value, denominator, label)
    rows = _without_infinite(rows, invalid)
    for code, wrong in _impossible(rows, chart).items():
        # Nobody takes the root of a time of zero or less; the peers refuse it too.
        rows = _settle(rows, code, wrong, "error" if code == "not_above_zero" and invalid == "accept" else invalid)
    if denominator is not None and chart in WITHOUT_DENOMINATORS:
        rows = replace(rows, notices=(*rows.notices, Notice("denominators_ignored")))
    return _without_missing(rows), categorical


def _without_infinite(rows: Rows, invalid: str) -> Rows:
    for code, test in (("not_finite", np.isinf), ("too_large", too_large)):
        wrong = test(rows.value)
        if rows.denominator is not None:
            wrong = wrong | test(rows.denominator)
        if wrong.any() and invalid == "error":
            raise NumberError(code, np.flatnonzero(wrong))
        rows = _settle(rows, code, wrong, "gap")
    return rows


def too_large(values: Floats) -> Bools:
    """Numbers whose squares, or sums of squares, would be beyond the largest float."""
    return np.asarray(np.abs(values) > LARGEST)


def _impossible(rows: Rows, chart: str) -> dict[str, Bools]:
    """For each code, the rows that the chart cannot hold. Missing numbers compare as False."""
    value, denominator = rows.value, rows.denominator
    found: dict[str, Bools] = {}
    if chart in COUNTS:
        found["negative_count"] = value < 0
    if chart == "t":
        found["not_above_zero"] = value <= 0
    if denominator is not None and chart not in WITHOUT_DENOMINATORS:
        found["negative_denominator"] = denominator < 0
        found["events_without_denominator"] = (denominator == 0) & (value != 0) & ~np.isnan(value)
        if chart in {"p", "pp"}:
            found["more_than_denominator"] = (value > denominator) & (denominator > 0)
    return found


def _settle(rows: Rows, code: str, wrong: Bools, invalid: str) -> Rows:
    if not wrong.any() or invalid == "accept":
        return rows
    places = tuple(np.flatnonzero(wrong).tolist())
    if invalid == "error":
        raise ImpossibleValueError(code, places)
    return replace(
        rows,
        value=np.where(wrong, np.nan, rows.value),
        denominator=None if rows.denominator is None else np.where(wrong, np.nan, rows.denominator),
        notices=(*rows.notices, Notice(code, places)),
    )


def _without_missing(rows: Rows) -> Rows:
    """Rows without an x are left out; a row with half of its fraction missing is missing in both."""
    value, denominator = rows.value, rows.denominator
    if denominator is not None:
        gap = np.isnan(value) | np.isnan(denominator)
        value, denominator = np.where(gap, np.nan, value), np.where(gap, np.nan, denominator)
    lost = np.isnat(rows.key) if rows.key.dtype.kind == "M" else np.zeros(len(value), dtype=bool)
    if rows.key.dtype.kind == "f":
        lost = np.isnan(rows.key)
    notices = rows.notices
    if lost.any():
        notices = (*notices, Notice("rows_without_x_dropped", tuple(np.flatnonzero(lost).tolist())))
    return Rows(
        rows.key[~lost],
        value[~lost],
        None if denominator is None else denominator[~lost],
        None if rows.label is None else rows.label[~lost],
        notices,
    )


def pool(rows: Rows, *, chart: str, aggregate: str, order: str, repeats: str, zero_for_nothing: bool) -> Subgroups:
    """Sort the rows by x and make one subgroup of all that share it.

    ``order``: "sort" or "error"; ``repeats``: "pool" or "error". ``zero_for_nothing``: a sum over nothing but missing
    values is 0, as in qicharts2, instead of missing. Raises OrderError.
    """
    key, notices = rows.key, list(rows.notices)
    ranked = np.argsort(key, kind="stable")
    falls = np.flatnonzero(key[1:] < key[:-1]) + 1 if len(key) > 1 else np.array([], dtype=np.int64)
    if len(falls):
        if order == "error":
            raise OrderError("unsorted", falls)
        notices.append(Notice("sorted"))
    key = key[ranked]
    first = np.ones(len(key), dtype=bool)
    first[1:] = key[1:] != key[:-1]
    if not first.all() and chart not in {"xbar", "s"}:
        places = np.sort(ranked[~first])
        if repeats == "error":
            raise OrderError("repeated", places)
        notices.append(Notice("pooled", tuple(places.tolist())))
    starts = np.flatnonzero(first)
    label = None if rows.label is None else rows.label[ranked][starts]
    denominator = None if rows.denominator is None else rows.denominator[ranked]
    groups = _Groups(rows.value[ranked], denominator, starts, len(key))
    value, total, shares, size, mean, sd = groups.columns(chart, aggregate, zero_for_nothing)
    return Subgroups(key[starts], value, total, shares, size, mean, sd, label, tuple(notices))


@dataclass(frozen=True, eq=False)
class _Groups:
    value: Floats
    denominator: Floats | None
    starts: NDArray[np.int64]
    length: int

    def columns(self, chart: str, aggregate: str, zero_for_nothing: bool) -> tuple[Floats, ...]:
        """value, total, denominator, size, mean, sd of every group."""
        ends = np.append(self.starts, self.length)[1:]
        found = [
            self._one(int(a), int(b), chart, aggregate, zero_for_nothing)
            for a, b in zip(self.starts, ends, strict=True)
        ]
        table = np.array(found, dtype=np.float64).reshape(len(found), 6)
        return tuple(table.T.copy())

    def _one(self, start: int, end: int, chart: str, aggregate: str, zero: bool) -> tuple[float, ...]:
        given = self.value[start:end]
        known = given[~np.isnan(given)]
        size = len(known)
        # qicharts2 sums a lone missing count to a gap, and several missing ones to 0.
        total = math.fsum(known) if size or (zero and end - start > 1) else math.nan
        mean = exact_mean(known)
        sd = sample_sd(known)
        if self.denominator is not None and chart not in WITHOUT_DENOMINATORS:
            shares = self.denominator[start:end]
            denominator = math.fsum(shares[~np.isnan(shares)]) if size else math.nan
            return _ratio(total, denominator), total, denominator, size, mean, sd
        if size or (zero and aggregate == "sum"):
            value = total if chart == "c" else AGGREGATES[aggregate](known)
        else:
            value = total if chart == "c" else math.nan
        if chart == "xbar":
            value = mean
        return value, total, math.nan, size, mean, sd


def _ratio(total: float, denominator: float) -> float:
    """0/0 is a gap; k/0 (only where impossible values are accepted) is infinite."""
    if denominator == 0:
        return math.copysign(math.inf, total) if total else math.nan
    return total / denominator
