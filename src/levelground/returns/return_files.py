"""Returns to take away: one that was sent as a PDF or a spreadsheet, and a network's list as a spreadsheet."""

import json
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from levelground.foundation import clock, formats
from levelground.foundation.exports.files import PDF, XLSX
from levelground.foundation.exports.report import Facts, Heading, Paragraph, Report, Table, page_language
from levelground.foundation.exports.text import safe_filename
from levelground.foundation.exports.xlsx import Book, Column
from levelground.frameworks.models import Framework
from levelground.organisations.models import Network
from levelground.organisations.states import Nation

from .models import QuarterlyReturn, ReturnEdition, ReturnFigure, ReturnQuarter
from .names import months, short_name, year_name
from .presenters import frozen_view, yes_or_no
from .selectors.network import ExportRow
from .states import FigureKind, Standing

TYPES = {"pdf": PDF, "xlsx": XLSX}
SENT = (Standing.ON_TIME, Standing.LATE)


def return_file(row: QuarterlyReturn, edition: ReturnEdition, kind: str) -> tuple[bytes, str, str]:
    """A return as (bytes, file name, content type), in the language that is active. ``kind`` is a key of ``TYPES``."""
    from levelground.foundation.exports import pdf  # when a file is made, and not at every start

    payload = json.loads(edition.payload)
    quarter = f"{row.quarter.year}-q{row.quarter.quarter}"
    name = safe_filename(row.organisation.slug, _("quarterly return"), quarter, extension=kind)
    writers: dict[str, Callable[[], bytes]] = {
        "pdf": lambda: pdf.render(_report(row, edition, payload)),
        "xlsx": lambda: _spreadsheet(row, edition, payload),
    }
    return writers[kind](), name, TYPES[kind]


def _title(row: QuarterlyReturn) -> str:
    return _("Quarterly return: %(organisation)s") % {"organisation": row.organisation.name.here()}


def _facts(row: QuarterlyReturn, edition: ReturnEdition) -> list[tuple[str, str]]:
    """The receipt: what stands above the return."""
    quarter = row.quarter
    facts = [
        (_("Organisation"), row.organisation.name.here()),
        (_("Framework"), quarter.framework.name.here()),
        (_("Quarter"), f"{short_name(quarter)} ({months(quarter)})"),
        (_("Receipt number"), row.public_id),
        (_("Sent"), _("%(when)s by %(who)s") % {"when": formats.moment(edition.sent_at), "who": edition.sent_by.name}),
        (_("On time until"), formats.date(quarter.on_time_by)),
        (_("In time"), _("Sent late") if row.late else _("Sent on time")),
    ]
    if row.edition > 1:
        facts.append((_("Edition"), _("%(number)s of %(total)s") % {"number": edition.number, "total": row.edition}))
    return [*facts, (_("Fingerprint (SHA-256)"), edition.sha256)]


def _move(change: dict[str, Any]) -> str:
    if change["from"] == change["to"]:
        return change["to_words"] or _("Not answered")
    return f"{change['from_words'] or _('Not answered')} → {change['to_words'] or _('Not answered')}"


def _report(row: QuarterlyReturn, edition: ReturnEdition, payload: dict[str, Any]) -> Report:
    view = frozen_view(payload)
    report = Report(title=_title(row), owner=row.organisation.name.here(), landscape=False)
    report.add(Facts(_facts(row, edition)), Heading(_("Figures")))
    report.add(Facts([(one["label"].here(), one["amount"] or _("Not given")) for one in view["figures"]]))
    report.add(Heading(_("Has anything changed significantly?")), Paragraph(view["answer"]))
    if view["description"]:
        report.add(Paragraph(view["description"]))
    for title, changes in _groups(view):
        report.add(Heading(title, 2))
        report.add(
            Table(
                title,
                [_("Indicator"), _("Then and now"), _("In a few words")],
                [6, 3, 4],
                [[f"{one['code']} {one['text'].here()}", _move(one), one["note"]] for one in changes],
            )
        )
    return report


