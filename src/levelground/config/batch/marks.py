"""A 64-bit mark for each series' key, to see with 8 bytes per series whether one turns up in two places."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Marks = NDArray[np.uint64]

PRIME = np.uint64(0x100000001B3)
MIX = np.uint64(0x9E3779B97F4A7C15)


def marks_of(keys: pa.Table) -> Marks:
    """One mark per row; equal keys have equal marks, and different ones do not by chance (1 in 4e7 for a million)."""
    found = np.full(len(keys), MIX, dtype=np.uint64)
    for column in keys.columns:
        found = _mixed(found ^ _of(column.combine_chunks())) * PRIME
    return _mixed(found)


def _mixed(marks: Marks) -> Marks:
    """Every bit of the mark depends on every bit (the finaliser of SplitMix64)."""
    marks = (marks ^ (marks >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    marks = (marks ^ (marks >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return marks ^ (marks >> np.uint64(31))


def _of(column: pa.Array) -> Marks:
    if isinstance(column, pa.ChunkedArray):
        column = pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)
    missing = column.is_null().to_numpy(zero_copy_only=False)
    words = pc.fill_null(pc.cast(column, pa.large_string()), "")
    if not len(words):
        return np.array([], dtype=np.uint64)
    _, offsets_buffer, data = words.buffers()
    offsets = np.frombuffer(offsets_buffer, dtype=np.int64)[words.offset : words.offset + len(words) + 1]
    begin, end = int(offsets[0]), int(offsets[-1])
    text = np.frombuffer(data, dtype=np.uint8)[begin:end] if data is not None and end > begin else np.zeros(0, np.uint8)
    lengths = np.diff(offsets)
    place = np.arange(len(text)) - np.repeat(offsets[:-1] - begin, lengths)
    weights = np.cumprod(np.full(int(lengths.max(initial=0)) + 1, PRIME, dtype=np.uint64))
    sums = np.append(np.uint64(0), np.cumsum((text.astype(np.uint64) + np.uint64(1)) * weights[place], dtype=np.uint64))
    marks = sums[offsets[1:] - begin] - sums[offsets[:-1] - begin] + lengths.astype(np.uint64) * MIX
    return np.where(missing, np.uint64(7), _mixed(marks))


def repeated(marks: list[Marks]) -> Marks:
    """The marks that stand there more than once."""
    ranked = np.sort(np.concatenate(marks)) if marks else np.array([], dtype=np.uint64)
    return np.unique(ranked[1:][ranked[1:] == ranked[:-1]])
