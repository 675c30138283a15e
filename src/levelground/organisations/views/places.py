"""Choosing where to work."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from levelground.organisations.selectors import current_place, my_places, places_of


@login_required
@require_GET
def places(request: HttpRequest) -> HttpResponse:
    """Every place of the person with the roles they hold there. Opening one remembers it."""
    mine = my_places(request.user, current_place(request, places_of(request.user)))
    return render(request, "organisations/places.jinja", {"mine": mine})
