"""Reading a spreadsheet that people have worked on: what is understood, which rows are left out, with what words."""

import datetime as dt
import io

import openpyxl
import pytest
import xlsxwriter
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from levelground.assessments.models import Answer
from levelground.assessments.sheets.dates import read_date
from levelground.assessments.sheets.importing import difference_of
from levelground.assessments.sheets.layout import digest, fold, tidy
from levelground.assessments.sheets.reading import Line, read_sheet
from levelground.foundation.errors import Invalid
from levelground.foundation.exports.tests.test_safe_xlsx import changed
from levelground.foundation.exports.text import harmless
from tests.factories import MembershipFactory, UserFactory

from .sheet_tools import column_of, edited, export, fill, row_of, several


def difference(cast, *changes, language="en-gb"):
    return difference_of(cast.workbook, edited(export(cast.workbook, language), several(*changes)))


def refusal(cast, *changes):
    found = difference(cast, *changes)
    assert found.is_empty
    assert len(found.refused) == 1
    return found.refused[0]


@pytest.mark.parametrize("words", ["Met", "met", " MET ", "Met.", "Wedi'i fodloni"])
def test_answers_are_understood_however_they_are_written(cast, words, monkeypatch):
    monkeypatch.setattr(
        "levelground.assessments.sheets.difference.answer_words", lambda: [("met", "Met"), ("met", "Wedi’i fodloni")]
    )
    assert [(c.code, c.value) for c in difference(cast, fill("1.1.1", answer=words)).changes] == [("1.1.1", "met")]


def test_the_other_languages_words_are_understood(cast):
    with translation.override("cy"):
        from levelground.assessments.states import Value

        welsh = str(Value.NOT_YET.label)
    found = difference(cast, fill("1.1.1", answer=welsh))
    assert [c.value for c in found.changes] == ["not_yet"]
    found = difference(cast, lambda sheet: sheet.cell(2, 7, "Not yet"), language="cy")
    assert [c.value for c in found.changes] == ["not_yet"]


def test_sorted_rows_moved_and_extra_columns_and_a_line_above_are_understood(cast):
    def rearrange(sheet):
        fill("1.1.1", answer="Met")(sheet)
        rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
        head, body = rows[0], sorted(rows[1:], key=lambda row: row[0], reverse=True)
        sheet.delete_rows(1, 50)
        sheet.append(["Our notes on the workbook"])
        for number, row in enumerate([head, *body]):
            sheet.append([*reversed(row), None, "ours" if number else "Our own column"])

    found = difference(cast, rearrange)
    assert [(c.code, c.value) for c in found.changes] == [("1.1.1", "met")]
    assert (found.refused, found.same) == ([], 5)


def test_deleted_rows_and_empty_rows_are_left_alone(cast):
    def delete(sheet):
        sheet.delete_rows(row_of(sheet, "1.1.2"))
        sheet.append([None, "  ", "\u00a0"])

    found = difference(cast, delete)
    assert (found.is_empty, found.refused, found.same) == (True, [], 5)


def test_spaces_that_programs_add_are_no_change(cast):
    Answer.objects.filter(workbook=cast.workbook, indicator__code="1.1.1").update(value="not_yet", reason="New rules")
    found = difference(cast, fill("1.1.1", answer="Not\u00a0yet ", reason=" New\u00a0rules \n"))
    assert found.is_empty


def test_formulas_are_refused_in_their_row_only(cast):
    found = difference(cast, fill("1.1.1", answer="=A1", reason="=1+1"), fill("1.1.2", answer="Met"))
    assert [c.code for c in found.changes] == ["1.1.2"]
    [row] = found.refused
    assert (row.row, row.code) == (2, "1.1.1")
    assert "formula in “Answer”, “Reason”" in row.what


def test_formulas_in_columns_of_ones_own_do_not_matter(cast):
    def own(sheet):
        sheet.cell(1, 15, "Ours")
        sheet.cell(2, 15, "=1+1")

    assert difference(cast, own).refused == []


@pytest.mark.parametrize(
    ("cells", "what", "write"),
    [
        ({"answer": "Partly"}, "“Partly” is not one of the answers", "Met; Not yet; Does not apply"),
        ({"answer": "Does not apply"}, "needs a reason", "“Reason”"),
        ({"answer": "Met", "reason": "because"}, "takes none", "Clear the reason"),
        ({"answer": "Not yet", "reason": "x" * 4001}, "reason is too long", "4000"),
        ({"due": dt.date(2027, 5, 14)}, "no action", "“New action”"),
        ({"owner": "Alice Lead"}, "no action", "“New action”"),
        ({"action": "x" * 301}, "too long", "300"),
        ({"action": "Plan", "due": "soon"}, "“soon” is not a date", "14/05/2027"),
        ({"action": "Plan", "due": "31/02/2027"}, "not a date", "14/05/2027"),
        ({"action": "Plan", "owner": "Bob Lead"}, "“Bob Lead” is not one colleague", "Choose a name"),
        ({"code": "9.9.9"}, "“9.9.9” is not in this workbook", "Write a code"),
        ({"code": None, "answer": "Met"}, "no code", "code"),
    ],
)
def test_rows_that_cannot_be_used_say_what_to_write(cast, cells, what, write):
    row = refusal(cast, fill("1.1.2", **cells))
    assert row.row == 3
    assert what in row.what
    assert write in row.write


