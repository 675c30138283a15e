"""An organisation's year as one person sees it: where the snapshot stands, what waits, what comes."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.conf import settings

from levelground.assessments.models import Workbook
from levelground.assessments.selectors import next_theme, progress, totals
from levelground.assessments.states import Value
from levelground.cycles.models import RequiredDocument, SignOff, SignOffRequest, Submission, SubmissionDocument
from levelground.cycles.selectors import returned_with
from levelground.cycles.states import WITH_MEMBER, Answered, Status
from levelground.foundation import clock
from levelground.foundation.documents.rules import months_before
from levelground.frameworks.models import Area, Framework, FrameworkVersion, Indicator
from levelground.frameworks.selectors import ThemeNode, published, tree
from levelground.organisations.access import Access
from levelground.organisations.models import Organisation
from levelground.organisations.roles import Permission
from levelground.returns.selectors import CalendarRow, next_return, next_to_open
from levelground.support.models import SupportCase

from . import reads
from .since import Frozen, Since, since, values_of

DUE_SOON_DAYS = 30


@dataclass(frozen=True)
class Person:
    """Somebody in an organisation, with what they may do there."""

    user: Any
    organisation: Organisation
    sees: bool
    answers: bool
    sends: bool
    signs: bool
    asks_for_help: bool
    oversees: bool

    @classmethod
    def of(cls, user: Any, organisation: Organisation) -> "Person":
        access = Access.of(user)

        def may(permission: Permission) -> bool:
            return access.can(permission, organisation)

        return cls(
            user,
            organisation,
            sees=may(Permission.SEE_WORKBOOK),
            answers=may(Permission.ANSWER_WORKBOOK),
            sends=may(Permission.SUBMIT_SNAPSHOT),
            signs=may(Permission.APPROVE_SNAPSHOT),
            asks_for_help=may(Permission.ASK_FOR_HELP),
            oversees=may(Permission.SEE_PROGRESS),
        )


@dataclass(frozen=True)
class DueAction:
    number: str
    title: str
    due_on: dt.date
    is_overdue: bool


@dataclass
class Year:
    """One framework: the workbook, this year's submission, and what waits for ``person``."""

    person: Person
    framework: Framework
    workbook: Workbook | None = None
    submission: Submission | None = None
    coming: Submission | None = None
    older: list[Submission] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=lambda: totals([]))
    areas: list[tuple[Area, dict[str, int]]] = field(default_factory=list)
    following: ThemeNode | None = None
    left_in_theme: int = 0
    themes_left: int = 0
    gaps: list[Indicator] = field(default_factory=list)
    given: int = 0
    documents: list[tuple[RequiredDocument, SubmissionDocument | None]] = field(default_factory=list)
    sign_off: SignOff | None = None
    request: SignOffRequest | None = None
    reasons: list[str] = field(default_factory=list)
    sent_before: bool = False
    since: Since | None = None
    overdue: list[DueAction] = field(default_factory=list)
    due_soon: list[DueAction] = field(default_factory=list)
    others_overdue: int = 0
    renew: int = 0
    newer: FrameworkVersion | None = None
    returns: list[CalendarRow] = field(default_factory=list)

    @property
    def status(self) -> str:
        return self.submission.status if self.submission else ""

    @property
    def working(self) -> bool:
        """The member works on this year's submission."""
        return self.status in WITH_MEMBER

    @property
    def begun(self) -> bool:
        return self.counts["answered"] > 0

    @property
    def old_version(self) -> bool:
        if self.submission is None or self.workbook is None:
            return False
        return self.workbook.version.number < self.submission.cycle.framework_version.number

    @property
    def newer_version(self) -> bool:
        """The workbook has moved on from the version that the year asks for, so that it cannot be sent."""
        if self.submission is None or self.workbook is None or not self.working:
            return False
        return self.workbook.version.number > self.submission.cycle.framework_version.number

    @property
    def holds_version(self) -> bool:
        """The year that the member works on asks for the version that its workbook has: no time to move."""
        if self.submission is None or self.workbook is None or not self.working:
            return False
        return self.workbook.version_id == self.submission.cycle.framework_version_id

    @property
    def missing_documents(self) -> list[RequiredDocument]:
        return [required for required, current in self.documents if current is None]

    @property
    def stale_documents(self) -> list[RequiredDocument]:
        return [required for required, current in self.documents if current is not None and current.is_stale()]

    @property
    def unfinished(self) -> int:
        """How many things are missing before somebody can sign: what the readiness page lists."""
        book = self.old_version + self.newer_version + self.themes_left + len(self.gaps) if self.workbook else 1
        return book + len(self.missing_documents)

    @property
    def things_left(self) -> int:
        """The same with the sign-off."""
        return self.unfinished + (self.sign_off is None)

    @property
    def asked(self) -> SignOffRequest | None:
        """The request for sign-off that waits for an answer."""
        waits = self.request is not None and self.request.answer == Answered.OPEN and self.sign_off is None
        return self.request if waits and self.working else None

    @property
    def said(self) -> SignOffRequest | None:
        """What an approver wanted changed, while nobody has been asked again since."""
        told = self.request is not None and self.request.answer == Answered.NOT_YET and self.sign_off is None
        return self.request if told and self.working else None

    @property
    def asks_me(self) -> bool:
        """A colleague waits for this person's sign-off."""
        asked = self.asked
        return asked is not None and self.person.signs and asked.asked_by_id != self.person.user.pk

    @cached_property
    def next_return(self) -> CalendarRow | None:
        return next_return(self.returns)

    @cached_property
    def coming_return(self) -> CalendarRow | None:
        return next_to_open(self.returns)

    @property
    def last_return(self) -> CalendarRow | None:
        """The newest return that is with the network and could still be corrected."""
        sent = [row for row in self.returns if row.row is not None and row.row.sent_at is not None]
        return max(sent, key=lambda row: row.quarter.starts_on, default=None)

    @property
    def pressing(self) -> tuple[bool, bool, dt.date]:
        """For sorting: what waits for the member comes first, the nearest deadline before others."""
        far = dt.date.max
        return (not self.asks_me, not self.working, self.submission.deadline if self.submission else far)


