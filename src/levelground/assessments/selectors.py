"""Reads of the workbook, shaped for pages, exports and snapshots."""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from levelground.accounts.models import User
from levelground.foundation import clock, formats
from levelground.foundation.prepared import Prepared
from levelground.frameworks.models import FrameworkVersion, Indicator, Kind, Standard
from levelground.frameworks.selectors import ThemeNode, Tree, mapping, tree
from levelground.organisations.models import Membership, Organisation
from levelground.organisations.roles import Permission, roles_with

from .models import Action, Answer, AnswerChange, Evidence, Snapshot, ThemeProgress, Workbook
from .rules import missing_words
from .states import LIVE, Standing, Value, standing

# The filters of the workbook, in the order of the page: name, words.
SHOW: list[tuple[str, Any]] = [
    ("all", _("Everything")),
    ("unanswered", _("Not answered")),
    ("not_yet", _("Not yet")),
    ("gap", _("Not yet, without an open action")),
    ("bare", _("Not yet, with neither an action nor a reason")),
    ("changed", _("Changed since last year")),
    ("quarter", _("Changed since last return")),
    ("mine", _("Given to me")),
    ("legal", pgettext_lazy("filter", "Legal duties")),
    ("stale", _("Evidence to renew")),
]


@dataclass
class Row:
    """One indicator of the workbook with everything its place on a page shows."""

    indicator: Indicator
    node: ThemeNode
    answer: Answer
    actions: list[Action] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    last_year: str | None = None
    last_quarter: str | None = None
    problem: dict[str, Any] | None = None

    @property
    def standing(self) -> Standing:
        return standing(self.answer.value, self.answer.live_actions)

    @property
    def live(self) -> list[Action]:
        return [action for action in self.actions if action.status in LIVE]

    @cached_property
    def standard(self) -> Standard:
        return next(s.standard for s in self.node.standards if s.standard.pk == self.indicator.standard_id)

    @property
    def resources(self) -> list[dict[str, Any]]:
        """Help with the indicator's standard (MQM-14)."""
        return self.standard.resources

    @property
    def tag(self) -> str:
        """The name of the standing among the tags and colours of pages."""
        return "gap" if self.standing == Standing.GAP else self.standing.value

    @property
    def changed_since_last_year(self) -> bool:
        """Whether it is answered, and otherwise than then: what was only emptied for a new year has not changed."""
        return bool(self.answer.value) and self.last_year is not None and self.last_year != self.answer.value

    @property
    def moving(self) -> set[str]:
        """Those of its filters that saving an answer may take it into or out of, and that no kept count tells."""
        answer, found = self.answer, set()
        if answer.value == Value.NOT_YET and not answer.live_actions and not answer.reason:
            found.add("bare")
        if self.changed_since_last_year:
            found.add("changed")
        if answer.value and self.last_quarter is not None and self.last_quarter != answer.value:
            found.add("quarter")
        return found

    def filters(self, user: Any) -> set[str]:
        """The filters that the row belongs to."""
        answer, found = self.answer, {"all"} | self.moving
        if not answer.value:
            found.add("unanswered")
        elif answer.value == Value.NOT_YET:
            found.add("not_yet")
            if not answer.live_actions:
                found.add("gap")
        if answer.assigned_to_id == user.pk:
            found.add("mine")
        if self.indicator.kind != Kind.GOOD_PRACTICE:
            found.add("legal")
        if self.evidence and any(item.needs_renewal for item in self.evidence):
            found.add("stale")
        return found


_workbook = Prepared(
    lambda organisation, framework: (
        Workbook.objects.filter(organisation__slug=organisation, framework__slug=framework)
        .select_related("organisation", "framework__network", "version")
        .order_by("pk")
    )
)


def workbook_at(organisation: str, framework: str) -> Workbook | None:
    """The workbook at an address, whoever asks: whether they may see it is for the door to say."""
    found: Workbook | None = _workbook.first(organisation, framework)
    return found


