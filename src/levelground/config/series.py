"""Series from files: CSV, Parquet, JSON Lines. One row per point, or one row per series with lists in its columns.

Numbers may have thousands separators, dates may be written the British way; lines of a CSV that begin with # are
remarks. Every error is a sentence that names the line, and a wrong column name lists the columns there are.
"""

import csv
import datetime as dt
import io
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

FORMATS = {".csv": "csv", ".tsv": "csv", ".txt": "csv", ".parquet": "parquet", ".pq": "parquet",
           ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl"}  # fmt: skip
GUESSES = {
    "date": ("date", "x", "month", "period", "week", "day", "when"),
    "value": ("value", "y", "count", "numerator"),
    "denominator": ("denominator", "n"),
}
MISSING = {"", "na", "n/a", "nan", "null", "none", "-", "–"}
_DAY = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_MONTH = re.compile(r"(\d{4})-(\d{1,2})")


class SeriesFileError(Exception):
    """The file, or what was asked of it, is not right; the text says what is."""


@dataclass(frozen=True)
class Columns:
    """A file's columns by name, and what to call each row ("line 7")."""

    values: Mapping[str, Sequence[Any]]
    rows: Sequence[str]

    def find(self, given: str | None, role: str, *, needed: bool = True) -> str | None:
        """The column that was named, or else the first usual name for ``role``. Raises SeriesFileError."""
        if given is not None:
            if given not in self.values:
                raise SeriesFileError(
                    _("There is no column “%(name)s”. The columns are: %(names)s.")
                    % {"name": given, "names": ", ".join(self.values) or "–"}
                )
            return given
        lowered = {name.lower(): name for name in reversed(list(self.values))}
        found = next((lowered[guess] for guess in GUESSES[role] if guess in lowered), None)
        if found is None and needed:
            raise SeriesFileError(
                _("Which column holds the values? Say so with --%(role)s. The columns are: %(names)s.")
                % {"role": role, "names": ", ".join(self.values) or "–"}
            )
        return found


@dataclass(frozen=True)
class Series:
    """One series: ``x`` (None: numbered), values, denominators (None: none), and what to call each row."""

    name: str
    x: list[Any] | None
    values: list[float | None]
    denominators: list[float | None] | None
    rows: list[str]


def read(path: Path, kind: str | None = None) -> Columns:
    """The columns of a file; ``kind``: csv, parquet or jsonl, where the name does not tell. Raises SeriesFileError."""
    kind = kind or FORMATS.get(path.suffix.lower())
    if kind is None:
        raise SeriesFileError(_("Say what the file is, with --input csv, --input parquet or --input jsonl."))
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise SeriesFileError(
            _("%(file)s cannot be read: %(reason)s") % {"file": path, "reason": error.strerror}
        ) from None
    columns = {"csv": _csv, "parquet": _parquet, "jsonl": _jsonl}[kind](raw)
    if not columns.values:
        raise SeriesFileError(_("There is nothing in %(file)s.") % {"file": path})
    return columns


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")  # what spreadsheets on Windows write


def _csv(raw: bytes) -> Columns:
    lines = [(number, line) for number, line in enumerate(_text(raw).splitlines(), 1)]
    kept = [(number, line) for number, line in lines if line.strip() and not line.startswith("#")]
    if not kept:
        return Columns({}, [])
    separator = max(",;\t", key=kept[0][1].count)
    table = list(csv.reader(io.StringIO("\n".join(line for _number, line in kept)), delimiter=separator))
    head = [name.strip() for name in table[0]]
    if len(set(head)) != len(head):
        raise SeriesFileError(_("Two columns have one name: %(names)s.") % {"names": ", ".join(head)})
    columns: dict[str, list[Any]] = {name: [] for name in head}
    # A quoted cell may run over lines; the numbers then are those of the rows.
    numbers = [number for number, _line in kept] if len(table) == len(kept) else list(range(1, len(table) + 1))
    for number, row in zip(numbers[1:], table[1:], strict=True):
        if len(row) > len(head) and any(cell.strip() for cell in row[len(head) :]):
            raise SeriesFileError(
                _("Line %(line)s has %(found)s cells, but there are %(columns)s columns.")
                % {"line": number, "found": len(row), "columns": len(head)}
            )
        for place, name in enumerate(head):
            columns[name].append(row[place] if place < len(row) else "")
    return Columns(columns, [_("line %(line)s") % {"line": number} for number in numbers[1:]])


def _parquet(raw: bytes) -> Columns:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(pa.BufferReader(raw))
    except (pa.ArrowException, OSError, ValueError) as error:
        raise SeriesFileError(_("This is not a Parquet file: %(reason)s") % {"reason": error}) from None
    return Columns(table.to_pydict(), [_("row %(row)s") % {"row": row} for row in range(1, table.num_rows + 1)])


def _jsonl(raw: bytes) -> Columns:
    found: list[dict[str, Any]] = []
    numbers = []
    for number, line in enumerate(_text(raw).splitlines(), 1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
        except ValueError as error:
            raise SeriesFileError(
                _("Line %(line)s is not JSON: %(reason)s") % {"line": number, "reason": error}
            ) from None
        if not isinstance(entry, dict):
            raise SeriesFileError(_("Line %(line)s is not a JSON object with names.") % {"line": number})
        inner = entry.get("input")
        found.append({**entry, **inner} if isinstance(inner, dict) else entry)
        numbers.append(_("line %(line)s") % {"line": number})
    names = list(dict.fromkeys(name for entry in found for name in entry))
    return Columns({name: [entry.get(name) for entry in found] for name in names}, numbers)


def series_of(
    columns: Columns, *, date: str | None, value: str | None, denominator: str | None, series: str | None
) -> list[Series]:
    """The series of a file, in order of appearance. Columns that are not named are guessed. Raises SeriesFileError."""
    y = str(columns.find(value, "value"))
    x, n = columns.find(date, "date", needed=False), columns.find(denominator, "denominator", needed=False)
    if any(isinstance(cell, list) for cell in columns.values[y]):
        return _packed(columns, x, y, n, series)
    key = columns.find(series, "value") if series else None
    places: dict[str, list[int]] = {}
    for place in range(len(columns.rows)):
        places.setdefault("" if key is None else str(columns.values[key][place]), []).append(place)
    found = []
    for name, held in places.items():
        cells, numbers, below = (_cells(columns, column, held) for column in (x, y, n))
        found.append(_one(name, cells, numbers, below, [columns.rows[place] for place in held]))
    return found


def _cells(columns: Columns, name: str | None, places: Sequence[int]) -> list[Any] | None:
    return None if name is None else [columns.values[name][place] for place in places]


def _packed(columns: Columns, x: str | None, y: str, n: str | None, series: str | None) -> list[Series]:
    """One row per series, its points in lists."""
    named = columns.find(series, "value") if series else ("id" if "id" in columns.values else None)
    found = []
    for place, row in enumerate(columns.rows):
        values = columns.values[y][place]
        if not isinstance(values, list):
            continue
        name = row if named is None else str(columns.values[named][place])
        lists = [columns.values[column][place] if column else None for column in (x, n)]
        if any(cells is not None and (not isinstance(cells, list) or len(cells) != len(values)) for cells in lists):
            raise SeriesFileError(_("The lists of %(row)s are not of one length.") % {"row": row})
        rows = [_("%(row)s, point %(point)s") % {"row": row, "point": point + 1} for point in range(len(values))]
        found.append(_one(name, lists[0], values, lists[1], rows))
    return found


def _one(name: str, x: list[Any] | None, values: list[Any] | None, n: list[Any] | None, rows: list[str]) -> Series:
    numbers = [_number(cell, row) for cell, row in zip(values or [], rows, strict=True)]
    below = None if n is None else [_number(cell, row) for cell, row in zip(n, rows, strict=True)]
    if below is not None and all(one is None for one in below):
        below = None
    return Series(name, None if x is None else _order(x, rows), numbers, below, rows)


def _number(cell: Any, row: str) -> float | None:
    if cell is None or isinstance(cell, bool):
        return None if cell is None else float(cell)
    if isinstance(cell, int | float):
        return None if isinstance(cell, float) and math.isnan(cell) else float(cell)
    text = str(cell).strip().replace("\N{MINUS SIGN}", "-").replace("\N{NO-BREAK SPACE}", "")
    if text.lower() in MISSING:
        return None
    try:
        return float(text.removesuffix("%").replace(",", ""))
    except ValueError:
        raise SeriesFileError(_("“%(cell)s” (%(row)s) is not a number.") % {"cell": text[:40], "row": row}) from None


def _order(cells: list[Any], rows: Sequence[str]) -> list[Any]:
    """Dates if most are dates, else numbers if all are, else words."""
    dates = [as_date(cell) for cell in cells]
    if sum(date is not None for date in dates) * 2 > len(cells):
        for date, cell, row in zip(dates, cells, rows, strict=True):
            if date is None and not _is_missing(cell):
                raise SeriesFileError(_("“%(cell)s” (%(row)s) is not a date.") % {"cell": str(cell)[:40], "row": row})
        return dates
    try:
        return [math.nan if _is_missing(cell) else float(cell) for cell in cells]
    except (TypeError, ValueError):
        return [str(cell) for cell in cells]


def _is_missing(cell: Any) -> bool:
    return cell is None or str(cell).strip().lower() in MISSING


def as_date(cell: Any) -> dt.date | None:
    """2024-04-01, 2024-04, 1/4/2024 (day first), Apr 2024, or a moment; None if it is none of these."""
    if isinstance(cell, dt.date):
        return cell
    text = cell.strip() if isinstance(cell, str) else ""
    try:
        if found := _DAY.fullmatch(text):
            return dt.date(int(found[3]), int(found[2]), int(found[1]))
        if found := _MONTH.fullmatch(text):
            return dt.date(int(found[1]), int(found[2]), 1)
        if _ISO.match(text):
            return dt.date.fromisoformat(text) if len(text) == 10 else dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return _named_month(text)


def _named_month(text: str) -> dt.date | None:
    for form in ("%b %Y", "%B %Y", "%b-%y", "%b-%Y", "%d %b %Y", "%d %B %Y"):
        try:
            return dt.datetime.strptime(text, form).date()
        except ValueError:
            continue
    return None
