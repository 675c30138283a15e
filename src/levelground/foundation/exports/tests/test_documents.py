"""Spreadsheets, Word files and PDFs: readable for people and programs, harmless with any text."""

import datetime as dt
import io
import re
import struct
import zipfile
from itertools import pairwise

import docx
import openpyxl
import pytest
from django.utils import translation
from docx.oxml.ns import qn

from levelground.foundation.exports import docx as word
from levelground.foundation.exports import pdf
from levelground.foundation.exports.files import PDF, attachment
from levelground.foundation.exports.report import Facts, Heading, Marked, Paragraph, Picture, Pictures, Report, Table
from levelground.foundation.exports.safe_xlsx import check_xlsx, formula_cells
from levelground.foundation.exports.tests.pdf_text import _OBJECT, _stream, squeezed, words_of
from levelground.foundation.exports.text import clean
from levelground.foundation.exports.xlsx import Book, Column, sheet_name

HOSTILE = [
    '=HYPERLINK("http://evil.example","x")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    '#read("/etc/passwd") #eval("1") $x$ *b* _i_ ] } \\u{41} `raw`',
    "<w:p/>&amp;<script>alert(1)</script>",
    "nul\x00 esc\x1b bell\x07",
    "{page} {pages}",
    "-5 people",
]


def hostile_report(**extra):
    report = Report(title=f"Plan {HOSTILE[2]}", owner=HOSTILE[3], **extra)
    report.add(Heading(HOSTILE[0]), Paragraph(HOSTILE[1]), Facts([(HOSTILE[2], HOSTILE[3])]))
    report.add(Table("What there is", ["No.", "Text"], [1, 5], [[str(n), text] for n, text in enumerate(HOSTILE)]))
    return report


def make_book() -> bytes:
    book = Book(title="Workbook", language="en-GB")
    columns = [Column("Code", 8, "code"), Column("Answer", editable=True), Column("Due", kind="date", editable=True)]
    sheet = book.sheet("Answers", columns, protect=True)
    for text in HOSTILE:
        sheet.row([text, text, dt.date(2027, 5, 14)])
    sheet.row(["1.10", None, None])
    sheet.filters()
    book.hidden("Lists", [["Met"], ["Not yet"]])
    sheet.choose_from(1, "='Lists'!$A$1:$A$2", title="Answer", message="Choose from the list.")
    sheet.only_dates(2, dt.date(2000, 1, 1), title="Date", message="Write a date.")
    book.page("How to", [("heading", "How to"), ("text", "=1+1")])
    return book.finish()


def test_a_spreadsheet_runs_nothing_and_keeps_text_as_text():
    data = make_book()
    check_xlsx(data)
    assert formula_cells(data) == set()
    sheet = openpyxl.load_workbook(io.BytesIO(data))["Answers"]
    assert [cell.data_type for cell in sheet["A"]] == ["s"] * (len(HOSTILE) + 2)
    assert sheet["A2"].value == "'" + HOSTILE[0]
    assert sheet["A2"].hyperlink is None
    assert sheet["C2"].value == dt.datetime(2027, 5, 14)
    assert sheet[f"A{len(HOSTILE) + 2}"].value == "1.10"


def test_a_spreadsheet_guides_the_person_who_fills_it():
    book = openpyxl.load_workbook(io.BytesIO(make_book()))
    sheet = book["Answers"]
    assert sheet.protection.sheet
    assert not sheet.protection.password
    assert (sheet["A2"].protection.locked, sheet["B2"].protection.locked) == (True, False)
    assert sheet.freeze_panes == "B2"
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    assert rules["B2:B9"].formula1 == "'Lists'!$A$1:$A$2"
    assert rules["C2:C9"].type == "date"
    assert book["Lists"].sheet_state == "hidden"
    assert book.properties.title == "Workbook"
    assert book.custom_doc_props["Language"].value == "en-GB"


def test_no_file_names_a_person():
    assert openpyxl.load_workbook(io.BytesIO(make_book())).properties.creator in (None, "")
    properties = docx.Document(io.BytesIO(word.render(hostile_report()))).core_properties
    assert (properties.author, properties.last_modified_by) == ("", "")


@pytest.mark.parametrize(("name", "safe"), [("A/B:C", "A B C"), ("'x'", "x"), ("", "Sheet"), ("y" * 40, "y" * 31)])
def test_sheet_names(name, safe):
    assert sheet_name(name) == safe


@pytest.mark.parametrize(("language", "written", "foot"), [("en-gb", "en-GB", "Page"), ("cy", "cy", "Page")])
def test_a_word_file_has_language_title_headings_and_a_marked_table_head(language, written, foot):
    with translation.override(language):
        data = word.render(hostile_report())
    document = docx.Document(io.BytesIO(data))
    assert document.core_properties.title.startswith("Plan ")
    assert document.core_properties.language == written
    assert {e.get(qn("w:val")) for e in document.styles.element.iter(qn("w:lang"))} == {written}
    assert [p.text for p in document.paragraphs if p.style.name == "Heading 1"] == [HOSTILE[0]]
    table = document.tables[0]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert table.rows[1]._tr.trPr.find(qn("w:tblHeader")) is None
    assert [row.cells[1].text for row in table.rows[1:4]] == HOSTILE[:3]
    assert table.rows[5].cells[1].text == "nul esc bell"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        footers = [archive.read(name) for name in archive.namelist() if "footer" in name]
    assert any(b"NUMPAGES" in footer for footer in footers)


