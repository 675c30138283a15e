"""Columns of Arrow → NumPy: numbers, dates and codes, from whatever type they came in, text too."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from levelground.engines.spc.constants import Floats

from .exact import Bools

NOTHING = pa.array(["", "NA", "N/A", "NaN", "nan", "NULL", "null", "None", "-"])
NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"
FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%Y-%m", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S")


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _plain(column: pa.Array) -> pa.Array:
    return column.dictionary_decode() if pa.types.is_dictionary(column.type) else column


def parts(column: pa.ChunkedArray | pa.Array) -> tuple[pa.Array, NDArray[np.int64]]:
    """A column of lists as its flat values and the length of each list; a missing list has none."""
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    lengths = pc.fill_null(pc.list_value_length(array), 0).to_numpy(zero_copy_only=False).astype(np.int64)
    return array.flatten(), lengths


def numbers(column: pa.Array) -> tuple[Floats, Bools | None]:
    """A column as floats, NaN where nothing stands; and where something stands that is no number (None: nowhere)."""
    column, unread = _plain(column), None
    if _is_text(column.type):
        column, unread = _parsed(column)
    if not pa.types.is_float64(column.type):
        try:
            column = pc.cast(column, pa.float64(), safe=False)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            return np.full(len(column), np.nan), np.ones(len(column), dtype=bool)
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=np.float64), unread


def _parsed(words: pa.Array) -> tuple[pa.Array, Bools | None]:
    trimmed = pc.utf8_trim_whitespace(words)
    empty = pc.is_in(trimmed, NOTHING.cast(trimmed.type))
    trimmed = pc.if_else(empty, pa.scalar(None, trimmed.type), trimmed)
    fits = pc.fill_null(pc.match_substring_regex(trimmed, NUMBER), True)
    found = pc.cast(pc.if_else(fits, trimmed, pa.scalar(None, trimmed.type)), pa.float64())
    unread = ~fits.to_numpy(zero_copy_only=False)
    return found, unread if unread.any() else None


def moments(column: pa.Array) -> tuple[pa.Array, NDArray[Any], Bools | None]:
    """A column of dates (or numbers in order): the dates, numbers that sort as they do, and where none is."""
    column = _plain(column)
    if _is_text(column.type):
        column = _dated(column)
    kind = column.type
    if pa.types.is_date32(kind):
        order = column.view(pa.int32())
    elif pa.types.is_temporal(kind) and not pa.types.is_interval(kind):
        order = column.cast(pa.timestamp("us"), safe=False) if pa.types.is_timestamp(kind) else column
        order = order.view(pa.int64()) if order.type.bit_width == 64 else order.view(pa.int32())
    elif pa.types.is_integer(kind):
        order = column
    else:
        found, unread = numbers(column)
        lost = np.isnan(found) if unread is None else np.isnan(found) | unread
        return pa.array(found), found, lost if lost.any() else None
    if not order.null_count:
        return column, order.to_numpy(zero_copy_only=False), None
    lost = order.is_null().to_numpy(zero_copy_only=False)
    return column, pc.fill_null(order, 0).to_numpy(zero_copy_only=False), lost


def _dated(words: pa.Array) -> pa.Array:
    """Text as dates: ISO (with or without a time or a day), or day/month/year; numbers if none of it is a date."""
    try:
        return pc.cast(words, pa.date32())
    except pa.ArrowInvalid:
        pass
    trimmed = pc.utf8_trim_whitespace(words)
    found = pa.nulls(len(words), pa.timestamp("s"))
    for pattern in FORMATS:
        found = pc.coalesce(found, pc.strptime(trimmed, format=pattern, unit="s", error_is_null=True))
    if found.null_count == len(found) and len(found) and _parsed(trimmed)[1] is None:
        return _parsed(trimmed)[0]
    days = pc.cast(found, pa.date32(), safe=False)
    whole = pc.equal(pc.cast(days, pa.timestamp("s")), found)
    return days if pc.all(pc.fill_null(whole, True)).as_py() else found


def codes_of(column: pa.Array) -> NDArray[Any]:
    """A number for each different value of a column; nothing is a value too."""
    if pa.types.is_dictionary(column.type):
        # A dictionary may hold a word twice; two rows of one word would then look like two series.
        again = column.dictionary.dictionary_encode(null_encoding="encode").indices.to_numpy(zero_copy_only=False)
        indices = pc.fill_null(column.indices, -1).to_numpy(zero_copy_only=False)
        return np.asarray(np.append(again, -1)[indices])
    if pa.types.is_integer(column.type) and not column.null_count:
        return np.asarray(column.to_numpy(zero_copy_only=False))
    return np.asarray(column.dictionary_encode(null_encoding="encode").indices.to_numpy(zero_copy_only=False))