def years_of(person: Person) -> list[Year]:
    """The organisation's frameworks, the most pressing first; nothing for who may not see the workbook."""
    organisation = person.organisation
    # What visible_to() would let through, asked of the roles at hand: the place is the door's already.
    if not person.sees or not Access.of(person.user).reaches(Permission.SEE_WORKBOOK, organisation.pk):
        return []
    years: dict[int, Year] = {}
    for book in reads.workbooks(organisation.pk):
        book.organisation = organisation
        years[book.framework_id] = Year(person, book.framework, book)
    _add_submissions(years, person)
    if any(year.working for year in years.values()):
        _add_what_is_asked(years, organisation)
    if any(year.workbook for year in years.values()):
        _add_workbooks(years, organisation)
        _add_due(years, person)
    _add_returns(years, person)
    return sorted(years.values(), key=lambda year: year.pressing)


def open_cases(person: Person) -> list[SupportCase]:
    """The organisation's requests for help that are not closed, for those who speak with the network about them."""
    if not person.asks_for_help:
        return []
    cases: list[SupportCase] = reads.open_cases(person.organisation.pk)
    for case in cases:
        case.organisation = person.organisation
    return cases


def _add_submissions(years: dict[int, Year], person: Person) -> None:
    today = clock.today()
    for row in reads.submissions(person.organisation.pk):
        row.organisation = person.organisation
        framework = row.cycle.framework
        year = years.setdefault(framework.pk, Year(person, framework))
        if year.workbook is not None:
            row.workbook = year.workbook
        if row.cycle.opens_on > today:
            year.coming = year.coming or row
            continue
        if year.submission is not None:
            year.older.append(year.submission)
        year.submission = row
    for year in years.values():
        year.older = [row for row in year.older if row.status in WITH_MEMBER]
        if year.status == Status.RETURNED and year.submission:
            step = returned_with(year.submission)
            lines = [line.strip(" -•*\t") for line in step.reason.splitlines()] if step else []
            year.reasons = [line for line in lines if line]


def _add_what_is_asked(years: dict[int, Year], organisation: Organisation) -> None:
    """The documents and the sign-off of what the member works on."""
    current = {(item.submission_id, item.required_id): item for item in reads.documents(organisation.pk)}
    asked: dict[int, list[RequiredDocument]] = defaultdict(list)
    for required in reads.required(organisation.pk):
        asked[required.cycle_id].append(required)
    signed = {one.submission_id: one for one in reads.sign_offs(organisation.pk)}
    requests = {one.submission_id: one for one in reads.requests(organisation.pk)}
    for year in years.values():
        row = year.submission
        if row is None or not year.working:
            continue
        year.documents = [(one, current.get((row.pk, one.pk))) for one in asked[row.cycle_id]]
        # Something was written since it was signed, and has not been compared with what was signed yet.
        year.sign_off = None if row.recheck else signed.get(row.pk)
        year.request = requests.get(row.pk)


