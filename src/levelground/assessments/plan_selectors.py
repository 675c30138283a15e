"""Reads of the action plan (MQM-12, MQM-13): which actions, in which order. The page and its files ask the same way."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from levelground.accounts.models import User
from levelground.foundation import clock

from .models import Action, ActionNote, Workbook
from .states import LIVE, ActionSource, ActionStatus, Priority

PER_PAGE = 50
PER_COLUMN = 30
LONGEST_WORDS = 100

VIEWS: list[tuple[str, Any]] = [("table", pgettext_lazy("plan", "Table")), ("board", pgettext_lazy("plan", "Board"))]
GROUPS: list[tuple[str, Any]] = [
    ("", _("No groups")),
    ("standard", _("By standard")),
    ("owner", _("By owner")),
]
SHOW: list[tuple[str, Any]] = [
    ("live", _("Still to do")),
    *((str(status.value), status.label) for status in ActionStatus),
    ("closed", _("Done or cancelled")),
    ("all", _("Everything")),
]
DUE: list[tuple[str, Any]] = [
    ("", _("At any time")),
    ("overdue", _("Overdue")),
    ("month", _("This month")),
    ("undated", _("No date")),
]
# The quick ways to look at the plan, in the order of the page: name, words, what each asks for.
PRESETS: list[tuple[str, Any, dict[str, str]]] = [
    ("live", _("Still to do"), {"show": "live"}),
    ("mine", _("Mine"), {"show": "live", "owner": "me"}),
    ("overdue", _("Overdue"), {"show": "live", "due": "overdue"}),
    ("month", _("Due this month"), {"show": "live", "due": "month"}),
    ("closed", _("Done or cancelled"), {"show": "closed"}),
    ("all", _("Everything"), {"show": "all"}),
]
CLOSED = [status for status in ActionStatus if status not in LIVE]
# The columns of the board: name, words, the statuses in it.
COLUMNS: list[tuple[str, Any, list[ActionStatus]]] = [
    ("open", ActionStatus.OPEN.label, [ActionStatus.OPEN]),
    ("in_progress", ActionStatus.IN_PROGRESS.label, [ActionStatus.IN_PROGRESS]),
    ("done", ActionStatus.DONE.label, [ActionStatus.DONE, ActionStatus.VERIFIED]),
    ("cancelled", ActionStatus.CANCELLED.label, [ActionStatus.CANCELLED]),
]


@dataclass(frozen=True)
class Asked:
    """What an address asks of the plan. ``owner`` is ``me``, ``nobody`` or a person's number; ``where`` is ``whole``
    (the organisation as a whole), ``area-<code>`` or ``theme-<code>``. An empty text asks for everything."""

    view: str = "table"
    show: str = "live"
    due: str = ""
    owner: str = ""
    priority: str = ""
    source: str = ""
    where: str = ""
    words: str = ""
    group: str = ""

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Asked":
        """From the query of an address; what means nothing there counts as not asked."""
        sent = {name: " ".join(str(data.get(name, "")).split())[:LONGEST_WORDS] for name in _NAMES}
        sent["view"] = sent["view"] if sent["view"] in dict(VIEWS) else "table"
        for name, _words, wanted in PRESETS:
            if sent["show"] == name:
                sent |= {part: value for part, value in wanted.items() if part == "show" or not sent[part]}
        for name, known in _KNOWN.items():
            if sent[name] not in known:
                sent[name] = ""
        if sent["where"] != "whole" and sent["where"].partition("-")[0] not in _PLACES:
            sent["where"] = ""
        sent["show"] = sent["show"] or default_show(sent["view"])
        if sent["view"] == "board":
            sent["group"] = ""
        return cls(**sent)

    def query(self, **changes: Any) -> str:
        """The query that asks this, with some parts changed; short, because what goes without saying is left out."""
        wanted = replace(self, **changes)
        data = QueryDict(mutable=True)
        for name, value in asdict(wanted).items():
            if value and value != (default_show(wanted.view) if name == "show" else _PLAIN[name]):
                data[name] = value
        return f"?{data.urlencode()}" if data else ""

    def turned(self, view: str) -> "Asked":
        """The same plan looked at the other way: a board begins with all its columns, a table with what is to do."""
        plain = self.show == default_show(self.view)
        return replace(self, view=view, show=default_show(view) if plain else self.show, group="")

    @property
    def filters(self) -> dict[str, str]:
        """What narrows the plan, without how it is shown."""
        return {name: value for name, value in asdict(self).items() if name not in ("view", "group")}

    @property
    def preset(self) -> str:
        """The quick way that asks exactly this, if one does."""
        plain = dict.fromkeys(self.filters, "")
        return next((name for name, _words, wanted in PRESETS if self.filters == plain | wanted), "")

    @property
    def statuses(self) -> list[ActionStatus]:
        named = {"live": LIVE, "closed": CLOSED, "all": list(ActionStatus)}
        return named.get(self.show) or [ActionStatus(self.show)]


def default_show(view: str) -> str:
    return "all" if view == "board" else "live"


_NAMES = [field.name for field in fields(Asked)]
_PLAIN = asdict(Asked())
_PLACES = {"area": "indicator__standard__theme__area__code", "theme": "indicator__standard__theme__code"}
_KNOWN: dict[str, set[str]] = {
    "show": set(dict(SHOW)),
    "due": set(dict(DUE)),
    "priority": set(Priority.values),
    "source": set(ActionSource.values),
    "group": set(dict(GROUPS)),
}


def month_of(day: dt.date) -> tuple[dt.date, dt.date]:
    """The first and the last day of the month."""
    first = day.replace(day=1)
    return first, (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)


def _due(due: str) -> Q:
    today = clock.today()
    return {
        "overdue": Q(due_on__lt=today, status__in=LIVE),
        "month": Q(due_on__range=month_of(today)),
        "undated": Q(due_on__isnull=True),
    }[due]


def _owner(owner: str, user: Any) -> Q:
    if owner == "nobody":
        return Q(owner__isnull=True)
    return Q(owner=user) if owner == "me" else Q(owner__public_id=owner)


def _where(where: str) -> Q:
    """Codes belong to the version that the workbook follows now."""
    kind, _dash, code = where.partition("-")
    if kind not in _PLACES:
        return Q(indicator__isnull=True)
    return Q(indicator__version=F("workbook__version"), **{_PLACES[kind]: code})


def _words(words: str) -> Q:
    """Every word stands in the title, in a note, or is the number of the action or the code of its indicator."""
    found = Q()
    for word in words.split()[:8]:
        notes = ActionNote.objects.filter(action=OuterRef("pk"), text__icontains=word)
        one = Q(title__icontains=word) | Q(indicator__code__iexact=word) | Q(Exists(notes))
        if word.isascii() and word.isdigit() and len(word) < 9:
            one |= Q(number=int(word))
        found &= one
    return found


def _narrowed(rows: QuerySet[Action], asked: Asked, user: Any) -> QuerySet[Action]:
    found = rows.filter(status__in=asked.statuses)
    narrow: dict[str, Callable[[str], Q]] = {
        "due": _due,
        "owner": lambda owner: _owner(owner, user),
        "priority": lambda priority: Q(priority=priority),
        "source": lambda source: Q(source=source),
        "where": _where,
        "words": _words,
    }
    for name, condition in narrow.items():
        if value := getattr(asked, name):
            found = found.filter(condition(value))
    return found


def actions(rows: QuerySet[Action], asked: Asked, user: Any) -> QuerySet[Action]:
    """Those of ``rows`` that are asked for, in the order of the page, each with its newest ``note``."""
    notes = ActionNote.objects.filter(action=OuterRef("pk")).exclude(text="").order_by("-at", "-pk")
    return (
        _narrowed(rows, asked, user)
        .select_related("owner", "indicator")
        .annotate(note=Subquery(notes.values("text")[:1]))
        .order_by(*_order(asked))
    )


def _order(asked: Asked) -> list[Any]:
    soonest = [F("due_on").asc(nulls_last=True), "workbook_id", "number"]
    if asked.view == "board":
        # By column; what is to do by its date, what is over the newest first.
        rank = Case(*(When(status__in=of, then=Value(n)) for n, (_name, _words, of) in enumerate(COLUMNS)))
        due, over = Case(When(status__in=LIVE, then=F("due_on"))), Case(When(status__in=CLOSED, then=F("changed_at")))
        return [rank, due.asc(nulls_last=True), over.desc(nulls_last=True), "workbook_id", "number"]
    if asked.group == "standard":
        # In the order of the framework; then what an older version left behind; last the organisation as a whole.
        age = Case(
            When(indicator__isnull=True, then=Value(2)),
            When(indicator__version=F("workbook__version"), then=Value(0)),
            default=Value(1),
            output_field=IntegerField(),
        )
        path = ("indicator__standard__theme__area", "indicator__standard__theme", "indicator__standard", "indicator")
        return [age, *(f"{part}__position" for part in path), *soonest]
    if asked.group == "owner":
        return [F("owner__name").asc(nulls_last=True), "owner_id", *soonest]
    return soonest


def plan(workbook: Workbook, asked: Asked | None = None, user: Any = None) -> QuerySet[Action]:
    """The workbook's action plan, as ``asked`` narrows it: what is to do, soonest first, if nothing is asked."""
    return actions(Action.objects.filter(workbook=workbook), asked or Asked(), user)


