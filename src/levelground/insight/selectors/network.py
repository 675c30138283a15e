"""A network as its officer sees it: who is where, who is late, what came in, what is often missing.

Every read goes along an index or to kept counts, and gives as much for 100 members as for 10,000. The one that walks
along all members of a cycle, to count who is where, touches nothing but an index.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Count, F

from levelground.cycles.models import Cycle, IndicatorTally, Submission, ThemeTally
from levelground.cycles.states import SENT, UNSENT, WITH_NETWORK
from levelground.foundation import clock
from levelground.foundation.bilingual import Bilingual
from levelground.foundation.prepared import Prepared
from levelground.frameworks.models import Framework
from levelground.organisations.access import Access
from levelground.organisations.models import Network
from levelground.organisations.roles import Permission
from levelground.returns.models import QuarterTally
from levelground.support.models import SupportCase
from levelground.support.states import OPEN, Side

LISTED = 10
OFTEN = 5
THEMES = 5
YEARS = 3

_cycles = Prepared(
    lambda network, today: (
        Cycle.objects.filter(framework__network=network, opens_on__lte=today)
        .select_related("framework", "framework_version")
        .order_by("year")
    )
)
# With "active=True" SQLite does not see that the column is compared with a value, and walks along less of the index.
_where = Prepared(
    lambda cycle: (
        Submission.objects.filter(cycle=cycle, active__in=[True])
        .order_by()
        .values_list("status", "deadline")
        .annotate(members=Count("*"))
    )
)
_late = Prepared(
    lambda cycle: (
        Submission.objects.filter(cycle=cycle, active__in=[True], late=True)
        .order_by()
        .values_list("cycle")
        .annotate(members=Count("*"))
    )
)
_overdue = Prepared(
    lambda cycle, status, today: (
        Submission.objects.filter(cycle=cycle, active__in=[True], status=status, deadline__lt=today)
        .select_related("organisation")
        .order_by("deadline", "pk")[:LISTED]
    )
)
_often = Prepared(
    lambda cycle: (
        IndicatorTally.objects.filter(cycle=cycle, not_yet__gt=0)
        .select_related("indicator")
        .order_by("-not_yet", "indicator__position")[:OFTEN]
    )
)
_themes = Prepared(
    lambda framework, first, last: (
        ThemeTally.objects.filter(
            cycle__framework=framework, cycle__year__gte=first, cycle__year__lte=last, members__gt=0
        )
        .order_by("cycle__year", "theme__version__number", "theme__area__position", "theme__position")
        .values_list("cycle__year", "theme__code", "theme__name", "members", "not_yet")
    )
)
_quarter = Prepared(
    lambda framework, today: (
        QuarterTally.objects.filter(quarter__framework=framework, quarter__ends_on__lt=today)
        .select_related("quarter__framework")
        .order_by("-quarter__starts_on")[:1]
    )
)

# Open requests for help in which the member spoke last: those that nobody has answered first, the oldest before others.
_asking = Prepared(
    lambda network: (
        SupportCase.objects.filter(network=network, status__in=OPEN, last_word=Side.MEMBER)
        .select_related("organisation")
        .order_by(F("first_contact_at").asc(nulls_first=True), "opened_at", "pk")[:LISTED]
    )
)
_all_asking = Prepared(
    lambda network: (
        SupportCase.objects.filter(network=network, status__in=OPEN, last_word=Side.MEMBER)
        .order_by()
        .values_list("network")
        .annotate(cases=Count("*"))
    )
)


@dataclass(frozen=True)
class Officer:
    """Somebody in a network, with what they may do there."""

    user: Any
    network: Network
    oversees: bool
    opens: bool
    decides: bool
    supports: bool

    @classmethod
    def of(cls, user: Any, network: Network) -> "Officer":
        access = Access.of(user)

        def may(permission: Permission) -> bool:
            return access.can(permission, network)

        return cls(
            user,
            network,
            oversees=may(Permission.SEE_PROGRESS),
            opens=may(Permission.SEE_SUBMITTED),
            decides=may(Permission.MANAGE_CYCLES),
            supports=may(Permission.OFFER_SUPPORT),
        )


@dataclass(frozen=True)
class Where:
    """How many present members of a cycle are in which status, how many are overdue, and how many sent late."""

    by_status: dict[str, int]
    overdue_by_status: dict[str, int]
    late: int

    def count(self, *statuses: str) -> int:
        return sum(self.by_status.get(status, 0) for status in statuses)

    @property
    def total(self) -> int:
        return sum(self.by_status.values())

    @property
    def sent(self) -> int:
        return self.count(*SENT)

    @property
    def unsent(self) -> int:
        return self.count(*UNSENT)

    @property
    def waiting(self) -> int:
        """What the network is to decide."""
        return self.count(*WITH_NETWORK)

    @property
    def overdue(self) -> int:
        return sum(self.overdue_by_status.values())


@dataclass(frozen=True)
class ThemeYears:
    """One theme: for each year the share of members with a "not yet" in it, in percent; ``None`` where nobody sent."""

    code: str
    name: Bilingual
    shares: list[int | None]


@dataclass
class NetworkYear:
    """One framework of a network on one page."""

    officer: Officer
    cycles: list[Cycle]
    cycle: Cycle | None = None
    where: Where = field(default_factory=lambda: Where({}, {}, 0))
    overdue: list[Submission] = field(default_factory=list)
    tallied: Cycle | None = None
    often: list[IndicatorTally] = field(default_factory=list)
    years: list[int] = field(default_factory=list)
    themes: list[ThemeYears] = field(default_factory=list)
    quarter: QuarterTally | None = None
    asking: list[SupportCase] = field(default_factory=list)
    all_asking: int = 0

    @cached_property
    def choices(self) -> list[Framework]:
        """The frameworks to choose from: each with a year that has opened."""
        return list({cycle.framework_id: cycle.framework for cycle in self.cycles}.values())


def network_year(officer: Officer, wanted: str = "") -> NetworkYear:
    """The network's year in the framework ``wanted`` (its slug), else in the one whose year opened last."""
    network, today = officer.network, clock.today()
    found = NetworkYear(officer, [])
    if officer.supports:
        _add_asking(found)
    if not officer.oversees:
        return found
    found.cycles = _cycles(network.pk, today)
    for one in found.cycles:
        one.framework.network = network
    newest = max(found.cycles, key=lambda cycle: (cycle.year, cycle.opens_on), default=None)
    of_wanted = [cycle for cycle in found.cycles if cycle.framework.slug == wanted]
    cycle = of_wanted[-1] if of_wanted else newest
    if cycle is None:
        return found
    found.cycle, found.where = cycle, _where_are(cycle)
    found.overdue = _overdue_ones(cycle, found.where)
    found.quarter = _quarter.first(cycle.framework_id, today)
    if officer.opens:
        _add_gaps(found, cycle)
    return found


