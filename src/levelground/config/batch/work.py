"""The run: read, analyse on several threads, write in order; and the same for packing."""

import contextlib
import os
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from levelground.engines.networks.batch import Answer, Plan, analyse_table
from levelground.engines.networks.block import ColumnError, Columns, is_packed, pack, starts_of
from levelground.engines.spc import OptionError

from .errors import BatchError
from .marks import Marks, marks_of, repeated
from .sinks import Sink
from .sources import SERIES, Piece, Source, open_source, whole_series

TWICE = "series_in_two_places"
Report = Callable[[float, int], None]
Made = TypeVar("Made")


@dataclass
class Summary:
    """What a run made: rows of the answers and of the points, and how many series each reason left out."""

    series: int = 0
    points: int = 0
    errors: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Outputs:
    """Where the answers go. ``points``: None for no row per point."""

    series: Path
    errors: Path
    points: Path | None = None
    overwrite: bool = False


def processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_order(work: Callable[[pa.Table], Made], pieces: Iterable[Piece], workers: int) -> Iterator[tuple[Made, float]]:
    """``work`` of each piece on threads, in the order of the pieces; few are held at a time."""
    with ThreadPoolExecutor(workers) as pool:
        waiting: deque[tuple[Future[Made], float]] = deque()
        try:
            for table, share in pieces:
                waiting.append((pool.submit(work, table), share))
                if len(waiting) > workers:
                    future, done = waiting.popleft()
                    yield future.result(), done
            while waiting:
                future, done = waiting.popleft()
                yield future.result(), done
        finally:
            for future, _ in waiting:
                future.cancel()


def analyse_files(
    path: Path, outputs: Outputs, columns: Columns, plan: Plan, *, workers: int | None = None,
    report: Report = lambda share, series: None,
) -> Summary:  # fmt: skip
    """Analyse every series in the files at ``path``. ``report`` hears how far it is (0 to 1) and how many series.

    Raises BatchError with a sentence; then no file of the outputs has been touched.
    """
    source = open_source(path, columns)
    targets = [p for p in (outputs.points, outputs.errors, outputs.series) if p is not None]
    if len({p.resolve() for p in targets}) < len(targets) or {p.resolve() for p in targets} & _resolved(source):
        raise BatchError("Two of the files have one name. Choose different ones for what is read and what is written.")
    with _sinks(targets, outputs.overwrite) as sinks:
        summary = _analyse(source, plan, sinks, workers=workers or processors(), report=report)
        for sink in sinks:
            sink.end()
        summary.series, summary.points = sinks[-1].rows, sinks[0].rows if outputs.points else 0
    return summary


def _resolved(source: Source) -> set[Path]:
    return {file.resolve() for file in source.files}


@contextlib.contextmanager
def _sinks(paths: list[Path], overwrite: bool) -> Iterator[list[Sink]]:
    """Sinks that get their names when all went well, and leave nothing behind when not."""
    sinks: list[Sink] = []
    try:
        sinks.extend(Sink(path, overwrite=overwrite) for path in paths)
        yield sinks
        for sink in sinks:
            sink.keep()
    except OSError as error:
        raise BatchError(f"The answers cannot be written: {error.strerror or error}.") from error
    except pa.ArrowException as error:
        words = str(error).strip().split("\n")[0]
        raise BatchError(f"The files do not go together, or a column changes its kind on the way: {words}") from error
    finally:
        for sink in sinks:
            sink.drop()


def _analyse(source: Source, plan: Plan, sinks: list[Sink], *, workers: int, report: Report) -> Summary:
    *detail, errors, series = sinks
    summary, marks, keys = Summary(), list[Marks](), list(source.columns.keys)

    def work(table: pa.Table) -> tuple[Answer, Marks]:
        answer = analyse_table(table, source.columns, plan)
        return answer, np.concatenate([marks_of(t.select(keys)) for t in (answer.series, answer.errors)])

    done = 0
    for (answer, found), share in in_order(work, _ready(source), workers):
        marks.append(found)
        done += len(found)
        series.write(answer.series)
        errors.write(answer.errors)
        for sink in detail:
            sink.write(answer.points)
        summary.errors.update(answer.errors.column("reason").to_pylist())
        report(share, done)
    twice = repeated(marks)
    if len(twice):
        _take_out(twice, keys, sinks, errors, summary)
    return summary


def _ready(source: Source) -> Iterator[Piece]:
    """Tables whose series are whole; an empty one if there is none, so that the answers have their columns."""
    try:
        packed = is_packed(source.schema, source.columns)
    except ColumnError as error:
        raise BatchError(str(error)) from error
    found = False
    for table, share in source.pieces() if packed else whole_series(source.pieces(), source.columns.keys):
        found = True
        yield table, share
    if not found:
        yield source.schema.empty_table().select(list(source.columns.all)), 1.0


def _take_out(twice: Marks, keys: list[str], sinks: list[Sink], errors: Sink, summary: Summary) -> None:
    """A series that turned up in two places has two half answers: both go, and its key joins the errors."""
    lost: list[pa.Table] = []

    def keep(table: pa.Table) -> pa.Array:
        inside = np.isin(marks_of(table.select(keys)), twice)
        if inside.any():
            lost.append(table.select(keys).filter(pa.array(inside)))
        return pa.array(~inside)

    def known() -> pa.Table:
        found = pa.concat_tables(lost).group_by(keys).aggregate([]).select(keys)
        summary.errors[TWICE] = len(found)
        found = found.append_column("reason", pa.array([TWICE] * len(found), pa.string()))
        return found.append_column("row", pa.nulls(len(found), pa.int64()))

    for sink in sinks:
        sink.end()
        if sink is not errors:  # whose turn comes last, when all the keys are known
            sink.rewrite(keep)
    before = errors.rows
    errors.rewrite(keep, known)
    summary.errors = _again(errors) if before else summary.errors


def _again(errors: Sink) -> Counter[str]:
    """How many series each reason left out, from the finished file."""
    reasons = pq.read_table(errors.part, columns=["reason"]).column("reason")
    return Counter(reasons.to_pylist())


def pack_files(
    path: Path, out: Path, columns: Columns, *, overwrite: bool = False, report: Report = lambda share, series: None
) -> Summary:
    """Long files as one packed Parquet file: one row per series, lists of its points. Raises BatchError."""
    source = open_source(path, columns)
    try:
        if is_packed(source.schema, columns):
            raise BatchError(f"{path} is packed already: it has one row per series.")
    except ColumnError as error:
        raise BatchError(str(error)) from error
    if out.resolve() in _resolved(source):
        raise BatchError("Choose another name for what is written than for what is read.")
    keys, marks, done = list(columns.keys), list[Marks](), 0

    def work(table: pa.Table) -> tuple[pa.Table, Marks]:
        packed = pack(table.combine_chunks(), columns, starts_of(table, columns.keys))
        return packed, marks_of(packed.select(keys))

    with _sinks([out], overwrite) as (sink,):
        sink.group = SERIES
        for (packed, found), share in in_order(work, _ready(source), processors()):
            marks.append(found)
            done += len(found)
            sink.write(packed)
            report(share, done)
        if len(repeated(marks)):
            raise BatchError(
                "The rows of some series stand in two places. Sort the rows by the columns that name a series, and "
                "then by date."
            )
        sink.end()
    return Summary(series=done)


__all__ = ["OptionError", "Outputs", "Summary", "analyse_files", "pack_files"]
