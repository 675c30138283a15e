"""The network's list of members in a cycle: a page of it costs the same for 100 members and for 10,000.

How many members are in which status with which deadline comes from one walk along an index. From these sizes it is
known beforehand where a page of the sorted list begins, so only that piece of it is read: a small piece is joined with
its organisations and sorted, a large one is read along the organisations' own order until the page is full.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, Exists, Max, OuterRef, Q, QuerySet, Value, When

from levelground.foundation import clock
from levelground.organisations.models import Organisation, fold

from .models import Cycle, Submission, SubmissionStep
from .selectors import Progress, progress_of
from .states import SENT, UNSENT, WITH_MEMBER, WITH_NETWORK, Status

PAGE = 50
# Up to so many rows, joining and sorting is quicker than reading along an index.
SMALL = 1000
_AT_ONCE = 1000
_WORDS = 8
ALL, WAITING, OVERDUE, LATE = "all", "waiting", "overdue", "late"
SHOWS = (ALL, WAITING, OVERDUE, *Status.values, LATE)
NAME, DEADLINE, STATE = "name", "deadline", "state"


@dataclass(frozen=True)
class Wanted:
    """What an officer looks for; an empty text does not narrow it."""

    show: str = ALL
    q: str = ""
    nation: str = ""
    region: str = ""
    sort: str = NAME

    @property
    def searched(self) -> bool:
        """By something of the organisation, of which no counts are at hand."""
        return bool(fold(self.q).split() or self.nation or self.region)


@dataclass(frozen=True)
class Group:
    """So many members are in this status with this deadline."""

    status: str
    deadline: dt.date
    members: int


@dataclass(frozen=True)
class Where:
    """Where the members of a cycle are; ``late`` counts those that sent after their deadline."""

    groups: list[Group]
    late: list[Group]
    today: dt.date

    def fitting(self, show: str) -> list[Group]:
        if show == LATE:
            return self.late
        return [one for one in self.groups if self._fits(one, show)]

    def _fits(self, one: Group, show: str) -> bool:
        if show == OVERDUE:
            return one.status in UNSENT and one.deadline < self.today
        return show in {ALL, one.status} or (show == WAITING and one.status in WITH_NETWORK)

    def count(self, show: str) -> int:
        return sum(one.members for one in self.fitting(show))

    @property
    def sent(self) -> int:
        """Everything that has come and has not been withdrawn."""
        return sum(one.members for one in self.groups if one.status in SENT)

    @property
    def unsent(self) -> int:
        return sum(one.members for one in self.groups if one.status in UNSENT)


def taking_part(cycle: Cycle) -> QuerySet[Submission]:
    """The present members' submissions."""
    # With "active=True" SQLite does not see that a column is compared with a value, and makes less of the index.
    return Submission.objects.filter(cycle=cycle, active__in=[True])


def where(cycle: Cycle) -> Where:
    """Two walks along an index, however many members there are."""

    def groups(rows: QuerySet[Submission]) -> list[Group]:
        sums = rows.order_by().values("status", "deadline").annotate(members=Count("*"))
        return [Group(row["status"], row["deadline"], row["members"]) for row in sums]

    rows = taking_part(cycle)
    return Where(groups(rows), groups(rows.filter(late=True)), clock.today())


def _shown(show: str) -> Q:
    if show == OVERDUE:
        return Q(status__in=UNSENT, deadline__lt=clock.today())
    if show == WAITING:
        return Q(status__in=WITH_NETWORK)
    if show == LATE:
        return Q(late=True)
    return Q() if show == ALL else Q(status=show)


def _asked(wanted: Wanted, path: str = "") -> Q:
    """What is asked of the organisation itself, which lies at ``path``."""
    words = [("search_text__contains", word) for word in fold(wanted.q).split()[:_WORDS]]
    exact = [(name, getattr(wanted, name)) for name in ("nation", "region") if getattr(wanted, name)]
    return Q(*((path + name, value) for name, value in [*words, *exact]))


_RANK = Case(*(When(status=status, then=Value(rank)) for rank, status in enumerate(Status.values)), default=Value(99))
_ORDER: dict[str, tuple[Any, ...]] = {NAME: (), DEADLINE: ("deadline",), STATE: (_RANK,)}


@dataclass
class _Segment:
    """A piece of the sorted list whose place and size are known."""

    groups: list[Group] = field(default_factory=list)

    @property
    def size(self) -> int:
        return sum(one.members for one in self.groups)

    def condition(self, sort: str) -> Q:
        if sort == DEADLINE:
            days = [one.deadline for one in self.groups]
            return Q(deadline__gte=min(days), deadline__lte=max(days))
        return Q(status__in={one.status for one in self.groups}) if sort == STATE else Q()


def _segments(groups: list[Group], sort: str) -> list[_Segment]:
    """The sorted list in pieces: what sorts alike stays together, and small neighbours are one piece. A page lies in
    three of them at most, because two neighbours have more than ``SMALL`` rows together."""
    if sort == NAME:
        return [_Segment(groups)] if groups else []
    key: Callable[[Group], Any] = (
        (lambda one: one.deadline) if sort == DEADLINE else (lambda one: Status.values.index(one.status))
    )
    alike: dict[Any, list[Group]] = {}
    for one in sorted(groups, key=key):
        alike.setdefault(key(one), []).append(one)
    found: list[_Segment] = []
    for together in alike.values():
        size = sum(one.members for one in together)
        if found and found[-1].size + size <= SMALL:
            found[-1].groups.extend(together)
        else:
            found.append(_Segment(list(together)))
    return found


