"""Files of series (Parquet, CSV, Arrow IPC, or a folder of them) as record batches, and how far the reading is.

Nothing is read whole: Parquet and CSV in pieces, IPC through a memory map.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import csv, ipc

from levelground.engines.networks.block import Columns, starts_of

from .errors import BatchError

PARQUET, CSV, IPC = {".parquet", ".pq"}, {".csv"}, {".arrow", ".feather", ".ipc", ".arrows"}
POINTS = 720_000  # in one batch: 20,000 series of 36 points
SERIES = 20_000
CSV_BYTES = 16 << 20

Piece = tuple[pa.Table, float]


@dataclass(frozen=True)
class Source:
    """The files to read, in the order of their names, and the schema that they share."""

    files: tuple[Path, ...]
    schema: pa.Schema
    columns: Columns

    def pieces(self) -> Iterator[Piece]:
        """Tables of the columns asked for, with the share (0 to 1) of all bytes that has been read by then."""
        sizes = [max(path.stat().st_size, 1) for path in self.files]
        behind = 0
        for path, size in zip(self.files, sizes, strict=True):
            for table, share in _pieces(path, self.columns):
                yield table, (behind + share * size) / sum(sizes)
            behind += size


def open_source(path: Path, columns: Columns) -> Source:
    """The files at ``path``; raises BatchError if there are none, or they cannot be read or differ in kind."""
    files = _files(path)
    schema = _schema(files[0], columns)
    wanted = [name for name in columns.all if name in schema.names]
    for other in files[1:]:
        found = _schema(other, columns)
        missing = [name for name in wanted if name not in found.names]
        if missing:
            raise BatchError(f"{other} has no column {', '.join(missing)}, which {files[0].name} has.")
        for name in wanted:
            if pa.types.is_nested(found.field(name).type) != pa.types.is_nested(schema.field(name).type):
                raise BatchError(f"The column {name} holds lists in one of {files[0].name} and {other.name} only.")
    return Source(files, schema, columns)


def _files(path: Path) -> tuple[Path, ...]:
    if path.is_dir():
        found = tuple(sorted(p for p in path.rglob("*") if p.is_file() and _kind(p) and not _hidden(p, path)))
        if not found:
            raise BatchError(f"{path} holds no file that ends in {', '.join(sorted(PARQUET | CSV | IPC))}.")
        return found
    if not path.is_file():
        raise BatchError(f"There is no file or folder {path}.")
    if not _kind(path):
        raise BatchError(
            f"{path} is of no known kind. Its name ends in one of {', '.join(sorted(PARQUET | CSV | IPC))}."
        )
    return (path,)


def _kind(path: Path) -> str:
    name = path.suffix.lower()
    return "parquet" if name in PARQUET else "csv" if name in CSV else "ipc" if name in IPC else ""


def _hidden(path: Path, folder: Path) -> bool:
    """Files that programs leave behind: half-written ones, markers."""
    return any(part.startswith((".", "_")) for part in path.relative_to(folder).parts)


def _schema(path: Path, columns: Columns) -> pa.Schema:
    try:
        kind = _kind(path)
        if kind == "parquet":
            return pq.read_schema(path)
        if kind == "csv":
            with _open_csv(path, columns) as reader:
                return reader.schema
        with pa.memory_map(str(path)) as file:
            return _open_ipc(file).schema
    except (pa.ArrowException, OSError) as error:
        raise BatchError(f"{path} cannot be read: {_words(error)}") from error


def _words(error: Exception) -> str:
    return str(error).strip().split("\n")[0]


def _pieces(path: Path, columns: Columns) -> Iterator[Piece]:
    reader = {"parquet": _parquet, "csv": _csv, "ipc": _ipc}[_kind(path)]
    try:
        for table, share in reader(path, columns):
            yield table, min(share, 1.0)
    except (pa.ArrowException, OSError) as error:
        raise BatchError(f"{path} cannot be read to its end: {_words(error)}") from error


def _parquet(path: Path, columns: Columns) -> Iterator[Piece]:
    schema = pq.read_schema(path)
    packed = pa.types.is_nested(schema.field(columns.value).type)
    texts = [name for name in columns.keys if pa.types.is_string(schema.field(name).type)]
    # In long form a key stands in many rows: as codes it is read and compared several times faster.
    with pq.ParquetFile(path, read_dictionary=None if packed else texts, pre_buffer=False) as file:
        rows = file.metadata.num_rows
        done = 0
        size = _series_in_a_batch(file, columns.value) if packed else POINTS
        for batch in file.iter_batches(batch_size=size, columns=list(columns.all), use_threads=True):
            done += len(batch)
            yield pa.Table.from_batches([batch]).select(list(columns.all)), done / max(rows, 1)


def _series_in_a_batch(file: pq.ParquetFile, column: str) -> int:
    """So many that a batch holds about POINTS points, however long the series are."""
    most = 1.0
    for group in range(file.metadata.num_row_groups):
        described = file.metadata.row_group(group)
        for place in range(described.num_columns):
            chunk = described.column(place)
            if chunk.path_in_schema.split(".")[0] == column and described.num_rows:
                most = max(most, chunk.num_values / described.num_rows)
    return max(min(SERIES, int(POINTS / most)), 1)


def _open_csv(path: Path, columns: Columns) -> csv.CSVStreamingReader:
    """Everything as text: a key stays as it is written (007), and a wrong number spoils its own series only."""
    with path.open(encoding="utf-8-sig") as file:
        header = file.readline()
    if not header.strip():
        raise BatchError(f"{path} is empty: its first line names the columns.")
    return csv.open_csv(
        path,
        read_options=csv.ReadOptions(block_size=CSV_BYTES),
        convert_options=csv.ConvertOptions(
            column_types=dict.fromkeys(columns.all, pa.string()), strings_can_be_null=False,
        ),
    )  # fmt: skip


def _csv(path: Path, columns: Columns) -> Iterator[Piece]:
    size, done = path.stat().st_size, 0
    with _open_csv(path, columns) as reader:
        for batch in reader:
            done += batch.nbytes
            yield pa.Table.from_batches([batch]).select(list(columns.all)), done / max(size, 1)


def _open_ipc(file: pa.NativeFile) -> ipc.RecordBatchFileReader | ipc.RecordBatchStreamReader:
    try:
        return ipc.open_file(file)
    except pa.ArrowInvalid:
        file.seek(0)
        return ipc.open_stream(file)


def _ipc(path: Path, columns: Columns) -> Iterator[Piece]:
    with pa.memory_map(str(path)) as file:
        size = max(file.size(), 1)
        reader = _open_ipc(file)
        packed = pa.types.is_nested(reader.schema.field(columns.value).type)
        step, done = SERIES if packed else POINTS, 0
        for batch in _batches(reader):
            done += batch.nbytes
            for begin in range(0, len(batch), step):
                table = pa.Table.from_batches([batch.slice(begin, step)]).select(list(columns.all))
                yield table, done / size


def _batches(reader: ipc.RecordBatchFileReader | ipc.RecordBatchStreamReader) -> Iterator[pa.RecordBatch]:
    if isinstance(reader, ipc.RecordBatchFileReader):
        yield from (reader.get_batch(number) for number in range(reader.num_record_batches))
    else:
        yield from reader


def whole_series(pieces: Iterator[Piece], keys: tuple[str, ...]) -> Iterator[Piece]:
    """Long tables cut only between series: the last one of a piece waits for the next piece."""
    waiting: pa.Table | None = None
    share = 0.0
    for piece, share in pieces:
        table = piece
        if not len(table):
            continue
        if waiting is not None and waiting.schema != table.schema:
            # Files of two kinds in a folder: where they meet, one series is text, which every column can be.
            starts = starts_of(table, keys)
            end = int(starts[1]) if len(starts) > 1 else len(table)
            joined, table = pa.concat_tables([_text(waiting), _text(table.slice(0, end))]), table.slice(end)
            at = int(starts_of(joined, keys)[-1])
            yield from ((part, share) for part in (joined.slice(0, at),) if at)
            if not len(table):
                waiting = joined.slice(at)
                continue
            yield joined.slice(at), share
            waiting = None
        joined = table if waiting is None else pa.concat_tables([waiting, table])
        at = int(starts_of(joined, keys)[-1])
        if at:
            yield joined.slice(0, at), share
        waiting = joined.slice(at)
    if waiting is not None:
        yield waiting, share


def _text(table: pa.Table) -> pa.Table:
    return table.cast(pa.schema([(name, pa.string()) for name in table.column_names]))
