"""The rules over many spans at once: what ``engines.spc.rules`` finds for one, column by column.

Arrays have shape (points, spans). Windows are whole columns of truths laid over each other; only spans in which a rule
speaks are looked at again, for where. A property test holds every answer to that of ``engines.spc``.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from levelground.engines.spc import Rule
from levelground.engines.spc.constants import Floats
from levelground.engines.spc.runs import crossings_min, longest_run_max

from .exact import Bools

Ints = NDArray[np.int64]
Sides = NDArray[np.int8]


@dataclass(frozen=True, eq=False)
class Field:
    """What the rules look at: values, their side of the centre, limits at 2 and 3 sigma (as in ``Lines``).

    ``last``: row of each span's last value, -1 without any.
    """

    value: Floats
    sides: Sides
    last: Ints
    lower: dict[float, Floats]
    upper: dict[float, Floats]

    def beyond(self, sigmas: float, side: int) -> Bools:
        line = self.upper[sigmas] if side > 0 else self.lower[sigmas]
        return self.value > line if side > 0 else self.value < line


@dataclass(frozen=True, eq=False)
class Found:
    """What one rule says about each span: arrays of shape (spans,), places counted from the span's first point.

    ``count``: signals; of the one that ends last: ``end`` its last point (-1: no signal), ``first`` its first,
    ``direction``. ``high``, ``low``, ``neither``: which points are in a signal of that direction, if that was wanted.
    """

    count: Ints
    end: Ints
    first: Ints
    direction: Ints
    high: Bools | None = None
    low: Bools | None = None
    neither: Bools | None = None


def column_sums(marks: Bools) -> Ints:
    """How many are true in each column."""
    small = np.uint8 if len(marks) < 256 else np.int64
    return np.add.reduce(marks.view(np.uint8), axis=0, dtype=small).astype(np.int64)


def last_true(marks: Bools) -> Ints:
    """The last row that is true in each column; -1 where none is."""
    if not len(marks):
        return np.full(marks.shape[1], -1, dtype=np.int64)
    small = np.uint8 if len(marks) < 255 else np.int32
    rows: NDArray[Any] = np.arange(1, len(marks) + 1).astype(small)
    return (marks.view(np.uint8) * rows[:, None]).max(axis=0).astype(np.int64) - 1


def first_true(marks: Bools) -> Ints:
    """The first row that is true in each column, which must have one."""
    return len(marks) - 1 - last_true(marks[::-1])


def signs(above: Bools, below: Bools) -> Sides:
    """+1, -1 or 0."""
    return above.view(np.int8) - below.view(np.int8)


def _windows(marks: Bools, points: int) -> Bools:
    """Where a window of ``points`` begins in which all is true: shape (rows - points + 1, spans)."""
    rows = max(len(marks) - points + 1, 0)
    have, wide = marks, 1
    while wide < points:
        step = min(wide, points - wide)
        have = have[: max(len(have) - step, 0)] & have[step:]
        wide += step
    return have[:rows]


def _new(fires: Bools) -> Bools:
    """The windows that do not follow on another."""
    new = fires.copy()
    new[1:] &= ~fires[:-1]
    return new


def _spread(fires: Bools, points: int, rows: int) -> Bools:
    """The points under any of the windows."""
    under = np.zeros((rows, fires.shape[1]), dtype=bool)
    for shift in range(points):
        under[shift : shift + len(fires)] |= fires
    return under


@dataclass(frozen=True, eq=False)
class _Way:
    """The signals of one rule in one direction."""

    count: Ints
    end: Ints
    first: Ints
    member: Bools | None


def _none(spans: int, rows: int, members: bool) -> _Way:
    nothing = np.full(spans, -1, dtype=np.int64)
    return _Way(np.zeros(spans, dtype=np.int64), nothing, nothing, np.zeros((rows, spans), bool) if members else None)


def _steady(marks: Bools, points: int, rows: int, members: bool, extra: int = 0) -> _Way:
    """Stretches of ``points`` or more true marks; a mark stands for ``extra`` points more than itself (a step: 1)."""
    fires = _windows(marks, points)
    spans = marks.shape[1]
    where = np.flatnonzero(fires.any(axis=0)) if len(fires) else np.array([], dtype=np.int64)
    if not len(where):
        return _none(spans, rows, members)
    there = fires[:, where]
    new = _new(there)
    way = _none(spans, rows, False)
    way.count[where] = column_sums(new)
    end, first = way.end.copy(), way.first.copy()
    end[where], first[where] = last_true(there) + points - 1 + extra, last_true(new)
    return _Way(way.count, end, first, _spread(fires, points + extra, rows) if members else None)


def _zone(field: Field, rule: Rule, side: int, members: bool) -> _Way:
    """Two of three beyond ``sigmas`` with all three on that side of the centre."""
    marked, same = field.beyond(rule.sigmas, side), field.sides == side
    if rule.within_limits:
        known = ~np.isnan(field.upper[3]) & ~np.isnan(field.lower[3])
        marked = marked & ~field.beyond(3, 1) & ~field.beyond(3, -1) & known
    rows, spans = marked.shape
    where = np.flatnonzero(column_sums(marked) > 1)
    if rows < 3 or not len(where):
        return _none(spans, rows, members)
    marked, same = marked[:, where], same[:, where]
    a, b, c = marked[:-2], marked[1:-1], marked[2:]
    fires = ((a & b) | (c & (a | b))) & same[:-2] & same[1:-1] & same[2:]
    new = _new(fires)
    new[2:] &= ~(fires[:-2] & marked[2:-2])  # a window two back shares the point where this one begins
    count, end, first = (np.full(spans, number, dtype=np.int64) for number in (0, -1, -1))
    speaks = fires.any(axis=0)
    fires, new, held, at = fires[:, speaks], new[:, speaks], marked[:, speaks], where[speaks]
    columns = np.arange(len(at))
    count[at] = column_sums(new)
    last, begin = last_true(fires), last_true(new)
    end[at] = np.where(held[last + 2, columns], last + 2, last + 1)  # of two marked in three one is in the latter two
    first[at] = np.where(held[begin, columns], begin, begin + 1)
    member = None
    if members:
        member = np.zeros((rows, spans), dtype=bool)
        member[:, at] = _spread(fires, 3, rows) & held
    return _Way(count, end, first, member)


def _later(high: _Way, low: _Way) -> Found:
    """Both directions of a rule, with whichever signal ends last."""
    falls = low.end > high.end
    direction = np.where(falls, -1, np.where(high.end >= 0, 1, 0))
    return Found(
        high.count + low.count, np.where(falls, low.end, high.end), np.where(falls, low.first, high.first), direction,
        high.member, low.member,
    )  # fmt: skip


def _beyond(field: Field, rule: Rule, members: bool) -> Found:
    ways = []
    for side in (1, -1):
        marks = field.beyond(rule.sigmas, side)
        end = last_true(marks)
        ways.append(_Way(column_sums(marks), end, end, marks if members else None))
    return _later(*ways)


def _side(field: Field, rule: Rule, members: bool) -> Found:
    rows = len(field.value)
    return _later(*(_steady(field.sides == side, rule.points, rows, members) for side in (1, -1)))


def _trend(field: Field, rule: Rule, members: bool) -> Found:
    after, before, rows = field.value[1:], field.value[:-1], len(field.value)
    if rows < 2:
        nothing = _none(field.value.shape[1], rows, members)
        return _later(nothing, nothing)
    steps = (after > before, after < before)
    return _later(*(_steady(step, rule.points - 1, rows, members, 1) for step in steps))


@dataclass(frozen=True, eq=False)
class Runs:
    """Anhøj's numbers of each span, shape (spans,): useful points, longest run, crossings, and what chance allows."""

    useful: Ints
    longest: Ints
    longest_max: Ints
    crossings: Ints
    crossings_min: Ints


