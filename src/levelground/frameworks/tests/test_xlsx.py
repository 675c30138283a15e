"""Framework files as spreadsheets: equal data both ways, a cell for each mistake, nothing hostile opened."""

import io
import zipfile

import openpyxl
import pytest
from hypothesis import given, settings

from levelground.frameworks.files import read_xlsx, write_xlsx, write_yaml
from levelground.frameworks.files.sheet import COLUMNS

from .files import changed, data, from_xlsx, from_yaml, part, sheet
from .test_yaml import safe

PLACES = {column.header: index + 1 for index, column in enumerate(COLUMNS)}
SHEET1 = "xl/worksheets/sheet1.xml"


def cell(book, header, row):
    return book["Indicators"].cell(row=row, column=PLACES[header])


def refused(raw, *words):
    reading = from_xlsx(raw)
    assert reading.data is None
    said = " ".join(str(problem) for problem in reading.problems)
    assert all(word in said for word in words), said
    return reading


def test_export_and_import_give_equal_data():
    reading = from_xlsx(write_xlsx(data()))
    assert reading.problems == []
    assert reading.data == data()


def test_yaml_and_spreadsheet_say_the_same():
    assert from_yaml(write_yaml(from_xlsx(write_xlsx(data())).data)).data == data()


@settings(max_examples=40, deadline=None)
@given(english=safe, welsh=safe)
def test_whatever_people_type_comes_back_as_it_was(english, welsh):
    value = changed(lambda d: d["areas"][0]["themes"][0].update(summary={"en": english, "cy": welsh}))
    assert from_xlsx(write_xlsx(value)).data == value


@pytest.mark.parametrize(
    "text", ["=1+1", "'=1", "@SUM(A1)", "-1", "+44", "_x0041_", "a\nb", "0123", "1.10", "<b>&amp;"]
)
def test_texts_that_spreadsheets_misread_survive(text):
    value = changed(lambda d: d["areas"][0]["themes"][0].update(summary={"en": text, "cy": text}))
    raw = write_xlsx(value)
    assert from_xlsx(raw).data == value
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(raw)).read(SHEET1)


def test_parts_that_are_still_empty_are_kept():
    value = changed(lambda d: (d["areas"].append({"code": "B", "name": {"en": "Empty", "cy": "Gwag"}, "themes": []}),
                               d["areas"][0]["themes"][1]["standards"][0].update(indicators=[])))  # fmt: skip
    reading = from_xlsx(write_xlsx(value))
    assert reading.data == value
    assert "has nothing in it" in reading.warnings[0].what


def test_the_sheet_is_made_for_people():
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx(data())))
    assert book.sheetnames == ["Indicators", "Framework", "How to"]
    table = book["Indicators"]
    assert table.freeze_panes == "A2"
    assert table.max_row == 7
    lists = [rule.formula1 for rule in table.data_validations.dataValidation]
    assert '"Legal duty,Good practice,Both"' in lists
    assert '"Met or not yet,Yes or no,In words"' in lists
    assert all(table.column_dimensions[name].width >= 7 for name in "ABCD")


def test_an_empty_code_means_the_same_as_in_the_row_above():
    def thin_out(book):
        for row in (3, 4):
            for header in PLACES:
                if header.split()[0] in {"Area", "Theme", "Standard", "Resources"}:
                    cell(book, header, row).value = None

    assert from_xlsx(sheet(thin_out)).data == data()


def test_columns_may_change_places_and_notes_are_left_out():
    def shuffle(book):
        table = book["Indicators"]
        table.insert_cols(1)
        table.cell(row=1, column=1).value = "My notes"
        table.cell(row=2, column=1).value = "ask Beth"

    reading = from_xlsx(sheet(shuffle))
    assert reading.data == data()
    assert ["cell A1" in note.where and "my notes" in note.what for note in reading.warnings] == [True]


