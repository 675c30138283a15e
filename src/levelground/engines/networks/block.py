"""Arrow tables of many series → flat NumPy arrays, and which series cannot be charted, and why.

Two forms, with the same column names: packed (one row per series; dates, values, denominators and phases are lists) and
long (one row per point; the rows of a series stand together).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from levelground.engines.spc.constants import Floats
from levelground.engines.spc.prepare import too_large

from .exact import Bools
from .reading import codes_of, moments, numbers, parts

Ints = NDArray[np.int64]

GOOD = {"increase": 1, "neutral": 0, "decrease": -1}
COUNTS = {"p", "u", "c"}  # charts of counts: nothing below 0


class ColumnError(ValueError):
    """The table cannot be read as series: a column is missing or of a kind that no series has. The text says which."""


@dataclass(frozen=True)
class Columns:
    """Names of the columns. ``keys`` name a series; ``target`` and ``direction`` (of good) are one per series."""

    keys: tuple[str, ...]
    value: str = "value"
    date: str | None = None
    denominator: str | None = None
    phase: str | None = None
    target: str | None = None
    direction: str | None = None

    @property
    def per_point(self) -> tuple[str, ...]:
        """Columns with one entry per point."""
        return tuple(name for name in (self.date, self.value, self.denominator, self.phase) if name)

    @property
    def all(self) -> tuple[str, ...]:
        """Every column that is read."""
        return (*self.keys, *self.per_point, *(name for name in (self.target, self.direction) if name))


@dataclass(frozen=True)
class Faults:
    """Series that cannot be charted: their numbers, a reason each, and the row (from 0) it is about; -1: all."""

    series: tuple[int, ...] = ()
    reasons: tuple[str, ...] = ()
    rows: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False)
class Block:
    """Many series. ``offsets``, shape (series + 1,): where each one's points begin in the flat arrays.

    ``order``: the dates as numbers that sort alike. ``good``: 1, 0 or -1, and 9 where the word is none. ``wrong``: by
    reason, points that could not be read.
    """

    keys: pa.Table
    offsets: Ints
    value: Floats
    denominator: Floats | None = None
    date: pa.Array | None = None
    order: NDArray[Any] | None = None
    phase: NDArray[Any] | None = None
    target: Floats | None = None
    good: Ints | None = None
    wrong: dict[str, Bools] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.offsets) - 1


def is_packed(schema: pa.Schema, columns: Columns) -> bool:
    """Whether a table of this schema is in packed form. ColumnError: a column is missing or does not fit."""
    missing = [name for name in columns.all if name not in schema.names]
    if missing:
        raise ColumnError(f"There is no column {', '.join(missing)}. The columns are: {', '.join(schema.names)}.")
    lists = {name: _is_list(schema.field(name).type) for name in columns.per_point}
    if len(set(lists.values())) > 1:
        few = ", ".join(name for name, is_list in lists.items() if not is_list)
        raise ColumnError(f"Some columns hold lists (one row per series) and some do not: {few}. Use one form.")
    others = [name for name in columns.all if name not in columns.per_point]
    nested = [name for name in others if pa.types.is_nested(schema.field(name).type)]
    if nested:
        raise ColumnError(f"Columns that name a series hold one value each, not lists: {', '.join(nested)}.")
    return all(lists.values())


def _is_list(kind: pa.DataType) -> bool:
    return bool(pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind))


def unpack(table: pa.Table, columns: Columns) -> tuple[Block, pa.Table]:
    """A packed table as a block, and the keys of the series left out of it: their lists differ in length."""
    keys = table.select(columns.keys)
    lists = {name: parts(table.column(name)) for name in columns.per_point}
    lengths = np.stack([length for _, length in lists.values()])
    uneven = (lengths != lengths[0]).any(axis=0)
    if uneven.any():
        return unpack(table.filter(pa.array(~uneven)), columns)[0], keys.filter(pa.array(uneven))
    offsets = np.concatenate([[0], np.cumsum(lengths[0])]).astype(np.int64)
    flat = {name: values for name, (values, _) in lists.items()}
    block = _block(keys, offsets, flat, columns)
    return _with_aims(block, table, columns), keys.slice(0, 0)


def _block(keys: pa.Table, offsets: Ints, flat: dict[str, pa.Array], columns: Columns) -> Block:
    wrong: dict[str, Bools] = {}
    value, unread = numbers(flat[columns.value])
    denominator = order = date = None
    if columns.denominator:
        denominator, also = numbers(flat[columns.denominator])
        unread = also if unread is None else unread if also is None else unread | also
    if unread is not None:
        wrong["not_numeric"] = unread
    if columns.date:
        date, order, lost = moments(flat[columns.date])
        if lost is not None:
            wrong["no_date"] = lost
    phase = codes_of(flat[columns.phase]) if columns.phase else None
    return Block(keys, offsets, value, denominator, date, order, phase, wrong=wrong)


def _with_aims(block: Block, rows: pa.Table, columns: Columns) -> Block:
    """The block with what is one per series: target and direction of good; ``rows`` has one row per series."""
    if columns.target:
        block = replace(block, target=numbers(_one(rows.column(columns.target)))[0])
    if columns.direction:
        words = pc.cast(_one(rows.column(columns.direction)), pa.string())
        at = pc.fill_null(pc.index_in(words, pa.array(GOOD)), len(GOOD)).to_numpy(zero_copy_only=False)
        good = np.array([*GOOD.values(), 9])[at]
        good = np.where(words.is_null().to_numpy(zero_copy_only=False), 8, good)  # 8: as the caller says
        block = replace(block, good=good)
    return block


def _one(column: pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def starts_of(table: pa.Table, keys: tuple[str, ...]) -> Ints:
    """Rows of a long table at which a series begins."""
    new = np.ones(len(table), dtype=bool)
    if len(table):
        new[1:] = False
        for name in keys:
            codes = codes_of(_one(table.column(name)))
            new[1:] |= codes[1:] != codes[:-1]
    return np.flatnonzero(new).astype(np.int64)


def keys_at(table: pa.Table, keys: tuple[str, ...], rows: Ints) -> pa.Table:
    """The key columns at these rows, words as words (long files are read with codes instead)."""
    found = {name: _one(table.column(name)).take(pa.array(rows)) for name in keys}
    return pa.table({k: v.dictionary_decode() if pa.types.is_dictionary(v.type) else v for k, v in found.items()})


def gather(table: pa.Table, columns: Columns, starts: Ints | None = None) -> Block:
    """A long table, all of whose series are whole, as a block."""
    starts = starts_of(table, columns.keys) if starts is None else starts
    offsets = np.append(starts, len(table))
    keys = keys_at(table, columns.keys, starts)
    block = _block(keys, offsets, {name: _one(table.column(name)) for name in columns.per_point}, columns)
    last = [name for name in (columns.target, columns.direction) if name]
    if not last:
        return block
    return _with_aims(block, table.select(last).take(pa.array(offsets[1:] - 1)), columns)


def pack(table: pa.Table, columns: Columns, starts: Ints) -> pa.Table:
    """A long table of whole series as a packed one, values as they are."""
    offsets = pa.array(np.append(starts, len(table)).astype(np.int32))
    keys = keys_at(table, columns.keys, starts)
    packed = {name: keys.column(name) for name in columns.keys}
    for name in columns.per_point:
        packed[name] = pa.ListArray.from_arrays(offsets, _one(table.column(name)))
    ends = pa.array(np.append(starts[1:], len(table)) - 1)
    for aim in (columns.target, columns.direction):
        if aim:
            packed[aim] = table.column(aim).take(ends)
    return pa.table(packed)


def faults_of(block: Block, chart: str) -> Faults:
    """The series that ``engines.spc`` refuses too, with its reason, the first that it meets."""
    series, reasons, rows = [], [], []
    seen: set[int] = set()
    for reason, places in _wrong_points(block, chart):
        of = np.searchsorted(block.offsets, places, side="right") - 1
        for number, at in zip(*np.unique(of, return_index=True), strict=True):
            if int(number) not in seen:
                seen.add(int(number))
                series.append(int(number))
                reasons.append(reason)
                rows.append(int(places[at] - block.offsets[number]))
    if block.good is not None:
        for number in np.flatnonzero(block.good == 9).tolist():
            if number not in seen:
                series, reasons, rows = [*series, number], [*reasons, "direction"], [*rows, -1]
    ranked = np.argsort(np.array(series, dtype=np.int64), kind="stable").tolist()
    return Faults(tuple(series[i] for i in ranked), tuple(reasons[i] for i in ranked), tuple(rows[i] for i in ranked))


def _wrong_points(block: Block, chart: str) -> Iterator[tuple[str, Ints]]:
    """Reasons and the flat positions of the points that they are about, in the order of ``engines.spc``."""
    for reason, marks in _conditions(block, chart):
        if marks.any():
            yield reason, np.flatnonzero(marks)


def _conditions(block: Block, chart: str) -> Iterator[tuple[str, Bools]]:
    value = block.value
    n = None if chart == "c" else block.denominator
    if "not_numeric" in block.wrong:
        yield "not_numeric", block.wrong["not_numeric"]
    infinite = np.isinf(value)
    yield "not_finite", infinite if block.denominator is None else infinite | np.isinf(block.denominator)
    large = too_large(value)
    yield "too_large", large if block.denominator is None else large | too_large(block.denominator)
    if chart in COUNTS:
        yield "negative_count", value < 0
    if n is not None:
        yield "negative_denominator", n < 0
        yield "events_without_denominator", (n == 0) & (value != 0) & ~np.isnan(value)
        if chart == "p":
            yield "more_than_denominator", (value > n) & (n > 0)
    if "no_date" in block.wrong:
        yield "no_date", block.wrong["no_date"]
    if block.order is not None and len(block.order) > 1:
        inside = np.ones(len(block.order), dtype=bool)
        inside[block.offsets[:-1][block.offsets[:-1] < len(inside)]] = False
        falls, same = (np.zeros(len(inside), dtype=bool) for _ in range(2))
        falls[1:] = block.order[1:] < block.order[:-1]
        same[1:] = block.order[1:] == block.order[:-1]
        yield "unsorted", falls & inside
        yield "repeated", same & inside
