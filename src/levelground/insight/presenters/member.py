"""A member's home as its page shows it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from levelground.foundation import formats
from levelground.organisations.access import Access
from levelground.organisations.roles import Permission
from levelground.organisations.selectors import networks_of
from levelground.returns.selectors import CalendarRow
from levelground.returns.states import Standing
from levelground.support.models import SupportCase
from levelground.support.states import CaseSource, Side

from ..addresses import link
from ..selectors.member import Person, Year
from .front import front
from .places import Places
from .tasks import tasks_of

HELP_SHOWN = 2


@dataclass(frozen=True)
class Note:
    """A small card: a few lines, and where to go."""

    lines: list[str]
    link: str
    href: str


class Part:
    """One framework's part of the page."""

    def __init__(self, year: Year, cases: Sequence[SupportCase] = ()) -> None:
        self.year, self.at = year, Places(year)
        self.front, self.tasks, self.returns = front(year), tasks_of(year, cases), _returns(year, self.at)
        self.help = _help(cases)

    @property
    def since_address(self) -> str:
        """The comparison with the year before: of this year's submission, or of the workbook alone."""
        since = self.year.since
        if since is None or self.year.submission is not None:
            return self.at.year("year_changes")
        return self.at.book("snapshot_compare", since.earlier.public_id)


def _returns(year: Year, at: Places) -> Note | None:
    """What is next of the returns; nothing where there is no calendar."""
    due = year.next_return
    if due is not None:
        text = _("Write the return") if year.person.answers else _("See the return")
        return Note(_due_lines(due), text, at.quarter(due))
    last, coming, lines = year.last_return, year.coming_return, []
    if last is not None and last.row is not None:
        words = {"number": last.quarter.quarter, "day": formats.date(last.row.sent_at)}
        lines.append(_("Quarter %(number)s was sent on %(day)s.") % words)
    if coming is not None:
        words = {"number": coming.quarter.quarter, "day": formats.date(coming.opens_on)}
        lines.append(_("Quarter %(number)s opens on %(day)s.") % words)
    return Note(lines, _("All returns"), link("return_list", at.here)) if lines else None


def _due_lines(due: CalendarRow) -> list[str]:
    words = {"number": due.quarter.quarter, "day": formats.date(due.quarter.on_time_by)}
    if due.standing == Standing.OVERDUE:
        words["last"] = formats.date(due.quarter.locked_on)
        return [_("Quarter %(number)s was due by %(day)s. You can send it until %(last)s.") % words]
    lines = [_("Quarter %(number)s is due by %(day)s.") % words]
    return [*lines, _("It is begun, and not sent yet.")] if due.standing == Standing.DRAFT else lines


def _help(cases: Sequence[SupportCase]) -> Note | None:
    """The requests for help that are open; the oldest is one click away, the others from there."""
    if not cases:
        return None
    lines = []
    for case in cases[:HELP_SHOWN]:
        words = {"day": formats.date(case.opened_at), "state": case.get_status_display()}
        if case.source != CaseSource.ASKED and case.last_word == Side.NETWORK:
            lines.append(_("The network offered you help on %(day)s.") % words)
        elif case.last_word == Side.NETWORK:
            lines.append(_("The network has answered your request of %(day)s.") % words)
        elif case.first_contact_at is None:
            lines.append(_("Your request of %(day)s is with the network. Nobody has answered yet.") % words)
        else:
            lines.append(_("Your request of %(day)s: %(state)s.") % words)
    return Note(lines, _("Read it"), cases[0].get_absolute_url())


def _roles(person: Person) -> list[str]:
    """What the person is here, where the workbook is none of theirs."""
    held = [one for one in Access.of(person.user).memberships if one.home == person.organisation]
    return [f"{one.get_role_display()}, {one.team.name.here()}" if one.team else one.get_role_display() for one in held]


def _ways(person: Person) -> list[tuple[str, str]]:
    """Where to go from here without the workbook."""
    access, here = Access.of(person.user), person.organisation
    mine = {one.network_id for one in access.memberships if one.network_id}
    overseen = [one for one in networks_of(here) if one.pk in mine] if person.oversees else []
    ways = [
        (_("This member in %(network)s") % {"network": one.name.here()}, link("network_member", one.slug, here.slug))
        for one in overseen
    ]
    if access.can(Permission.SEE_PEOPLE, here):
        ways.append((_("The people here"), link("organisation_people", here.slug)))
    return [*ways, (_("All your places and roles"), link("places"))]


def context(person: Person, years: Iterable[Year], cases: Sequence[SupportCase]) -> dict[str, Any]:
    """What the template gets. The first part of the page tells of the requests for help too."""
    found: dict[str, Any] = {"organisation": person.organisation, "person": person}
    if not person.sees:
        return found | {"parts": [], "roles": _roles(person), "ways": _ways(person)}
    asks = link("support_ask", person.organisation.slug) if person.asks_for_help and not cases else ""
    parts = [Part(year, () if number else cases) for number, year in enumerate(years)]
    return found | {"parts": parts, "help_address": asks}
