"""What a filled spreadsheet would change: pure, from its rows and what stands in the workbook now."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from levelground.foundation.errors import Invalid
from levelground.frameworks.models import AnswerType

from ..rules import missing_words, takes_words
from ..services.actions import TITLE_LIMIT
from ..services.answers import REASON_LIMIT
from ..states import Value
from .dates import read_date
from .layout import answer_words, digest, fold, tidy
from .reading import Filled, Line


@dataclass(frozen=True)
class Standing:
    """What the workbook says of one indicator now; ``plans`` are the folded titles of its open actions."""

    value: str
    reason: str
    version: int
    plans: frozenset[str] = frozenset()
    answer_type: str = AnswerType.MET_NOT_MET


@dataclass(frozen=True)
class Known:
    """What the difference is taken against. ``people`` maps folded names and e-mail addresses to (number, name); a name
    that two people share is left out."""

    workbook: str
    framework: str
    rows: dict[str, Standing]
    people: dict[str, tuple[str, str]]


class Kind(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    CONFLICT = "conflict"


@dataclass(frozen=True)
class Change:
    """One answer that would be written. ``seen_version`` is the workbook's when the difference was taken."""

    code: str
    kind: str
    value: str
    reason: str
    seen_version: int


@dataclass(frozen=True)
class NewAction:
    code: str
    title: str
    due: dt.date | None
    owner: str
    owner_name: str


@dataclass(frozen=True)
class Refusal:
    """A row that is left out: its number in the sheet, what is wrong, what to write instead."""

    row: int
    code: str
    what: str
    write: str


@dataclass
class Difference:
    changes: list[Change] = field(default_factory=list)
    actions: list[NewAction] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    same: int = 0

    def of(self, kind: str) -> list[Change]:
        return [change for change in self.changes if change.kind == kind]

    @property
    def is_empty(self) -> bool:
        return not self.changes and not self.actions


class _Refused(Exception):
    """One row cannot be used: ``what`` and ``write`` in words."""

    def __init__(self, what: str, write: str):
        super().__init__(what)
        self.what, self.write = what, write


def compare(filled: Filled, known: Known) -> Difference:
    """The difference between ``filled`` and the workbook. ``Invalid`` when it is another workbook's, or of another
    version of the framework."""
    _check_origin(filled, known)
    reader = _Reader(filled, known)
    found = Difference()
    for line in filled.lines:
        try:
            change, action = reader.read(line)
        except _Refused as refused:
            found.refused.append(Refusal(line.number, line.text("code"), refused.what, refused.write))
            continue
        found.same += change is None and action is None
        if change:
            found.changes.append(change)
        if action:
            found.actions.append(action)
    return found


def _check_origin(filled: Filled, known: Known) -> None:
    if filled.notes.workbook != known.workbook:
        raise Invalid(
            _("This spreadsheet belongs to another workbook. Download the one of this workbook and use that.")
        )
    if filled.notes.framework != known.framework:
        raise Invalid(
            _(
                "Since this spreadsheet was downloaded, the workbook has moved to another version of the framework. "
                "Download it again and copy your answers over."
            )
        )


