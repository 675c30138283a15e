"""From a block of series to spans (one phase of one series each), and the numbers and signals of every span."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from levelground.engines.spc import Rule, Settings
from levelground.engines.spc.constants import Floats
from levelground.engines.spc.prepare import WITHOUT_DENOMINATORS

from .block import Block, Ints
from .exact import Bools
from .lines import CHARTS, WITH_DENOMINATORS, Lines, Spans
from .signals import Field, Found, Runs, find, last_true, signs

Signals = list[tuple[Found, Runs | None]]

LIMITS = ((3, 0), (2, 0), (1, 0), (1, 1), (2, 1), (3, 1))  # sigmas and which of the two: lcl, lcl_2, … ucl
CHUNK = 1 << 18  # points of a matrix: a larger one leaves the processor's cache


@dataclass(frozen=True, eq=False)
class Cut:
    """Where the spans lie in the flat arrays, and which series each belongs to (their numbers rise)."""

    start: Ints
    stop: Ints
    series: Ints


def cut(block: Block, good: Bools) -> Cut:
    """The spans of the series that are ``good``; a series without points has one without points."""
    series = np.flatnonzero(good)
    starts, stops = block.offsets[:-1][series], block.offsets[1:][series]
    if block.phase is None:
        return Cut(starts, stops, series)
    # A phase starts where a label is seen for the first time in its series.
    lengths = stops - starts
    of = np.repeat(np.arange(len(series)), lengths)
    at = np.arange(len(of)) - np.repeat(np.cumsum(lengths) - lengths, lengths) + np.repeat(starts, lengths)
    labels = np.unique(block.phase[at], return_inverse=True)[1]
    first = np.unique(of * (int(labels.max(initial=0)) + 1) + labels, return_index=True)[1]
    empty = np.flatnonzero(lengths == 0)
    owner, begin = np.append(of[first], empty), np.append(at[first], starts[empty])
    ranked = np.lexsort((begin, owner))
    owner, begin = owner[ranked], begin[ranked]
    end = np.append(begin[1:], 0)
    closes = np.append(owner[1:] != owner[:-1], True) if len(owner) else np.array([], dtype=bool)
    end[closes] = stops[owner[closes]]
    return Cut(begin, end, series[owner])


@dataclass(frozen=True, eq=False)
class Numbers:
    """What is known of each span; arrays of shape (spans,), those of rules (rules, spans).

    ``last``: row of the last value (-1: none); ``line``: centre, lcl, ucl there; ``at_end``: lcl, ucl at the last row.
    ``runs``: useful points, longest run, its limit, crossings, their limit.
    """

    known: Ints
    last: Ints
    latest: Floats
    line: Floats
    at_end: Floats
    count: Ints
    end: Ints
    first: Ints
    direction: Ints
    runs: Ints


@dataclass(frozen=True, eq=False)
class PointLines:
    """Flat, one entry per point of the block: lines; and per rule which points its signals hold, by direction."""

    value: Floats
    centre: Floats
    limits: Floats
    high: NDArray[np.bool_]
    low: NDArray[np.bool_]
    neither: NDArray[np.bool_]


def empty_numbers(rules: int, spans: int) -> Numbers:
    def whole(*shape: int) -> Ints:
        return np.zeros(shape, dtype=np.int64)

    return Numbers(
        whole(spans), whole(spans), np.full(spans, np.nan), np.full((3, spans), np.nan), np.full((2, spans), np.nan),
        whole(rules, spans), whole(rules, spans), whole(rules, spans), whole(rules, spans), whole(5, spans),
    )  # fmt: skip


def empty_points(rules: int, points: int) -> PointLines:
    marks = [np.zeros((rules, points), dtype=bool) for _ in range(3)]
    return PointLines(*(np.full(shape, np.nan) for shape in (points, points, (6, points))), *marks)


def plotted(block: Block, chart: str) -> tuple[Floats, Floats | None, Floats | None]:
    """Value, total and denominator of every point: y / n where there are denominators; 0 out of 0 is a gap."""
    if block.denominator is None or chart in WITHOUT_DENOMINATORS:
        return block.value, None, None
    gap = np.isnan(block.value) | np.isnan(block.denominator)
    y, n = block.value, block.denominator
    if gap.any():
        y, n = np.where(gap, np.nan, y), np.where(gap, np.nan, n)
    value = y / n
    if chart in WITH_DENOMINATORS:
        return value, y, n
    return value, None, None


def _groups(spans: Cut) -> Iterator[tuple[Ints, int]]:
    """Spans of about one length together, in pieces that stay in the cache: their numbers, and rows enough for all."""
    lengths = spans.stop - spans.start
    if len(lengths) and (lengths == lengths[0]).all():
        buckets = [np.arange(len(lengths))]
    else:
        # Each size is at most a quarter above the one before: little is padded, and there are few sizes.
        size = np.ceil(np.log(np.maximum(lengths, 1)) / np.log(1.25)).astype(np.int64)
        buckets = [np.flatnonzero(size == number) for number in np.unique(size)]
    for bucket in buckets:
        rows = max(int(lengths[bucket].max(initial=1)), 1)
        step = max(CHUNK // rows, 1)
        for begin in range(0, len(bucket), step):
            yield bucket[begin : begin + step], rows


def evaluate(
    block: Block, spans: Cut, chart: str, settings: Settings, *, rules: tuple[Rule, ...], with_points: bool
) -> tuple[Numbers, PointLines | None]:
    """Lines and signals of every span, and of every point if wanted."""
    found = empty_numbers(len(rules), len(spans.start))
    points = empty_points(len(rules), len(block.value)) if with_points else None
    flat = plotted(block, chart)
    for numbers, rows in _groups(spans):
        start, length = spans.start[numbers], (spans.stop - spans.start)[numbers]
        value, total, denominator = (None if array is None else _matrix(array, start, length, rows) for array in flat)
        assert value is not None  # noqa: S101 - for the type checker: there always is a value
        known = ~np.isnan(value)
        held = Spans(value, total, denominator, None if known.all() else known)
        lines = CHARTS[chart](held, settings)
        hidden = length < settings.minimum_points
        limits = {k: tuple(_finite(line, hidden) for line in lines.at(k)) for k in (2, 3)}
        last = np.full(len(length), rows - 1) if held.known is None else last_true(known)
        sides = signs(value > lines.centre, value < lines.centre)
        field = Field(value, sides, last, {k: v[0] for k, v in limits.items()}, {k: v[1] for k, v in limits.items()})
        signals = [find(field, rule, with_points) for rule in rules]
        _store(found, numbers, held, lines, field=field, length=length, signals=signals)
        if points is not None:
            _store_points(points, start, length, field, lines=lines, hidden=hidden, signals=[s for s, _ in signals])
    return found, points


def _matrix(flat: Floats, start: Ints, length: Ints, rows: int) -> Floats:
    """Flat points as (rows, spans), NaN below a span's end."""
    spans = len(start)
    if (length == rows).all() and int(start[-1] - start[0]) == (spans - 1) * rows and (np.diff(start) == rows).all():
        return np.ascontiguousarray(flat[start[0] : start[0] + spans * rows].reshape(spans, rows).T)
    if not len(flat):
        return np.full((rows, spans), np.nan)
    inside = np.arange(rows)[:, None] < length
    places = np.where(inside, np.arange(rows)[:, None] + start, 0)
    return np.where(inside, flat[places], np.nan)