def test_a_code_that_stands_twice_is_refused_in_both_rows(cast):
    found = difference(cast, fill("1.1.2", code="1.1.1", answer="Met"))
    assert [(row.row, row.code) for row in found.refused] == [(2, "1.1.1"), (3, "1.1.1")]
    assert found.is_empty


def test_colleagues_who_share_a_name_need_their_address(cast):
    twin = UserFactory(name="Carys Contributor", email="other@test.example")
    MembershipFactory(user=twin, organisation=cast.alder)
    row = refusal(cast, fill("1.1.1", action="Plan", owner="Carys Contributor"))
    assert "not one colleague" in row.what
    for words in ("Carys Contributor (other@test.example)", "other@test.example"):
        [action] = difference(cast, fill("1.1.1", action="Plan", owner=words)).actions
        assert action.owner == twin.public_id


@pytest.mark.parametrize(
    "cell",
    [
        dt.date(2027, 5, 14), dt.datetime(2027, 5, 14), 46521, 46521.0, "14/05/2027", "14.5.2027", "2027-05-14",
        "14 May 2027", "14 Mai 2027", "14th May 2027", "14eg o Fai 2027".replace("Fai", "Mai"), " 14\u00a0May 2027 ",
    ],
)  # fmt: skip
def test_dates_are_read(cell):
    assert read_date(cell) == dt.date(2027, 5, 14)


@pytest.mark.parametrize(
    "cell", ["", "soon", "05/14/2027", "14/05/27", True, 12.0, 99999, "14/05/1999", None, "1/1/2100"]
)
def test_what_is_no_date_is_not_guessed(cell):
    assert read_date(cell) is None


def test_a_foreign_spreadsheet_is_refused(cast):
    book = openpyxl.Workbook()
    book.active.append(["Code", "Answer", "Reason"])
    stream = io.BytesIO()
    book.save(stream)
    with pytest.raises(Invalid, match="not downloaded from a workbook here"):
        read_sheet(stream.getvalue())


def test_a_lost_heading_is_named(cast):
    def rename(sheet):
        sheet.cell(1, column_of(sheet, "Answer")).value = "Result"

    with pytest.raises(Invalid, match="“Code”, “Answer”, “Reason”"):
        read_sheet(edited(export(cast.workbook), rename))


def test_hostile_files_are_refused(cast):
    data = export(cast.workbook)
    doctype = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><worksheet/>'
    with pytest.raises(Invalid, match="instructions"):
        read_sheet(changed(data, {"xl/worksheets/sheet1.xml": doctype}))
    with pytest.raises(Invalid, match="macros"):
        read_sheet(changed(data, {"xl/vbaProject.bin": b"x"}))
    with pytest.raises(Invalid, match="damaged"):
        read_sheet(changed(data, {"xl/worksheets/sheet1.xml": b"<worksheet><sheetData><row></worksheet>"}))
    with pytest.raises(Invalid, match="larger than"):
        read_sheet(b"PK" + b"x" * 5_000_001)


def test_the_hidden_sheet_cannot_bring_in_other_answers(cast):
    def forge(sheet):
        notes = sheet.parent["levelground"]
        notes.append(["choice", "evil", "Evil"])
        fill("1.1.1", answer="Evil")(sheet)

    assert "not one of the answers" in refusal(cast, forge).what


@given(st.text(max_size=60))
def test_every_reason_comes_back_as_it_went_out(text):
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet()
    sheet.write_string(0, 0, "anchor")
    if harmless(text):
        sheet.write_string(1, 1, harmless(text))
    book.close()
    import python_calamine

    rows = python_calamine.load_workbook(io.BytesIO(stream.getvalue())).get_sheet_by_index(0).to_python()
    cell = rows[1][1] if len(rows) > 1 else ""
    assert digest(Line(1, {"reason": cell}, frozenset()).text("reason")) == digest(text)


def test_folding_and_tidying():
    assert fold(" Ddim  yn\u00a0berthnasol. ") == "ddim yn berthnasol"
    assert tidy("\u00a0a \r\n b \n\n") == "a\n b"
