"""Quarterly returns: figures that grow with the member, and what changed since the network last heard of it."""

import datetime as dt
import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Subquery

from levelground.assessments.models import Workbook
from levelground.foundation.audit.services import canonical
from levelground.foundation.formats import LONDON
from levelground.returns.models import (
    QuarterlyReturn,
    ReturnChange,
    ReturnEdition,
    ReturnFigure,
    ReturnQuarter,
    ReturnValue,
)
from levelground.returns.services.tallies import count_quarter
from levelground.returns.states import FigureKind, ReturnStatus

from ..words import CHANGED
from .cycles import SENDING as SNAPSHOT
from .days import Days, as_moment
from .history import MET, NOT_YET, Mark, Story
from .members import Member
from .tables import Tables, public_number

# Before the day's answers (days.moment counts from eight), so that a return tells of the days before it.
SENDING = 5


@dataclass(frozen=True, slots=True)
class Quarter:
    """One quarter that is over, in days from the build."""

    row: ReturnQuarter
    starts: int
    ends: int
    on_time: int
    locked: int
    frozen: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Moved:
    """An indicator whose answer is another one than it was."""

    place: int
    before: str
    after: str

    @property
    def fell(self) -> bool:
        return self.before == MET and self.after == NOT_YET


@dataclass(frozen=True, slots=True)
class Since:
    """From when on changes count, as the database writes it and as a return does."""

    text: str
    iso: str

    @classmethod
    def at(cls, text: str) -> "Since":
        return cls(text, as_moment(text).isoformat())


