"""The three cycles of the demonstration, and what each member does in each of them."""

import datetime as dt
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from levelground.cycles.states import Status

from .days import Days

LENGTH = 100
"""Days from the opening of a cycle to its deadline."""

# Of fifty members, how a year that is over ended; of twenty-five, how the present year stands.
_PAST = ["on time"] * 42 + ["late"] * 4 + ["unsent"] * 2 + ["sent again"] + ["on time"]
_PRESENT = (
    ["not started"] * 8 + ["in progress"] * 7 + ["ready"] * 2 + ["submitted"] * 3 + ["returned"] + ["accepted"] * 3
    + ["resubmitted"]
)  # fmt: skip
_STATUS = {
    "on time": Status.ACCEPTED, "late": Status.ACCEPTED, "sent again": Status.ACCEPTED, "unsent": Status.IN_PROGRESS,
    "withdrawn": Status.WITHDRAWN, "not started": Status.NOT_STARTED, "in progress": Status.IN_PROGRESS,
    "ready": Status.READY, "submitted": Status.SUBMITTED, "returned": Status.RETURNED,
    "resubmitted": Status.RESUBMITTED, "accepted": Status.ACCEPTED,
}  # fmt: skip
_SENT = {"on time", "late", "sent again", "submitted", "returned", "resubmitted", "accepted"}


@dataclass(frozen=True)
class Span:
    """One cycle; days are counted from the day of the build."""

    year: int
    opens: int
    deadline: int


def calendar(today: dt.date) -> list[Span]:
    """Two cycles that are over and the present one, whose deadline is some weeks ahead, in the same year if it can."""
    deadline = today + dt.timedelta(days=42)
    if deadline.year > today.year and today <= dt.date(today.year, 12, 4):
        deadline = dt.date(today.year, 12, 18)
    deadline += dt.timedelta(days=(4 - deadline.weekday()) % 7)
    last = (deadline - today).days
    # 364 days are 52 weeks: a deadline on a Friday in each year.
    return [Span(today.year - back, last - 364 * back - LENGTH, last - 364 * back) for back in (2, 1, 0)]


@dataclass(slots=True)
class Turn:
    """A member's part in one cycle. ``sent`` is the day of the first sending, ``again`` of the second one."""

    span: Span
    kind: str
    began: int
    sent: int | None = None
    returned: int | None = None
    again: int | None = None
    decided: int | None = None
    receipts: list[int] = field(default_factory=list)
    """The numbers of its receipts, one for each sending."""

    @property
    def status(self) -> Status:
        return _STATUS[self.kind]

    @property
    def complete(self) -> bool:
        """Every indicator is answered, and every "not yet" has an action or a reason."""
        return self.sent is not None or self.kind == "ready"

    @property
    def sendings(self) -> list[int]:
        return [day for day in (self.sent, self.again) if day is not None]

    @property
    def late(self) -> bool:
        return self.sent is not None and self.sent > self.span.deadline

    @property
    def closes(self) -> int:
        """The last day on which the member writes in its workbook for this cycle."""
        if self.kind == "not started":
            return min(-1, self.span.opens - 1)
        return min(-1, self.span.deadline if self.sent is None else self.sent)


@dataclass(frozen=True)
class Wish:
    """What is to become of a member that has a story of its own: by cycle, how its part ends."""

    joined: int
    kinds: tuple[str, str, str]
    reach: float | None = None
    """The share of the themes that it ever gets through."""
    quiet: bool = False
    """Nothing happens in the present year: the story goes on from there."""
    owes: bool = False
    """Its newest quarterly return is still to be written."""
    strength: float | None = None
    always: Mapping[str, str] = field(default_factory=dict)
    """What it answered in every cycle, by the indicator's code."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of one member: its part in each cycle (none where it was no member yet)."""

    wish: Wish
    turns: list[Turn | None]
    exemplar: bool = False

    @property
    def joined(self) -> int:
        return self.wish.joined


def _deal(deck: list[str], count: int, seed: int) -> list[str]:
    """``count`` cards, in the deck's shares as exactly as they go."""
    dice, cards = random.Random(seed), list[str]()
    while len(cards) < count:
        more = deck.copy()
        dice.shuffle(more)
        cards += more
    return cards[:count]


def fates(
    wishes: Sequence[Wish], count: int, spans: Sequence[Span], days: Days, *, seed: int, receipts: Sequence[int]
) -> list[Fate]:
    """What becomes of each member: of those with wishes first, then of ``count`` others, the first of them the
    exemplar. ``receipts``: the last numbers given out, by cycle; the next ones follow in order of time."""
    dice = random.Random(seed)
    found = [Fate(wish, _turns(wish, spans, days, dice)) for wish in wishes]
    decks = [_deal(_PAST, count, seed + 1), _deal(_PAST, count, seed + 2), _deal(_PRESENT, count, seed + 3)]
    for one in range(7, count, 250):
        decks[0][one] = "withdrawn"
    for number, kinds in enumerate(zip(*decks, strict=True)):
        # Most have been members for long; some came in the last three years.
        joined = -dice.randrange(60, 900) if number % 12 == 5 else -dice.randrange(1200, 1990)
        wish = Wish(joined, kinds) if number else Wish(-1900, ("on time", "on time", "accepted"), strength=5.0)
        found.append(Fate(wish, _turns(wish, spans, days, dice), exemplar=number == 0))
    _number_receipts(found, receipts)
    return found


def _number_receipts(found: Sequence[Fate], receipts: Sequence[int]) -> None:
    for cycle, last in enumerate(receipts):
        turns = [turn for fate in found if (turn := fate.turns[cycle]) is not None]
        sendings = sorted((day, place) for place, turn in enumerate(turns) for day in turn.sendings)
        for number, (_day, place) in enumerate(sendings, start=last + 1):
            turns[place].receipts.append(number)


def _turns(wish: Wish, spans: Sequence[Span], days: Days, dice: random.Random) -> list[Turn | None]:
    turns: list[Turn | None] = []
    for span, dealt in zip(spans, wish.kinds, strict=True):
        # Who joined shortly before a deadline begins with the next cycle.
        if wish.joined > span.deadline - 70:
            turns.append(None)
            continue
        newcomer = not any(turns) and span.deadline > 0
        kind = "in progress" if newcomer and dealt != "not started" else dealt
        turns.append(_turn(span, kind, ready_from=wish.joined + 14, days=days, dice=dice))
    return turns


def _turn(span: Span, kind: str, *, ready_from: int, days: Days, dice: random.Random) -> Turn:
    """When a member does what in a cycle. It can begin on ``ready_from`` at the soonest."""
    made = Turn(span, kind, days.working(max(span.opens, ready_from) + 7 + dice.randrange(10)))
    if kind not in _SENT:
        return made
    present = span.deadline > 0
    latest = min(span.deadline, -14 if kind in {"returned", "resubmitted"} else -2)
    if kind == "late":
        made.sent = days.working(span.deadline + 6 + dice.randrange(40))
    else:
        # Most send in the last weeks.
        made.sent = days.working(max(min(latest, made.began + 12), latest - int(abs(dice.gauss(0, 14)))))
    if kind in {"sent again", "returned", "resubmitted"}:
        made.returned = made.sent + (5 if present else 12)
    if kind in {"sent again", "resubmitted"}:
        made.again = (made.returned or 0) + (4 if present else 15)
    if made.status == Status.ACCEPTED:
        made.decided = min(made.sendings[-1] + 5 + dice.randrange(14), -1)
    return made