def _add_asking(found: NetworkYear) -> None:
    network = found.officer.network
    found.asking = _asking(network.pk)
    for case in found.asking:
        case.network = network
    counted = _all_asking.first(network.pk) if len(found.asking) == LISTED else None
    found.all_asking = counted[1] if counted else len(found.asking)


def _where_are(cycle: Cycle) -> Where:
    today = clock.today()
    by_status: dict[str, int] = {}
    overdue: dict[str, int] = {}
    for status, deadline, members in _where(cycle.pk):
        by_status[status] = by_status.get(status, 0) + members
        if status in UNSENT and deadline < today:
            overdue[status] = overdue.get(status, 0) + members
    late = _late.first(cycle.pk)
    return Where(by_status, overdue, late[1] if late else 0)


def _overdue_ones(cycle: Cycle, where: Where) -> list[Submission]:
    """The longest overdue, from the first few of each status: an index has these in their order."""
    found: list[Submission] = []
    for status in where.overdue_by_status:
        found += _overdue(cycle.pk, str(status), clock.today())
    for row in found:
        row.cycle = cycle
    return sorted(found, key=lambda row: (row.deadline, row.organisation.slug))[:LISTED]


def _add_gaps(found: NetworkYear, cycle: Cycle) -> None:
    """What members often lack, of the newest year that somebody sent; and how that was in the years before."""
    counts: dict[str, dict[int, tuple[int, int]]] = {}
    names: dict[str, Bilingual] = {}
    for year, code, name, members, not_yet in _themes(cycle.framework_id, cycle.year - YEARS + 1, cycle.year):
        there = counts.setdefault(code, {})
        # Two editions of one theme may be sent in the same year.
        known = there.get(year, (0, 0))
        there[year], names[code] = (known[0] + members, known[1] + not_yet), name
    found.years = sorted({year for there in counts.values() for year in there})
    if not found.years:
        return
    tallied = [one for one in found.cycles if one.framework_id == cycle.framework_id and one.year == found.years[-1]]
    found.tallied = tallied[0]
    found.often = _often(found.tallied.pk)

    def share(code: str, year: int) -> int | None:
        members, not_yet = counts[code].get(year, (0, 0))
        return round(100 * not_yet / members) if members else None

    themes = [ThemeYears(code, names[code], [share(code, year) for year in found.years]) for code in counts]
    found.themes = sorted(themes, key=lambda theme: -(theme.shares[-1] or 0))[:THEMES]