def _finite(line: Floats, hidden: Bools) -> Floats:
    return np.where(np.isfinite(line) & ~hidden, line, np.nan)


def _at(line: Floats, rows: Ints) -> Floats:
    """A line at one row of each span; NaN for row -1."""
    if line.ndim == 2:
        line = line[rows, np.arange(len(rows))]
    return np.where(rows >= 0, line, np.nan)


def _store(
    found: Numbers, at: Ints, held: Spans, lines: Lines, *, field: Field, length: Ints, signals: Signals
) -> None:
    rows = len(field.value)
    found.known[at] = rows if held.known is None else np.count_nonzero(held.known, axis=0)
    found.last[at] = field.last
    found.latest[at] = _at(field.value, field.last)
    found.line[:, at] = [_at(line, field.last) for line in (lines.centre, field.lower[3], field.upper[3])]
    found.at_end[:, at] = [_at(line, length - 1) for line in (field.lower[3], field.upper[3])]
    for number, (signal, runs) in enumerate(signals):
        found.count[number, at], found.end[number, at] = signal.count, signal.end
        found.first[number, at], found.direction[number, at] = signal.first, signal.direction
        if runs is not None:
            found.runs[:, at] = (runs.useful, runs.longest, runs.longest_max, runs.crossings, runs.crossings_min)


def _store_points(
    points: PointLines, start: Ints, length: Ints, field: Field, *, lines: Lines, hidden: Bools, signals: list[Found]
) -> None:
    shape = field.value.shape
    inside = np.arange(shape[0])[:, None] < length
    at = (np.arange(shape[0])[:, None] + start)[inside]
    points.value[at] = field.value[inside]
    points.centre[at] = np.broadcast_to(lines.centre, shape)[inside]
    for number, (sigmas, side) in enumerate(LIMITS):
        points.limits[number, at] = np.broadcast_to(_finite(lines.at(sigmas)[side], hidden), shape)[inside]
    for number, signal in enumerate(signals):
        for marks, member in ((points.high, signal.high), (points.low, signal.low), (points.neither, signal.neither)):
            if member is not None:
                marks[number, at] = member[inside]
