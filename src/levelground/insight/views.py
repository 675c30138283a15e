"""The first page a person sees in each place."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from levelground.organisations.access import Access
from levelground.organisations.doors import open_network, open_organisation
from levelground.organisations.roles import Permission
from levelground.organisations.selectors import current_place, places_of

from . import selectors
from .presenters import member as member_words
from .presenters import network as network_words


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Go to the place used last; someone whose roles open no page sees which they are, and without one what to do."""
    place = current_place(request, places_of(request.user))
    if place is None and Access.of(request.user).memberships:
        return redirect("places")
    return redirect(place.url) if place else render(request, "insight/no_place.jinja")


@login_required
def organisation_home(request: HttpRequest, organisation: str) -> HttpResponse:
    """The member's year on one page."""
    place = open_organisation(request, organisation, Permission.SEE_ORGANISATION)
    person = selectors.Person.of(request.user, place)
    context = member_words.context(person, selectors.years_of(person), selectors.open_cases(person))
    return render(request, "insight/organisation_home.jinja", context)


@login_required
def network_home(request: HttpRequest, network: str) -> HttpResponse:
    """The network's year on one page, for those who oversee it."""
    place = open_network(request, network, Permission.SEE_NETWORK)
    officer = selectors.Officer.of(request.user, place)
    year = selectors.network_year(officer, request.GET.get("framework", ""))
    return render(request, "insight/network_home.jinja", network_words.context(year))
