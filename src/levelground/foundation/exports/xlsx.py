"""Writing spreadsheets that look alike, run nothing, and say where people may write.

A ``Book`` holds ``Sheet``s. All text goes in as text: formulas, links and numbers are never guessed from it.
"""

import datetime as dt
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from levelground.foundation import clock

from .text import clean, harmless

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

INK, LINE, HEAD, LOCKED, OPEN = "#1d2a35", "#b8c1c8", "#e3edf0", "#f4f5f5", "#fffdf0"
_BASE = {"font_name": "Arial", "font_size": 10, "font_color": INK, "valign": "top", "text_wrap": True}
_GRID = {"border": 1, "border_color": LINE}
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")


@dataclass(frozen=True)
class Column:
    """One column: its heading, its width in characters, what it holds, and whether people may write in it."""

    title: str
    width: float = 20
    kind: Literal["text", "code", "date", "number"] = "text"
    editable: bool = False


class Book:
    """A spreadsheet in the making; ``finish`` gives its bytes. Its properties carry a title and no person's name."""

    def __init__(self, *, title: str, language: str):
        self._stream = io.BytesIO()
        import xlsxwriter  # when the first file is made, and not at every start

        self._book = xlsxwriter.Workbook(
            self._stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        )
        self._book.set_properties({"title": clean(title), "author": "", "created": clock.now().replace(tzinfo=None)})
        self._book.set_custom_property("Language", language)
        self._formats: dict[tuple[Any, ...], Format] = {}

    def style(self, **properties: Any) -> "Format":
        """A format with the house's font; the same properties give the same format."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format({**_BASE, **properties})
        return self._formats[key]

    def sheet(self, name: str, columns: Sequence[Column], *, protect: bool = False) -> "Sheet":
        """A table with a fixed heading row. With ``protect`` only the editable columns can be written in (no password:
        it guards against slips, not against people)."""
        return Sheet(self, self._add(name), columns, protect=protect)

    def page(self, name: str, lines: Iterable[tuple[str, str]]) -> None:
        """A sheet to read: lines of (``heading`` or ``text``, words)."""
        sheet = self._add(name)
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, 100)
        for row, (kind, words) in enumerate(lines):
            style = self.style(bold=True, font_size=13) if kind == "heading" else self.style(font_size=11)
            sheet.write_string(row, 0, harmless(words), style)
        sheet.protect("", {"select_locked_cells": True})

    def hidden(self, name: str, rows: Iterable[Sequence[str]]) -> None:
        """A sheet for programs. Spreadsheet programs keep it and do not show it."""
        sheet = self._add(name)
        for row, cells in enumerate(rows):
            for column, text in enumerate(cells):
                sheet.write_string(row, column, harmless(text))
        sheet.hide()
        sheet.protect()

    def finish(self) -> bytes:
        self._book.close()
        return self._stream.getvalue()

    def _add(self, name: str) -> "Worksheet":
        return self._book.add_worksheet(sheet_name(name))


class Sheet:
    """A table of a ``Book``. Rows are written from the top; row 1 holds the headings."""

    def __init__(self, book: Book, sheet: "Worksheet", columns: Sequence[Column], *, protect: bool):
        self._book, self._sheet, self.columns = book, sheet, list(columns)
        self.rows = 0
        head = book.style(bold=True, bg_color=HEAD, **_GRID)
        for index, column in enumerate(self.columns):
            sheet.set_column(index, index, column.width)
            sheet.write_string(0, index, harmless(column.title), head)
        self._styles = [self._style(column, protect=protect) for column in self.columns]
        sheet.freeze_panes(1, 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.set_footer("&C&P / &N")
        if protect:
            allowed = ("format_columns", "format_rows", "sort", "autofilter", "select_locked_cells")
            sheet.protect("", dict.fromkeys(allowed, True))

    def _style(self, column: Column, *, protect: bool) -> "Format":
        properties: dict[str, Any] = dict(_GRID)
        if protect:
            properties |= {"locked": not column.editable, "bg_color": OPEN if column.editable else LOCKED}
        if column.kind == "date":
            properties |= {"num_format": "dd/mm/yyyy", "align": "left"}
        elif column.kind != "number":
            properties |= {"num_format": "@"}
        return self._book.style(**properties)

    def row(self, values: Sequence[Any]) -> None:
        """Write the next row; texts, dates and numbers each as what they are, ``None`` as an empty cell."""
        self.rows += 1
        for index, value in enumerate(values):
            style = self._styles[index]
            if value is None or value == "":
                self._sheet.write_blank(self.rows, index, None, style)
            elif isinstance(value, dt.date):
                self._sheet.write_datetime(self.rows, index, value, style)
            elif isinstance(value, int | float | Decimal):
                self._sheet.write_number(self.rows, index, value, style)
            else:
                self._sheet.write_string(self.rows, index, harmless(value), style)

    def filters(self) -> None:
        """Arrows in the heading row. Call it after the last row."""
        self._sheet.autofilter(0, 0, max(self.rows, 1), len(self.columns) - 1)

    def choose_from(self, column: int, reference: str, *, title: str, message: str) -> None:
        """Offer the cells of ``reference`` (``='Lists'!$A$1:$A$3``) as a list; refuse the rest with ``message``."""
        self._validate(column, {"validate": "list", "source": reference}, title, message)

    def only_dates(self, column: int, earliest: dt.date, *, title: str, message: str) -> None:
        self._validate(column, {"validate": "date", "criteria": ">=", "value": earliest}, title, message)

    def at_most(self, column: int, length: int, *, title: str, message: str) -> None:
        self._validate(column, {"validate": "length", "criteria": "<=", "value": length}, title, message)

    def _validate(self, column: int, rule: dict[str, Any], title: str, message: str) -> None:
        words = {"error_title": clean(title)[:32], "error_message": clean(message)[:255]}
        self._sheet.data_validation(1, column, max(self.rows, 1), column, {**rule, **words})


def sheet_name(name: str) -> str:
    """``name`` as spreadsheets allow it: at most 31 characters, some signs left out."""
    return _NOT_IN_NAMES.sub(" ", clean(name)).strip("' ")[:31].strip("' ") or "Sheet"