class _Reader:
    """Reads one row after the other against what stands there now."""

    def __init__(self, filled: Filled, known: Known):
        self.filled, self.known = filled, known
        exported = {words: value for words, value in filled.notes.choices.items() if value in Value.values}
        self.answers = exported | {fold(words): value for value, words in answer_words()}
        self.times = Counter(line.text("code") for line in filled.lines)

    def read(self, line: Line) -> tuple[Change | None, NewAction | None]:
        if line.formulas:
            self._refuse_formula(line)
        code = self._code(line)
        return self._change(line, code), self._action(line, code)

    def _title(self, key: str) -> str:
        return self.filled.titles.get(key, key)

    def _refuse_formula(self, line: Line) -> None:
        names = ", ".join(f"“{self._title(key)}”" for key in self.filled.titles if key in line.formulas)
        raise _Refused(
            _("There is a formula in %(columns)s.") % {"columns": names},
            _("Write the text or the date itself, without a formula."),
        )

    def _code(self, line: Line) -> str:
        code = line.text("code")
        if not code:
            raise _Refused(_("The row has no code, so we cannot tell its indicator."), _("Write the indicator's code."))
        if code not in self.known.rows or code not in self.filled.notes.rows:
            raise _Refused(
                _("The code “%(code)s” is not in this workbook.") % {"code": code[:40]},
                _("Write a code from the workbook, or delete the row."),
            )
        if self.times[code] > 1:
            raise _Refused(
                _("The code “%(code)s” stands in more than one row.") % {"code": code},
                _("Keep one row for each code and delete the others."),
            )
        return code

    def _change(self, line: Line, code: str) -> Change | None:
        now, (old_value, old_digest) = self.known.rows[code], self.filled.notes.rows[code]
        value, reason = self._answer(line), line.text("reason")
        if (value, digest(reason)) == (old_value, old_digest):
            return None
        self._check_reason(value, reason, now.answer_type, touched=digest(reason) != old_digest)
        reason = reason if takes_words(value, now.answer_type) else ""
        if (value, reason) == (now.value, tidy(now.reason)):
            return None
        kind = Kind.CHANGED if now.value else Kind.NEW
        if (now.value, digest(now.reason)) != (old_value, old_digest):
            kind = Kind.CONFLICT
        return Change(code, kind, value, reason, now.version)

    def _answer(self, line: Line) -> str:
        words = line.text("value")
        if not words:
            return Value.UNANSWERED.value
        value = self.answers.get(fold(words))
        if value is None:
            raise _Refused(
                _("“%(words)s” is not one of the answers.") % {"words": words[:80]},
                _("Write one of: %(answers)s.") % {"answers": "; ".join(str(v.label) for v in Value if v)},
            )
        return value

    def _check_reason(self, value: str, reason: str, answer_type: str, *, touched: bool) -> None:
        if missing_words(value, reason, answer_type):
            raise _Refused(
                _("“%(answer)s” needs a reason.") % {"answer": Value(value).label},
                _("Say in a few words why, in the column “%(column)s”.") % {"column": self._title("reason")},
            )
        if len(reason) > REASON_LIMIT:
            raise _Refused(
                _("The reason is too long."),
                _("Write at most %(limit)d characters.") % {"limit": REASON_LIMIT},
            )
        if reason and touched and not takes_words(value, answer_type):
            words = {"not_yet": Value.NOT_YET.label, "no": Value.NOT_APPLICABLE.label}
            raise _Refused(
                _("There is a reason, but the answer takes none."),
                _("Clear the reason, or answer “%(not_yet)s” or “%(no)s”.") % words,
            )

    def _action(self, line: Line, code: str) -> NewAction | None:
        title = " ".join(line.text("title").split())
        if not title:
            if line.text("due") or line.text("owner"):
                raise _Refused(
                    _("There is a date or an owner, but no action."),
                    _("Say what you will do in the column “%(column)s”.") % {"column": self._title("title")},
                )
            return None
        if len(title) > TITLE_LIMIT:
            raise _Refused(
                _("The new action is too long."), _("Write at most %(limit)d characters.") % {"limit": TITLE_LIMIT}
            )
        due, owner, name = self._due(line), *self._owner(line)
        # The same file may come twice: an open action with the same words is already there.
        return None if fold(title) in self.known.rows[code].plans else NewAction(code, title, due, owner, name)

    def _due(self, line: Line) -> dt.date | None:
        words = line.text("due")
        if not words:
            return None
        cell: Any = line.cells["due"]
        date = read_date(words if isinstance(cell, str) else cell)
        if date is None:
            raise _Refused(
                _("“%(words)s” is not a date we can read.") % {"words": words[:40]},
                _("Write the day, the month and the year, such as 14/05/2027."),
            )
        return date

    def _owner(self, line: Line) -> tuple[str, str]:
        words = line.text("owner")
        if not words:
            return "", ""
        person = self.known.people.get(fold(words))
        if person is None:
            raise _Refused(
                _("“%(words)s” is not one colleague who works on this workbook.") % {"words": words[:80]},
                _("Choose a name from the list, or leave the cell empty."),
            )
        return person
