"""The table of measures to take away: CSV and XLSX for people who reckon, PDF with icons and charts for a meeting.

Each holds the rows of the page but drafts. Small numbers are hidden as there: the rows hold nothing else.
"""

import csv
import io
from typing import Any

from django.utils.translation import gettext as _

from levelground.charts.spc import icon, small
from levelground.foundation import clock, formats
from levelground.foundation.exports import pdf
from levelground.foundation.exports.files import PDF, XLSX
from levelground.foundation.exports.report import (
    Facts,
    Heading,
    Marked,
    Paragraph,
    Picture,
    Pictures,
    Report,
    Table,
    page_language,
)
from levelground.foundation.exports.text import harmless, safe_filename
from levelground.foundation.exports.xlsx import Book, Column

from .measure_files import CSV
from .tables import MeasureTable, Row, charts_of

ACROSS = 3  # charts side by side on a page


def table_file(table: MeasureTable, kind: str) -> tuple[bytes, str, str]:
    """(bytes, file name, content type), without drafts; ``kind``: csv, xlsx or pdf."""
    name = safe_filename(table.place.slug, _("measures"), clock.today().isoformat(), extension=kind)
    makers = {"csv": (_csv, CSV), "xlsx": (_xlsx, XLSX), "pdf": (_pdf, PDF)}
    make, content_type = makers[kind]
    return make(table.without_drafts()), name, content_type


def _title(table: MeasureTable) -> str:
    return _("Table of measures: %(place)s") % {"place": table.place.name.here()}


def _facts(table: MeasureTable) -> list[tuple[str, str]]:
    counts = {"shown": formats.number(len(table.rows)), "all": formats.number(table.of)}
    return [
        (_("Made on"), formats.date(clock.today())),
        (_("What is in it"), "; ".join(table.said) or _("All measures")),
        (_("Measures"), _("%(shown)s of %(all)s") % counts),
        *([(_("Drafts"), _("Not in this file"))] if table.drafts else []),
        (_("Small numbers"), _("* A number is hidden, so that nobody can be recognised.")),
    ]


def _columns() -> list[Column]:
    return [
        Column(_("Measure"), 36), Column(_("Whose"), 24), Column(_("Family"), 12),
        Column(_("Which way is better"), 20), Column(_("Unit"), 12), Column(_("Date of the newest number"), 14, "date"),
        Column(_("Newest number"), 12, "number"), Column(_("Average or median"), 12, "number"),
        Column(_("Lower limit"), 12, "number"), Column(_("Upper limit"), 12, "number"),
        Column(_("Target"), 12, "number"), Column(_("Variation"), 22), Column(_("Will the target be met?"), 26),
        Column(_("Rule"), 40), Column(_("Since"), 12, "date"), Column(_("What it shows"), 60),
        Column(_("How it was looked at"), 44),
    ]  # fmt: skip


def _cells(row: Row) -> list[Any]:
    measure, view = row.measure, row.view
    numbers = view.brief.numbers
    return [
        measure.name.here(), str(measure.scope), measure.get_family_display(), measure.get_direction_display(),
        "%" if row.subject.writing.format == "percent" else row.subject.writing.unit, row.newest, _latest(row),
        *(_rounded(numbers[name]) for name in ("centre", "lower", "upper")), _target(row),
        view.icons.variation.words, view.icons.assurance.words, view.brief.rule, row.since, view.words.verdict,
        view.brief.method,
    ]  # fmt: skip


def _rounded(number: float | None) -> float | int | None:
    if number is None:
        return None
    return int(number) if float(number).is_integer() else round(number, 4)


def _latest(row: Row) -> float | int | str | None:
    if row.latest is None:
        return None
    return "*" if row.latest.figure.hidden else _rounded(row.latest.figure.value)


def _target(row: Row) -> Any:
    known = row.view.brief.numbers["target"]
    return row.target if known is None else _rounded(known)


def _csv(table: MeasureTable) -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow([harmless(column.title) for column in _columns()])
    for row in table.rows:
        writer.writerow([_csv_cell(cell) for cell in _cells(row)])
    return b"\xef\xbb\xbf" + stream.getvalue().encode()


def _csv_cell(cell: Any) -> Any:
    if cell is None or isinstance(cell, int | float):
        return "" if cell is None else cell
    return harmless(cell) if isinstance(cell, str) else cell.isoformat()


def _xlsx(table: MeasureTable) -> bytes:
    book = Book(title=_title(table), language=page_language())
    sheet = book.sheet(_("Measures"), _columns())
    for row in table.rows:
        sheet.row(_cells(row))
    sheet.filters()
    facts = (("text", f"{name}: {value}") for name, value in _facts(table))
    book.page(_("About this file"), [("heading", _title(table)), *facts])
    return book.finish()


# -- the PDF


def _pdf(table: MeasureTable) -> bytes:
    report = Report(title=_title(table), owner=table.place.name.here())
    report.add(Facts(_facts(table)))
    if not table.rows:
        report.add(Paragraph(_("No measures fit what was asked for.")))
        return pdf.render(report)
    columns = [
        _("Measure"), _("Newest number"), _("Average and limits"), _("Target"), _("Variation"), _("What it shows"),
    ]  # fmt: skip
    report.add(Table(_("The measures and what they show"), columns, [4, 2.3, 2.6, 3.4, 3.4, 6], _pdf_rows(table)))
    drawn = [
        Picture(
            svg=small(view.spec, standalone=True), alt=f"{view.spec.title}. {view.spec.desc}", title=view.spec.title,
            marks=[_marked(one) for one in (view.icons.variation, view.icons.assurance) if one.code != "none"],
        )
        for view in charts_of(table.rows)
    ]  # fmt: skip
    if drawn:
        report.add(Heading(_("The charts")), Pictures(drawn, ACROSS))
    return pdf.render(report)


def _marked(one: Any) -> Marked:
    return Marked(icon(one.code, standalone=True), one.words)


def _pdf_rows(table: MeasureTable) -> list[list[str | Marked]]:
    return [
        [
            f"{row.measure.name.here()}\n{row.measure.scope}",
            "\n".join(filter(None, (row.latest_words, row.newest_words))) or _("No numbers yet"),
            limits_words(row),
            Marked(icon(row.view.icons.assurance.code, standalone=True), row.view.icons.assurance.words, row.target),
            _marked(row.view.icons.variation),
            row.view.words.verdict,
        ]
        for row in table.rows
    ]


def limits_words(row: Row) -> str:
    """``32.4`` and below it ``21.6 to 43.2``."""
    texts = row.view.brief.texts
    between = _("%(low)s to %(high)s") % {"low": texts["lower"], "high": texts["upper"]}
    return "\n".join(filter(None, (texts["centre"], between if texts["lower"] and texts["upper"] else "")))