_last_sent = Prepared(
    lambda workbook, year: (
        Snapshot.objects.filter(workbook=workbook, year__lt=year)
        .order_by("-year")
        .values_list("submitted_at", flat=True)[:1]
    )
)


def last_year_moment(workbook: Workbook) -> dt.datetime:
    """What "last year" means: when the newest snapshot of an earlier year was sent, else a year ago today."""
    sent: dt.datetime | None = _last_sent.first(workbook.pk, clock.today().year)
    return sent or clock.now() - dt.timedelta(days=365)


def quarter_start(today: dt.date) -> dt.date:
    """The first day of the calendar quarter: what "last return" means until one was sent."""
    return dt.date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)


class _Reads:
    """The reads behind rows, prepared for one part of the workbook: ``path`` leads from an indicator to that part."""

    def __init__(self, path: str = "") -> None:
        def within(queryset: Any, to_indicator: str, part: tuple[Any, ...]) -> Any:
            return queryset.filter(**{f"{to_indicator}{path}": part[0]}) if part else queryset

        self.answers = Prepared(
            lambda workbook, version, *part: within(
                Answer.objects.filter(workbook=workbook, indicator__version=version), "indicator", part
            )
        )
        # The people of these answers are found from the answers: a test of each user would grow with the network.
        self.people = Prepared(
            lambda workbook, *part: User.objects.filter(
                pk__in=within(Answer.objects.filter(workbook=workbook), "indicator", part)
                .values("assigned_to")
                .union(within(Answer.objects.filter(workbook=workbook), "indicator", part).values("changed_by"))
            ).only("pk", "public_id", "name", "email")
        )
        self.actions = Prepared(
            lambda workbook, *part: (
                within(Action.objects.filter(workbook=workbook, indicator__isnull=False), "indicator", part)
                .select_related("owner")
                .order_by("number")
            )
        )
        self.evidence = Prepared(
            lambda workbook, *part: (
                within(Evidence.objects.filter(answer__workbook=workbook).current(), "answer__indicator", part)
                .select_related("document")
                .order_by("added_at", "pk")
            )
        )
        # Of each change only what stood before it, and whether it came after the later of two moments.
        self.changes = Prepared(
            lambda workbook, since, later, *part: (
                within(AnswerChange.objects.filter(answer__workbook=workbook, at__gt=since), "answer__indicator", part)
                .order_by("at", "pk")
                .values_list("answer_id", "from_value", ExpressionWrapper(Q(at__gt=later), output_field=BooleanField()))
            )
        )


_ANY, _THEME = _Reads(), _Reads("__standard__theme")


def rows(
    workbook: Workbook, *, theme: ThemeNode | None = None, only: tuple[ThemeNode, Indicator] | None = None
) -> list[Row]:
    """The rows of one theme, of one indicator, or of the whole workbook, in order. Six queries, whatever the size."""
    book: Tree = tree(workbook.version)
    pairs = [only] if only else [(node, one) for node in ([theme] if theme else book.themes) for one in node.indicators]
    reads = _THEME if theme and not only else _ANY
    part = (only[1].pk,) if only else (theme.theme.pk,) if theme else ()
    answers = {answer.indicator_id: answer for answer in reads.answers(workbook.pk, workbook.version_id, *part)}
    _add_people(answers.values(), reads.people(workbook.pk, *part))
    by_indicator: dict[int, list[Action]] = defaultdict(list)
    for action in reads.actions(workbook.pk, *part):
        action._state.fields_cache["workbook"] = workbook
        by_indicator[action.indicator_id].append(action)
    by_answer: dict[int, list[Evidence]] = defaultdict(list)
    if any(answer.evidence_count for answer in answers.values()):
        for item in reads.evidence(workbook.pk, *part):
            by_answer[item.answer_id].append(item)
    year, quarter = last_year_moment(workbook), workbook.last_return_at or _start_of_quarter()
    then: dict[int, str] = {}
    before: dict[int, str] = {}
    first, second = (then, before) if year <= quarter else (before, then)
    for pk, value, later in reads.changes(workbook.pk, min(year, quarter), max(year, quarter), *part):
        first.setdefault(pk, value)
        if later:
            second.setdefault(pk, value)
    found = []
    for node, indicator in pairs:
        answer = answers.get(indicator.pk)
        if answer is not None:
            pk = answer.pk
            found.append(
                Row(
                    indicator, node, answer, by_indicator.get(indicator.pk, []), by_answer.get(pk, []),
                    then.get(pk), before.get(pk),
                )
            )  # fmt: skip
    return found


