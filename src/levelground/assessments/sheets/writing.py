"""Writing the spreadsheet of a workbook: one row per indicator, cells to write in where an answer belongs."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from levelground.accounts.models import User
from levelground.foundation import clock, formats
from levelground.foundation.exports.report import page_language
from levelground.foundation.exports.text import safe_filename
from levelground.foundation.exports.xlsx import Book, Column, Sheet, sheet_name
from levelground.frameworks.models import Kind

from .. import selectors
from ..models import Action, Workbook
from ..selectors import Row
from ..services.actions import TITLE_LIMIT
from ..services.answers import REASON_LIMIT
from ..states import ActionStatus, Value
from .layout import FIELDS, FORMAT, KEYS, LISTS_SHEET, NOTES_SHEET, answer_words, digest

EARLIEST = dt.date(2000, 1, 1)


def workbook_file(workbook: Workbook) -> tuple[bytes, str]:
    """The workbook as (bytes of an .xlsx file, file name), in the language that is active."""
    rows = selectors.rows(workbook)
    owners = owner_words(selectors.colleagues(workbook.organisation))
    book = Book(title=_title(workbook), language=page_language())
    name = sheet_name(_("Workbook"))
    sheet = book.sheet(name, [Column(str(f.title), f.width, f.kind, editable=f.editable) for f in FIELDS], protect=True)
    words = _Words()
    for row in rows:
        sheet.row(words.cells(row))
    sheet.filters()
    answers = [str(value.label) for value in Value if value]
    _add_rules(sheet, answers=len(answers), owners=len(owners))
    book.page(_("How to"), _how_to(workbook))
    width = max(len(answers), len(owners))
    book.hidden(LISTS_SHEET, ([_at(answers, n), _at(owners, n)] for n in range(width)))
    book.hidden(NOTES_SHEET, _notes(workbook, rows, name))
    filename = safe_filename(
        workbook.organisation.slug, workbook.framework.slug, clock.today().isoformat(), extension="xlsx"
    )
    return book.finish(), filename


def owner_words(people: list[User]) -> list[str]:
    """The names of ``people`` in their order; those who share a name have their e-mail address with it."""
    names = [person.name for person in people]
    return [
        f"{person.name} ({person.email})" if names.count(person.name) > 1 else person.name or person.email
        for person in people
    ]


def _title(workbook: Workbook) -> str:
    return f"{workbook.framework.name.here()}: {workbook.organisation.name.here()}"


def _at(texts: list[str], number: int) -> str:
    return texts[number] if number < len(texts) else ""


class _Words:
    """Turns rows into cells in one language. Labels are looked up once: Django's own look-up takes its time."""

    def __init__(self) -> None:
        self.values = _labels(Value.choices)
        self.kinds = _labels(Kind.choices)
        self.statuses = _labels(ActionStatus.choices)
        self.themes: dict[int, str] = {}
        self.standards: dict[int, str] = {}

    def cells(self, row: Row) -> list[Any]:
        """One row, in the order of ``FIELDS``."""
        indicator, answer = row.indicator, row.answer
        return [
            indicator.code,
            self._theme(row),
            self._standard(row),
            indicator.text.here(),
            indicator.guidance.here(),
            self.kinds[indicator.kind],
            self.values[answer.value] if answer.value else "",
            answer.reason,
            "",
            None,
            "",
            "\n".join(self._action(action) for action in row.actions),
            "\n".join(_evidence_words(row)),
        ]

    def _theme(self, row: Row) -> str:
        theme = row.node.theme
        if theme.pk not in self.themes:
            self.themes[theme.pk] = f"{theme.code} {theme.name.here()}"
        return self.themes[theme.pk]

    def _standard(self, row: Row) -> str:
        key = row.indicator.standard_id
        if key not in self.standards:
            self.standards[key] = f"{row.standard.code} {row.standard.text.here()}"
        return self.standards[key]

    def _action(self, action: Action) -> str:
        owner = action.owner.name if action.owner else ""
        parts = [self.statuses[action.status], owner, formats.short_date(action.due_on)]
        return f"{action.number}. {action.title} ({', '.join(part for part in parts if part)})"


def _labels(choices: Iterable[tuple[Any, Any]]) -> dict[str, str]:
    return {str(value): str(label) for value, label in choices}


def _evidence_words(row: Row) -> Iterator[str]:
    for item in row.evidence:
        date = formats.short_date(item.document_date)
        yield f"{item.title} ({date})" if date else item.title


def _add_rules(sheet: Sheet, *, answers: int, owners: int) -> None:
    """Lists and checks. Programs that ignore them do no harm: the import checks everything again."""
    column = {key: index for index, key in enumerate(KEYS)}
    sheet.choose_from(
        column["value"], f"='{LISTS_SHEET}'!$A$1:$A${answers}",
        title=_("Answer"), message=_("Choose an answer from the list."),
    )  # fmt: skip
    if owners:
        sheet.choose_from(
            column["owner"], f"='{LISTS_SHEET}'!$B$1:$B${owners}",
            title=_("Owner"), message=_("Choose a colleague from the list."),
        )  # fmt: skip
    sheet.only_dates(column["due"], EARLIEST, title=_("Date"), message=_("Write a date, such as 14/05/2027."))
    for key, limit in (("reason", REASON_LIMIT), ("title", TITLE_LIMIT)):
        sheet.at_most(
            column[key], limit,
            title=_("Too long"), message=_("Write at most %(limit)d characters.") % {"limit": limit},
        )  # fmt: skip


def _how_to(workbook: Workbook) -> list[tuple[str, str]]:
    """The sheet that explains the others."""
    met, not_yet, not_applicable = (str(value.label) for value in Value if value)
    words = {"met": met, "not_yet": not_yet, "no": not_applicable}
    return [
        ("heading", _title(workbook)),
        ("text", _("Downloaded on %(date)s.") % {"date": formats.moment(clock.now())}),
        ("heading", _("How to fill it in")),
        ("text", _("Write in the pale yellow cells. The grey ones are for reading.")),
        ("text", _("Choose an answer for each indicator: %(met)s, %(not_yet)s or %(no)s.") % words),
        ("text", _("“%(no)s” needs a few words in the column “Reason”.") % words),
        ("text", _("For “%(not_yet)s”, write what you will do under “New action”. One action fits in a row.") % words),
        ("text", _("More actions, evidence and comments are added on the website.")),
        ("text", _("You may sort and filter the rows, and add columns for yourself. Leave the headings as they are.")),
        ("heading", _("How to bring it back")),
        ("text", _("Open the workbook on the website, choose “Spreadsheet, out and in”, and choose this file.")),
        ("text", _("You will see what would change before anything is saved.")),
        ("text", _("Colleagues can go on working on the website. Where both sides changed an answer, you choose.")),
    ]


def _notes(workbook: Workbook, rows: list[Row], sheet: str) -> Iterator[list[str]]:
    """For the import: whose sheet this is, what its headings and lists mean, and what stood in each row."""
    yield ["format", FORMAT]
    yield ["workbook", workbook.public_id]
    yield ["framework", workbook.version.sha256]
    yield ["exported", clock.now().isoformat()]
    yield ["sheet", sheet]
    yield from (["column", field.key, str(field.title)] for field in FIELDS)
    yield from (["choice", value, words] for value, words in answer_words())
    yield from (["row", row.indicator.code, row.answer.value, digest(row.answer.reason)] for row in rows)
