"""The measures of a place."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Q

from levelground.foundation import clock
from levelground.organisations.access import Access
from levelground.organisations.models import Network, Organisation, Team
from levelground.organisations.roles import Permission

from .. import rules
from ..models import Measure, Point
from ..states import Family

Owner = Network | Organisation | Team


def organisation_of(slug: str) -> Organisation | None:
    """The organisation by its slug; the door asks whether the person may know of it."""
    return Organisation.objects.filter(slug=slug).first()


def seen_in(user: Any, place: Organisation) -> bool:
    """Whether the person sees measures of the organisation or of one of its teams."""
    access = Access.of(user)
    if access.can(Permission.SEE_MEASURES, place):
        return True
    teams = [held.team for held in access.memberships if held.team and held.team.organisation_id == place.pk]
    return any(access.can(Permission.SEE_MEASURES, team) for team in teams)


@dataclass(frozen=True)
class Listed:
    """A measure in a list, with how far its numbers go."""

    measure: Measure
    newest: dt.date | None
    points: int

    @property
    def silent(self) -> bool:
        """New numbers should have come by now."""
        live = self.measure.archived_at is None
        return live and rules.is_silent(self.measure.frequency, self.newest, clock.today())


def measures_of(user: Any, place: Network | Organisation | None = None) -> list[Listed]:
    """What the person may see: of a network, of an organisation and its teams, or of everywhere. The archived last."""
    rows = Measure.objects.all().visible_to(user).select_related("network", "organisation", "team__organisation")
    if isinstance(place, Network):
        rows = rows.filter(network=place)
    elif place is not None:
        rows = rows.filter(Q(organisation=place) | Q(team__organisation=place))
    found = sorted(rows, key=lambda one: (one.archived_at is not None, _owner_order(one), str(one).casefold(), one.pk))
    overall = Point.objects.filter(series__measure__in=[one.pk for one in found], series__segment__isnull=True)
    reach = {
        row["series__measure"]: (row["newest"], row["points"])
        for row in overall.values("series__measure").annotate(newest=Max("date"), points=Count("pk"))
    }
    return [Listed(one, *reach.get(one.pk, (None, 0))) for one in found]


def _owner_order(measure: Measure) -> tuple[str, int, str]:
    """What is of the whole place before what is of its teams."""
    home = measure.home
    return str(home.slug), int(measure.team_id is not None), str(measure.scope).casefold()


def owners_of(user: Any, place: Network | Organisation) -> list[Owner]:
    """Whose measures the person may define in a place: its own, and those of its teams."""
    access = Access.of(user)
    owners: list[Owner] = [place]
    if isinstance(place, Organisation):
        teams = Team.objects.filter(organisation=place, archived_at__isnull=True).select_related("organisation")
        owners += sorted(teams, key=lambda team: str(team).casefold())
    return [one for one in owners if access.can(Permission.DEFINE_MEASURES, one)]


def without_balance(listed: Iterable[Listed]) -> list[Any]:
    """The owners who follow outcomes or processes and nothing that would show harm elsewhere (domain guide 3)."""
    families: dict[Any, set[str]] = {}
    for one in listed:
        if one.measure.archived_at is None:
            families.setdefault(one.measure.scope, set()).add(one.measure.family)
    return [owner for owner, held in families.items() if Family.BALANCING not in held]
