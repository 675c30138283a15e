"""The action plan to take away (MQM-12, MQM-19): a spreadsheet, a Word file, a PDF. Each holds what the page shows:
the same filter, the same groups, the same order; all pages of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from levelground.foundation import clock, formats
from levelground.foundation.exports.files import DOCX, PDF, XLSX
from levelground.foundation.exports.report import Facts, Heading, Paragraph, Report, Table, page_language
from levelground.foundation.exports.text import safe_filename
from levelground.foundation.exports.xlsx import Book, Column

from .models import Workbook
from .plan_rows import PlanRow, due_words, grouped, plan_rows
from .plan_selectors import Asked, owners, plan
from .plan_words import asked_words, order_words

TYPES = {"xlsx": XLSX, "docx": DOCX, "pdf": PDF}
# The languages of a file, each in its own words.
LANGUAGES = {"en": ("en-gb", "English"), "cy": ("cy", "Cymraeg")}


@dataclass(frozen=True)
class _Made:
    """A plan on its way into a file."""

    workbook: Workbook
    asked: Asked
    rows: list[PlanRow]
    facts: list[tuple[str, str]]

    @property
    def group(self) -> str:
        return "column" if self.asked.view == "board" else self.asked.group


def plan_file(
    workbook: Workbook, kind: str, *, asked: Asked | None = None, user: Any = None, language: str = ""
) -> tuple[bytes, str, str]:
    """The plan as (bytes, file name, content type). ``kind`` is a key of ``TYPES``, ``language`` one of ``LANGUAGES``;
    without it the file speaks the language that is active."""
    from levelground.foundation.exports import docx, pdf  # when a file is made, and not at every start

    asked = asked or Asked()
    chosen = LANGUAGES[language][0] if language in LANGUAGES else translation.get_language()
    with translation.override(chosen):
        rows = plan_rows(plan(workbook, asked, user), workbook)
        made = _Made(workbook, asked, rows, _facts(workbook, asked, rows, user))
        name = safe_filename(workbook.organisation.slug, _("action plan"), clock.today().isoformat(), extension=kind)
        writers: dict[str, Callable[[_Made], bytes]] = {
            "xlsx": _spreadsheet,
            "docx": lambda plan: docx.render(_report(plan)),
            "pdf": lambda plan: pdf.render(_report(plan)),
        }
        return writers[kind](made), name, TYPES[kind]


def _title(workbook: Workbook) -> str:
    return _("Improvement action plan: %(organisation)s") % {"organisation": workbook.organisation.name.here()}


def _facts(workbook: Workbook, asked: Asked, rows: list[PlanRow], user: Any) -> list[tuple[str, str]]:
    """What stands above the plan."""
    return [
        (_("Organisation"), workbook.organisation.name.here()),
        (_("Framework"), f"{workbook.framework.name.here()} ({workbook.version.label})"),
        (_("Made on"), formats.date(clock.today())),
        (_("What is in it"), "; ".join(asked_words(workbook, asked, owners(workbook), user))),
        (_("Groups"), order_words(asked)),
        (_("Actions"), formats.number(len(rows))),
        (_("Overdue"), formats.number(sum(row.overdue for row in rows))),
    ]


def _report(made: _Made) -> Report:
    """The plan as a table under the headings of each group."""
    report = Report(title=_title(made.workbook), owner=made.workbook.organisation.name.here())
    report.add(Facts(made.facts))
    if not made.rows:
        report.add(Paragraph(_("No action fits what was asked. Every “not yet” in the workbook can have one.")))
    columns = [
        _("No."), _("Action"), _("Indicator"), _("Owner"), _("Due"), _("Priority"), _("Status"), _("Latest note"),
    ]  # fmt: skip
    for headings, members in grouped(made.rows, made.group):
        shown = [text for text in headings if text]
        report.add(*(Heading(text, level) for level, text in enumerate(headings, start=1) if text))
        summary = _("Actions for %(place)s") % {"place": shown[-1]} if shown else _("Action plan")
        report.add(Table(summary, columns, [0.7, 5, 5, 2.2, 2, 1.5, 2, 4], [_cells(row) for row in members]))
    return report


def _cells(row: PlanRow) -> list[str]:
    return [
        str(row.number), row.title, f"{row.code} {row.indicator}".strip() or _("The whole organisation"),
        row.owner or _("Nobody yet"), due_words(row), row.priority, row.status, row.note,
    ]  # fmt: skip


def _spreadsheet(made: _Made) -> bytes:
    """The plan with one row per action: dates as dates, so that people can sort and filter."""
    book = Book(title=_title(made.workbook), language=page_language())
    columns = [
        Column(_("No."), 6, "number"), Column(_("Action"), 45), Column(_("Indicator"), 10, "code"),
        Column(_("Indicator text"), 45), Column(_("Owner"), 20), Column(_("Due"), 12, "date"),
        Column(_("Overdue"), 10), Column(_("Priority"), 10), Column(_("Status"), 14), Column(_("Latest note"), 40),
        Column(_("Area"), 24), Column(_("Theme"), 24), Column(_("Standard"), 40), Column(_("Source"), 18),
    ]  # fmt: skip
    sheet = book.sheet(_("Action plan"), columns)
    for row in made.rows:
        late = _("Overdue") if row.overdue else ""
        plan = [row.number, row.title, row.code, row.indicator, row.owner, row.due_on, late, row.priority, row.status]
        place = row.area or (_("The whole organisation") if not row.code else "")
        sheet.row([*plan, row.note, place, row.theme, row.standard, row.source])
    sheet.filters()
    facts = (("text", f"{name}: {value}") for name, value in made.facts)
    book.page(_("About this plan"), [("heading", _title(made.workbook)), *facts])
    return book.finish()
