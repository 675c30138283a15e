"""Framework files to break, for the tests of this app."""

import copy
import io
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl

from levelground.frameworks.files import read_xlsx, read_yaml, write_xlsx, write_yaml
from levelground.frameworks.files.content import complete
from tests.factories import framework_data


def data(**options: Any) -> dict[str, Any]:
    """A small framework in the full form that reading gives."""
    value = complete(framework_data(**options))
    value["version"]["notes"] = {"en": "What is new", "cy": "Beth sy'n newydd"}
    return value


def changed(change: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    value = copy.deepcopy(data())
    change(value)
    return value


def yaml_text() -> str:
    return write_yaml(data()).decode()


def from_yaml(text: str | bytes) -> Any:
    return read_yaml(text if isinstance(text, bytes) else text.encode(), "mark.yaml")


def from_xlsx(raw: bytes) -> Any:
    return read_xlsx(raw, "mark.xlsx")


def sheet(change: Callable[[openpyxl.Workbook], Any]) -> bytes:
    """The spreadsheet of the small framework, opened and changed as a person would."""
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx(data())))
    change(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def part(raw: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The spreadsheet with one of its parts rewritten."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            new.writestr(member, change(old.read(member)) if member == name else old.read(member))
    return stream.getvalue()
