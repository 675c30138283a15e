"""Uploaded spreadsheets: what is refused before anything reads them, and with which words."""

import io
import zipfile

import openpyxl
import pytest

from levelground.foundation.errors import Invalid
from levelground.foundation.exports.safe_xlsx import check_xlsx, column_name, column_number, formula_cells


def workbook(cells: dict[str, object] | None = None) -> bytes:
    book = openpyxl.Workbook()
    for cell, value in (cells or {"A1": "code"}).items():
        book.active[cell] = value
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def changed(data: bytes, replace: dict[str, bytes]) -> bytes:
    """The archive ``data`` with some parts replaced or added."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in replace:
                new.writestr(name, old.read(name))
        for name, content in replace.items():
            new.writestr(name, content)
    return stream.getvalue()


def refused(data: bytes, **limits: int) -> str:
    with pytest.raises(Invalid) as error:
        check_xlsx(data, **limits)
    return str(error.value)


def test_an_ordinary_spreadsheet_passes():
    check_xlsx(workbook())
    assert formula_cells(workbook()) == set()


def test_formulas_are_found_by_sheet_and_cell():
    book = openpyxl.Workbook()
    book.active.title = "First & last"
    book.active["B3"] = "=1+1"
    book.active["AA10"] = '=HYPERLINK("http://example.org")'
    book.create_sheet("Other")["A1"] = "=A2"
    book["Other"]["A2"] = "plain = text"
    stream = io.BytesIO()
    book.save(stream)
    assert formula_cells(stream.getvalue()) == {("First & last", "B3"), ("First & last", "AA10"), ("Other", "A1")}


def test_formulas_are_found_in_cells_without_an_address():
    sheet = b'<worksheet><sheetData><row><c t="n"><v>1</v></c><c><f>1+1</f></c></row></sheetData></worksheet>'
    assert formula_cells(changed(workbook(), {"xl/worksheets/sheet1.xml": sheet})) == {("Sheet", "B1")}


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"code,answer\n1,met\n", "not a spreadsheet"),
        (b"\xd0\xcf\x11\xe0 old or locked", "password"),
        (b"PK\x03\x04 cut short", "damaged"),
        (workbook()[:-200], "damaged"),
    ],
)
def test_what_is_no_spreadsheet_is_refused_in_words(data, says):
    assert says in refused(data)


def test_a_zip_that_is_no_spreadsheet_is_refused():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert "not a spreadsheet" in refused(stream.getvalue())


def test_an_oversized_file_is_refused():
    assert "larger than" in refused(workbook(), max_bytes=1000)


def test_a_zip_bomb_is_refused():
    bomb = changed(workbook(), {"xl/worksheets/sheet1.xml": b"<worksheet>" + b" " * 30_000_000 + b"</worksheet>"})
    assert len(bomb) < 100_000
    assert "unpacks to far more" in refused(bomb)


def test_a_bomb_that_lies_about_its_size_is_refused():
    honest = changed(workbook(), {"xl/worksheets/sheet1.xml": b"<worksheet>" + b" " * 30_000_000 + b"</worksheet>"})
    size = (30_000_000 + len(b"<worksheet></worksheet>")).to_bytes(4, "little")
    assert honest.count(size) >= 1
    assert "damaged" in refused(honest.replace(size, (100).to_bytes(4, "little")))


def test_one_far_away_cell_is_refused_before_it_fills_the_memory():
    assert "far below" in refused(workbook({"A1": "code", "XFD1048576": "x"}))


def test_far_cells_are_counted_over_all_sheets():
    book = openpyxl.Workbook()
    for number in range(4):
        book.create_sheet(f"Sheet {number}")["A1000000"] = "x"
    out = io.BytesIO()
    book.save(out)
    assert "far below" in refused(out.getvalue())


def test_one_long_text_named_by_many_cells_is_refused():
    """The file is small and unpacks to little: only in the cells does the text become many."""
    rows = "".join(f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(1, 121))
    bomb = {
        "xl/sharedStrings.xml": f"<sst><si><t>{'x' * 2_000_000}</t></si></sst>".encode(),
        "xl/worksheets/sheet1.xml": f"<worksheet><sheetData>{rows}</sheetData></worksheet>".encode(),
    }
    assert "far more than a spreadsheet needs" in refused(changed(workbook({"A1": "x"}), bomb))
    few = bomb | {"xl/sharedStrings.xml": b"<sst><si><t>a short one</t></si></sst>"}
    check_xlsx(changed(workbook({"A1": "x"}), few))


def test_a_list_of_sheets_that_is_too_long_is_refused():
    long = b"<workbook><sheets>" + b'<sheet name="x" sheetId="1" r:id="rId1"/>' * 50_000 + b"</sheets></workbook>"
    assert "damaged" in refused(changed(workbook(), {"xl/workbook.xml": long}))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_in_every_encoding(encoding):
    bomb = (
        f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
        "<worksheet>&b;</worksheet>"
    ).encode(encoding)
    assert "instructions" in refused(changed(workbook(), {"xl/worksheets/sheet1.xml": bomb}))


@pytest.mark.parametrize("name", ["xl/vbaProject.bin", "xl/activeX/activeX1.bin", "xl/macrosheets/sheet1.xml"])
def test_macros_are_refused(name):
    assert "macros" in refused(changed(workbook(), {name: b"<x/>"}))


def test_a_macro_content_type_is_refused():
    types = b'<Types><Override ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>'
    assert "macros" in refused(changed(workbook(), {"[Content_Types].xml": types}))


@pytest.mark.parametrize("name", ["../evil.xml", "/etc/passwd", "xl\\..\\evil.xml"])
def test_paths_that_leave_the_archive_are_refused(name):
    assert "damaged" in refused(changed(workbook(), {name: b"<x/>"}))


def test_embedded_files_are_refused():
    assert "another file" in refused(changed(workbook(), {"xl/embeddings/oleObject1.bin": b"x"}))


@pytest.mark.parametrize(("name", "number"), [("A", 1), ("Z", 26), ("AA", 27), ("XFD", 16384)])
def test_column_names(name, number):
    assert (column_number(name), column_name(number)) == (number, name)
