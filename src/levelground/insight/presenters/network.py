"""The words of a network's home: its first line, the next step, who is where."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from levelground.cycles.models import Cycle
from levelground.cycles.states import Status
from levelground.foundation import clock, formats

from ..addresses import link
from ..selectors.network import NetworkYear
from .counting import days
from .front import Step


@dataclass(frozen=True)
class Line:
    """So many are there; the link shows which."""

    text: str
    count: int
    href: str
    needs: bool = False


class Office:
    """A network's year as its page shows it."""

    def __init__(self, year: NetworkYear) -> None:
        self.year, self.network = year, year.officer.network
        self.cycle = year.cycle

    def at(self, name: str = "network_cycle", *args: str, cycle: Cycle | None = None, **query: Any) -> str:
        """A page of this cycle."""
        of = cycle or self.cycle
        return link(name, self.network.slug, of.framework.slug, of.year, *args, **query) if of else ""

    @property
    def name(self) -> str:
        return f"{self.cycle.framework.name.here()} {self.cycle.year}" if self.cycle else ""

    @property
    def heading(self) -> str:
        where, asking = self.year.where, self.year.all_asking
        if asking:
            words = ngettext("%(num)s request for help waits for you", "%(num)s requests for help wait for you", asking)
            return words % {"num": formats.number(asking)}
        if self.cycle is None:
            return _("No year is open yet")
        if where.waiting and self.year.officer.decides:
            words = ngettext(
                "%(num)s snapshot waits for your decision", "%(num)s snapshots wait for your decision", where.waiting
            )
            return words % {"num": formats.number(where.waiting)}
        if where.overdue:
            words = ngettext("%(num)s member is overdue", "%(num)s members are overdue", where.overdue)
            return words % {"num": formats.number(where.overdue)}
        if where.unsent:
            words = ngettext("%(num)s snapshot is still to come", "%(num)s snapshots are still to come", where.unsent)
            return words % {"num": formats.number(where.unsent)}
        return _("Every snapshot has come") if where.total else _("No member takes part yet")

    @property
    def sentences(self) -> list[str]:
        if self.cycle is None:
            return [_("Open a year, and every member gets its deadline and the list of what to send.")]
        where, left = self.year.where, (self.cycle.deadline - clock.today()).days
        counts = {"sent": formats.number(where.sent), "total": formats.number(where.total)}
        words = {"day": formats.date(self.cycle.deadline, "EEEE d MMMM y"), "days": days(abs(left))}
        deadline = _("The deadline is %(day)s: %(days)s to go.") if left > 0 else _("The deadline was %(day)s.")
        return [
            _("%(sent)s of %(total)s members have sent their snapshot.") % counts,
            (_("The deadline is today.") if left == 0 else deadline) % words,
        ]

    @property
    def step(self) -> Step | None:
        where, officer = self.year.where, self.year.officer
        if self.year.all_asking:
            return Step(_("Read and answer"), self.asking_address)
        if self.cycle is None:
            return Step(_("Open a year"), link("network_cycles", self.network.slug)) if officer.decides else None
        if where.waiting and officer.decides:
            return Step(_("Look and decide"), self.at(show="waiting"))
        if where.overdue:
            return Step(_("See who is overdue"), self.at(show="overdue"))
        return Step(_("See who is where"), self.at())

    @property
    def lines(self) -> list[Line]:
        """Who is where: each member once."""
        where = self.year.where
        found = [Line(str(Status(one).label), where.count(one), self.at(show=one)) for one in Status.values]
        return [line for line in found if line.count]

    @property
    def pressing(self) -> list[Line]:
        """What needs somebody; who is counted here is counted in ``lines`` too."""
        where = self.year.where
        found = [
            Line(_("Waiting for you"), where.waiting, self.at(show="waiting"), needs=True),
            Line(_("Overdue"), where.overdue, self.at(show="overdue"), needs=True),
            Line(_("Asked for help"), self.year.all_asking, self.asking_address, needs=True),
            Line(_("Sent late"), where.late, self.at(show="late")),
        ]
        return [line for line in found if line.count]

    @property
    def returns(self) -> list[Line]:
        """The newest quarter that is over."""
        tally = self.year.quarter
        if tally is None:
            return []

        def address(state: str) -> str:
            quarter = tally.quarter
            return link(
                "network_returns", self.network.slug, framework=quarter.framework.slug, year=quarter.year,
                quarter=quarter.quarter, state=state,
            )  # fmt: skip

        missing = max(tally.owed - tally.sent, 0)
        return [
            Line(_("Sent on time"), max(tally.sent - tally.late, 0), address("on_time")),
            Line(_("Sent late"), tally.late, address("late")),
            Line(_("Not sent yet"), missing, address("waiting"), needs=clock.today() > tally.quarter.on_time_by),
        ]

    @property
    def asking_address(self) -> str:
        return link("support_cases", self.network.slug, show="theirs")

    @property
    def asking(self) -> list[dict[str, Any]]:
        """Who asked for help and waits, and since when: those who have not heard anything first."""
        today = clock.today()
        return [
            {
                "text": case.organisation.name.here(),
                "href": link("network_support_case", self.network.slug, case.public_id),
                "note": "" if case.first_contact_at else _("Nobody has answered yet"),
                "tag": _waits(case.changed_at if case.first_contact_at else case.opened_at, today),
                "tone": "go" if case.first_contact_at else "needs",
            }
            for case in self.year.asking
        ]

    @property
    def returns_address(self) -> str:
        return link("network_returns", self.network.slug)

    @property
    def quarter_months(self) -> str:
        tally = self.year.quarter
        if tally is None:
            return ""
        quarter = tally.quarter
        return _("Quarter %(number)s, due by %(day)s") % {
            "number": quarter.quarter, "day": formats.date(quarter.on_time_by),
        }  # fmt: skip

    @property
    def overdue(self) -> list[dict[str, Any]]:
        """The longest overdue first."""
        return [
            {
                "text": row.organisation.name.here(), "href": self.at("network_submission", row.organisation.slug),
                "tag": days(-row.days_left), "tone": "needs",
            }
            for row in self.year.overdue
        ]  # fmt: skip


def _waits(since: dt.datetime, today: dt.date) -> str:
    """How long somebody waits, in whole days."""
    passed = (today - since.astimezone(formats.LONDON).date()).days
    return days(passed) if passed else _("Since today")


def context(year: NetworkYear) -> dict[str, Any]:
    """What the template gets."""
    return {"network": year.officer.network, "officer": year.officer, "year": year, "office": Office(year)}
