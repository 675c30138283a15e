"""The answers as Arrow tables: one row per series, per point, and per series that could not be charted."""

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from levelground.engines.spc.constants import Floats

from .block import Block, Faults
from .signals import Ints
from .spans import Cut, Numbers, PointLines
from .verdicts import ASSURANCE, NEXT, STATUS, SURENESS, TYPES, VARIATION, Verdicts, kind_of

if TYPE_CHECKING:
    from .batch import Plan

LINES = ("lcl", "lcl_2", "lcl_1", "ucl_1", "ucl_2", "ucl")


def coded(codes: NDArray[Any], names: tuple[str, ...]) -> pa.Array:
    """Places in ``names`` as words; -1 is nothing."""
    small = codes.astype(np.int8)
    return pa.DictionaryArray.from_arrays(pa.array(small, mask=small < 0), pa.array(names, pa.string()))


def _whole(numbers: NDArray[Any]) -> pa.Array:
    return pa.array(numbers.astype(np.int32))


def _real(numbers: Floats) -> pa.Array:
    """Numbers, with nothing instead of NaN."""
    return pa.array(numbers, mask=np.isnan(numbers))


def _x(block: Block, at: Ints, start: Ints) -> pa.Array:
    """The dates at flat positions; without dates the place in the series that begins at ``start``; -1: nothing."""
    if block.date is None:
        return pa.array((at - start).astype(np.int64), mask=at < 0)
    return block.date.take(pa.array(at, mask=at < 0))


def series_table(
    block: Block,
    spans: Cut,
    plan: "Plan",
    *,
    series: Ints,
    judged: Ints,
    here: Numbers,
    verdicts: Verdicts,
    totals: tuple[Ints, Ints],
    target: Floats,
) -> pa.Table:
    """One row per series. ``judged``: its span that the verdict is about; ``here``: that span's numbers."""
    begin, first = spans.start[judged], block.offsets[:-1][series]
    lengths = (block.offsets[1:] - block.offsets[:-1])[series]
    number = np.arange(len(spans.series)) - np.searchsorted(spans.series, spans.series, side="left")
    phases = np.bincount(spans.series, minlength=len(block))[series] if len(spans.series) else np.zeros(0)

    def x(rows: Ints) -> pa.Array:
        return _x(block, np.where(rows >= 0, begin + rows, -1), first)

    counts, known = totals
    columns: dict[str, Any] = {name: block.keys.column(name).take(pa.array(series)) for name in block.keys.column_names}
    columns |= {
        "rows": _whole(lengths), "points": _whole(known), "tested": _whole(here.known),
        "phases": _whole(np.where(lengths > 0, phases, 0)), "phase": _whole(number[judged]),
        "phase_from": x(np.where(lengths > 0, 0, -1)), "latest_at": x(here.last),
        "latest": _real(here.latest * plan.multiply),
    }  # fmt: skip
    for name, line in zip(("centre", "lcl", "ucl"), here.line, strict=True):
        columns[name] = _real(line * plan.multiply)
    columns |= {"target": _real(target), "signals": _whole(counts.sum(axis=0))}
    columns |= {f"{rule.code}_signals": _whole(counts[place]) for place, rule in enumerate(plan.rules)}
    if any(rule.kind == "runs" for rule in plan.rules):
        names = ("useful", "longest_run", "longest_run_max", "crossings", "crossings_min")
        nothing = here.runs[0] == 0
        columns |= {
            name: pa.array(line.astype(np.int32), mask=nothing if place else None)
            for place, (name, line) in enumerate(zip(names, here.runs, strict=True))
        }
    codes = tuple(rule.code for rule in plan.rules)
    columns |= {
        "variation": coded(verdicts.variation, VARIATION), "assurance": coded(verdicts.assurance, ASSURANCE),
        "status": coded(verdicts.status, STATUS), "rule": coded(verdicts.rule, codes),
        "rules": _holding(verdicts.now, codes), "since": x(verdicts.since), "until": x(verdicts.until),
        "sureness": coded(verdicts.sureness, SURENESS), "next_step": coded(verdicts.next_step, NEXT),
    }  # fmt: skip
    return pa.table(columns)


