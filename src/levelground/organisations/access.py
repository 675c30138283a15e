"""Asking whether a person may do a thing in a place. Pages load rows by ``visible_to`` first, then ask here."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from levelground.foundation import clock
from levelground.foundation.errors import NotAllowed
from levelground.foundation.prepared import Prepared

from .models import Affiliation, Membership, Network, Organisation, Team
from .roles import FROM_TEAM, HERE_ONLY, MATRIX, Permission, Role, given_by, permissions_of

_held = Prepared(
    lambda user, today: (
        Membership.objects.filter(user=user)
        .on(today)
        .select_related("network", "organisation", "team__organisation")
        .order_by("from_date", "pk")
    )
)
_networks = Prepared(
    lambda organisation, today: (
        Affiliation.objects.filter(organisation=organisation).on(today).values_list("network_id", flat=True)
    )
)


@dataclass
class Access:
    """One person's current roles, read once (``Access.of(request.user)`` keeps it on the user object)."""

    user: Any

    @classmethod
    def of(cls, user: Any) -> "Access":
        known = getattr(user, "_access", None)
        if known is None:
            known = cls(user)
            user._access = known
        return known

    @cached_property
    def memberships(self) -> list[Membership]:
        if not self.user.is_authenticated:
            return []
        return _held(self.user.pk, clock.today())

    @cached_property
    def _networks_of(self) -> dict[int, set[int]]:
        return {}

    def _networks(self, organisation_id: int) -> set[int]:
        """Networks the organisation belongs to now; asked only of people with a role in a network."""
        if organisation_id not in self._networks_of:
            self._networks_of[organisation_id] = set(_networks(organisation_id, clock.today()))
        return self._networks_of[organisation_id]

    def _carries(self, held: Membership, place: Network | Organisation | Team) -> frozenset[Permission]:
        """What one membership carries in ``place``: see the head of ``roles.py``."""
        everything = permissions_of(held.role)
        if isinstance(place, Network):
            return everything if held.network_id == place.pk else frozenset()
        organisation_id = place.pk if isinstance(place, Organisation) else place.organisation_id
        if held.network_id:
            return everything - HERE_ONLY if held.network_id in self._networks(organisation_id) else frozenset()
        if held.organisation_id:
            return everything if held.organisation_id == organisation_id else frozenset()
        if isinstance(place, Team) and held.team_id == place.pk:
            return everything
        team = held.team
        return everything & FROM_TEAM if team is not None and team.organisation_id == organisation_id else frozenset()

    def can(self, permission: Permission, place: Network | Organisation | Team) -> bool:
        return any(permission in self._carries(held, place) for held in self.memberships)

    def reaches(self, permission: Permission, organisation_id: int) -> bool:
        """Whether ``reach()`` (``visible_to``) would let this organisation's rows through, for one row at hand."""
        held = [one for one in self.memberships if permission in permissions_of(one.role)]
        if any(one.organisation_id == organisation_id for one in held):
            return True
        if permission in FROM_TEAM and any(one.team and one.team.organisation_id == organisation_id for one in held):
            return True
        networks = {one.network_id for one in held if one.network_id and permission not in HERE_ONLY}
        return bool(networks) and not networks.isdisjoint(self._networks(organisation_id))

    def gives(self, place: Network | Organisation | Team) -> list[Role]:
        """The roles that the person may give in ``place`` by a role held there (standing in: ``selectors``)."""
        home = place.organisation if isinstance(place, Team) else place
        given: set[Role] = set()
        for held in self.memberships:
            if (held.network if isinstance(home, Network) else held.organisation) == home:
                given.update(given_by(held.role))
        return [role for role in MATRIX if role in given]

    def require(self, permission: Permission, place: Network | Organisation | Team) -> None:
        """Raise ``NotAllowed`` (403) with a sentence that names what is missing."""
        if not self.can(permission, place):
            raise refusal(permission)


def refusal(permission: Permission) -> NotAllowed:
    return NotAllowed(_("Your role here does not include this: %(what)s.") % {"what": permission.label})
