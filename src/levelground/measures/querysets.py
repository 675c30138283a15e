"""Who sees which measures."""

from typing import Any

from django.db.models import Q

from levelground.foundation.db import ScopedQuerySet
from levelground.organisations.access import Access
from levelground.organisations.models import Affiliation
from levelground.organisations.roles import Permission, permissions_of

_WORK = frozenset({Permission.ENTER_MEASURES, Permission.DEFINE_MEASURES})


def _own(held: list[Any]) -> Q:
    """The measures of the places in which these roles are held, and of the teams of those places."""
    organisations = {one.organisation_id for one in held if one.organisation_id}
    found = Q(network__in={one.network_id for one in held if one.network_id}) | Q(organisation__in=organisations)
    return found | Q(team__organisation__in=organisations) | Q(team__in={one.team_id for one in held if one.team_id})


class MeasureQuerySet(ScopedQuerySet[Any]):
    def visible_to(self, user: Any) -> "MeasureQuerySet":
        """Those of places in which one of the person's roles sees measures: of a network and of its present members, of
        an organisation and its teams, or of one team. Drafts only where the person works on measures."""
        if not user.is_authenticated:
            return self.none()
        held = Access.of(user).memberships
        readers = [one for one in held if Permission.SEE_MEASURES in permissions_of(one.role)]
        seen = _own(readers)
        networks = {one.network_id for one in readers if one.network_id}
        if networks:
            members = Affiliation.objects.current().filter(network__in=networks).values("organisation")
            seen |= Q(organisation__in=members) | Q(team__organisation__in=members)
        # In a network's members these permissions do not count (HERE_ONLY): their drafts are their own.
        writers = [one for one in readers if _WORK & permissions_of(one.role)]
        return self.filter(seen & (Q(published_at__isnull=False) | _own(writers)))

    def live(self) -> "MeasureQuerySet":
        return self.filter(archived_at__isnull=True)

    def published(self) -> "MeasureQuerySet":
        return self.filter(published_at__isnull=False)