def test_a_pdf_is_tagged_and_has_language_and_title():
    with translation.override("cy"):
        made = pdf.render(hostile_report())
    assert made.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in made
    assert re.search(rb"/Marked true", made)
    assert re.search(rb"/Lang\s*\(cy", made)
    assert b"<pdfuaid:part>1</pdfuaid:part>" in made
    assert b"Plan #read(" in made
    assert re.search(rb"/S/TH\b", made)


def test_no_text_is_read_as_typst():
    words = words_of(pdf.render(hostile_report()))
    for text in HOSTILE:
        assert squeezed(re.sub("[\x00-\x1f]", "", text)) in words
    assert "root:" not in words


def test_no_heading_and_no_long_word_of_a_table_leaves_its_column():
    heads = ["Rhif", "Cam gweithredu", "Dangosydd", "Perchennog", "Dyddiad cau", "Blaenoriaeth", "Statws", "Nodyn"]
    fingerprint = "0123456789abcdef" * 4
    report = Report(title="Cynllun", owner="Alder", landscape=True)
    report.add(
        Table("Camau", heads, [0.7, 5, 5, 2.2, 2, 1.5, 2, 4], [["1", "a", "b", "c", "d", "e", "f", fingerprint]])
    )
    made = pdf.render(report)
    assert fingerprint in words_of(made)
    objects = {int(m[1]): m[2] for m in _OBJECT.finditer(made)}
    page = next(body for body in objects.values() if b"/Type/Page/" in body)
    drawn = _stream(objects[int(re.search(rb"/Contents (\d+)", page)[1])])
    lines = [float(x) for x in re.findall(rb"q 1 0 0 -1 ([\d.]+) [\d.]+ cm[^\n]* 0 0 m 0 [\d.]+ l", drawn)]
    widths = [right - left for left, right in pairwise(lines)]
    assert len(widths) == len(heads)
    # A letter of the bold heading is 4.2 points wide on average; a cell has 5 points on each side.
    for head, width in zip(heads, widths, strict=True):
        assert width >= 10 + 4.2 * max(map(len, head.split())), head
    # The fingerprint goes on in a second line.
    texts = re.findall(rb"q 1 0 0 -1 ([\d.]+) ([\d.]+) cm/c0 cs[^\n]*\nBT", drawn)
    heights = {y for x, y in texts if float(x) > lines[-2]}
    assert len(heights) >= 3


def test_pages_are_counted():
    report = Report(title="Long", owner="Alder")
    report.add(Table("Rows", ["Row"], [1], [[f"row {n}"] for n in range(100)]))
    words = words_of(pdf.render(report))
    pages = int(re.search(r"Page1of(\d+)", words)[1])
    assert pages > 1
    assert f"Page{pages}of{pages}" in words


@pytest.mark.parametrize("text", ["well done 😀", "汉字和更多的汉字在这里出现", "מה שלומך ?", "\U000f0000 \u0378"])
def test_signs_that_no_font_has_do_not_stop_a_pdf(text):
    report = Report(title="Plan", owner=text)
    report.add(Paragraph(f"before {text} after"))
    words = words_of(pdf.render(report))
    assert "before" in words
    assert "after" in words


def test_downloads_are_attachments_that_nobody_keeps():
    response = attachment(b"x", "cynllun-tŷ.pdf", PDF)
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''cynllun-t%C5%B7.pdf"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Type"] == PDF


DOT = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="24" height="12"><rect width="24" height="12" fill="#0b5f61"/></svg>'
)


def picture_report() -> Report:
    report = Report(title="Pictures", owner="Alder")
    report.add(Table("Marks", ["What", "How"], [1, 1], [["Falls", Marked(DOT, "Improvement", above="95%")]]))
    drawn = [Picture(DOT, f"A bar: {text}", title=f"Bar {n}", marks=[Marked("", "Steady")])
             for n, text in enumerate(HOSTILE)]  # fmt: skip
    report.add(Pictures(drawn, across=3))
    return report


def test_pictures_in_a_pdf_are_told_in_words_and_marks_are_not():
    """A drawing before words is left out of what is read; a picture is a figure with its words."""
    made = pdf.render(picture_report())
    assert b"<pdfuaid:part>1</pdfuaid:part>" in made
    assert made.count(b"/S/Figure") == made.count(b"/Alt") == len(HOSTILE)
    told = squeezed(words_of(made))
    assert all(squeezed(text) in told for text in ("95%", "Improvement", "Bar 0", "Bar 6", "Steady"))


def test_pictures_in_a_word_file_have_their_words_too():
    document = docx.Document(io.BytesIO(word.render(picture_report())))
    shapes = document.inline_shapes
    assert [shape._inline.docPr.get("descr") for shape in shapes] == [f"A bar: {clean(text)}" for text in HOSTILE]
    assert document.tables[0].rows[1].cells[1].text == "95%\nImprovement"


def test_a_picture_becomes_a_png_on_white():
    head, shape = '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="50">', '<circle r="9"/></svg>'
    made = pdf.png(head + shape, width=800)
    assert made.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", made[16:24]) == (800, 200)
    ground = '<rect width="200" height="50" fill="{}"/>'
    assert made == pdf.png(head + ground.format("white") + shape, width=800)
    assert made != pdf.png(head + ground.format("black") + shape, width=800)


def test_a_number_with_a_fraction_is_a_number_in_a_spreadsheet():
    book = Book(title="Numbers", language="en-GB")
    book.sheet("Numbers", [Column("Value", kind="number")]).row([27.5])
    cell = openpyxl.load_workbook(io.BytesIO(book.finish()))["Numbers"]["A2"]
    assert (cell.data_type, cell.value) == ("n", 27.5)
