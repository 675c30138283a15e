"""Writes a framework as a spreadsheet that people can fill in and send back."""

import io
from typing import TYPE_CHECKING, Any

from levelground.foundation.exports.text import harmless

from .content import LEVELS
from .limits import MAX_INDICATORS
from .sheet import (
    ANSWERS,
    COLUMNS,
    FRAMEWORK,
    HEAD,
    HOW_TO,
    INDICATORS,
    KINDS,
    Column,
    get,
    resources_as_text,
)  # fmt: skip

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_TINTS = {"areas": "#E3EFEE", "themes": "#EDEAE2", "standards": "#FDF0DC", "indicators": "#E5F1E6"}
_STEPS = {
    "English": [
        "One row is one indicator. Write on the sheet Indicators; the sheet Framework holds what belongs to the whole.",
        "Each indicator names its area, theme and standard. You may leave these empty: "
        "empty means the same as in the row above.",
        "A code stands once: two indicators never share one. Keep the code of an indicator while its meaning stays "
        "the same, so that members' answers can move to the new version.",
        "Write the Welsh beside the English. What has no Welsh yet is taken in, and counted as a gap.",
        "Formulas are not taken in: write the values.",
        "Then send the file on the page Frameworks, Import. You see what would change before anything is written.",
    ],
    "Cymraeg": [
        "Un rhes yw un dangosydd. Ysgrifennwch ar y ddalen Indicators; "
        "mae'r ddalen Framework yn dal yr hyn sy'n perthyn i'r cyfan.",
        "Mae pob dangosydd yn enwi ei faes, ei thema a'i safon. Cewch adael y rhain yn wag: "
        "mae gwag yn golygu'r un peth â'r rhes uwchben.",
        "Mae cod yn ymddangos unwaith: nid yw dau ddangosydd byth yn rhannu un. "
        "Cadwch god dangosydd tra bo'i ystyr yr un fath, er mwyn i atebion aelodau allu symud i'r fersiwn newydd.",
        "Ysgrifennwch y Gymraeg wrth ochr y Saesneg. "
        "Caiff yr hyn sydd heb Gymraeg eto ei dderbyn, a'i gyfrif yn fwlch.",
        "Nid yw fformiwlâu yn cael eu derbyn: ysgrifennwch y gwerthoedd.",
        "Yna anfonwch y ffeil ar y dudalen Fframweithiau, Mewnforio. "
        "Byddwch yn gweld beth fyddai'n newid cyn i ddim gael ei ysgrifennu.",
    ],
}


def write_xlsx(data: dict[str, Any]) -> bytes:
    """The spreadsheet of ``data``. Every text is written as text, whatever sign it begins with."""
    from xlsxwriter import Workbook  # when a file is made, and not at every start

    stream = io.BytesIO()
    with Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        text = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        _indicators(book, book.add_worksheet(INDICATORS), data, text)
        _framework(book.add_worksheet(FRAMEWORK), data, text, bold)
        _how_to(book.add_worksheet(HOW_TO), text, bold)
    return stream.getvalue()


def _rows(data: dict[str, Any]) -> list[dict[str, dict[str, Any]]]:
    """One mapping of level → node per row. What is still empty (a theme without standards) has a row of its own."""
    rows: list[dict[str, dict[str, Any]]] = []

    def below(node: dict[str, Any], depth: int, above: dict[str, dict[str, Any]]) -> None:
        children = node.get(LEVELS[depth]) or [] if depth < len(LEVELS) else []
        if not children and above:
            rows.append(above)
        for child in children:
            below(child, depth + 1, above | {LEVELS[depth]: child})

    below(data, 0, {})
    return rows


def _value(column: Column, node: dict[str, Any]) -> str:
    value = get(node, column.path)
    if column.path == ("resources",):
        return resources_as_text(value or [])
    if column.path == ("kind",):
        return KINDS.get(value, value or "")
    if column.path == ("answer",):
        return ANSWERS.get(value, value or "")
    return value or ""


def _indicators(book: "Workbook", sheet: "Worksheet", data: dict[str, Any], text: "Format") -> None:
    rows = _rows(data)
    for place, column in enumerate(COLUMNS):
        head = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": _TINTS[column.level]}
        )
        sheet.set_column(place, place, column.width, text)
        sheet.write_string(0, place, column.header, head)
        sheet.write_comment(0, place, column.help, {"x_scale": 1.6})
    for number, row in enumerate(rows, start=1):
        for place, column in enumerate(COLUMNS):
            value = _value(column, row[column.level]) if column.level in row else ""
            if value:
                sheet.write_string(number, place, harmless(value), text)
    sheet.set_row(0, 34)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(rows), 1), len(COLUMNS) - 1)
    sheet.set_landscape()
    sheet.repeat_rows(0)
    sheet.fit_to_pages(1, 0)
    for header, choices in (("Kind", KINDS), ("Answer type", ANSWERS)):
        place = next(index for index, column in enumerate(COLUMNS) if column.header == header)
        sheet.data_validation(
            1, place, MAX_INDICATORS, place,
            {"validate": "list", "source": list(choices.values()), "error_title": header,
             "error_message": "Choose one of the list.", "ignore_blank": True},
        )  # fmt: skip


def _framework(sheet: "Worksheet", data: dict[str, Any], text: "Format", bold: "Format") -> None:
    for place, (heading, width) in enumerate(
        (("Field", 26), ("English, or the value", 60), ("Welsh", 60), ("Help", 50))
    ):
        sheet.set_column(place, place, width, text)
        sheet.write_string(0, place, heading, bold)
    for number, row in enumerate(HEAD, start=1):
        value = get(data, row.path)
        sheet.write_string(number, 0, row.label, bold)
        if row.both:
            value = value or {}
            sheet.write_string(number, 1, harmless(value.get("en")), text)
            sheet.write_string(number, 2, harmless(value.get("cy")), text)
        else:
            sheet.write_string(number, 1, harmless(value), text)
        sheet.write_string(number, 3, row.help, text)
    sheet.freeze_panes(1, 1)


def _how_to(sheet: "Worksheet", text: "Format", bold: "Format") -> None:
    sheet.set_column(0, 0, 26, text)
    sheet.set_column(1, 1, 90, text)
    number = 0
    for language, steps in _STEPS.items():
        sheet.write_string(number, 0, language, bold)
        for step in steps:
            sheet.write_string(number, 1, step, text)
            number += 1
        number += 1
    sheet.write_string(number, 0, "Columns", bold)
    for column in COLUMNS:
        sheet.write_string(number, 0, column.header, bold)
        sheet.write_string(number, 1, column.help, text)
        number += 1
