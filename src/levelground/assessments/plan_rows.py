"""The action plan as rows of words, in the language that is active: what its page, its board and its files all show."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby

from django.utils.translation import gettext as _

from levelground.foundation import formats
from levelground.frameworks.selectors import AreaNode, StandardNode, ThemeNode, Tree, tree

from .models import Action, Workbook
from .plan_selectors import COLUMNS


@dataclass(frozen=True)
class PlanRow:
    """One action in words. The last five texts are empty for the organisation as a whole."""

    action: Action = field(repr=False)
    number: int
    title: str
    owner: str
    due_on: dt.date | None
    overdue: bool
    priority: str
    status: str
    source: str
    note: str
    area: str = ""
    theme: str = ""
    standard: str = ""
    code: str = ""
    indicator: str = ""

    @property
    def column(self) -> str:
        """The heading of its column on the board."""
        return next(str(words) for _name, words, statuses in COLUMNS if self.action.status in statuses)


def plan_rows(actions: Iterable[Action], *workbooks: Workbook) -> list[PlanRow]:
    """``actions`` (from ``plan_selectors``) of the ``workbooks``, in their order."""
    known = {book.pk: (book, _Places(tree(book.version))) for book in workbooks}
    return [_row(*known[action.workbook_id], action) for action in actions]


def _row(workbook: Workbook, places: "_Places", action: Action) -> PlanRow:
    # The rows share one workbook, so that asking it for its address costs nothing.
    action.workbook = workbook
    return PlanRow(
        action=action,
        number=action.number,
        title=action.title,
        owner=action.owner.name if action.owner else "",
        due_on=action.due_on,
        overdue=action.is_overdue,
        priority=str(action.get_priority_display()),
        status=str(action.get_status_display()),
        source=str(action.get_source_display()),
        note=getattr(action, "note", None) or "",
        **places.of(action),
    )


class _Places:
    """Where each indicator stands, in words; made for those that the rows need."""

    def __init__(self, book: Tree):
        self._words = {
            indicator.pk: partial(self._make, area, theme, standard)
            for area in book.areas
            for theme in area.themes
            for standard in theme.standards
            for indicator in standard.indicators
        }

    def of(self, action: Action) -> dict[str, str]:
        if action.indicator is None:
            return {}
        # An indicator of an older version of the framework may have no successor, and no place any more.
        place = self._words[action.indicator.pk]() if action.indicator.pk in self._words else {}
        return {**place, "code": action.indicator.code, "indicator": action.indicator.text.here()}

    @staticmethod
    def _make(area: AreaNode, theme: ThemeNode, standard: StandardNode) -> dict[str, str]:
        return {
            "area": f"{area.area.code} {area.area.name.here()}",
            "theme": f"{theme.theme.code} {theme.theme.name.here()}",
            "standard": f"{standard.standard.code} {standard.standard.text.here()}",
        }


def grouped(rows: list[PlanRow], group: str) -> Iterator[tuple[list[str], list[PlanRow]]]:
    """The rows in their groups (``standard``, ``owner``, ``column`` of a board, or all as one), each with the headings
    that are new with it: up to three, an empty text for what stands already."""
    keys = {
        "standard": _standard,
        "owner": lambda row: (row.owner or _("Nobody yet"), str(row.action.owner_id)),
        "column": lambda row: (row.column,),
    }
    if group not in keys:
        if rows:
            yield [], rows
        return
    before: tuple[str, ...] = ()
    for key, members in groupby(rows, key=keys[group]):
        names = key if group == "standard" else key[:1]
        level = next((n for n, name in enumerate(names) if before[n : n + 1] != (name,)), len(names))
        # Two owners may share a name: each has a heading.
        yield [name if n >= level or group != "standard" else "" for n, name in enumerate(names)], list(members)
        before = names


def _standard(row: PlanRow) -> tuple[str, ...]:
    if row.area:
        return row.area, row.theme, row.standard
    return (_("An earlier version of the framework") if row.code else _("The whole organisation"), "", "")


def due_words(row: PlanRow) -> str:
    """The due date as documents write it."""
    if row.due_on is None:
        return _("No date")
    date = formats.short_date(row.due_on)
    return _("%(date)s (overdue)") % {"date": date} if row.overdue else date
