"""Parquet files that appear whole or not at all: written under a temporary name, renamed at the end."""

import os
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from .errors import BatchError

GROUP = 100_000  # rows of a row group, about


class Sink:
    """One Parquet file in the making. Tables are gathered into row groups of about GROUP rows."""

    def __init__(self, path: Path, *, overwrite: bool, group: int = GROUP) -> None:
        if path.is_dir():
            raise BatchError(f"{path} is a folder. Name the file to write, like answers.parquet.")
        if path.exists() and not overwrite:
            raise BatchError(f"{path} is there already. Choose another name, or add --overwrite.")
        if not path.parent.is_dir():
            raise BatchError(f"There is no folder {path.parent}. Make it, or choose another.")
        self.path, self.part = path, path.with_name(f".{path.name}.{os.getpid()}.part")
        self.writer: pq.ParquetWriter | None = None
        self.waiting: list[pa.Table] = []
        self.group, self.rows = group, 0

    def write(self, table: pa.Table) -> None:
        if self.writer is None:
            words = [f.name for f in table.schema if pa.types.is_dictionary(f.type) or pa.types.is_temporal(f.type)]
            self.writer = pq.ParquetWriter(
                self.part, table.schema, compression="zstd", compression_level=1, use_dictionary=words or False
            )
        else:
            table = table.cast(self.writer.schema)  # text that is a date in one piece may be a moment in the next
        self.rows += len(table)
        if len(table):
            self.waiting.append(table)
        if sum(map(len, self.waiting)) >= self.group:
            self.flush()

    def flush(self) -> None:
        if self.waiting and self.writer is not None:
            joined = pa.concat_tables(self.waiting)
            self.waiting = []
            self.writer.write_table(joined, row_group_size=max(len(joined), 1))

    def end(self) -> None:
        """Finish the temporary file; the file of the real name is untouched still."""
        self.flush()
        if self.writer is not None:
            self.writer.close()
            self.writer = None

    def keep(self) -> None:
        """Give the finished file its name, in place of whatever had it."""
        self.part.replace(self.path)

    def drop(self) -> None:
        """Leave nothing behind."""
        if self.writer is not None:
            self.writer.close()
        self.part.unlink(missing_ok=True)

    def rewrite(self, keep: Callable[[pa.Table], pa.Array], more: Callable[[], pa.Table] | None = None) -> None:
        """Write the finished temporary file again: the rows that ``keep`` says, and then ``more``."""
        again = self.part.with_name(self.part.name + ".2")
        self.rows = 0
        try:
            with pq.ParquetFile(self.part) as old:
                schema = old.schema_arrow
                with pq.ParquetWriter(again, schema, compression="zstd", compression_level=1) as new:
                    for batch in old.iter_batches(GROUP):
                        table = pa.Table.from_batches([batch]).cast(schema)
                        self._add(new, table.filter(keep(table)))
                    if more is not None:
                        self._add(new, more().cast(schema))
            again.replace(self.part)
        finally:
            again.unlink(missing_ok=True)

    def _add(self, writer: pq.ParquetWriter, table: pa.Table) -> None:
        self.rows += len(table)
        writer.write_table(table)
