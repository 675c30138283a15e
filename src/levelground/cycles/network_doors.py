"""How a network's view gets the framework, the cycle or the submission of its address: by scope, then by permission."""

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from levelground.frameworks.models import Framework
from levelground.organisations.access import Access
from levelground.organisations.doors import open_network, remember_framework
from levelground.organisations.models import Network
from levelground.organisations.roles import Permission

from .models import Cycle, Submission
from .network_words import cycle_url


def open_framework(request: HttpRequest, network: str, framework: str, permission: Permission) -> Framework:
    """404 to a stranger and for another network's framework; 403 in the network without ``permission``."""
    place = open_network(request, network, permission)
    found = get_object_or_404(Framework.objects.all().visible_to(request.user), network=place, slug=framework)
    return _named(request, found, place)


def open_cycle(request: HttpRequest, network: str, framework: str, year: int, permission: Permission) -> Cycle:
    place = open_network(request, network, permission)
    rows = Cycle.objects.all().visible_to(request.user).select_related("framework", "framework_version", "created_by")
    found = get_object_or_404(rows, framework__network=place, framework__slug=framework, year=year)
    found.framework = _named(request, found.framework, place)
    return found


def open_part(
    request: HttpRequest, network: str, framework: str, year: int, member: str, *,
    permission: Permission = Permission.SEE_PROGRESS,
) -> Submission:  # fmt: skip
    """One present member's part in a cycle."""
    cycle = open_cycle(request, network, framework, year, permission)
    rows = Submission.objects.all().visible_to(request.user).select_related("organisation", "workbook__version")
    found = get_object_or_404(rows, cycle=cycle, active=True, organisation__slug=member)
    found.cycle = cycle
    return found


def may(request: HttpRequest, network: Network) -> dict[str, bool]:
    """What the person may do with a network's cycles."""
    access = Access.of(request.user)
    return {
        "manage": access.can(Permission.MANAGE_CYCLES, network),
        "open_snapshots": access.can(Permission.SEE_SUBMITTED, network),
        "support": access.can(Permission.OFFER_SUPPORT, network),
    }


def page(request: HttpRequest, cycle: Cycle, **more: Any) -> dict[str, Any]:
    """What every page of a cycle shows."""
    return {"network": cycle.network, "cycle": cycle, "may": may(request, cycle.network), "at": cycle_url, **more}


def _named(request: HttpRequest, framework: Framework, place: Network) -> Framework:
    framework.network = place
    # The footer of the scheme's pages names the scheme's own contact (MQM-10).
    remember_framework(request, framework)
    return framework