def plan_page(workbook: Workbook, asked: Asked, user: Any, number: Any) -> Page:
    """One page of the table."""
    return Paginator(plan(workbook, asked, user), PER_PAGE).get_page(number)


@dataclass(frozen=True)
class Column:
    """One column of the board; ``more`` is how many of its actions are not shown."""

    name: str
    label: Any
    actions: list[Action]
    more: int

    @property
    def total(self) -> int:
        return len(self.actions) + self.more


def board(workbook: Workbook, asked: Asked, user: Any) -> list[Column]:
    """The plan by status: the columns that are asked for, each with its first actions."""
    everything, columns = Action.objects.filter(workbook=workbook), []
    found, wanted = actions(everything, asked, user), set(asked.statuses)
    counts = dict(_narrowed(everything, asked, user).order_by().values_list("status").annotate(Count("pk")))
    for name, label, statuses in COLUMNS:
        if not wanted.isdisjoint(statuses):
            cards = list(found.filter(status__in=statuses)[:PER_COLUMN])
            total = sum(counts.get(status, 0) for status in statuses)
            columns.append(Column(name, label, cards, max(total - len(cards), 0)))
    return columns


def preset_counts(rows: QuerySet[Action], user: Any) -> dict[str, int]:
    """How many of ``rows`` each quick way shows; one query."""
    sums = {}
    for name, _words, wanted in PRESETS:
        asked = Asked(**wanted)
        found = Q(status__in=asked.statuses)
        if asked.due:
            found &= _due(asked.due)
        if asked.owner:
            found &= _owner(asked.owner, user)
        sums[name] = Count("pk", filter=found)
    return rows.aggregate(**sums)


def owners(workbook: Workbook) -> list[User]:
    """Everybody who holds an action of the plan, those who have left too, by name."""
    held = Action.objects.filter(workbook=workbook, owner__isnull=False).values("owner")
    return list(User.objects.filter(pk__in=held).only("pk", "public_id", "name", "email").order_by("name", "pk"))
