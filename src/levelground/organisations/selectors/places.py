"""Where a person works, and whom to ask there."""

from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from levelground.organisations.access import Access
from levelground.organisations.models import Affiliation, Membership, Network, Organisation
from levelground.organisations.roles import Permission, Role


@dataclass(frozen=True)
class Place:
    """A network or organisation where a person works, with the role they hold there."""

    label: str
    role: str
    url: str
    subject: Organisation | Network
    current: bool = False

    def marked(self, *, current: bool) -> "Place":
        return replace(self, current=current)


@dataclass(frozen=True)
class MyPlace:
    """A place with every role that the person holds there; ``url`` is empty while the roles open no page of it."""

    subject: Organisation | Network
    url: str
    held: list[Membership]
    current: bool


@dataclass(frozen=True)
class HelpContact:
    label: str
    email: str
    phone: str
    url: str


def place_url(subject: Organisation | Network) -> str:
    name = "network_home" if isinstance(subject, Network) else "organisation_home"
    return reverse(name, args=[subject.slug])


def _opens(user: Any, subject: Organisation | Network) -> bool:
    wanted = Permission.SEE_NETWORK if isinstance(subject, Network) else Permission.SEE_ORGANISATION
    return Access.of(user).can(wanted, subject)


def _held_by_place(user: Any) -> dict[str, list[Membership]]:
    found: dict[str, list[Membership]] = {}
    for held in Access.of(user).memberships:
        found.setdefault(place_url(held.home), []).append(held)
    return found


def places_of(user: Any) -> list[Place]:
    """The places that the person's present roles open, each once, with all roles held there."""
    found = []
    for url, held in _held_by_place(user).items():
        home = held[0].home
        if _opens(user, home):
            roles = dict.fromkeys(str(Role(one.role).label) for one in held)
            found.append(Place(str(home), ", ".join(roles), url, home))
    return found


def my_places(user: Any, current: Place | None) -> list[MyPlace]:
    """Every place of the person, also those where their roles open no page."""
    return [
        MyPlace(
            subject=held[0].home,
            url=url if _opens(user, held[0].home) else "",
            held=held,
            current=current is not None and current.url == url,
        )
        for url, held in _held_by_place(user).items()
    ]


def current_place(request: HttpRequest, places: list[Place]) -> Place | None:
    """The place of the page's address (a view may set ``request.place``), else the one used last, else the first."""
    subject = getattr(request, "place", None)
    if subject is not None:
        return next((p for p in places if p.subject == subject), None) or Place(
            str(subject), "", place_url(subject), subject
        )
    last = request.session.get("place", "")
    return next((p for p in places if p.url == last), places[0] if places else None)


def networks_of(organisation: Organisation) -> QuerySet[Network]:
    """The networks that the organisation is a member of today."""
    return Network.objects.filter(
        pk__in=Affiliation.objects.current().filter(organisation=organisation).values("network")
    )


def help_contact(subject: Organisation | Network) -> HelpContact | None:
    """Whom to ask about the scheme (MQM-10): the network's contact."""
    network = subject if isinstance(subject, Network) else networks_of(subject).order_by("pk").first()
    if network is None or not (network.help_email or network.help_phone or network.help_url):
        return None
    return HelpContact(
        str(network.help_label or network.name), network.help_email, network.help_phone, network.help_url
    )
