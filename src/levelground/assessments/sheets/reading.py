"""Reading a spreadsheet that came back: pure, from bytes to rows of words. Nothing is looked up, nothing is saved."""

import datetime as dt
import io
from dataclasses import dataclass, field
from typing import Any

import python_calamine
from django.utils.translation import gettext as _

from levelground.foundation.errors import Invalid
from levelground.foundation.exports.safe_xlsx import check_xlsx, column_name, formula_cells
from levelground.foundation.exports.text import as_typed, clean

from .layout import FIELDS, FORMAT, NOTES_SHEET, READ, fold, tidy

MAX_BYTES = 5_000_000
_HEADINGS_WITHIN = 20

Grid = list[list[Any]]


@dataclass
class Notes:
    """What the export wrote for us into the hidden sheet."""

    workbook: str = ""
    framework: str = ""
    exported: str = ""
    sheet: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    choices: dict[str, str] = field(default_factory=dict)
    rows: dict[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Line:
    """One filled row: its number in the sheet, its cells by key, and the keys whose cell holds a formula."""

    number: int
    cells: dict[str, Any]
    formulas: frozenset[str]

    def text(self, key: str) -> str:
        return tidy(as_typed(clean(_words(self.cells.get(key)))))

    @property
    def is_empty(self) -> bool:
        return not self.formulas and not any(self.text(key) for key in READ)


@dataclass(frozen=True)
class Filled:
    """A spreadsheet of a workbook as it came back. ``titles`` are its headings by key."""

    notes: Notes
    lines: list[Line]
    titles: dict[str, str]


def read_sheet(data: bytes) -> Filled:
    """The rows of a spreadsheet that one of our exports became. ``Invalid`` says why it is not one."""
    check_xlsx(data, max_bytes=MAX_BYTES)
    grids = _grids(data)
    notes = _notes(grids)
    for name in sorted(grids, key=lambda name: name != notes.sheet):
        found = _headings(grids[name], notes)
        if found:
            head, columns = found
            titles = {key: notes.columns.get(key, key) for key in columns}
            return Filled(notes, _lines(grids[name], head, columns, _formulas(data, name)), titles)
    needed = ", ".join(f"“{notes.columns.get(f.key, f.title)}”" for f in FIELDS if f.needed)
    raise Invalid(
        _("We cannot find the headings %(headings)s in one row. Put them back as they were and try again.")
        % {"headings": needed}
    )


def _grids(data: bytes) -> dict[str, Grid]:
    """Every sheet as rows of cells."""
    try:
        book = python_calamine.load_workbook(io.BytesIO(data))
        return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # the reader's panics are no ordinary exceptions
        raise Invalid(
            _("The file is damaged and cannot be read. Open it, save it again as .xlsx and choose that file.")
        ) from error


def _notes(grids: dict[str, Grid]) -> Notes:
    for name in sorted(grids, key=lambda name: name != NOTES_SHEET):
        rows = [[as_typed(_words(cell)) for cell in row] + [""] * 4 for row in grids[name]]
        if rows and rows[0][:2] == ["format", FORMAT]:
            return _understood(rows)
    raise Invalid(
        _(
            "This spreadsheet was not downloaded from a workbook here, or its hidden sheet was lost. "
            "Download the workbook's spreadsheet and copy your answers into that."
        )
    )


def _understood(rows: list[list[str]]) -> Notes:
    notes = Notes()
    for kind, first, second, third, *_rest in rows:
        match kind:
            case "workbook" | "framework" | "exported" | "sheet":
                setattr(notes, kind, first)
            case "column":
                notes.columns[first] = second
            case "choice":
                notes.choices[fold(second)] = first
            case "row":
                notes.rows[first] = (second, third)
    return notes


def _headings(grid: Grid, notes: Notes) -> tuple[int, dict[str, int]] | None:
    """(index of the row with the headings, key → index of the column), or ``None`` when they are not there."""
    keys = {fold(title): key for key, title in notes.columns.items()}
    for index, row in enumerate(grid[:_HEADINGS_WITHIN]):
        columns: dict[str, int] = {}
        for position, cell in enumerate(row):
            key = keys.get(fold(_words(cell)))
            if key in READ:
                columns.setdefault(key, position)
        if all(f.key in columns for f in FIELDS if f.needed):
            return index, columns
    return None


def _formulas(data: bytes, sheet: str) -> set[str]:
    return {cell for name, cell in formula_cells(data) if name == sheet}


def _lines(grid: Grid, head: int, columns: dict[str, int], formulas: set[str]) -> list[Line]:
    lines = []
    for index in range(head + 1, len(grid)):
        row = grid[index]
        cells = {key: row[position] for key, position in columns.items() if position < len(row)}
        marked = frozenset(
            key for key, position in columns.items() if f"{column_name(position + 1)}{index + 1}" in formulas
        )
        line = Line(index + 1, cells, marked)
        if not line.is_empty:
            lines.append(line)
    return lines


def _words(cell: Any) -> str:
    """A cell as text. Whole numbers come as floats; dates stay readable."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return str(cell)
