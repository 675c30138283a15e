"""What members plan: an action for most gaps, done when the gap closes, some late, some called off."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from levelground.assessments.models import Action, ActionNote
from levelground.assessments.states import LIVE, ActionSource, ActionStatus, Priority

from ..words import CANCELLED, DONE, GROWTH, UNDER_WAY, WORK
from .days import Days
from .history import MET, Gap, Mark, Story
from .members import Member, Person
from .tables import Tables, public_number

OPEN, DOING, FINISHED, DROPPED = (
    str(one.value) for one in (ActionStatus.OPEN, ActionStatus.IN_PROGRESS, ActionStatus.DONE, ActionStatus.CANCELLED)
)
_PRIORITIES = [Priority.HIGH.value, Priority.MEDIUM.value, Priority.MEDIUM.value, Priority.LOW.value]
_LIVE = {str(status.value) for status in LIVE}


@dataclass(slots=True)
class Step:
    """A note on an action, or a move of it; ``to`` is empty for a note."""

    day: int
    text: str = ""
    to: str = ""


@dataclass(slots=True)
class Planned:
    """One action of a member. ``place`` is ``None`` when it is for the whole organisation."""

    place: int | None
    created: int
    title: str
    owner: Person | None
    by: Person
    due: int
    priority: str
    steps: list[Step] = field(default_factory=list)
    number: int = 0

    def status(self, day: int) -> str:
        """How it stood at the end of a day."""
        found = OPEN
        for step in self.steps:
            if step.to and step.day <= day:
                found = step.to
        return found

    def live_on(self, day: int) -> bool:
        return self.status(day) in _LIVE

    def frozen(self, day: int, days: Days) -> dict[str, object]:
        """What a snapshot of that day keeps (assessments.frozen)."""
        return {
            "number": self.number, "title": self.title, "status": self.status(day), "priority": self.priority,
            "owner": self.owner.name if self.owner else "", "due_on": days.date(self.due),
            "source": ActionSource.SELF.value,
        }  # fmt: skip


class Plan:
    """All actions of a member, numbered in the order in which they were made."""

    def __init__(self, actions: list[Planned]) -> None:
        self.all = sorted(actions, key=lambda action: action.created)
        for number, action in enumerate(self.all, start=1):
            action.number = number
        self.live = Counter(action.place for action in self.all if action.live_on(0))
        self.by_place: dict[int | None, list[Planned]] = defaultdict(list)
        for action in self.all:
            self.by_place[action.place].append(action)

    def at(self, place: int | None, day: int) -> list[Planned]:
        """What was planned by the end of a day."""
        return [action for action in self.by_place.get(place, ()) if action.created <= day]


def plan(member: Member, mark: Mark, story: Story) -> Plan:
    made = [_for_gap(member, mark, gap) for gap in story.gaps if gap.planned is not None]
    if story.changes:
        begun = story.changes[0].day
        made += [_to_grow(member, mark, story, begun) for _ in range(member.dice.randrange(1, 4))]
    return Plan(made)


def _language(member: Member) -> str:
    return "cy" if member.welsh else "en"


def _for_gap(member: Member, mark: Mark, gap: Gap) -> Planned:
    dice = member.dice
    created = gap.planned or gap.since
    title = dice.choice(WORK[mark.themes[mark.theme_of[gap.place]][1]])[member.welsh]
    made = _new(member, gap.place, created, title)
    if gap.until is not None:
        until = max(gap.until, created)
        made.due = created + dice.randrange(30, max(60, until - created + 40))
        _begin(made, member, created + (until - created) // 3, until)
        if dice.random() < 0.08:
            made.steps.append(Step(until, dice.choice(CANCELLED[_language(member)]), DROPPED))
        else:
            made.steps.append(Step(until, dice.choice(DONE[_language(member)]), FINISHED))
    else:
        _still_open(made, member)
    return made


def _to_grow(member: Member, mark: Mark, story: Story, begun: int) -> Planned:
    """A push beyond what is met (MQM-03), or something for the organisation as a whole."""
    dice = member.dice
    place: int | None = dice.randrange(len(mark.indicators))
    if story.now[place or 0] != MET:
        place = None
    created = dice.randrange(begun, 0)
    made = _new(member, place, created, dice.choice(GROWTH)[member.welsh])
    if dice.random() < 0.5:
        _still_open(made, member)
    else:
        ended = min(created + dice.randrange(20, 200), -1)
        made.due = created + dice.randrange(30, 220)
        _begin(made, member, created + (ended - created) // 3, ended)
        made.steps.append(Step(ended, dice.choice(DONE[_language(member)]), FINISHED))
    return made


def _new(member: Member, place: int | None, created: int, title: str) -> Planned:
    dice = member.dice
    chance = dice.random()
    owner = None if chance < 0.05 else member.lead if chance < 0.6 else member.helper
    return Planned(place, created, title, owner, owner or member.lead, 0, dice.choice(_PRIORITIES))


def _begin(made: Planned, member: Member, day: int, before: int) -> None:
    if made.created < day < before:
        text = member.dice.choice(UNDER_WAY[_language(member)]) if member.dice.random() < 0.5 else ""
        made.steps.append(Step(day, text, DOING))


def _still_open(made: Planned, member: Member) -> None:
    """Not finished: due in the time to come, or overdue."""
    dice = member.dice
    late = -dice.randrange(1, 60)
    made.due = late if dice.random() < 0.14 and late > made.created + 7 else dice.randrange(4, 240)
    if dice.random() < 0.5:
        _begin(made, member, made.created + dice.randrange(5, 60), 0)
        if made.steps and dice.random() < 0.4 and made.steps[0].day < -3:
            day = dice.randrange(made.steps[0].day + 1, 0)
            made.steps.append(Step(day, dice.choice(UNDER_WAY[_language(member)])))


class Actions:
    """Writes them."""

    def __init__(self, tables: Tables, days: Days, mark: Mark) -> None:
        self.days, self.mark = days, mark
        self._actions = tables.table(
            Action, "id", "public_id", "workbook_id", "number", "indicator_id", "title", "owner_id", "due_on",
            "priority", "status", "created_by_id", "created_at", "changed_at", "version",
        )  # fmt: skip
        self._notes = tables.table(ActionNote, "id", "action_id", "by_id", "at", "text", "from_status", "to_status")

    def write(self, member: Member, planned: Plan) -> None:
        days, indicators = self.days, self.mark.indicators
        for action in planned.all:
            pk, minute = self._actions.number(), 60 + action.number % 300
            by = action.by.pk
            status, last = OPEN, action.created
            for step in action.steps:
                last = step.day
                self._notes.add(
                    self._notes.number(), pk, by, days.moment(step.day, minute + 60), step.text,
                    status if step.to else "", step.to,
                )  # fmt: skip
                status = step.to or status
            self._actions.add(
                pk, public_number(member.dice), member.book, action.number,
                None if action.place is None else indicators[action.place].pk,
                action.title, action.owner.pk if action.owner else None, days.date(action.due), action.priority, status,
                by, days.moment(action.created, minute),
                days.moment(last, minute + 60 if action.steps else minute),
                sum(bool(step.to) for step in action.steps),
            )  # fmt: skip
