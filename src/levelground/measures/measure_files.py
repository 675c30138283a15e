"""The numbers of a measure as files. Small numbers are hidden in them as on every page."""

import csv
import io
from collections.abc import Iterable
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from levelground.foundation.exports.files import XLSX
from levelground.foundation.exports.text import harmless, safe_filename
from levelground.foundation.exports.xlsx import Book, Column

from .models import Measure
from .presenters import definition_rows, group_words
from .rules import columns_of
from .selectors import groups_by_list, numbers_of
from .shown import Cell
from .wording import column_label, figure_label

CSV = "text/csv; charset=utf-8"
KINDS = ("csv", "xlsx")


def numbers_file(measure: Measure, kind: str) -> tuple[bytes, str, str]:
    """(bytes, file name, content type) of all numbers, of everybody and of every group, the oldest first."""
    columns = columns_of(measure.kind, about_people=measure.about_people)
    extra = [column for column in columns if column != "value"]
    heads = [_("Date"), _("Group"), *(column_label(column, measure) for column in extra), figure_label(measure)]
    rows = _rows(measure, extra)
    name = safe_filename(measure.name.here(), _("numbers"), extension=kind)
    if kind == "csv":
        return csv_file([heads, *([row[0].isoformat(), *row[1:]] for row in rows)], measure.source), name, CSV
    return _xlsx(measure, heads, rows), name, XLSX


def _rows(measure: Measure, extra: list[str]) -> list[list[Any]]:
    found: dict[tuple[Any, str], list[Any]] = {}
    for by in ["", *groups_by_list(measure)]:
        for day in numbers_of(measure, by=by, oldest_first=True).days:
            for group, cell in day.cells.items():
                found[day.date, group] = [day.date, group_words(group), *_figures(cell, extra, measure.kind)]
    order = {"": 0} | {group: n for groups in groups_by_list(measure).values() for n, group in enumerate(groups, 1)}
    return [row for (_date, group), row in sorted(found.items(), key=lambda item: (item[0][0], order[item[0][1]]))]


def _figures(cell: Cell, extra: list[str], kind: str) -> list[Any]:
    parts = [*(getattr(cell, column) for column in extra), cell.figure]
    return [None if part is None else "*" if part.hidden else _plain(part.value) for part in parts]


def _plain(value: float | None) -> Any:
    if value is None:
        return None
    return int(value) if float(value).is_integer() else round(value, 6)


def csv_file(rows: Iterable[Iterable[Any]], source: str = "") -> bytes:
    """Rows as CSV that spreadsheets open as what it is: UTF-8, and no text that becomes a formula. Where the numbers
    come from stands at the end, as a remark: ``levelground spc`` and our paste pass over it."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    for row in rows:
        writer.writerow(["" if cell is None else harmless(cell) if isinstance(cell, str) else cell for cell in row])
    if source:
        stream.write(f"# {_('Source')}: {' '.join(source.split())}\r\n")
    return b"\xef\xbb\xbf" + stream.getvalue().encode()


def _xlsx(measure: Measure, heads: list[str], rows: list[list[Any]]) -> bytes:
    book = Book(title=measure.name.here(), language=get_language() or "en")
    columns = [Column(heads[0], 14, "date"), Column(heads[1], 34), *(Column(head, 16, "number") for head in heads[2:])]
    sheet = book.sheet(_("Numbers"), columns)
    for row in rows:
        sheet.row(row)
    sheet.filters()
    lines = [("text", f"{label}: {words}") for label, words in definition_rows(measure)]
    book.page(_("Definition"), [("heading", measure.name.here()), *lines])
    return book.finish()
