"""Puts many members into the database: made one after another, written some hundred at a time."""

from collections.abc import Callable, Sequence

from django.db import connection

from levelground.accounts.models import User
from levelground.cycles.models import Cycle
from levelground.foundation.audit.bulk import record_many
from levelground.frameworks.models import FrameworkVersion
from levelground.returns.models import ReturnQuarter

from .actions import Actions, Plan, plan
from .answers import Answers
from .cycles import Cycles, Told, Year
from .days import Days
from .history import Mark, Story, live_through
from .members import Known, Member, Members, Person
from .papers import Library, Papers, collect
from .returns import Returns
from .tables import Tables
from .years import calendar, fates

SEED = 156
BATCH = 200
# Parts in a cycle that wait for the next write in the workbook (cycles.services.watching).
WATCHED = {"not started", "ready"}
Tell = Callable[[int], None]


class Bulk:
    """One run. ``build`` may be called once."""

    def __init__(
        self, *, version: FrameworkVersion, cycles: Sequence[Cycle], quarters: Sequence[ReturnQuarter], officer: User,
        password: str, days: Days, library: Library, seed: int = SEED,
    ) -> None:  # fmt: skip
        self.seed, self.days, self.tables = seed, days, Tables()
        self.mark = Mark.of(version, seed)
        network = version.framework.network
        self.network = network
        self.members = Members(self.tables, days, network=network, officer=officer, password=password)
        self.answers = Answers(self.tables, days, self.mark)
        self.actions = Actions(self.tables, days, self.mark)
        self.papers = Papers(self.tables, days, library)
        self.years = [Year.of(cycle, self.mark) for cycle in cycles]
        self.cycles = Cycles(
            self.tables, days, self.mark, papers=self.papers, years=self.years,
            officer=Person(officer.pk, officer.public_id, officer.name),
        )  # fmt: skip

        self.returns = Returns(self.tables, days, self.mark, quarters)

    def build(self, known: Sequence[Known], count: int, tell: Tell = lambda done: None) -> None:
        """The members that have a story, and ``count`` others; the first of the others is the exemplar."""
        found = fates(
            [one.wish for one in known], count, calendar(self.days.today), self.days,
            seed=self.seed, receipts=[year.last_receipt for year in self.years],
        )  # fmt: skip
        _quick_constraints()
        for start in range(0, len(found), BATCH):
            made = [
                self.members.known(number, fate, known[number], self.seed)
                if number < len(known)
                else self.members.one(number, fate, self.seed)
                for number, fate in enumerate(found[start : start + BATCH], start)
            ]
            for member in made:
                self._live(member)
            self.tables.flush()
            self._record(made)
            tell(start + len(made))
        self.tables.finish()
        self.cycles.finish()
        self.returns.finish()

    def _live(self, member: Member) -> None:
        """All that the member did."""
        story = live_through(member, self.mark, self.days)
        planned = plan(member, self.mark, story)
        shown = collect(member, story, self.papers.library)
        waits = any(turn is not None and turn.kind in WATCHED for turn in member.turns)
        started = self._started(member)
        self.answers.open_book(member, started, len(planned.all), watched=waits)
        self.answers.write(member, story, planned, shown)
        self.actions.write(member, planned)
        self.papers.write(member, shown)
        self.cycles.write(member, Told(story, planned, shown))
        self.returns.write(member, story, started)
        self._tell(member, started, story, planned)

    def _tell(self, member: Member, started: int, story: Story, planned: Plan) -> None:
        """The audit log says that the history was put in, in one event, and not as if each answer had been saved."""
        subject = f"workbook:{member.book_number}"
        version = self.mark.version.public_id
        member.tell("workbook.started", subject, self.days.moment(started, 90), member.lead, after={"version": version})
        counts = {"changes": len(story.changes), "actions": len(planned.all)}
        member.tell("workbook.history_put_in", subject, self.days.moment(-1, 599), after=counts)

    def _started(self, member: Member) -> int:
        """A workbook is opened in the week in which its first cycle begins, or the member does."""
        first = next((one for one in member.turns if one is not None), None)
        return max(member.joined + 10, min(first.began - 3, -1)) if first else max(member.joined + 10, -30)

    def _record(self, made: list[Member]) -> None:
        """The audit log: each member's events in order of time."""
        entries = {one.chain: sorted(one.log, key=lambda entry: entry.at) for one in made}
        entries[self.network.audit_chain] = [entry for one in made for entry in one.joining]
        record_many(entries)


def _quick_constraints() -> None:
    """PostgreSQL checks keys at the end of each statement instead of keeping a list of millions of them."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
