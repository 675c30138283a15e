"""Accepting an invitation by its link."""

from typing import Any

from allauth.account.utils import perform_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from levelground.foundation.errors import IllegalMove
from levelground.organisations import services
from levelground.organisations.forms import JoinForm
from levelground.organisations.models import Invitation
from levelground.organisations.selectors import find_invitation, has_account, is_addressed_to, place_url, places_of


def _gone(request: HttpRequest) -> HttpResponse:
    """The same page for a link that was used, has expired, was withdrawn, or never was."""
    return render(request, "organisations/join_gone.jinja", status=404)


@never_cache
@sensitive_post_parameters("password")
def join(request: HttpRequest, secret: str) -> HttpResponse:
    invitation = find_invitation(secret)
    if invitation is None:
        return _gone(request)
    if request.user.is_authenticated:
        return _join_signed_in(request, secret, invitation)
    if has_account(invitation.email):
        return render(request, "organisations/join_sign_in.jinja", {"invitation": invitation})
    return _join_newcomer(request, secret, invitation)


def _join_signed_in(request: HttpRequest, secret: str, invitation: Invitation) -> HttpResponse:
    user: Any = request.user
    if not is_addressed_to(invitation, user):
        return render(request, "organisations/join_other.jinja", {"invitation": invitation})
    if request.method != "POST":
        return render(request, "organisations/join_accept.jinja", {"invitation": invitation})
    try:
        services.accept(secret=secret, by=user)
    except IllegalMove:
        return _gone(request)
    user._access = None  # the new role counts from here on
    url = place_url(invitation.home)
    return redirect(url if any(place.url == url for place in places_of(user)) else "places")


def _join_newcomer(request: HttpRequest, secret: str, invitation: Invitation) -> HttpResponse:
    form = JoinForm(request.POST or None, initial={"name": invitation.name}, email=invitation.email)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            held = services.accept_as_newcomer(secret=secret, name=data["name"], password=data["password"])
        except IllegalMove:
            # Used meanwhile, or an account was made meanwhile: the page for that says what to do.
            return redirect("join", secret)
        url = place_url(held.home)
        known = any(place.url == url for place in places_of(held.user))
        return perform_login(request, held.user, signup=True, redirect_url=url if known else reverse("places"))
    title = _("Join %(place)s") % {"place": invitation.scope}
    return render(request, "organisations/join.jinja", {"form": form, "invitation": invitation, "title": title})