class Returns:
    """Writes them."""

    def __init__(self, tables: Tables, days: Days, mark: Mark, quarters: Sequence[ReturnQuarter]) -> None:
        self.days, self.mark = days, mark
        self.quarters = [self._quarter(row) for row in quarters if row.ends_on < days.today]
        self.figures = list(ReturnFigure.objects.filter(framework=mark.version.framework).order_by("position", "pk"))
        self._returns = tables.table(
            QuarterlyReturn, "id", "public_id", "quarter_id", "organisation_id", "workbook_id", "status",
            "significant_change", "description", "changed_by_id", "changed_at", "sent_by_id", "sent_at",
            "last_sent_at", "late", "reported_change", "edition", "sha256", "version",
        )  # fmt: skip
        self._values = tables.table(ReturnValue, "id", "quarterly_return_id", "figure_id", "value", "sent_value")
        self._changes = tables.table(
            ReturnChange, "id", "quarterly_return_id", "indicator_id", "code", "from_value", "to_value", "included",
            "note",
        )  # fmt: skip
        self._editions = tables.table(
            ReturnEdition, "id", "quarterly_return_id", "number", "sent_by_id", "sent_at", "payload", "sha256"
        )

    def _quarter(self, row: ReturnQuarter) -> Quarter:
        number = self.days.number
        kept = {
            "framework": row.framework.slug, "year": row.year, "quarter": row.quarter,
            "starts_on": row.starts_on.isoformat(), "ends_on": row.ends_on.isoformat(),
            "on_time_by": row.on_time_by.isoformat(),
        }  # fmt: skip
        return Quarter(
            row, number(row.starts_on), number(row.ends_on), number(row.on_time_by), number(row.locked_on), kept
        )

    def write(self, member: Member, story: Story, started: int) -> None:
        """One return for each quarter in which the member was one."""
        dice = member.dice
        scale = 20 + int(abs(dice.gauss(150, 120)))
        last: Since | None = None
        for quarter in self.quarters:
            if member.joined > quarter.ends:
                continue
            owed = member.fate.wish.owes and quarter is self.quarters[-1]
            day = None if owed else self._sent_on(member, quarter)
            scale = max(8, int(scale * dice.uniform(0.94, 1.12)))
            if day is None:
                self._not_sent(member, quarter, scale, started)
                continue
            at, since = self.days.moment(day, SENDING), last or self._since(member, quarter)
            moved = self._moved(story, since.text, at) if day > started else None
            self._send(member, quarter, day, since=since, moved=moved, scale=scale)
            last = Since.at(at)

    def _sent_on(self, member: Member, quarter: Quarter) -> int | None:
        dice, days = member.dice, self.days
        chance = dice.random()
        if chance < 0.05 and not member.exemplar:
            return None
        first = quarter.ends + 3
        if chance < 0.13 and not member.exemplar and quarter.locked > quarter.on_time:
            first = quarter.on_time + 1
            day = days.working(dice.randrange(first + 3, quarter.locked))
        else:
            day = days.working(dice.randrange(first, quarter.on_time))
        return day if max(first, quarter.ends + 1) <= day < 0 else None

    def _since(self, member: Member, quarter: Quarter) -> Since:
        """From when on changes count where there is no earlier return: the newest snapshot sent by the end of the
        quarter, else the quarter's start (returns.selectors.moment_since)."""
        sent = [day for turn in member.turns if turn is not None for day in turn.sendings if day <= quarter.ends]
        if sent:
            return Since.at(self.days.moment(max(sent), SNAPSHOT))
        begin = dt.datetime.combine(quarter.row.starts_on, dt.time(), tzinfo=LONDON)
        return Since(begin.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S"), begin.isoformat())

    def _moved(self, story: Story, since: str, at: str) -> list[Moved]:
        """The net changes between two moments, in the order of the framework; first what is met no longer."""
        then: dict[int, str] = {}
        now: dict[int, str] = {}
        for change in story.changes:
            if since < change.at <= at:
                then.setdefault(change.place, change.before)
                now[change.place] = change.after
        moved = [Moved(place, then[place], now[place]) for place in sorted(then) if then[place] != now[place]]
        return sorted(moved, key=lambda one: not one.fell)

    def _listed(self, member: Member, moved: list[Moved]) -> list[tuple[Moved, bool]]:
        """What the return names: all that is met no longer, and now and then something that has got better."""
        dice: random.Random = member.dice
        listed = [(one, dice.random() < 0.2) for one in moved if one.fell]
        better = [one for one in moved if not one.fell and one.before]
        if better and dice.random() < 0.06:
            listed.append((better[0], True))
        return listed

    def _values_for(self, member: Member, scale: int) -> list[tuple[ReturnFigure, str]]:
        """Each figure by its kind: people in tens or hundreds, pounds in thousands."""
        dice, found = member.dice, []
        for place, figure in enumerate(self.figures):
            if figure.kind == FigureKind.PERCENT:
                number = f"{dice.randrange(55, 98)}"
            elif figure.kind == FigureKind.MONEY:
                number = f"{scale * dice.randrange(90, 240)}"
            else:
                number = f"{max(1, scale // (place * 4 or 1) + dice.randrange(5))}"
            found.append((figure, number))
        return found

    def _send(
        self, member: Member, quarter: Quarter, day: int, *, since: Since, moved: list[Moved] | None, scale: int
    ) -> None:
        at, lead, pk = self.days.moment(day, SENDING), member.lead, self._returns.number()
        listed, number = self._listed(member, moved or []), public_number(member.dice)
        yes = any(included for _one, included in listed)
        language = "cy" if member.welsh else "en"
        said, note = (str(getattr(text, language)) for text in CHANGED) if yes else ("", "")
        values = self._values_for(member, scale)
        indicators = self.mark.indicators
        changes = [
            {
                "code": indicators[one.place].code, "text": indicators[one.place].text.as_dict(), "from": one.before,
                "to": one.after, "significant": included, "note": note if included else "",
            }
            for one, included in listed
        ]  # fmt: skip
        payload = canonical({
            "format": "levelground-return/1", "number": number, "organisation": member.slug, **quarter.frozen,
            "edition": 1, "changes_since": since.iso if moved is not None else None,
            "figures": [
                {"code": figure.code, "label": figure.label.as_dict(), "kind": figure.kind, "value": value}
                for figure, value in values
            ],
            "significant_change": yes, "description": said, "changes": changes,
            "sent_by": lead.number, "sent_at": as_moment(at).isoformat(),
        })  # fmt: skip
        sha256, late = hashlib.sha256(payload.encode()).hexdigest(), day > quarter.on_time
        self._returns.add(
            pk, number, quarter.row.pk, member.pk, member.book if moved is not None else None,
            ReturnStatus.SENT.value, yes, said, lead.pk, at, lead.pk, at, at, late, yes, 1, sha256, 2,
        )  # fmt: skip
        for figure, value in values:
            self._values.add(self._values.number(), pk, figure.pk, value, value)
        for (one, included), frozen in zip(listed, changes, strict=True):
            self._changes.add(
                self._changes.number(), pk, indicators[one.place].pk, frozen["code"], one.before, one.after, included,
                frozen["note"],
            )  # fmt: skip
        self._editions.add(self._editions.number(), pk, 1, lead.pk, at, payload, sha256)
        member.tell("return.sent", f"return:{number}", at, lead, after={"edition": 1, "sha256": sha256, "late": late})

    def _not_sent(self, member: Member, quarter: Quarter, scale: int, started: int) -> None:
        """Nothing written; or, while it can still be sent, half of it."""
        pk, book = self._returns.number(), member.book if quarter.ends >= started else None
        draft = quarter.locked >= 0 and not member.fate.wish.owes and member.dice.random() < 0.3
        status = ReturnStatus.DRAFT if draft else ReturnStatus.OPEN
        by, at = (member.helper.pk, self.days.moment(-1, 100)) if draft else (None, None)
        self._returns.add(
            pk, public_number(member.dice), quarter.row.pk, member.pk, book, status.value, None, "", by, at, None,
            None, None, None, None, 0, "", int(draft),
        )  # fmt: skip
        if draft:
            for figure, value in self._values_for(member, scale)[:2]:
                self._values.add(self._values.number(), pk, figure.pk, value, None)

    def finish(self) -> None:
        """Bring the counts that are kept up to date."""
        for quarter in self.quarters:
            count_quarter(quarter.row)
        sent = QuarterlyReturn.objects.filter(workbook=OuterRef("pk"), last_sent_at__isnull=False)
        newest = sent.order_by("-last_sent_at").values("last_sent_at")[:1]
        Workbook.objects.filter(last_return_at__isnull=True).update(last_return_at=Subquery(newest))
