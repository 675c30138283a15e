"""A file of numbers, as the lines that a paste would give: CSV as text, XLSX by its cells; formulas are never run."""

import io

import python_calamine
from django.utils.translation import gettext as _

from levelground.foundation import formats
from levelground.foundation.errors import Invalid
from levelground.foundation.exports.safe_xlsx import check_xlsx, column_number, formula_cells
from levelground.foundation.exports.text import as_typed

from .cells import words
from .paste import MAX_CELLS, MAX_LINES, Line, split

MAX_BYTES = 2_000_000


def lines_of(data: bytes, name: str) -> list[Line]:
    """The lines of a file, by what it is and not by what it is called. ``Invalid`` says why it cannot be read."""
    if not data:
        raise Invalid(_("The file is empty. Choose it again."))
    if len(data) > MAX_BYTES:
        raise Invalid(
            _("The file is larger than %(limit)s. Send only the numbers.") % {"limit": formats.filesize(MAX_BYTES)}
        )
    if data.startswith((b"PK", b"\xd0\xcf\x11\xe0")) or name.lower().endswith(".xlsx"):
        return _of_xlsx(data)
    return split(_text(data))


def _text(data: bytes) -> str:
    if b"\x00" in data.replace(b"\xff\xfe", b"")[:1000] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Invalid(_("This is not a file of numbers. Choose a CSV file or a spreadsheet (.xlsx)."))
    codings = ["utf-16"] if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "cp1252"]
    for coding in codings:
        try:
            return data.decode(coding)
        except UnicodeDecodeError:
            continue
    raise Invalid(_("This is not a file of numbers. Choose a CSV file or a spreadsheet (.xlsx)."))


def _of_xlsx(data: bytes) -> list[Line]:
    """The lines of the first sheet that holds anything."""
    check_xlsx(data, max_bytes=MAX_BYTES)
    formulas: dict[str, dict[int, set[int]]] = {}
    for sheet, cell in formula_cells(data):
        letters = cell.rstrip("0123456789")
        row = int(cell[len(letters) :])
        formulas.setdefault(sheet, {}).setdefault(row, set()).add(column_number(letters) - 1)
    try:
        book = python_calamine.load_workbook(io.BytesIO(data))
        for name in book.sheet_names:
            grid = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            lines = [
                Line(
                    number, [_cell(cell) for cell in row[:MAX_CELLS]], frozenset(formulas.get(name, {}).get(number, ()))
                )
                for number, row in enumerate(grid, start=1)
            ]
            filled = [line for line in lines if line.formulas or any(words(cell) for cell in line.cells)]
            if filled:
                return filled[: MAX_LINES + 2]
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # the reader's panics are no ordinary exceptions
        raise Invalid(
            _("The file is damaged and cannot be read. Open it, save it again as .xlsx and choose that file.")
        ) from error
    return []


def _cell(cell: object) -> object:
    return as_typed(cell) if isinstance(cell, str) else cell