def _add_people(answers: Iterable[Answer], people: Iterable[User]) -> None:
    """Put the few people who answered or hold these answers in their places: one query instead of two joins a row."""
    known = {person.pk: person for person in people}
    for answer in answers:
        # Straight into Django's cache of related rows: its setters would check each of 312 assignments.
        cache = answer._state.fields_cache
        cache["assigned_to"] = known.get(answer.assigned_to_id or 0)
        cache["changed_by"] = known.get(answer.changed_by_id or 0)


def _start_of_quarter() -> dt.datetime:
    return dt.datetime.combine(quarter_start(clock.today()), dt.time(), tzinfo=formats.LONDON)


_progress = Prepared(lambda workbook: ThemeProgress.objects.filter(workbook=workbook))


def progress(workbook: Workbook) -> dict[int, ThemeProgress]:
    """The kept counts by theme."""
    return {row.theme_id: row for row in _progress(workbook.pk)}


def totals(counts: Iterable[ThemeProgress]) -> dict[str, int]:
    """The sum of some themes' counts, by standing, with ``total`` and ``answered``."""
    kept = list(counts)
    names = ("total", "met", "working_towards", "gap", "not_applicable", "answered", "unanswered", "not_yet")
    return {name: sum(getattr(row, name) for row in kept) for name in names}


_colleagues = Prepared(
    lambda organisation, today: User.objects.filter(
        pk__in=Membership.objects.filter(organisation=organisation, role__in=roles_with(Permission.ANSWER_WORKBOOK))
        .on(today)
        .values("user"),
        is_active=True,
    ).order_by("name", "pk")
)


def colleagues(organisation: Organisation) -> list[User]:
    """Those who may answer the organisation's workbook now, by name."""
    return _colleagues(organisation.pk, clock.today())


@dataclass(frozen=True)
class Compared:
    """One indicator then and now. ``then`` is ``None`` when it was not asked, ``row`` when it is not asked any more.

    ``code`` is the code that it had then, where that was another.
    """

    indicator: Indicator
    row: Row | None
    then: dict[str, Any] | None
    code: str = ""

    @property
    def differs(self) -> bool:
        if self.row is None or self.then is None:
            return True
        return (self.then["value"], self.then["reason"]) != (self.row.answer.value, self.row.answer.reason)


def compare(workbook: Workbook, snapshot: Snapshot) -> list[Compared]:
    """The live workbook beside a past snapshot, in today's order; what is not asked any more comes last.

    Where the snapshot is of an older version of the framework, the mapping says what each indicator became.
    """
    frozen = {item["code"]: item for item in json.loads(snapshot.payload)["indicators"]}
    asked = {one.pk: one for one in tree(snapshot.version).indicators if one.code in frozen}
    if snapshot.version_id == workbook.version_id:
        came_from = {pk: pk for pk in asked}
    else:
        came_from = {new: old for old, new, _carries in mapping(snapshot.version, workbook.version) if old in asked}
    found = []
    for row in rows(workbook):
        old = asked.get(came_from.get(row.indicator.pk, 0))
        then = frozen[old.code] if old else None
        renamed = old.code if old and old.code != row.indicator.code else ""
        found.append(Compared(row.indicator, row, then, renamed))
    gone = asked.keys() - set(came_from.values())
    return found + [Compared(one, None, frozen[one.code]) for pk, one in asked.items() if pk in gone]


