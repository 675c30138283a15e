"""What each member did in each cycle: documents, sign-off, sending, and what the network decided."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Max, Model

from levelground.assessments.models import Snapshot
from levelground.cycles.models import (
    Cycle,
    IndicatorTally,
    Receipt,
    ReceiptCounter,
    RequiredDocument,
    SignOff,
    SignOffRequest,
    Submission,
    SubmissionDocument,
    SubmissionStep,
    ThemeTally,
)
from levelground.cycles.services.deciding import SENT_BACK
from levelground.cycles.services.signing import DECLARATION
from levelground.cycles.states import Answered, Status
from levelground.foundation.bilingual import Bilingual

from ..words import RETURNED, WITHDRAWN
from .actions import Plan
from .days import Days, as_moment
from .frozen import Content, Frozen
from .history import DOES_NOT_APPLY, MET, NOT_YET, Mark, Story
from .members import Member, Person
from .papers import Kept, Papers, Shown
from .tables import Tables, bilingual, public_number
from .years import Turn

# Minutes after eight, in this order. Everything that a snapshot holds is written before the first of them.
ADDED, ASKED, SIGNED, SENDING, DECIDED = 430, 480, 500, 530, 200
# How old each document is when it is added: from so many days to so many.
_AGES = {"strategy": (90, 600), "risk": (10, 300), "budget": (40, 300), "accounts": (15, 120), "minutes": (10, 100)}


@dataclass
class Year:
    """One cycle with what is counted in it: by value and by theme, at each place of the framework."""

    cycle: Cycle
    documents: list[RequiredDocument]
    values: dict[str, list[int]]
    members: list[int]
    behind: list[int]
    last_receipt: int = 0

    @classmethod
    def of(cls, cycle: Cycle, mark: Mark) -> "Year":
        last = ReceiptCounter.objects.filter(network=cycle.network, year=cycle.year).values_list("last", flat=True)
        return cls(
            cycle, list(cycle.documents.order_by("number")),
            {value: [0] * len(mark.indicators) for value in (MET, NOT_YET, DOES_NOT_APPLY)},
            [0] * len(mark.themes), [0] * len(mark.themes), last.first() or 0,
        )  # fmt: skip

    def count(self, values: list[str], mark: Mark) -> None:
        """A member's newest snapshot says this."""
        behind = set()
        for place, value in enumerate(values):
            self.values[value][place] += 1
            if value == NOT_YET:
                behind.add(mark.theme_of[place])
        for theme in range(len(mark.themes)):
            self.members[theme] += 1
            self.behind[theme] += theme in behind


@dataclass(slots=True)
class File:
    """One submission on its way into the tables."""

    pk: int
    number: str
    member: Member
    turn: Turn
    year: Year
    cycle: int
    status: Status = Status.NOT_STARTED
    steps: int = 0
    papers: dict[str, tuple[RequiredDocument, Kept]] = field(default_factory=dict)
    snapshot: int | None = None
    sent_at: str | None = None

    @property
    def subject(self) -> str:
        return f"submission:{self.number}"

    def documents(self, days: Days) -> list[dict[str, Any]]:
        """What a snapshot keeps of them (cycles.content)."""
        return [
            {
                "code": required.code, "name": required.name.as_dict(), "number": kept.number,
                "filename": kept.content.filename, "type": kept.content.content_type, "size": kept.content.size,
                "sha256": kept.content.sha256, "document_date": days.date(kept.dated), "period": "",
            }
            for required, kept in self.papers.values()
        ]  # fmt: skip


@dataclass(frozen=True)
class Told:
    """A member's whole story: what a snapshot is written from."""

    story: Story
    plan: Plan
    shown: dict[int, list[Shown]]


