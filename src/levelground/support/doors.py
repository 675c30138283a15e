"""How a view gets the request for help in its address: by scope, then by what one may do there."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from levelground.organisations.doors import open_network, open_organisation
from levelground.organisations.roles import Permission

from .models import SupportCase

_WITH = ("organisation", "network", "theme", "opened_by", "assigned_to")


def open_case(request: HttpRequest, organisation: str, number: str) -> SupportCase:
    """A case of the member, for those who ask in its name."""
    place = open_organisation(request, organisation, Permission.ASK_FOR_HELP)
    rows = SupportCase.objects.all().visible_to(request.user).select_related(*_WITH)
    return get_object_or_404(rows, organisation=place, public_id=number)


def open_network_case(request: HttpRequest, network: str, number: str) -> SupportCase:
    """A case in the network, for those who offer support."""
    place = open_network(request, network, Permission.OFFER_SUPPORT)
    rows = SupportCase.objects.all().visible_to(request.user).select_related(*_WITH)
    return get_object_or_404(rows, network=place, public_id=number)
