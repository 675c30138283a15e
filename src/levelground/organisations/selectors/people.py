"""Who holds which role, who is invited, and what changed."""

import hashlib
from typing import Any

from django.db.models import Q, QuerySet

from levelground.accounts.models import User
from levelground.foundation import clock
from levelground.organisations.access import Access
from levelground.organisations.models import Invitation, Membership, Network, Organisation, PlaceChange, Team
from levelground.organisations.roles import MATRIX, Permission, Role, scopes_of
from levelground.organisations.states import ChangeKind


def _at(place: Network | Organisation) -> Q:
    """Rows of the place, for an organisation those of its teams too."""
    if isinstance(place, Network):
        return Q(network=place)
    # The teams by their numbers: a condition on the joined team would look at every role there is.
    return Q(organisation=place) | Q(team__in=Team.objects.filter(organisation=place))


def members_people(place: Network | Organisation, user: Any, *, ended: bool = False) -> QuerySet[Membership]:
    """Roles in the place that ``user`` may see: present and coming ones, or those that have ended."""
    over = Q(to_date__lt=clock.today()) | Q(ended_at__isnull=False)
    rows = Membership.objects.all().visible_to(user).filter(_at(place)).select_related("user", "team__organisation")
    if ended:
        return rows.filter(over).order_by("-to_date", "user__name", "pk")
    return rows.exclude(over).order_by("user__name", "user__email", "from_date", "pk")


def open_invitations(place: Network | Organisation, user: Any) -> QuerySet[Invitation]:
    """Invitations to the place that nobody has accepted or withdrawn, the newest first."""
    rows = Invitation.objects.all().visible_to(user).open().filter(_at(place))
    return rows.select_related("team__organisation", "invited_by").order_by("-invited_at", "pk")


def is_led(organisation: Organisation) -> bool:
    """Somebody who can sign in is the organisation's quality lead today."""
    return (
        Membership.objects.current()
        .filter(organisation=organisation, role=Role.MEMBER_LEAD, user__is_active=True)
        .exists()
    )


def leads_of(organisation: Organisation, user: Any) -> QuerySet[Membership]:
    """Its quality leads, present and coming, as far as ``user`` sees people there."""
    return members_people(organisation, user).filter(role=Role.MEMBER_LEAD)


def lead_invitations(organisation: Organisation, user: Any) -> QuerySet[Invitation]:
    """Those invited to lead it, as far as ``user`` may know."""
    return open_invitations(organisation, user).filter(role=Role.MEMBER_LEAD)


def stands_in(user: Any, organisation: Organisation) -> bool:
    """An officer of its network, while the member has no quality lead (see ``roles.py``)."""
    return Access.of(user).can(Permission.MANAGE_NETWORK, organisation) and not is_led(organisation)


def roles_to_give(user: Any, place: Network | Organisation | Team) -> list[Role]:
    """The roles that ``user`` may give in ``place``, in the order of the matrix."""
    given = set(Access.of(user).gives(place))
    if isinstance(place, Organisation) and Role.MEMBER_LEAD not in given and stands_in(user, place):
        given.add(Role.MEMBER_LEAD)
    return [role for role in MATRIX if role in given and place.scope_kind in scopes_of(role)]


def find_invitation(secret: str) -> Invitation | None:
    """The invitation whose link carries ``secret``, when it can still be accepted."""
    digest = hashlib.sha256(secret.encode()).hexdigest()
    found = (
        Invitation.objects.open()
        .filter(secret_sha256=digest)
        .select_related("network", "organisation", "team__organisation", "invited_by")
        .first()
    )
    if found is None or found.expired or (found.team is not None and found.team.archived_at is not None):
        return None
    return found


def is_addressed_to(invitation: Invitation, user: Any) -> bool:
    """The person's own address, or another one that they have confirmed."""
    return user.is_authenticated and (
        user.email == invitation.email
        or user.emailaddress_set.filter(email__iexact=invitation.email, verified=True).exists()
    )


def has_account(email: str) -> bool:
    """Somebody signs in with this address."""
    return User.objects.filter(
        Q(email=email) | Q(emailaddress__email__iexact=email, emailaddress__verified=True)
    ).exists()


def changes_of(place: Network | Organisation, user: Any) -> QuerySet[PlaceChange]:
    """What changed in the place, the newest first."""
    own = Q(network=place) if isinstance(place, Network) else Q(organisation=place)
    rows = PlaceChange.objects.all().visible_to(user).filter(own)
    return rows.select_related("by", "person", "team", "invitation", "network", "organisation")


def last_change(place: Network | Organisation) -> PlaceChange | None:
    """Who changed the details last, to name them to the second of two editors."""
    own = Q(network=place) if isinstance(place, Network) else Q(organisation=place)
    return PlaceChange.objects.filter(own, kind=ChangeKind.DETAILS).select_related("by").first()
