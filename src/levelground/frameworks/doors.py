"""How a view gets the framework and the version of its address: by scope, then by what the person may do there."""

from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from levelground.organisations.access import Access
from levelground.organisations.doors import remember_framework
from levelground.organisations.models import Affiliation, Network
from levelground.organisations.roles import Permission, permissions_of

from .models import Area, Framework, FrameworkVersion, Indicator, PendingImport, Standard, Theme

MODELS: dict[str, Any] = {"area": Area, "theme": Theme, "standard": Standard, "indicator": Indicator}


def may_manage(user: Any, network: Network) -> bool:
    return Access.of(user).can(Permission.MANAGE_FRAMEWORKS, network)


def _may_read(access: Access, network: Network) -> bool:
    """A role in the network that reads its frameworks, or one in a present member of it."""
    if access.can(Permission.SEE_FRAMEWORKS, network):
        return True
    places = [
        held.organisation_id
        for held in access.memberships
        if held.organisation_id and Permission.SEE_FRAMEWORKS in permissions_of(held.role)
    ]
    return Affiliation.objects.current().filter(network=network, organisation__in=places).exists()


def open_network(request: HttpRequest, slug: str, *, manage: bool = False) -> Network:
    """The network whose frameworks are asked for: 404 to a stranger, 403 to whoever may not read (or manage) them."""
    network = get_object_or_404(Network.objects.all().visible_to(request.user), slug=slug)
    access = Access.of(request.user)
    if any(held.network_id == network.pk for held in access.memberships):
        request.place = network  # type: ignore[attr-defined]  # a member's people stay in their own place
    if manage:
        access.require(Permission.MANAGE_FRAMEWORKS, network)
    elif not _may_read(access, network):
        access.require(Permission.SEE_FRAMEWORKS, network)
    return network


def open_framework(request: HttpRequest, network: str, slug: str, *, manage: bool = False) -> Framework:
    place = open_network(request, network, manage=manage)
    found = get_object_or_404(
        Framework.objects.all().visible_to(request.user).select_related("network"), network=place, slug=slug
    )
    remember_framework(request, found)
    return found


def open_version(
    request: HttpRequest, network: str, framework: str, number: int, *, manage: bool = False
) -> FrameworkVersion:
    """One version: a draft is there only for those who manage the network's frameworks."""
    found = open_framework(request, network, framework, manage=manage)
    return version_of(request, found, number)


def version_of(request: HttpRequest, framework: Framework, number: int) -> FrameworkVersion:
    version = get_object_or_404(
        FrameworkVersion.objects.all().visible_to(request.user).select_related("corrects__framework"),
        framework=framework,
        number=number,
    )
    version.framework = framework
    return version


def open_node(version: FrameworkVersion, level: str, code: str) -> Any:
    """An area, theme, standard or indicator of the version by its code, with its parent read too."""
    model = MODELS.get(level)
    if model is None:
        raise Http404
    parents = {"theme": ("area",), "standard": ("theme",), "indicator": ("standard",)}.get(level, ())
    node = get_object_or_404(model.objects.select_related(*parents), version=version, code=code)
    node.version = version
    return node


def open_upload(request: HttpRequest, network: str, number: str) -> PendingImport:
    place = open_network(request, network, manage=True)
    return get_object_or_404(
        PendingImport.objects.all().visible_to(request.user).select_related("network"), network=place, public_id=number
    )
