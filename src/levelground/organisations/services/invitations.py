"""Inviting people by e-mail, and what becomes of an invitation."""

import datetime as dt
import hashlib
import secrets
from typing import Any

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from levelground.accounts.models import User
from levelground.foundation import clock
from levelground.foundation.errors import IllegalMove, Invalid, NotAllowed
from levelground.organisations.models import Invitation, Membership, Network, Organisation, Team
from levelground.organisations.roles import Role
from levelground.organisations.rules import INVITATION_DAYS
from levelground.organisations.selectors import find_invitation, has_account, is_addressed_to, roles_to_give
from levelground.organisations.states import ChangeKind

from . import history, mail


def _home(place: Network | Organisation | Team) -> Network | Organisation:
    return place.organisation if isinstance(place, Team) else place


def _renew(invitation: Invitation, by: Any) -> str:
    """A fresh secret and fresh days; only the secret's SHA-256 stays here."""
    secret = secrets.token_urlsafe(32)
    invitation.secret_sha256 = hashlib.sha256(secret.encode()).hexdigest()
    invitation.invited_by, invitation.invited_at = by, clock.now()
    invitation.expires_at = invitation.invited_at + dt.timedelta(days=INVITATION_DAYS)
    invitation.sent_at = None
    return secret


def _record(kind: ChangeKind, invitation: Invitation, by: Any, **more: Any) -> None:
    history.record(
        kind=kind, by=by, subject=f"invitation:{invitation.public_id}", **history.of_place(invitation.home),
        invitation=invitation, team=invitation.team, role=invitation.role, **more,
    )  # fmt: skip


def offer(
    *, place: Network | Organisation | Team, email: str, name: str, role: str, by: Any, ends_on: dt.date | None = None
) -> Invitation:
    """Write the invitation and send it on commit. ``invite`` is the door: it asks whether ``by`` may."""
    email = email.strip().lower()
    scope = {place.scope_kind.value: place}
    held = Membership.objects.current().filter(user__email=email, role=role, **scope)
    if held.exists():
        raise Invalid(fields={"email": _("This person holds this role here already.")})
    if Invitation.objects.open().filter(email=email, role=role, **scope).exists():
        raise Invalid(fields={"email": _("This person is invited to this role already. You can send it again below.")})
    invitation = Invitation(email=email, name=" ".join(name.split()), role=role, role_ends_on=ends_on, **scope)
    secret = _renew(invitation, by)
    invitation.save(force_insert=True)
    _record(ChangeKind.INVITED, invitation, by, after={"to": history.iso(ends_on)} if ends_on else None)
    mail.send_on_commit(invitation, secret)
    return invitation


@transaction.atomic
def invite(
    *, place: Network | Organisation | Team, email: str, role: str, by: Any,
    name: str = "", ends_on: dt.date | None = None,
) -> Invitation:  # fmt: skip
    """Offer a role by e-mail. ``by`` must be someone who gives that role in ``place``."""
    history.lock(_home(place))
    if isinstance(place, Team):
        place.refresh_from_db()
        if place.archived_at is not None:
            raise Invalid(fields={"place": _("This team is archived. Restore it first, or choose another one.")})
    if Role(role) not in roles_to_give(by, place):
        raise NotAllowed(_("You cannot give this role here."))
    if ends_on is not None and ends_on < clock.today():
        raise Invalid(fields={"ends_on": _("Choose today or a later day.")})
    return offer(place=place, email=email, name=name, role=role, by=by, ends_on=ends_on)


def _open(invitation: Invitation) -> Invitation:
    history.lock(invitation.home)
    found = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("network", "organisation", "team__organisation")
        .get(pk=invitation.pk)
    )
    if found.accepted_at is not None:
        raise IllegalMove(_("This invitation has been accepted already."))
    if found.withdrawn_at is not None:
        raise IllegalMove(_("This invitation has been withdrawn already."))
    return found


@transaction.atomic
def send_again(*, invitation: Invitation, by: Any) -> Invitation:
    """Send it with a new link for another fourteen days; the old link stops working."""
    found = _open(invitation)
    if found.role_ends_on is not None and found.role_ends_on < clock.today():
        raise IllegalMove(_("The role's end date has passed. Withdraw this invitation and write a new one."))
    secret = _renew(found, by)
    found.save(update_fields=["secret_sha256", "invited_by", "invited_at", "expires_at", "sent_at"])
    _record(ChangeKind.INVITED_AGAIN, found, by)
    mail.send_on_commit(found, secret)
    return found


@transaction.atomic
def withdraw(*, invitation: Invitation, by: Any) -> Invitation:
    """Take it back: its link stops working at once."""
    found = _open(invitation)
    found.withdrawn_at = clock.now()
    found.save(update_fields=["withdrawn_at"])
    _record(ChangeKind.INVITATION_WITHDRAWN, found, by)
    return found


def _usable(secret: str) -> Invitation:
    seen = find_invitation(secret)
    if seen is not None:
        history.lock(seen.home)
        found = find_invitation(secret)  # again, now that nobody else can use it at the same time
        if found is not None:
            return found
    raise IllegalMove(_("This invitation link does not work any more."))


def _begin(invitation: Invitation, user: User) -> Membership:
    scope = {invitation.scope.scope_kind.value: invitation.scope}
    today = clock.today()
    held = Membership.objects.current().filter(user=user, role=invitation.role, **scope).first()
    membership = held or Membership.objects.create(
        user=user, role=invitation.role, from_date=today, to_date=invitation.role_ends_on,
        granted_by=invitation.invited_by, **scope,
    )  # fmt: skip
    invitation.accepted_at, invitation.accepted_by = clock.now(), user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    _record(
        ChangeKind.ROLE_GIVEN, invitation, user, person=user,
        after={"from": history.iso(membership.from_date), "to": history.iso(membership.to_date)},
    )  # fmt: skip
    return membership


@transaction.atomic
def accept(*, secret: str, by: User) -> Membership:
    """Take the role; only the person whose address was invited can."""
    invitation = _usable(secret)
    if not is_addressed_to(invitation, by):
        raise NotAllowed(_("This invitation was sent to another e-mail address than yours."))
    return _begin(invitation, by)


@transaction.atomic
def accept_as_newcomer(*, secret: str, name: str, password: str) -> Membership:
    """Make an account for the invited address (the link proves that it is theirs) and take the role."""
    invitation = _usable(secret)
    if has_account(invitation.email):
        raise IllegalMove(_("There is an account with this e-mail address already. Sign in to accept."))
    language = "cy" if (translation.get_language() or "").startswith("cy") else "en-gb"
    try:
        with transaction.atomic():
            user = User.objects.create_user(invitation.email, password, name=" ".join(name.split()), language=language)
            EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    except IntegrityError:  # two invitations to the same newcomer, accepted at the same moment
        raise IllegalMove(_("There is an account with this e-mail address already. Sign in to accept.")) from None
    return _begin(invitation, user)