def _sorted_ids(rows: QuerySet[Submission], sort: str) -> QuerySet[Any, Any]:
    """Organisations of a few submissions, in order."""
    return rows.order_by(*_ORDER[sort], "organisation__slug").values_list("organisation", flat=True)


def _walked_ids(rows: QuerySet[Submission], condition: Q, *, back: bool = False) -> QuerySet[Any, Any]:
    """Organisations that fit and have one of these submissions, by name: a walk along the organisations' index."""
    theirs = Exists(rows.filter(organisation=OuterRef("pk")))
    ordered = Organisation.objects.filter(condition).filter(theirs).order_by("-slug" if back else "slug")
    return ordered.values_list("pk", flat=True)


def _cut(segment: _Segment, rows: QuerySet[Submission], sort: str, start: int, stop: int) -> list[int]:
    """A window of one segment. Behind the middle of a long one, the walk begins at the other end."""
    narrowed = rows.filter(segment.condition(sort))
    size = segment.size
    if size <= SMALL:
        return list(_sorted_ids(narrowed, sort)[start:stop])
    if start > size // 2:
        return list(_walked_ids(narrowed, Q(), back=True)[max(0, size - stop) : size - start])[::-1]
    return list(_walked_ids(narrowed, Q())[start:stop])


def _window(cycle: Cycle, counts: Where, wanted: Wanted, start: int, stop: int) -> list[int]:
    """The organisations of the rows ``start`` to ``stop`` of the list."""
    groups, rows = counts.fitting(wanted.show), taking_part(cycle).filter(_shown(wanted.show))
    if wanted.searched:
        if wanted.sort == NAME and sum(one.members for one in groups) > SMALL:
            return list(_walked_ids(rows, _asked(wanted))[start:stop])
        return list(_sorted_ids(rows.filter(_asked(wanted, "organisation__")), wanted.sort)[start:stop])
    found: list[int] = []
    before = 0
    for segment in _segments(groups, wanted.sort):
        first, last = max(start - before, 0), min(stop - before, segment.size)
        if first < last:
            found += _cut(segment, rows, wanted.sort, first, last)
        before += segment.size
    return found


@dataclass(frozen=True)
class MemberRow:
    """One member in a cycle: kept counts and steps, never an answer."""

    submission: Submission
    progress: Progress
    last: SubmissionStep | None

    @property
    def organisation(self) -> Organisation:
        return self.submission.organisation

    @property
    def is_unsent(self) -> bool:
        return self.submission.status in UNSENT

    @property
    def shows_progress(self) -> bool:
        """The member is at it; what is sent stands in the snapshot."""
        return self.submission.status in WITH_MEMBER

    @property
    def documents_missing(self) -> int:
        return max(0, self.progress.wanted - self.progress.documents)


@dataclass(frozen=True)
class Listing:
    """One page of the list. How many fit is known unless something of the organisation is searched for."""

    rows: list[MemberRow]
    number: int
    has_next: bool
    total: int | None
    page: Page[int] | None

    @property
    def has_previous(self) -> bool:
        return self.number > 1


def members(cycle: Cycle, counts: Where, wanted: Wanted, number: Any = 1) -> Listing:
    """A page of the list, with the readiness and the last step of the members on it."""
    total = counts.count(wanted.show)
    page = Paginator(range(total), PAGE).get_page(number)
    start = (page.number - 1) * PAGE
    found = _window(cycle, counts, wanted, start, start + PAGE + wanted.searched)
    rows = _rows(cycle, found[:PAGE])
    if wanted.searched:
        return Listing(rows, page.number, len(found) > PAGE, None, None)
    return Listing(rows, page.number, page.has_next(), total, page)


def _rows(cycle: Cycle, organisations: list[int]) -> list[MemberRow]:
    there = taking_part(cycle).filter(organisation__in=organisations).select_related("organisation")
    by_organisation = {row.organisation_id: row for row in there}
    return _complete(cycle, [by_organisation[pk] for pk in organisations if pk in by_organisation])


def _complete(cycle: Cycle, submissions: list[Submission]) -> list[MemberRow]:
    for row in submissions:
        row.cycle = cycle
    progress, steps = progress_of(submissions), _last_steps(submissions)
    return [MemberRow(row, progress[row.pk], steps.get(row.pk)) for row in submissions]


def _last_steps(submissions: list[Submission]) -> dict[int, SubmissionStep]:
    newest = (
        SubmissionStep.objects.filter(submission__in=[row.pk for row in submissions])
        .order_by()
        .values("submission")
        .annotate(newest=Max("pk"))
    )
    steps = SubmissionStep.objects.filter(pk__in=newest.values("newest")).select_related("by")
    return {step.submission_id: step for step in steps}


def everyone(cycle: Cycle, wanted: Wanted) -> Iterator[MemberRow]:
    """All that fit, in order, for a file: some hundred at a time."""
    rows = taking_part(cycle).filter(_shown(wanted.show)).filter(_asked(wanted, "organisation__"))
    ordered = list(_sorted_ids(rows, wanted.sort))
    for start in range(0, len(ordered), _AT_ONCE):
        yield from _rows(cycle, ordered[start : start + _AT_ONCE])


def regions(cycle: Cycle) -> list[str]:
    """The members' regions, for the filter. Asked of the database once in ten minutes, because it looks at them all."""
    return _regions(cycle.pk, cycle.public_id, int(clock.now().timestamp()) // 600)


@lru_cache(maxsize=64)
def _regions(cycle_id: int, _public_id: str, _ten_minutes: int) -> list[str]:
    rows = Submission.objects.filter(cycle=cycle_id, active=True).exclude(organisation__region="")
    named = rows.order_by("organisation__region").values_list("organisation__region", flat=True)
    return list(named.distinct())