def _groups(view: dict[str, Any]) -> list[tuple[str, list[dict[str, Any]]]]:
    groups = [
        (_("Indicators that have changed significantly"), view["significant"]),
        (_("Met before and not any more, reported as not significant"), view["listed"]),
    ]
    return [(title, changes) for title, changes in groups if changes]


def _spreadsheet(row: QuarterlyReturn, edition: ReturnEdition, payload: dict[str, Any]) -> bytes:
    view = frozen_view(payload)
    book = Book(title=_title(row), language=page_language())
    sheet = book.sheet(_("Figures"), [Column(_("Figure"), 40), Column(_("Amount"), 16, "number")])
    for one, frozen in zip(view["figures"], payload["figures"], strict=True):
        sheet.row([one["label"].here(), _number(frozen["value"])])
    columns = [
        Column(_("Indicator"), 10, "code"), Column(_("Indicator text"), 60), Column(_("Before"), 16),
        Column(_("Now"), 16), Column(_("Significant"), 12), Column(_("In a few words"), 50),
    ]  # fmt: skip
    changes = book.sheet(_("Indicators"), columns)
    for one in [*view["significant"], *view["listed"]]:
        said = _("Yes") if one["significant"] else _("No")
        changes.row([one["code"], one["text"].here(), one["from_words"], one["to_words"], said, one["note"]])
    question = _("Has anything changed significantly?")
    lines = [("heading", _title(row)), *(("text", f"{name}: {value}") for name, value in _facts(row, edition))]
    book.page(
        _("About this return"),
        [*lines, ("heading", question), ("text", view["answer"]), ("text", view["description"])],
    )
    return book.finish()


def _number(value: Any) -> Any:
    """A figure as a number of a spreadsheet."""
    if value is None:
        return None
    number = Decimal(str(value))
    return int(number) if number == number.to_integral_value() else number


def list_file(
    network: Network, framework: Framework | None, quarters: list[ReturnQuarter], rows: Iterable[ExportRow]
) -> tuple[bytes, str, str]:
    """One line for each member and quarter: state, dates, and the figures that were sent."""
    figures = list(ReturnFigure.objects.filter(framework=framework)) if framework else []
    year = year_name(quarters[0]) if quarters else ""
    book = Book(title=_("Quarterly returns"), language=page_language())
    columns = [
        Column(_("Member"), 34), Column(_("Nation"), 12), Column(_("Region"), 18), Column(_("Year"), 10),
        Column(_("Quarter"), 9, "number"), Column(_("State"), 16), Column(_("On time until"), 13, "date"),
        Column(_("Sent on"), 13, "date"), Column(_("Significant change"), 12),
        *(Column(_figure_title(figure), 16, "number") for figure in figures),
    ]  # fmt: skip
    sheet = book.sheet(_("Returns"), columns)
    # Words are looked up once: a large network has tens of thousands of lines.
    nations = {value: str(label) for value, label in Nation.choices}
    standings = {standing: str(standing.label) for standing in Standing}
    answers = {answer: yes_or_no(answer) for answer in (True, False, None)}
    for one in rows:
        row, quarter = one.cell.row, one.cell.quarter
        standing = one.cell.standing
        sent = row if row is not None and standing in SENT else None
        sheet.row(
            [
                one.organisation.name.here(), nations[one.organisation.nation], one.organisation.region,
                year, quarter.quarter, standings[standing], quarter.on_time_by,
                sent.sent_at.astimezone(formats.LONDON).date() if sent and sent.sent_at else None,
                answers[sent.reported_change if sent else None],
                *(_number(one.values.get(figure.pk)) for figure in figures),
            ]
        )  # fmt: skip
    sheet.filters()
    name = safe_filename(network.slug, _("quarterly returns"), year or clock.today().isoformat(), extension="xlsx")
    return book.finish(), name, XLSX


def _figure_title(figure: ReturnFigure) -> str:
    unit = {FigureKind.MONEY: " (£)", FigureKind.PERCENT: " (%)"}.get(FigureKind(figure.kind), "")
    return f"{figure.label.here()}{unit}"
