"""Word documents: real headings, tables whose heading row repeats and is marked as such, language and title set."""

import io
from collections.abc import Sequence
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from levelground.foundation import clock

from .report import Block, Facts, Heading, Marked, Paragraph, Picture, Pictures, Report, Table, page_line
from .text import clean

FONT = "Arial"
_INK, _HEAD_FILL = RGBColor(0x1D, 0x2A, 0x35), "E3EDF0"


def render(report: Report) -> bytes:
    """``report`` as a .docx file."""
    document = docx.Document()
    _set_up(document, report)
    document.add_paragraph(clean(report.title), style="Title")
    for block in report.blocks:
        _add(document, block)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _set_up(document: Any, report: Report) -> None:
    """Properties, language, paper, head and foot."""
    properties = document.core_properties
    properties.title, properties.language = clean(report.title)[:255], report.language
    properties.author = properties.last_modified_by = properties.comments = ""
    properties.created = properties.modified = clock.now().replace(tzinfo=None)
    for name in ("Normal", "Title", "Heading 1", "Heading 2", "Heading 3"):
        style = document.styles[name]
        style.font.name, style.font.color.rgb = FONT, _INK
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for attribute in list(fonts.attrib):
            if "Theme" in attribute:
                del fonts.attrib[attribute]
        fonts.set(qn("w:hAnsi"), FONT)
    document.styles["Normal"].font.size = Pt(10)
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), report.language)
    section = document.sections[0]
    if report.landscape:
        section.orientation = WD_ORIENT.LANDSCAPE
    long, short = Cm(29.7), Cm(21)
    section.page_width, section.page_height = (long, short) if report.landscape else (short, long)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(1.8)
    section.header.paragraphs[0].text = clean(report.owner)
    _page_numbers(section.footer.paragraphs[0])


def _page_numbers(paragraph: Any) -> None:
    """``Page x of y``, counted by Word."""
    for index, part in enumerate(page_line("\0PAGE\0", "\0NUMPAGES\0").split("\0")):
        if index % 2 == 0:
            paragraph.add_run(part)
            continue
        for kind in ("begin", part, "end"):
            run = paragraph.add_run()
            if kind == part:
                element = OxmlElement("w:instrText")
                element.text = kind
            else:
                element = OxmlElement("w:fldChar")
                element.set(qn("w:fldCharType"), kind)
            run._r.append(element)


def _add(document: Any, block: Block) -> None:
    match block:
        case Heading(text, level):
            document.add_heading(clean(text), level=level)
        case Paragraph(text):
            document.add_paragraph(clean(text))
        case Facts(pairs):
            for name, value in pairs:
                paragraph = document.add_paragraph()
                paragraph.paragraph_format.space_after = Pt(2)
                paragraph.add_run(f"{clean(name)}: ").bold = True
                paragraph.add_run(clean(value))
        case Table():
            _add_table(document, block)
        case Pictures(pictures):
            for picture in pictures:
                _add_picture(document, picture)


def _add_picture(document: Any, picture: Picture) -> None:
    """Word shows no SVG everywhere: it gets a PNG."""
    from .pdf import png

    if picture.title:
        document.add_paragraph().add_run(clean(picture.title)).bold = True
    shape = document.add_picture(io.BytesIO(png(picture.svg, width=1200)), width=Cm(15))
    shape._inline.docPr.set("descr", clean(picture.alt))
    if picture.marks:
        document.add_paragraph("; ".join(clean(one.plain) for one in picture.marks))


def _add_table(document: Any, block: Table) -> None:
    section = document.sections[0]
    room = section.page_width - section.left_margin - section.right_margin
    widths = [int(room * share / sum(block.widths)) for share in block.widths]
    table = document.add_table(rows=len(block.rows) + 1, cols=len(block.columns), style="Table Grid")
    table.autofit = False
    described = OxmlElement("w:tblDescription")
    described.set(qn("w:val"), clean(block.summary))
    table._tblPr.append(described)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    # Straight to the elements: python-docx's own rows and cells look the whole table over each time.
    head, *body = table._tbl.tr_lst
    _fill(head, block.columns, widths, head=True)
    for element, texts in zip(body, block.rows, strict=True):
        _fill(element, texts, widths)
    document.add_paragraph()


def _fill(row: Any, texts: Sequence[str | Marked], widths: Sequence[int], *, head: bool = False) -> None:
    """Write one row; the heading row repeats on every page, no other row is parted by the end of a page."""
    row.get_or_add_trPr().append(OxmlElement("w:tblHeader" if head else "w:cantSplit"))
    for cell, text, width in zip(row.tc_lst, texts, widths, strict=True):
        cell.width = width
        run = cell.p_lst[0].add_r()
        run.text = clean(text.plain if isinstance(text, Marked) else text)
        properties = run.get_or_add_rPr()
        properties.sz_val = Pt(9)
        if head:
            properties._add_b()
            shade = OxmlElement("w:shd")
            for attribute, value in (("val", "clear"), ("color", "auto"), ("fill", _HEAD_FILL)):
                shade.set(qn(f"w:{attribute}"), value)
            cell.get_or_add_tcPr().append(shade)