@lru_cache(maxsize=64)
def _allowed(points: int) -> tuple[Ints, Ints]:
    """Longest run and fewest crossings by number of useful points, 0 to ``points``."""
    longest = np.array([0, *(longest_run_max(n) for n in range(1, points + 1))], dtype=np.int64)
    fewest = np.array([0, *(crossings_min(n) for n in range(1, points + 1))], dtype=np.int64)
    return longest, fewest


def find_runs(field: Field, members: bool) -> tuple[Found, Runs]:
    """Anhøj's rules: runs longer than chance gives, and too few crossings of the whole span."""
    sides = field.sides
    rows, spans = sides.shape
    useful = column_sums(sides != 0)
    longest_max, fewest = (table[useful] for table in _allowed(rows))
    side, begin = np.zeros(spans, dtype=np.int8), np.zeros(spans, dtype=np.int32)
    length, longest, crossings, count = (np.zeros(spans, dtype=np.int32) for _ in range(4))
    end, first = np.full(spans, -1, dtype=np.int64), np.full(spans, -1, dtype=np.int64)
    way, at_limit = np.zeros(spans, dtype=np.int64), np.zeros(spans, dtype=bool)
    high, low = (np.zeros((rows, spans), dtype=bool) if members else None for _ in range(2))
    limit = longest_max.astype(np.int32)
    for place, now in enumerate(sides):
        counts, turns = now != 0, now != side
        turns &= counts
        crossings += turns & (side != 0)
        np.copyto(length, 0, where=turns)
        np.copyto(begin, place, where=turns)
        np.copyto(side, now, where=counts)
        length += counts
        np.maximum(longest, length, out=longest)
        too_long = np.flatnonzero((length > limit) & counts)
        if len(too_long):
            count[too_long] += length[too_long] == limit[too_long] + 1
            end[too_long], first[too_long], way[too_long] = place, begin[too_long], now[too_long]
            at_limit[too_long] = length[too_long] == limit[too_long] + 1
            _mark(high, low, sides, place=place, begin=begin[too_long], at=too_long, now=now[too_long])
    too_few = (crossings < fewest) & (useful > 0)
    runs = Found(count.astype(np.int64), end, first, way, high, low)
    return _with_whole(field, too_few, runs, at_limit, members), Runs(
        useful, longest.astype(np.int64), longest_max, crossings.astype(np.int64), fewest
    )


