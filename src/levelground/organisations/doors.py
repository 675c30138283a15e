"""How a view gets the place in its address: by scope, remembered for the header."""

from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from levelground.foundation.prepared import Prepared

from .access import Access, refusal
from .models import Affiliation, Invitation, Membership, Network, Organisation, Team
from .roles import Permission, Role
from .selectors import place_url, places_of, roles_to_give, stands_in


def remember(request: HttpRequest, place: Organisation | Network) -> None:
    """The header shows this place; the next sign-in begins in it when it is one of the person's own."""
    request.place = place  # type: ignore[attr-defined]  # config/navigation.py reads it
    url = place_url(place)
    if request.session.get("place") != url and any(mine.url == url for mine in places_of(request.user)):
        request.session["place"] = url


def remember_framework(request: HttpRequest, framework: Any) -> None:
    """The foot of the page says whom to ask about this framework (MQM-10)."""
    request.framework = framework  # type: ignore[attr-defined]  # config/navigation.py reads it


_organisation = Prepared(lambda slug: Organisation.objects.filter(slug=slug).order_by())


def open_organisation(request: HttpRequest, slug: str, permission: Permission) -> Organisation:
    """The organisation, or 404 to a stranger; a colleague without ``permission`` gets 403."""
    organisation: Organisation | None = _organisation.first(slug)
    # What visible_to() would let through, asked of the roles at hand.
    if organisation is None or not Access.of(request.user).reaches(Permission.SEE_ORGANISATION, organisation.pk):
        raise Http404
    remember(request, organisation)
    Access.of(request.user).require(permission, organisation)
    return organisation


def open_network(request: HttpRequest, slug: str, permission: Permission) -> Network:
    """The network, or 404 to a stranger; someone in it without ``permission`` gets 403."""
    network = get_object_or_404(Network.objects.all().visible_to(request.user), slug=slug)
    remember(request, network)
    Access.of(request.user).require(permission, network)
    return network


class PeopleDoor:
    """The people of a network or an organisation, as far as the person may see or manage them."""

    def __init__(self, request: HttpRequest, *, organisation: str | None, network: str | None):
        self.user: Any = request.user
        self.place: Network | Organisation
        if network is not None:
            self.place = open_network(request, network, Permission.SEE_PEOPLE)
        else:
            self.place = open_organisation(request, organisation or "", Permission.SEE_PEOPLE)

    @property
    def kind(self) -> str:
        return str(self.place.scope_kind.value)

    @property
    def managing(self) -> Permission:
        return Permission.MANAGE_NETWORK_PEOPLE if isinstance(self.place, Network) else Permission.MANAGE_PEOPLE

    @property
    def may_manage(self) -> bool:
        return Access.of(self.user).can(self.managing, self.place)

    def roles(self) -> list[Role]:
        """The roles that the person may give here or in the teams of this organisation."""
        if self.may_manage:
            return Access.of(self.user).gives(self.place)
        return roles_to_give(self.user, self.place)

    def require_inviting(self) -> list[Role]:
        """The roles to choose from; 403 when there are none."""
        roles = self.roles()
        if not roles:
            raise refusal(self.managing)
        return roles

    def membership(self, number: str) -> Membership:
        """One role here, to be changed; 403 to those who only see it."""
        rows = Membership.objects.all().visible_to(self.user).select_related("user", "network", "organisation", "team")
        found = get_object_or_404(rows, public_id=number)
        self._own(found)
        Access.of(self.user).require(self.managing, self.place)
        return found

    def invitation(self, number: str) -> Invitation:
        """One open invitation to this place; 403 when the person no longer gives that role."""
        roles = self.require_inviting()
        rows = Invitation.objects.all().visible_to(self.user).select_related("network", "organisation", "team")
        found = get_object_or_404(rows, public_id=number)
        self._own(found)
        if Role(found.role) not in roles:
            raise refusal(self.managing)
        return found

    def _own(self, row: Membership | Invitation) -> None:
        """A number from another place does not open here."""
        if row.home != self.place:
            raise Http404

    def url(self, name: str, *args: str) -> str:
        return reverse(f"{self.kind}_{name}", args=[self.place.slug, *args])


def open_details(request: HttpRequest, slug: str) -> Organisation:
    """The organisation whose details the person may edit: its own lead, or an officer who stands in."""
    organisation = open_organisation(request, slug, Permission.SEE_ORGANISATION)
    access = Access.of(request.user)
    if not access.can(Permission.EDIT_ORGANISATION, organisation) and not stands_in(request.user, organisation):
        raise refusal(Permission.EDIT_ORGANISATION)
    return organisation


def open_team(request: HttpRequest, slug: str, number: str) -> Team:
    """A team of an organisation whose teams the person may edit."""
    organisation = open_organisation(request, slug, Permission.EDIT_ORGANISATION)
    teams = Team.objects.all().visible_to(request.user).select_related("organisation")
    return get_object_or_404(teams, organisation=organisation, public_id=number)


def open_member(request: HttpRequest, slug: str, member: str, permission: Permission) -> tuple[Network, Organisation]:
    """A network and one of its members, present or past."""
    network = open_network(request, slug, permission)
    rows = Affiliation.objects.all().visible_to(request.user).filter(network=network, organisation__slug=member)
    found = rows.select_related("organisation").first()
    if found is None:
        raise Http404
    return network, found.organisation
