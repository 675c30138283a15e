"""One change, kept twice: for people as a row of the place's history, for proof in the audit log."""

from typing import Any

from levelground.foundation import clock
from levelground.foundation.audit import services as audit
from levelground.organisations.models import Invitation, Network, Organisation, PlaceChange, Team
from levelground.organisations.states import ChangeKind


def lock(place: Network | Organisation) -> None:
    """Make changes to one place wait for each other, so that a rule about all its rows cannot be raced."""
    type(place)._default_manager.select_for_update().get(pk=place.pk)


def record(
    *, kind: ChangeKind, by: Any, subject: str,
    network: Network | None = None, organisation: Organisation | None = None,
    person: Any = None, team: Team | None = None, invitation: Invitation | None = None, role: str = "",
    before: Any = None, after: Any = None, reason: str = "",
) -> PlaceChange:  # fmt: skip
    """Append to the history of the place and to the audit chain of the network, or else of the organisation."""
    place = network or organisation
    if place is None:
        raise ValueError("A change belongs to a network or an organisation.")
    change = PlaceChange.objects.create(
        kind=kind, at=clock.now(), by=by, network=network, organisation=organisation, person=person, team=team,
        invitation=invitation, role=role, before=before, after=after, reason=reason,
    )  # fmt: skip
    audit.record(
        by=by, verb=f"place.{kind.value}", subject=subject, chain=place.audit_chain,
        before=before, after=after if not role else {**(after or {}), "role": role}, reason=reason,
    )  # fmt: skip
    return change


def of_place(place: Network | Organisation) -> dict[str, Any]:
    """The arguments of ``record`` that name the place."""
    return {"network": place} if isinstance(place, Network) else {"organisation": place}


def iso(date: Any) -> str | None:
    return date.isoformat() if date else None
