"""What the header and footer of every page need: navigation by role, the current place, its help contact."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from levelground.foundation.notifications.selectors import unread_count
from levelground.frameworks.selectors import help_contact as scheme_contact
from levelground.measures.selectors import seen_in
from levelground.organisations.access import Access
from levelground.organisations.models import Network, Organisation
from levelground.organisations.roles import Permission
from levelground.organisations.selectors import Place, current_place, help_contact, places_of


@dataclass(frozen=True)
class NavItem:
    label: str
    url: str
    current: bool


MOST = 5
_Wanted = list[tuple[str, str, Permission]]


def _entries(request: HttpRequest, place: Organisation | Network) -> list[tuple[str, str]]:
    """The places of everyday work. The first five that the person may open go into the menu of the page; what comes
    round once a quarter or a year, and has its reminder on the home page, stands last."""
    network = isinstance(place, Network)
    first: _Wanted = [
        (_("Home"), "network_home", Permission.SEE_NETWORK),
        (_("Members"), "network_members", Permission.SEE_NETWORK),
        (_("Snapshots"), "network_cycles", Permission.SEE_PROGRESS),
        (_("Returns"), "network_returns", Permission.SEE_PROGRESS),
    ] if network else [
        (_("Home"), "organisation_home", Permission.SEE_ORGANISATION),
        (_("Workbook"), "workbook_list", Permission.SEE_WORKBOOK),
        (_("Actions"), "organisation_actions", Permission.SEE_WORKBOOK),
        (_("Snapshot"), "year_list", Permission.SEE_WORKBOOK),
    ]  # fmt: skip
    last: _Wanted = [
        (_("Frameworks"), "framework_list", Permission.SEE_FRAMEWORKS),
    ] if network else [
        (_("Returns"), "return_list", Permission.SEE_WORKBOOK),
    ]  # fmt: skip
    return [*_allowed(request, place, first), *_measures(request, place), *_allowed(request, place, last)]


def _measures(request: HttpRequest, place: Organisation | Network) -> list[tuple[str, str]]:
    """For whoever sees those of the place, or of one of its teams."""
    if isinstance(place, Network):
        return _allowed(request, place, [(_("Measures"), "network_measures", Permission.SEE_MEASURES)])
    return [(_("Measures"), _address("measure_list", place.slug))] if seen_in(request.user, place) else []


def _seldom(request: HttpRequest, place: Organisation | Network) -> list[tuple[str, str]]:
    """What is opened now and then, in the menu of the account."""
    return _allowed(request, place, [
        (_("Requests for help"), "support_cases", Permission.OFFER_SUPPORT),
        (_("People"), "network_people", Permission.SEE_PEOPLE),
        (_("Settings"), "network_settings", Permission.MANAGE_NETWORK),
    ] if isinstance(place, Network) else [
        (_("Ask for help"), "support_ask", Permission.ASK_FOR_HELP),
        (_("People"), "organisation_people", Permission.SEE_PEOPLE),
        (_("Settings"), "organisation_settings", Permission.EDIT_ORGANISATION),
    ])  # fmt: skip


def _allowed(request: HttpRequest, place: Organisation | Network, wanted: _Wanted) -> list[tuple[str, str]]:
    access = Access.of(request.user)
    allowed = [(label, _address(name, place.slug)) for label, name, right in wanted if access.can(right, place)]
    return [(label, url) for label, url in allowed if url]


def _address(name: str, slug: str) -> str:
    """Empty while that part of the site is not there."""
    try:
        return reverse(name, args=[slug])
    except NoReverseMatch:
        return ""


def _navigation(request: HttpRequest, place: Organisation | Network) -> dict[str, list[NavItem]]:
    """Both menus, with the entry marked under which the page lies."""
    entries = _entries(request, place)
    menus = {"nav": entries[:MOST], "seldom": [*entries[MOST:], *_seldom(request, place)]}
    path = request.path
    name = getattr(request.resolver_match, "url_name", "") or ""
    if name.startswith("action") or name == "plan_download":
        # The plan lives inside the workbook's address, and under its own entry.
        path = _address("organisation_actions", place.slug)
    if name in ("return_sent", "return_download"):
        # What was sent has an address of its own, which names no place.
        path = _address("network_returns" if isinstance(place, Network) else "return_list", place.slug)
    if name.startswith("measure") and name not in ("measure_list", "measure_new"):
        path = _address("network_measures" if isinstance(place, Network) else "measure_list", place.slug)
    urls = [url for listed in menus.values() for _label, url in listed]
    best = max((url for url in urls if path.startswith(url)), key=len, default="")
    return {menu: [NavItem(label, url, url == best) for label, url in entries] for menu, entries in menus.items()}


def page_context(request: HttpRequest) -> dict[str, Any]:
    """Context of every page. An anonymous visitor and an error page get the bare shell."""
    empty: dict[str, Any] = {"nav": [], "seldom": [], "place": None, "places": [], "unread": 0, "help": None}
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return empty
    places: list[Place] = places_of(user)
    place = current_place(request, places)
    if place is None:
        return empty | {"places": places, "unread": unread_count(user)}
    return {
        **_navigation(request, place.subject),
        "place": place,
        "places": [item.marked(current=item.url == place.url) for item in places],
        "unread": unread_count(user),
        "help": scheme_contact(request.framework) if hasattr(request, "framework") else help_contact(place.subject),
    }
