"""Axes: where the ticks stand. Numbers at 1, 2, 2.5 or 5 times a power of ten, dates at whole months or days."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from .language import Calendar, Writing

MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240)
DAY_STEPS = (1, 2, 7, 14, 28)
TICKS_ACROSS = 10


@dataclass(frozen=True, slots=True)
class Tick:
    """A tick and its words; ``at`` in units of the axis."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis from ``low`` to ``high``, with its ticks in order and its own words (empty: none)."""

    low: float
    high: float
    ticks: tuple[Tick, ...]
    label: str = ""


def nice_step(span: float, most: int) -> float:
    """The least of 1, 2, 2.5, 5 × 10ⁿ that needs no more than ``most`` steps for ``span``."""
    rough = span / max(most, 1)
    power = 10.0 ** math.floor(math.log10(rough))
    return next((m * power for m in (1, 2, 2.5, 5) if m * power >= rough * (1 - 1e-9)), 10 * power)


def value_axis(values: np.ndarray[Any, Any], writing: Writing, most: int = 6) -> Axis:
    """The axis that holds all ``values`` (NaN and infinities are passed over), its ends on ticks.

    Values without a negative one start at 0 where they lie near it; percentages end at 100 where they reach it.
    """
    known = writing.shown(1.0) * values[np.isfinite(values)]
    if not len(known):
        return Axis(0.0, 1.0, ())
    low, high = float(known.min()), float(known.max())
    if high - low <= 1e-9 * max(abs(high), abs(low), 1e-300):
        reach = abs(high) * 0.1 or 1.0
        low, high = low - reach, high + reach
    if float(known.min()) >= 0 and low < (high - low) * 0.5:
        low = 0.0
    step = nice_step(high - low, most)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    decimals = max(0, -math.floor(math.log10(step) + 1e-9)) + (1 if _is_quarter(step) else 0)
    scale = writing.shown(1.0)
    ticks = tuple(Tick(n * step / scale, writing.bare(n * step / scale, decimals)) for n in range(first, last + 1))
    return Axis(ticks[0].at, ticks[-1].at, ticks)


def _is_quarter(step: float) -> bool:
    return abs(step / 10.0 ** math.floor(math.log10(step) + 1e-9) - 2.5) < 1e-6 and step < 10


def positions(x: np.ndarray[Any, Any], *, even: bool) -> np.ndarray[Any, Any]:
    """Where the points stand: days since 1970 for dates, the number itself, or 0, 1, 2 … for words and if ``even``."""
    if even or x.dtype.kind in "US":
        return np.arange(len(x), dtype=np.float64)
    if x.dtype.kind == "M":
        return np.asarray(x.astype("datetime64[us]").astype(np.int64) / 86_400e6, dtype=np.float64)
    return x.astype(np.float64)


def order_axis(x: np.ndarray[Any, Any], at: np.ndarray[Any, Any], calendar: Calendar, *, even: bool) -> Axis:
    """The axis of time or order, half a step longer than the points on either side."""
    if not len(at):
        return Axis(0.0, 1.0, ())
    margin = float(np.median(np.diff(at))) / 2 if len(at) > 1 else 0.5
    if calendar.kind in {"day", "moment"} and not even:
        ticks = _calendar_ticks(x, calendar)
    elif calendar.kind == "number" and not even:
        ticks = _number_ticks(at, calendar)
    else:
        ticks = _point_ticks(x, at, calendar)
    return Axis(float(at[0]) - margin, float(at[-1]) + margin, ticks)


def _point_ticks(x: np.ndarray[Any, Any], at: np.ndarray[Any, Any], calendar: Calendar) -> tuple[Tick, ...]:
    """Ticks at points: every k-th, and of months those that start a half-year, a quarter …"""
    if calendar.kind == "month":
        months = x.astype("datetime64[M]").astype(np.int64)
        steps = (step for step in MONTH_STEPS if np.count_nonzero(months % step == 0) <= TICKS_ACROSS)
        step = next(steps, MONTH_STEPS[-1])
        chosen = np.flatnonzero(months % step == 0)
    else:
        chosen = np.arange(0, len(at), max(1, math.ceil(len(at) / TICKS_ACROSS)))
    if not len(chosen):
        chosen = np.array([0])
    return tuple(Tick(float(at[i]), calendar.short(x[i])) for i in chosen.tolist())


def _number_ticks(at: np.ndarray[Any, Any], calendar: Calendar) -> tuple[Tick, ...]:
    low, high = float(at[0]), float(at[-1])
    step = nice_step(high - low, TICKS_ACROSS) if high > low else 1.0
    if all(float(value).is_integer() for value in at):
        step = max(1.0, step * 2 if _is_quarter(step) else step)
    first = math.ceil(low / step - 1e-9)
    numbers = [n * step for n in range(first, math.floor(high / step + 1e-9) + 1)]
    return tuple(Tick(number, calendar.short(round(number, 9))) for number in numbers)


def _calendar_ticks(x: np.ndarray[Any, Any], calendar: Calendar) -> tuple[Tick, ...]:
    """Ticks on firsts of months, or for short spans on days, that need not be points."""
    days = x.astype("datetime64[D]")
    first, last = days[0], days[-1]
    span = int((last - first).astype(int))
    if span > DAY_STEPS[-1] * TICKS_ACROSS // 2:
        months = np.arange(first.astype("datetime64[M]"), last.astype("datetime64[M]") + 1)
        numbers = months.astype(np.int64)
        step = next((s for s in MONTH_STEPS if np.count_nonzero(numbers % s == 0) <= TICKS_ACROSS), MONTH_STEPS[-1])
        marks = months[(numbers % step == 0)].astype("datetime64[D]")
        names = Calendar("month", calendar.code)
    else:
        step = next((s for s in DAY_STEPS if span // s < TICKS_ACROSS), DAY_STEPS[-1])
        marks = np.arange(first, last + 1, step)
        names = Calendar("day", calendar.code)
    marks = marks[(marks >= first) & (marks <= last)]
    return tuple(Tick(float(mark.astype(np.int64)), names.short(mark)) for mark in marks)