@pytest.mark.parametrize(
    ("header", "row", "value", "where", "words"),
    [
        ("Kind", 3, "Law", "cell N3", ["“kind” says “Law”", "legal, good_practice or both"]),
        ("Indicator code", 3, "1.1.1", "cell M3", ["used before, at cell M2", "no other"]),
        ("Indicator code", 3, None, "cell M3", ["“Indicator code” is empty", "Write the code"]),
        ("Indicator (English)", 4, None, "cell P4", ["“text, en” is empty"]),
        ("Indicator (English)", 4, "x" * 4001, "cell P4", ["4001 characters", "at most 4000"]),
        ("Theme (English)", 3, "Another name", "cell E3", ["differs from cell E2", "leave this one empty"]),
        ("Area code", 5, "B", "cell D5", ["2 belongs to"]),
        ("Resources", 2, "toolkit | Title | https://x.example", "cell L2", ["four parts", "kind | English title"]),
        ("Resources", 2, "gift | T | T | https://x.example", "cell L2", ["“kind” says “gift”"]),
        ("Indicator code", 2, 1.1, "cell M2", ["cannot be told apart", "text cell"]),
    ],
)
def test_each_mistake_has_its_cell_and_its_sentence(header, row, value, where, words):
    def change(book):
        cell(book, header, row).value = value
        if header == "Area code":
            cell(book, "Theme code", row).value = "1"
            cell(book, "Theme code", row + 1).value = "2"
            cell(book, "Area code", row + 1).value = "A"
            cell(book, "Theme code", row).value = "2"

    reading = from_xlsx(sheet(change))
    assert not reading.ok
    said = [problem for problem in reading.problems if problem.where.startswith(f"{where} on sheet Indicators")]
    if header == "Area code":  # the new area's own theme is the first "2"; the clash is named where it is met again
        assert any("belongs to" in problem.what for problem in reading.problems), reading.problems
    else:
        assert said, reading.problems
        assert all(word in str(said[0]) for word in words), said[0]


def test_the_head_sheet_names_its_cells_too():
    def change(book):
        book["Framework"]["B3"] = "Not A Slug"

    problem = from_xlsx(sheet(change)).problems[0]
    assert problem.where == "cell B3 on sheet Framework"


def test_a_formula_is_refused_by_its_cell():
    def change(book):
        cell(book, "Indicator (English)", 2).value = '=HYPERLINK("https://evil.example","x")'

    refused(sheet(change), "cell P2 on sheet Indicators", "formula", "paste as values")


def test_a_missing_sheet_and_a_missing_column_are_named():
    refused(sheet(lambda book: book.remove(book["Framework"])), "sheet Framework is missing")
    refused(sheet(lambda book: cell(book, "Kind", 1).__setattr__("value", "Sort")), "row 1", "“Kind” is missing")


def zipped(**members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return stream.getvalue()


def test_a_zip_bomb_is_refused():
    refused(
        part(write_xlsx(data()), "xl/sharedStrings.xml", lambda old: old + b" " * 60_000_000), "mark.xlsx", "unpacks"
    )


def test_entities_and_document_types_are_refused():
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    raw = part(write_xlsx(data()), SHEET1, lambda old: old.replace(b"<worksheet", laughs + b"<worksheet", 1))
    refused(raw, "mark.xlsx")


def test_macros_are_refused():
    stream = io.BytesIO(write_xlsx(data()))
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    refused(stream.getvalue(), "macros")


def test_a_far_away_cell_cannot_fill_the_memory():
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    refused(part(write_xlsx(data()), SHEET1, lambda old: old.replace(b"</sheetData>", far)), "cells far")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"PK\x03\x04 not really",
        b"\xd0\xcf\x11\xe0" + b"x" * 600,
        b"just text",
        zipped(a="b"),
        write_xlsx(data())[:-300],
    ],
    ids=["empty", "cut", "old office", "text", "another zip", "half"],
)
def test_what_is_not_a_spreadsheet_is_refused_with_a_sentence(raw):
    assert len(refused(raw, "mark.xlsx").problems[0].what) > 20


def test_a_spreadsheet_of_other_things_is_refused_with_sentences():
    book = openpyxl.Workbook()
    stream = io.BytesIO()
    book.save(stream)
    refused(stream.getvalue(), "sheet Framework is missing")


@settings(max_examples=60, deadline=None)
@given(__import__("hypothesis").strategies.data())
def test_damaged_bytes_never_make_the_reader_fall_over(draw):
    st = __import__("hypothesis").strategies
    raw = bytearray(_WHOLE)
    for _ in range(draw.draw(st.integers(1, 6))):
        raw[draw.draw(st.integers(0, len(raw) - 1))] = draw.draw(st.integers(0, 255))
    reading = read_xlsx(bytes(raw), "mark.xlsx")
    assert reading.ok or reading.problems


_WHOLE = write_xlsx(data())
