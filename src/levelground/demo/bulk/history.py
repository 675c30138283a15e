"""How a member's answers go over the years: mostly upwards, strong where it is strong, and now and then one slips."""

import math
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from levelground.assessments.states import Value
from levelground.frameworks.models import FrameworkVersion, Indicator
from levelground.frameworks.selectors import tree

from .days import Days
from .members import Member
from .years import Turn

MET, NOT_YET, DOES_NOT_APPLY, NOTHING = Value.MET.value, Value.NOT_YET.value, Value.NOT_APPLICABLE.value, ""
_STEPS = 1024
# The logit of a chance, by tables: a met answer needs a member stronger than the indicator is hard.
_LOGIT = [math.log((n + 0.5) / (_STEPS - n - 0.5)) for n in range(_STEPS)]
# Themes in which members of the whole network find it harder: money, risk, co-production, access, data.
_HARD = {"1": -0.7, "4": 0.3, "6": 0.8, "7": -0.4, "9": 1.1, "10": 0.9, "11": 0.5, "13": -0.3}
NO_SERVICE = {
    "en": "We do not run this kind of service, and have no plans to.",
    "cy": "Nid ydym yn cynnig y math hwn o wasanaeth, ac nid oes gennym gynlluniau i wneud hynny.",
}
NOT_NOW = {
    "en": [
        "Our trustees want to finish this year's plan before they take this on.",
        "We are too small for this at present. We look at it again each spring.",
        "Our landlord decides about this. We have asked, and we wait for an answer.",
    ],
    "cy": [
        "Mae ein hymddiriedolwyr am orffen cynllun eleni cyn dechrau ar hyn.",
        "Rydym yn rhy fach ar gyfer hyn ar hyn o bryd. Edrychwn arno eto bob gwanwyn.",
        "Ein landlord sy'n penderfynu ar hyn. Rydym wedi gofyn, ac yn aros am ateb.",
    ],
}


@dataclass
class Mark:
    """The framework as lists: an indicator is its place in them."""

    version: FrameworkVersion
    indicators: list[Indicator]
    themes: list[tuple[int, str]]
    """Primary key and code of each theme."""
    theme_of: list[int]
    hard: list[float]

    @classmethod
    def of(cls, version: FrameworkVersion, seed: int) -> "Mark":
        nodes = tree(version).themes
        dice = random.Random(seed)
        return cls(
            version=version,
            indicators=[indicator for node in nodes for indicator in node.indicators],
            themes=[(node.theme.pk, node.theme.code) for node in nodes],
            theme_of=[place for place, node in enumerate(nodes) for _ in node.indicators],
            hard=[_HARD.get(node.theme.code, 0.0) + dice.gauss(0, 0.6) for node in nodes for _ in node.indicators],
        )


@dataclass(slots=True)
class Change:
    """An answer was given, or became another one."""

    place: int
    at: str
    day: int
    by: int
    before: str
    after: str
    reason: str = ""
    reason_before: str = ""


@dataclass(slots=True)
class Gap:
    """A time in which an indicator is "not yet": from a day, perhaps to one. ``planned``: the day on which an action
    was made for it, if one was."""

    place: int
    since: int
    planned: int | None = None
    until: int | None = None