def _mark(
    high: Bools | None, low: Bools | None, sides: Sides, *, place: int, begin: NDArray[np.int32], at: Ints, now: Sides
) -> None:
    """Mark the points of the runs that are too long at ``place``."""
    if high is None or low is None:
        return
    for marks, side in ((high, 1), (low, -1)):
        columns, starts = at[now == side], begin[now == side]
        inside = np.arange(place + 1)[:, None] >= starts
        marks[: place + 1, columns] |= inside & (sides[: place + 1, columns] == side)


def _with_whole(field: Field, too_few: Bools, runs: Found, at_limit: Bools, members: bool) -> Found:
    """Add the signal without a direction that is about every useful point of a span with too few crossings.

    Where it and a run end at the same point, the run speaks if that is the last point, as it has a direction; earlier
    on the one that comes first in the order of signals does.
    """
    sides = field.sides
    neither = (sides != 0) & too_few if members else None
    at = np.flatnonzero(too_few)
    last, begin = last_true(sides[:, at] != 0), first_true(sides[:, at] != 0)
    first, end, way = runs.first.copy(), runs.end.copy(), runs.direction.copy()
    earlier = at_limit[at] & (last == end[at]) & (begin < first[at]) & (last < field.last[at])
    speaks = (last > end[at]) | earlier
    there = at[speaks]
    end[there], first[there], way[there] = last[speaks], begin[speaks], 0
    return Found(runs.count + too_few, end, first, way, runs.high, runs.low, neither)


TESTS = {"beyond": _beyond, "side": _side, "trend": _trend}


def find(field: Field, rule: Rule, members: bool) -> tuple[Found, Runs | None]:
    """The signals of one rule; with ``members`` also which points are in them."""
    if rule.kind == "runs":
        return find_runs(field, members)
    if rule.kind == "zone":
        return _later(*(_zone(field, rule, side, members) for side in (1, -1))), None
    return TESTS[rule.kind](field, rule, members), None


def offered(rule: Rule) -> bool:
    """Whether this rule, as its numbers say it, can be tested here."""
    if rule.kind == "zone":
        return (rule.points, rule.window, rule.all_one_side, rule.ends_beyond) == (2, 3, True, False)
    return rule.kind in {"beyond", "side", "trend", "runs"} and (rule.on_centre, rule.ties) == ("break", "break")