class Cycles:
    """Writes submissions with all that belongs to them."""

    def __init__(
        self, tables: Tables, days: Days, mark: Mark, *, papers: Papers, years: list[Year], officer: Person
    ) -> None:
        self.days, self.mark, self.papers, self.years, self.officer = days, mark, papers, years, officer
        self.frozen = Frozen(mark, days, papers)
        self._snapshots = tables.table(
            Snapshot, "id", "public_id", "workbook_id", "year", "edition", "version_id", "submitted_by_id",
            "submitted_at", "payload", "sha256",
        )  # fmt: skip
        self._submissions = tables.table(
            Submission, "id", "public_id", "cycle_id", "organisation_id", "workbook_id", "status", "deadline", "late",
            "sent_at", "receipt_number", "snapshot_id", "version",
        )  # fmt: skip
        self._steps = tables.table(
            SubmissionStep, "id", "submission_id", "from_status", "to_status", "by_id", "at", "reason", "snapshot_id"
        )
        self._documents = tables.table(
            SubmissionDocument, "id", "public_id", "submission_id", "required_id", "document_id", "document_date",
            "added_by_id", "added_at", "replaced_at", "replaced_by_id",
        )  # fmt: skip
        self._requests = tables.table(
            SignOffRequest, "id", "submission_id", "asked_by_id", "asked_at", "answer", "answered_by_id", "answered_at"
        )
        self._sign_offs = tables.table(
            SignOff, "id", "submission_id", "by_id", "at", "declaration", "content_sha256", "lapsed_at", "lapsed_why"
        )
        self._receipts = tables.table(
            Receipt, "id", "network_id", "year", "sequence", "submission_id", "snapshot_id", "at", "deadline", "late"
        )

    def write(self, member: Member, told: Told) -> None:
        strategy: Kept | None = None
        for cycle, turn in enumerate(member.turns):
            if turn is None:
                continue
            one = File(self._submissions.number(), public_number(member.dice), member, turn, self.years[cycle], cycle)
            if turn.kind != "not started":
                self._step(one, Status.IN_PROGRESS, self.days.moment(turn.began, 20))
                strategy = self._put_documents(one, strategy)
            if turn.kind == "ready":
                self._sign(one, self._content(one, told, -1), -1)
            elif turn.sent is not None:
                self._send_and_decide(one, told)
            elif turn.kind == "withdrawn":
                at = self.days.moment(self.days.working(turn.span.deadline + 20), DECIDED)
                self._step(one, Status.WITHDRAWN, at, by=self.officer, reason=WITHDRAWN)
            self._submit(one)

    def _submit(self, one: File) -> None:
        turn, sent = one.turn, one.snapshot is not None
        number = f"{turn.span.year}-{turn.receipts[-1]:04}" if sent else ""
        self._submissions.add(
            one.pk, one.number, one.year.cycle.pk, one.member.pk, one.member.book, one.status,
            self.days.date(turn.span.deadline), turn.late if sent else None, one.sent_at, number, one.snapshot,
            one.steps,
        )  # fmt: skip

    def _step(
        self, one: File, to: Status, at: str, *, by: Person | None = None, reason: str = "", snapshot: bool = False
    ) -> None:
        self._steps.add(
            self._steps.number(), one.pk, one.status.value, to.value, by.pk if by else None, at, reason,
            one.snapshot if snapshot else None,
        )  # fmt: skip
        one.member.tell("submission.moved", one.subject, at, by, before=one.status.value, after=to.value)
        one.status, one.steps = to, one.steps + 1

    def _put_documents(self, one: File, strategy: Kept | None) -> Kept | None:
        """The documents of a year. The strategic plan of the year before is shown again."""
        dice, turn = one.member.dice, one.turn
        last = turn.closes - 1
        for required in one.year.documents:
            if one.member.fate.wish.quiet and turn.span.deadline > 0:
                break
            if not turn.complete and dice.random() < 0.5:
                continue
            day = turn.began + dice.randrange(max(1, last - turn.began))
            known = strategy if required.code == "strategy" else None
            swap = turn.again if required.code == "minutes" else None
            kept = self._put(one, required, day, known, swap=self.days.moment(swap - 1, ADDED) if swap else "")
            if required.code == "strategy":
                strategy = kept
        return strategy

    def _put(
        self, one: File, required: RequiredDocument, day: int, known: Kept | None = None, *, swap: str = ""
    ) -> Kept:
        """A document in its place; ``swap`` is the moment at which it will be replaced by a newer one."""
        member, lead = one.member, one.member.lead
        at = self.days.moment(day, ADDED + required.number)
        youngest, oldest = _AGES[required.code]
        title = str(required.name.cy if member.welsh else required.name.en)
        kept = known or self.papers.document(
            member, required.code, title, lead, dated=day - member.dice.randrange(youngest, oldest), at=at
        )
        self._documents.add(
            self._documents.number(), public_number(member.dice), one.pk, required.pk, kept.pk,
            self.days.date(kept.dated), lead.pk, at, swap or None, lead.pk if swap else None,
        )  # fmt: skip
        one.papers[required.code] = (required, kept)
        member.tell(
            "submission.document_added", f"{one.subject}/{required.code}", at, lead,
            after={"sha256": kept.content.sha256, "date": self.days.date(kept.dated)},
        )  # fmt: skip
        return kept

    def _content(self, one: File, told: Told, day: int) -> Content:
        return self.frozen.content(
            one.member, told.story, told.plan, told.shown,
            cycle=one.cycle, day=day, documents=one.documents(self.days),
        )  # fmt: skip

    def _sign(self, one: File, content: Content, day: int, *, lapses: str = "") -> dict[str, Any]:
        """A trustee is asked and signs; ``lapses``: when the network sends it back. What a snapshot keeps of it."""
        member, trustee = one.member, one.member.trustee
        asked, at = self.days.moment(day, ASKED), self.days.moment(day, SIGNED)
        sha256 = content.sha256()
        self._requests.add(
            self._requests.number(), one.pk, member.lead.pk, asked, Answered.SIGNED.value, trustee.pk, at
        )
        self._sign_offs.add(
            self._sign_offs.number(), one.pk, trustee.pk, at, bilingual(DECLARATION), sha256, lapses or None,
            bilingual(SENT_BACK if lapses else Bilingual()),
        )  # fmt: skip
        member.tell("sign_off.asked", one.subject, asked, member.lead)
        if one.status == Status.IN_PROGRESS:
            self._step(one, Status.READY, at, by=trustee)
        member.tell("sign_off.given", one.subject, at, trustee, after={"content_sha256": sha256})
        return {
            "by": {"number": trustee.number, "name": trustee.name}, "at": as_moment(at).isoformat(),
            "declaration": DECLARATION.as_dict(), "content_sha256": sha256,
        }  # fmt: skip

    def _send_and_decide(self, one: File, told: Told) -> None:
        turn = one.turn
        returned = self.days.moment(turn.returned, DECIDED) if turn.returned is not None else ""
        for number, day in enumerate(turn.sendings):
            if number:
                minutes = next(required for required, _kept in one.papers.values() if required.code == "minutes")
                self._put(one, minutes, day - 1)
            content = self._content(one, told, day)
            signed = self._sign(one, content, day, lapses="" if number else returned)
            self._send(one, content, signed, day, edition=number + 1)
            if returned and not number:
                self._step(one, Status.RETURNED, returned, by=self.officer, reason=RETURNED)
                one.member.tell("sign_off.lapsed", one.subject, returned)
        if turn.decided is not None:
            self._step(one, Status.ACCEPTED, self.days.moment(turn.decided, DECIDED), by=self.officer)
        one.year.count(told.story.values[one.cycle], self.mark)

    def _send(self, one: File, content: Content, signed: dict[str, Any], day: int, *, edition: int) -> None:
        """Freeze the content, with a receipt."""
        member, turn, cycle, lead = one.member, one.turn, one.year.cycle, one.member.lead
        at, deadline = self.days.moment(day, SENDING), self.days.date(turn.span.deadline)
        sequence = turn.receipts[edition - 1]
        payload, sha256 = content.payload({
            "year": cycle.year, "edition": edition, "submitted_at": as_moment(at).isoformat(),
            "submitted_by": {"number": lead.number, "name": lead.name}, "cycle": cycle.public_id,
            "receipt": f"{cycle.year}-{sequence:04}", "deadline": deadline, "late": turn.late, "signed": signed,
        })  # fmt: skip
        number = public_number(member.dice)
        one.snapshot, one.sent_at = self._snapshots.number(), at
        self._snapshots.add(
            one.snapshot, number, member.book, cycle.year, edition, self.mark.version.pk, lead.pk, at, payload, sha256
        )
        self._receipts.add(
            self._receipts.number(), cycle.network.pk, cycle.year, sequence, one.pk, one.snapshot, at, deadline,
            turn.late,
        )  # fmt: skip
        member.tell(
            "snapshot.submitted", f"snapshot:{number}", at, lead,
            after={"year": cycle.year, "edition": edition, "sha256": sha256},
        )  # fmt: skip
        self._step(one, Status.RESUBMITTED if edition > 1 else Status.SUBMITTED, at, by=lead, snapshot=True)

    def finish(self) -> None:
        """Add what was counted to the tallies that are kept, and give no receipt number twice."""
        for year in self.years:
            indicators = {one.indicator_id: one for one in IndicatorTally.objects.filter(cycle=year.cycle)}
            for place, indicator in enumerate(self.mark.indicators):
                row = indicators[indicator.pk]
                row.met += year.values[MET][place]
                row.not_yet += year.values[NOT_YET][place]
                row.not_applicable += year.values[DOES_NOT_APPLY][place]
            _save(IndicatorTally, indicators.values(), "met", "not_yet", "not_applicable")
            themes = {one.theme_id: one for one in ThemeTally.objects.filter(cycle=year.cycle)}
            for place, (theme, _code) in enumerate(self.mark.themes):
                themes[theme].members += year.members[place]
                themes[theme].not_yet += year.behind[place]
            _save(ThemeTally, themes.values(), "members", "not_yet")
            self._close(year)

    def _close(self, year: Year) -> None:
        sent = Receipt.objects.filter(network=year.cycle.network, year=year.cycle.year)
        last = sent.aggregate(last=Max("sequence"))["last"]
        if last:
            ReceiptCounter.objects.update_or_create(
                network=year.cycle.network, year=year.cycle.year, defaults={"last": last}
            )
            RequiredDocument.objects.filter(cycle=year.cycle, fixed=False).update(fixed=True)


def _save(model: type[Model], rows: Iterable[Any], *columns: str) -> None:
    """Changed rows in one statement."""
    model._default_manager.bulk_create(rows, update_conflicts=True, unique_fields=["pk"], update_fields=columns)
