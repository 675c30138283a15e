"""Editing a spreadsheet as a person would, for tests."""

import io
from collections.abc import Callable
from typing import Any

import openpyxl
from django.utils import translation

from levelground.assessments.sheets.writing import workbook_file


def export(workbook: Any, language: str = "en-gb") -> bytes:
    """A fresh download of ``workbook``."""
    with translation.override(language):
        return workbook_file(workbook)[0]


def edited(data: bytes, change: Callable[[Any], None]) -> bytes:
    """``data`` opened, changed by ``change`` (it gets the main sheet) and saved by another program."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    change(book.worksheets[0])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def column_of(sheet: Any, title: str) -> int:
    return next(cell.column for cell in sheet[1] if cell.value == title)


def row_of(sheet: Any, code: str) -> int:
    return next(cell.row for cell in sheet["A"] if str(cell.value) == code)


def fill(code: str, /, **cells: Any) -> Callable[[Any], None]:
    """A change: write ``cells`` (by English heading: answer, reason, action, due, owner) in the row of ``code``."""
    titles = {
        "answer": "Answer", "reason": "Reason", "action": "New action", "due": "Due date of the new action",
        "owner": "Owner of the new action", "code": "Code",
    }  # fmt: skip

    def change(sheet: Any) -> None:
        row = row_of(sheet, code)
        for name, value in cells.items():
            sheet.cell(row, column_of(sheet, titles[name])).value = value

    return change


def several(*changes: Callable[[Any], None]) -> Callable[[Any], None]:
    def change(sheet: Any) -> None:
        for one in changes:
            one(sheet)

    return change
