"""Workbooks with their answers, the history of each answer, comments, and the kept counts of each theme."""

import random
from collections import Counter
from dataclasses import dataclass

from levelground.assessments.models import Answer, AnswerChange, Comment, ThemeProgress, Workbook

from ..words import COMMENTS
from .actions import Plan
from .days import Days
from .history import DOES_NOT_APPLY, MET, NOT_YET, NOTHING, Mark, Story
from .members import Member
from .papers import Shown
from .tables import Tables, public_number


@dataclass(slots=True)
class _Counts:
    total: int = 0
    met: int = 0
    working_towards: int = 0
    gap: int = 0
    not_applicable: int = 0


class Answers:
    """Writes them."""

    def __init__(self, tables: Tables, days: Days, mark: Mark) -> None:
        self.days, self.mark = days, mark
        self._books = tables.table(
            Workbook, "id", "public_id", "organisation_id", "framework_id", "version_id", "started_at",
            "action_sequence", "watched",
        )  # fmt: skip
        self._answers = tables.table(
            Answer, "id", "workbook_id", "indicator_id", "value", "reason", "live_actions", "evidence_count",
            "comment_count", "assigned_to_id", "changed_by_id", "changed_at", "version",
        )  # fmt: skip
        self._changes = tables.table(
            AnswerChange, "id", "answer_id", "by_id", "at", "from_value", "to_value", "from_reason", "to_reason"
        )
        self._comments = tables.table(Comment, "id", "answer_id", "by_id", "at", "text")
        self._progress = tables.table(
            ThemeProgress, "id", "workbook_id", "theme_id", "total", "met", "working_towards", "gap", "not_applicable"
        )

    def open_book(self, member: Member, started: int, actions: int, *, watched: bool) -> None:
        """The workbook itself, and room for its answers."""
        version = self.mark.version
        member.book, member.book_number = self._books.number(), public_number(member.dice)
        self._books.add(
            member.book, member.book_number, member.pk, version.framework_id, version.pk,
            self.days.moment(started, 90), actions, watched,
        )  # fmt: skip
        member.answers = self._answers.number()
        for _ in self.mark.indicators[1:]:
            self._answers.number()

    def write(self, member: Member, story: Story, plan: Plan, shown: dict[int, list[Shown]]) -> None:
        first, count = member.answers, len(self.mark.indicators)
        newest: list[tuple[int, str] | None] = [None] * count
        times = [0] * count
        number, add = self._changes.number, self._changes.rows.append
        for change in story.changes:
            place = change.place
            times[place] += 1
            newest[place] = (change.by, change.at)
            add((
                number(), first + place, change.by, change.at, change.before, change.after, change.reason_before,
                change.reason,
            ))  # fmt: skip
        said = self._talk(member, story)
        put = self._answers.rows.append
        for place, indicator in enumerate(self.mark.indicators):
            by, at = newest[place] or (None, None)
            put((
                first + place, member.book, indicator.pk, story.now[place], story.why[place], plan.live[place],
                len(shown[place]) if place in shown else 0, said[place], self._holder(member, story, place), by, at,
                times[place],
            ))  # fmt: skip
        self._count(member, story, plan)

    def _holder(self, member: Member, story: Story, place: int) -> int | None:
        """Some of what is not answered yet was given to a colleague."""
        return member.helper.pk if story.now[place] == NOTHING and place % 7 == 3 else None

    def _talk(self, member: Member, story: Story) -> Counter[int]:
        """A few words between colleagues."""
        said: Counter[int] = Counter()
        if not story.changes:
            return said
        dice: random.Random = member.dice
        words = COMMENTS["cy" if member.welsh else "en"]
        for change in dice.sample(story.changes, min(dice.randrange(4), len(story.changes))):
            said[change.place] += 1
            by = member.helper if change.by == member.lead.pk else member.lead
            self._comments.add(
                self._comments.number(), member.answers + change.place, by.pk,
                self.days.moment(change.day, 500), dice.choice(words),
            )  # fmt: skip
        return said

    def _count(self, member: Member, story: Story, plan: Plan) -> None:
        counts = [_Counts() for _ in self.mark.themes]
        for place, value in enumerate(story.now):
            row = counts[self.mark.theme_of[place]]
            row.total += 1
            if value == MET:
                row.met += 1
            elif value == NOT_YET:
                if plan.live[place]:
                    row.working_towards += 1
                else:
                    row.gap += 1
            elif value == DOES_NOT_APPLY:
                row.not_applicable += 1
        for (theme, _code), row in zip(self.mark.themes, counts, strict=True):
            self._progress.add(
                self._progress.number(), member.book, theme, row.total, row.met, row.working_towards, row.gap,
                row.not_applicable,
            )  # fmt: skip