def _holding(now: NDArray[np.bool_], codes: tuple[str, ...]) -> pa.Array:
    """The rules that hold, in words with spaces between; "" where none does."""
    which = (now * (1 << np.arange(len(codes)))[:, None]).sum(axis=0) if codes else np.zeros(now.shape[1])
    words = [" ".join(code for bit, code in enumerate(codes) if number >> bit & 1) for number in range(1 << len(codes))]
    return coded(which, tuple(words))


def points_table(block: Block, spans: Cut, plan: "Plan", *, points: PointLines, good: Ints, target: Floats) -> pa.Table:
    """One row per point of the series that could be charted."""
    lengths = spans.stop - spans.start
    owner = np.repeat(spans.series, lengths)
    place = np.arange(len(owner)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    at = place + np.repeat(spans.start, lengths)
    number = np.arange(len(spans.series)) - np.searchsorted(spans.series, spans.series, side="left")
    reason, direction = _reasons(points, spans, plan)
    kind = kind_of(direction, good[np.searchsorted(block.offsets, np.arange(len(direction)), side="right") - 1])
    if plan.settings.conflict == "improvement":
        good_at = good[np.searchsorted(block.offsets, np.arange(len(direction)), side="right") - 1]
        better = (points.high.any(axis=0) & (good_at > 0)) | (points.low.any(axis=0) & (good_at < 0))
        kind = np.where(better, 1, kind)
    columns: dict[str, Any] = {name: block.keys.column(name).take(pa.array(owner)) for name in block.keys.column_names}
    columns |= {
        "x": _x(block, at, block.offsets[:-1][owner]), "phase": _whole(np.repeat(number, lengths)),
        "value": _real(points.value[at] * plan.multiply), "centre": _real(points.centre[at] * plan.multiply),
    }  # fmt: skip
    columns |= {name: _real(line[at] * plan.multiply) for name, line in zip(LINES, points.limits, strict=True)}
    columns |= {
        "target": _real(target[owner]), "reason": coded(reason[at], tuple(rule.code for rule in plan.rules)),
        "reason_direction": pa.array(direction[at].astype(np.int8)), "point_type": coded(kind[at], TYPES),
    }  # fmt: skip
    return pa.table(columns)


def _reasons(points: PointLines, spans: Cut, plan: "Plan") -> tuple[Ints, Ints]:
    """Per flat point the first rule that holds there (-1: none) and its direction.

    A point that two trends share belongs to the later one, which goes the way of the next step.
    """
    length = len(points.value)
    reason, direction = np.full(length, -1, dtype=np.int64), np.zeros(length, dtype=np.int64)
    for number in reversed(range(len(plan.rules))):
        high, low, neither = points.high[number], points.low[number], points.neither[number]
        way = high.astype(np.int64) - low
        both = np.flatnonzero(high & low)
        if len(both):
            way[both] = np.where(points.value[both + 1] > points.value[both], 1, -1)
        held = high | low | neither
        reason[held], direction[held] = number, way[held]
    return reason, direction


def errors_table(block: Block, faults: Faults, uneven: pa.Table | None) -> pa.Table:
    """One row per series that could not be charted: its key, the reason, and the first row that it is about."""
    keys = block.keys.take(pa.array(faults.series, pa.int64()))
    reasons, rows = list(faults.reasons), [None if row < 0 else row for row in faults.rows]
    if uneven is not None and len(uneven):
        keys = pa.concat_tables([keys, uneven])
        reasons, rows = [*reasons, *["different_lengths"] * len(uneven)], [*rows, *[None] * len(uneven)]
    return keys.append_column("reason", pa.array(reasons, pa.string())).append_column("row", pa.array(rows, pa.int64()))