@dataclass
class Story:
    """All that a member answered, and what stood there at the end of each cycle."""

    count: int
    changes: list[Change] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    values: list[list[str]] = field(default_factory=list)
    reasons: list[list[str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.now, self.why, self.open = [NOTHING] * self.count, [""] * self.count, dict[int, Gap]()

    def keep(self) -> None:
        """A cycle is over."""
        self.values.append(self.now.copy())
        self.reasons.append(self.why.copy())

    def answer(self, place: int, value: str, *, reason: str, planned: bool, by: int, day: int, at: str) -> None:
        before = self.now[place]
        if before == NOT_YET:
            gap = self.open.pop(place)
            gap.until = day
            self.gaps.append(gap)
        if value == NOT_YET:
            self.open[place] = Gap(place, day, day if planned else None)
        self.changes.append(Change(place, at, day, by, before, value, reason, self.why[place]))
        self.now[place], self.why[place] = value, reason


def live_through(member: Member, mark: Mark, days: Days) -> Story:
    """What the member answered, cycle by cycle."""
    story = Story(len(mark.indicators))
    new, courses = True, list[tuple[str, str, str]]()
    for cycle, turn in enumerate(member.turns):
        if turn is not None:
            courses = courses or _courses(member, mark)
            when = _first_time(member, turn, mark, days) if new else _later(member, cycle, turn, days)
            reach = _reach(member, turn, len(mark.themes), new=new)
            for place, course in enumerate(courses):
                if course[cycle] != story.now[place] and mark.theme_of[place] < reach:
                    _answer(member, story, turn, place, course[cycle], when(place))
            if turn.complete:
                # What nobody had planned for by then is planned for before the snapshot can go.
                for gap in story.open.values():
                    if gap.planned is None and not story.why[gap.place]:
                        gap.planned = max(when(gap.place)[0], gap.since)
            new = False
        story.keep()
    story.gaps += story.open.values()
    return story


def _courses(member: Member, mark: Mark) -> list[tuple[str, str, str]]:
    """The answers of each indicator in the three cycles, had the member been there in all of them."""
    dice = member.dice
    leaning = [member.strength + dice.gauss(0, 0.9) for _ in mark.themes]
    slope = [member.growth + dice.gauss(0, 0.3) for _ in mark.themes]
    courses, always = [], member.fate.wish.always
    for place, theme in enumerate(mark.theme_of):
        rolled = dice.getrandbits(20)
        luck, turn = _LOGIT[rolled & 1023] + mark.hard[place], rolled >> 10
        fixed = always.get(mark.indicators[place].code) if always else None
        if fixed is None and turn < 26 and not member.exemplar:
            fixed = DOES_NOT_APPLY
        if fixed is not None:
            courses.append((fixed, fixed, fixed))
            continue
        base, more = leaning[theme], slope[theme]
        course = [MET if base + more * cycle > luck else NOT_YET for cycle in range(3)]
        # About one in seventy is lost in each year.
        if 26 <= turn < 41 and course[0] == MET:
            course[1] = NOT_YET
        elif 41 <= turn < 56 and course[1] == MET:
            course[2] = NOT_YET
        courses.append((course[0], course[1], course[2]))
    return courses


def _answer(  # noqa: PLR0917 - called a million times and more
    member: Member, story: Story, turn: Turn, place: int, value: str, when: tuple[int, str]
) -> None:
    dice, language = member.dice, "cy" if member.welsh else "en"
    reason, planned = "", False
    if value == DOES_NOT_APPLY:
        reason = NO_SERVICE[language]
    elif value == NOT_YET:
        # What is sent has an action or a reason for every "not yet"; where nothing is sent, some have neither.
        chance = dice.random()
        planned = chance < 0.8
        if chance > (0.8 if turn.complete else 0.9):
            reason = dice.choice(NOT_NOW[language])
    who = member.lead if dice.random() < 0.7 else member.helper
    day, at = when
    story.answer(place, value, reason=reason, planned=planned, by=who.pk, day=day, at=at)


When = Callable[[int], tuple[int, str]]


def _reach(member: Member, turn: Turn, themes: int, *, new: bool) -> int:
    """How many themes a member has got through by the end of a cycle."""
    if member.fate.wish.quiet and turn.span.deadline > 0:
        return 0
    if member.fate.wish.reach is not None:
        return int(member.fate.wish.reach * themes)
    if new and turn.kind == "not started":
        return 0
    if new and turn.kind in {"in progress", "unsent"}:
        return member.dice.randrange(themes // 4, themes)
    return themes


def _first_time(member: Member, turn: Turn, mark: Mark, days: Days) -> When:
    """Theme by theme, a day for each."""
    last = max(turn.closes - 3, turn.began)
    themes = len(mark.themes)
    by_theme = [
        (days.working(turn.began + (last - turn.began) * number // themes), member.dice.randrange(30, 240))
        for number in range(themes)
    ]

    def when(place: int) -> tuple[int, str]:
        day, minute = by_theme[mark.theme_of[place]]
        return day, days.moment(day, minute + place)

    return when


def _later(member: Member, cycle: int, turn: Turn, days: Days) -> When:
    """On six days between the last cycle and the end of this one."""
    before = member.turns[cycle - 1]
    since = (before.closes if before else turn.span.opens) + 10
    until = max(turn.closes - 3, since)
    chosen = [
        (days.working(since + (until - since) * number // 6), member.dice.randrange(30, 240)) for number in range(1, 7)
    ]

    def when(place: int) -> tuple[int, str]:
        day, minute = member.dice.choice(chosen)
        return day, days.moment(day, minute + place)

    return when
