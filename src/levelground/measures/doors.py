"""How a view gets the place or the measure of its address: by scope, then by what one may do there."""

from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from levelground.organisations.access import Access
from levelground.organisations.doors import open_network, remember
from levelground.organisations.models import Network, Organisation, Team
from levelground.organisations.roles import Permission

from .models import Annotation, LeftOut, Measure, MeasurePhase, Target
from .selectors import owners_of, seen_in
from .selectors.listing import Owner, organisation_of


def _remember(request: HttpRequest, home: Organisation | Network) -> None:
    """The header shows the place, unless its home page is closed to the person (a coach of one of its teams)."""
    wanted = Permission.SEE_NETWORK if isinstance(home, Network) else Permission.SEE_ORGANISATION
    if Access.of(request.user).can(wanted, home):
        remember(request, home)


def open_place(request: HttpRequest, *, organisation: str | None = None, network: str | None = None) -> Any:
    """The network or the organisation whose measures, or whose teams' measures, the person sees."""
    if network is not None:
        return open_network(request, network, Permission.SEE_MEASURES)
    place = organisation_of(organisation or "")
    if place is None or not seen_in(request.user, place):
        raise Http404
    _remember(request, place)
    return place


def open_defining(
    request: HttpRequest, *, organisation: str | None = None, network: str | None = None
) -> tuple[Any, list[Owner]]:
    """The place, and whose measures the person may define there; 403 when nobody's."""
    place = open_place(request, organisation=organisation, network=network)
    owners = owners_of(request.user, place)
    if not owners:
        Access.of(request.user).require(Permission.DEFINE_MEASURES, place)
    return place, owners


def open_plan(request: HttpRequest, organisation: str, owner: str) -> tuple[Organisation, Organisation | Team]:
    """The organisation, and whose plan it is: its own (``whole``) or that of one of its teams. An archived team agrees
    to nothing any more, and its plan is not listed."""
    place = open_place(request, organisation=organisation)
    planner: Organisation | Team = place
    if owner != "whole":
        planner = get_object_or_404(Team, organisation=place, public_id=owner, archived_at__isnull=True)
    if not Access.of(request.user).can(Permission.SEE_MEASURES, planner):
        raise Http404
    return place, planner


def open_measure(request: HttpRequest, number: str, permission: Permission = Permission.SEE_MEASURES) -> Measure:
    """404 to whoever may not see it; 403 to whoever sees it without ``permission``."""
    rows = Measure.objects.all().visible_to(request.user)
    found = get_object_or_404(rows.select_related("network", "organisation", "team__organisation"), public_id=number)
    _remember(request, found.home)
    Access.of(request.user).require(permission, found.scope)
    return found


def may(request: HttpRequest, measure: Measure, permission: Permission) -> bool:
    return Access.of(request.user).can(permission, measure.scope)


def target_of(measure: Measure, number: str) -> Target:
    return get_object_or_404(measure.targets.filter(removed_at__isnull=True), public_id=number)


def phase_of(measure: Measure, number: str) -> MeasurePhase:
    return get_object_or_404(measure.phases.filter(removed_at__isnull=True), public_id=number)


def left_out_of(measure: Measure, number: str) -> LeftOut:
    return get_object_or_404(measure.left_out.filter(removed_at__isnull=True), public_id=number)


def note_of(measure: Measure, number: str) -> Annotation:
    return get_object_or_404(measure.annotations.filter(removed_at__isnull=True), public_id=number)