def next_theme(workbook: Workbook, kept: dict[int, ThemeProgress]) -> ThemeNode | None:
    """Where to carry on: the first theme that is begun and not finished, else the first that has something left."""
    left = [node for node in tree(workbook.version).themes if node.theme.pk in kept and kept[node.theme.pk].unanswered]
    begun = [node for node in left if kept[node.theme.pk].answered]
    return next(iter(begun or left), None)


@dataclass(frozen=True)
class Group:
    """One theme's results: what is met, and what is not yet."""

    node: ThemeNode
    strengths: list[Row]
    gaps: list[Row]


def strengths_and_gaps(workbook: Workbook) -> list[Group]:
    """The two lists of MQM-11, by theme; themes without any answer are left out."""
    found: dict[int, Group] = {node.theme.pk: Group(node, [], []) for node in tree(workbook.version).themes}
    for row in rows(workbook):
        group = found[row.node.theme.pk]
        if row.answer.value == Value.MET:
            group.strengths.append(row)
        elif row.answer.value == Value.NOT_YET:
            group.gaps.append(row)
    return [group for group in found.values() if group.strengths or group.gaps]


def moves(
    answers: Mapping[int, Answer], old: FrameworkVersion, new: FrameworkVersion
) -> Iterator[tuple[Answer, int, bool]]:
    """Where each of ``answers`` (by indicator of ``old``) goes in ``new``: the answer, the id of the indicator that its
    actions go to, and whether the answer itself goes there too.

    It goes to one place only, and not where it would lack the words that are asked for there.
    """
    types = {one.pk: one.answer_type for one in tree(new).indicators}
    gone: set[int] = set()
    taken: set[int] = set()
    for old_id, new_id, carries in mapping(old, new):
        answer = answers.get(old_id)
        if answer is None or old_id in gone:
            continue
        moves_on = carries and new_id not in taken and not missing_words(answer.value, answer.reason, types[new_id])
        if moves_on:
            gone.add(old_id)
            taken.add(new_id)
        yield answer, new_id, moves_on


def carried(workbook: Workbook, version: FrameworkVersion) -> dict[str, int]:
    """How many indicators of ``version`` would keep an answer, and how many would start unanswered."""
    fresh, total = len(asked_afresh(workbook, version)), len(tree(version).indicators)
    return {"kept": total - fresh, "fresh": fresh, "total": total}


def asked_afresh(workbook: Workbook, version: FrameworkVersion) -> list[Indicator]:
    """The indicators of ``version`` that are new or say something else: no answer of the workbook goes there."""
    held = Answer.objects.filter(workbook=workbook, indicator__version=workbook.version_id)
    answers = {answer.indicator_id: answer for answer in held}
    kept = {new for _answer, new, moves_on in moves(answers, workbook.version, version) if moves_on}
    return [one for one in tree(version).indicators if one.pk not in kept]


def known_documents(workbook: Workbook, *, besides: Answer) -> list[tuple[str, str]]:
    """Documents that other indicators of the workbook use, newest first, as choices: (evidence number, words)."""
    items = (
        Evidence.objects.filter(answer__workbook=workbook, document__isnull=False)
        .current()
        .exclude(answer=besides)
        .exclude(document__in=Evidence.objects.filter(answer=besides).current().values("document"))
        .select_related("document")
        .order_by("-added_at")
    )
    seen: dict[int, tuple[str, str]] = {}
    for item in items[:200]:
        seen.setdefault(
            item.document_id or 0,
            (item.public_id, f"{item.title} ({formats.short_date(item.document_date) or item.document.filename})"),
        )
    return list(seen.values())
