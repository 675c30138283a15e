"""Changing and ending roles."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from levelground.foundation import clock, formats
from levelground.foundation.errors import Conflict, IllegalMove, Invalid
from levelground.organisations.models import Membership, Network, Organisation
from levelground.organisations.roles import KEEPERS, Role
from levelground.organisations.rules import Span, first_day_without, standing
from levelground.organisations.states import ChangeKind, Standing

from . import history


def _locked(membership: Membership, seen_version: int | None, yours: Any) -> Membership:
    """The role as it stands, its place locked; a role that has ended, or moved on since it was seen, is refused."""
    history.lock(membership.home)
    found = (
        Membership.objects.select_for_update(of=("self",))
        .select_related("user", "network", "organisation", "team__organisation")
        .get(pk=membership.pk)
    )
    if seen_version is not None and seen_version != found.version:
        raise Conflict(_("Somebody else changed this role while you had the page open."), theirs=found, yours=yours)
    if standing(found.from_date, found.to_date, clock.today(), ended=bool(found.ended_at)) is Standing.ENDED:
        raise IllegalMove(_("This role has ended already. Invite the person again if they are to have it once more."))
    return found


def _keep_somebody(place: Network | Organisation, changed: Membership, after: Span | None) -> None:
    """Refuse what would leave an organisation without a quality lead, or a network without an officer."""
    if changed.role != KEEPERS[place.scope_kind] or changed.team_id or not changed.user.is_active:
        return
    rows = place.memberships.filter(role=changed.role, ended_at__isnull=True, user__is_active=True)
    before = {row.pk: (row.from_date, row.to_date) for row in rows}
    changed_spans: dict[int, Span] = {**before} | ({changed.pk: after} if after else {})
    if after is None:
        changed_spans.pop(changed.pk, None)
    day = first_day_without(before.values(), changed_spans.values(), clock.today())
    if day is None:
        return
    names = {"place": str(place), "role": str(Role(changed.role).label), "day": formats.date(day)}
    raise IllegalMove(
        _("%(place)s would have nobody as “%(role)s” from %(day)s. Give the role to somebody else first.") % names
    )


@transaction.atomic
def change_dates(
    *, membership: Membership, from_date: dt.date, to_date: dt.date | None, by: Any, seen_version: int | None = None
) -> Membership:
    """Set the first and the last day of a role that has not ended."""
    found = _locked(membership, seen_version, {"from_date": from_date, "to_date": to_date})
    if to_date is not None and to_date < from_date:
        raise Invalid(fields={"to_date": _("The last day must not be before the first day.")})
    if to_date is not None and to_date < clock.today():
        raise Invalid(fields={"to_date": _("Choose today or a later day, or use “End this role” to end it now.")})
    before = {"from": history.iso(found.from_date), "to": history.iso(found.to_date)}
    after = {"from": history.iso(from_date), "to": history.iso(to_date)}
    if before == after:
        return found
    _keep_somebody(found.home, found, (from_date, to_date))
    found.from_date, found.to_date, found.version = from_date, to_date, found.version + 1
    found.save(update_fields=["from_date", "to_date", "version"])
    history.record(
        kind=ChangeKind.ROLE_DATES, by=by, subject=f"membership:{found.public_id}", **history.of_place(found.home),
        person=found.user, team=found.team, role=found.role, before=before, after=after,
    )  # fmt: skip
    return found


@transaction.atomic
def end_role(
    *, membership: Membership, by: Any, on: dt.date | None = None, reason: str = "", seen_version: int | None = None
) -> Membership:
    """End a role now (``on=None``: it counts no longer from this moment) or with ``on`` as its last day."""
    found = _locked(membership, seen_version, {"to_date": on})
    today = clock.today()
    if on is not None and on < max(today, found.from_date):
        raise Invalid(fields={"on": _("Choose today or a later day, or end the role now.")})
    _keep_somebody(found.home, found, (found.from_date, on) if on else None)
    before = {"from": history.iso(found.from_date), "to": history.iso(found.to_date)}
    if on is None:
        found.ended_at = clock.now()
    found.to_date = on or max(today, found.from_date)
    found.version += 1
    found.save(update_fields=["to_date", "ended_at", "version"])
    history.record(
        kind=ChangeKind.ROLE_ENDED, by=by, subject=f"membership:{found.public_id}", **history.of_place(found.home),
        person=found.user, team=found.team, role=found.role,
        before=before, after={"from": before["from"], "to": history.iso(found.to_date)}, reason=reason.strip(),
    )  # fmt: skip
    return found