def _add_workbooks(years: dict[int, Year], organisation: Organisation) -> None:
    said: dict[int, dict[int, tuple[str, bool, int | None]]] = defaultdict(dict)
    for book, indicator, value, bare, holder in reads.answers(organisation.pk):
        said[book][indicator] = (value, bare, holder)
    frozen: dict[int, list[Frozen]] = defaultdict(list)
    for pk, book, year_number, sha256, version, number in reads.snapshots(organisation.pk):
        frozen[book].append(Frozen(pk, year_number, sha256, version, number))
    for year in years.values():
        if year.workbook is not None:
            _add_answers(year, year.workbook, said[year.workbook.pk])
            _add_since(year, year.workbook, said[year.workbook.pk], frozen[year.workbook.pk])


def _add_answers(year: Year, book: Workbook, said: dict[int, tuple[str, bool, int | None]]) -> None:
    nodes, kept, me = tree(book.version), progress(book), year.person.user.pk
    year.counts = totals(kept.values())
    year.areas = [
        (node.area, totals(kept[theme.theme.pk] for theme in node.themes if theme.theme.pk in kept))
        for node in nodes.areas
    ]
    year.themes_left = sum(row.unanswered > 0 for row in kept.values())
    year.following = next_theme(book, kept)
    if year.following is not None:
        year.left_in_theme = kept[year.following.theme.pk].unanswered
    nothing = ("", False, None)
    for indicator in nodes.indicators:
        value, bare, holder = said.get(indicator.pk, nothing)
        if bare:
            year.gaps.append(indicator)
        year.given += value == Value.UNANSWERED and holder == me
    newest = published(book.framework)
    year.newer = newest if newest is not None and newest.number > book.version.number else None


def _add_since(year: Year, book: Workbook, said: dict[int, tuple[str, bool, int | None]], frozen: list[Frozen]) -> None:
    """Beside the newest snapshot of an earlier year: this year's, or the workbook as it is now while that is with
    the member."""
    year.sent_before = bool(frozen)
    row = year.submission
    before = [one for one in frozen if row is None or one.year < row.cycle.year]
    if not before:
        return
    mine = [one for one in frozen if row is not None and not year.working and one.pk == row.snapshot_id]
    if mine:
        version = book.version if mine[0].version_id == book.version_id else None
        version = version or FrameworkVersion.objects.get(pk=mine[0].version_id)
        year.since = since(before[-1], values_of(mine[0]), version)
    else:
        now = {one.code: said[one.pk][0] for one in tree(book.version).indicators if one.pk in said}
        year.since = since(before[-1], now, book.version)


def _add_due(years: dict[int, Year], person: Person) -> None:
    """Open actions by their day, one's own apart, and how much evidence is getting old."""
    today, organisation, by_book = clock.today(), person.organisation.pk, {}
    for year in years.values():
        if year.workbook is not None:
            by_book[year.workbook.pk] = year
    for book, number, title, due_on, owner in reads.actions_due(organisation, today + dt.timedelta(DUE_SOON_DAYS)):
        year, action = by_book[book], DueAction(number, title, due_on, due_on < today)
        if owner == person.user.pk:
            (year.overdue if action.is_overdue else year.due_soon).append(action)
        else:
            year.others_overdue += action.is_overdue
    expiring = today + dt.timedelta(days=settings.EVIDENCE_EXPIRING_DAYS)
    stale = months_before(today, settings.EVIDENCE_STALE_MONTHS)
    for book, count in reads.evidence_to_renew(organisation, expiring, stale):
        by_book[book].renew = count


def _add_returns(years: dict[int, Year], person: Person) -> None:
    today, organisation = clock.today(), person.organisation
    quarters = reads.quarters(organisation.pk, today)
    if not quarters:
        return
    sent = {row.quarter_id: row for row in reads.returns(organisation.pk, today)}
    joined = dict(reads.joined(organisation.pk, today))
    for quarter in quarters:
        expected = joined[quarter.framework.network_id] <= quarter.ends_on
        if expected or quarter.pk in sent:
            year = years.setdefault(quarter.framework_id, Year(person, quarter.framework))
            year.returns.append(CalendarRow(quarter, sent.get(quarter.pk), today, expected))
