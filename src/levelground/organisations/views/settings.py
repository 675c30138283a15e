"""Details of organisations and networks, teams, and what changed."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from levelground.foundation.calls import attempt
from levelground.foundation.errors import Conflict, DomainError
from levelground.organisations import services
from levelground.organisations.access import Access
from levelground.organisations.doors import open_details, open_network, open_organisation, open_team
from levelground.organisations.forms import NetworkForm, OrganisationForm, TeamForm
from levelground.organisations.models import Network, Organisation
from levelground.organisations.presenters import both_versions, change_rows
from levelground.organisations.roles import Permission
from levelground.organisations.selectors import changes_of
from levelground.organisations.services.details import details_of

PAGE = 50


def _renewed(form: Any, version: int) -> None:
    """What was typed stays; sent once more, it counts as a knowing choice."""
    form.data = form.data.copy()
    form.data["version"] = version


@login_required
def organisation_settings(request: HttpRequest, organisation: str) -> HttpResponse:
    place = open_details(request, organisation)
    form = OrganisationForm(request.POST or None, initial=OrganisationForm.initial_of(place))
    context: dict[str, Any] = {"organisation": place, "form": form, "teams": list(place.teams.all())}
    context["may_edit_teams"] = Access.of(request.user).can(Permission.EDIT_ORGANISATION, place)
    status = 200
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["version"]
        try:
            services.save_organisation(organisation=place, seen_version=seen, by=request.user, **form.values())
        except Conflict as conflict:
            status, context["conflict"] = 409, both_versions(conflict, details_of(conflict.theirs))
            _renewed(form, conflict.theirs.version)
        else:
            messages.success(request, _("The details are saved."))
            return redirect("organisation_settings", place.slug)
    return render(request, "organisations/organisation_settings.jinja", context, status=status)


@login_required
def network_settings(request: HttpRequest, network: str) -> HttpResponse:
    place = open_network(request, network, Permission.MANAGE_NETWORK)
    form = NetworkForm(request.POST or None, initial=NetworkForm.initial_of(place))
    context: dict[str, Any] = {"network": place, "form": form}
    status = 200
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["version"]
        try:
            services.save_network(network=place, seen_version=seen, by=request.user, **form.values())
        except Conflict as conflict:
            status, context["conflict"] = 409, both_versions(conflict, details_of(conflict.theirs))
            _renewed(form, conflict.theirs.version)
        else:
            messages.success(request, _("The details are saved."))
            return redirect("network_settings", place.slug)
    return render(request, "organisations/network_settings.jinja", context, status=status)


@login_required
def team_add(request: HttpRequest, organisation: str) -> HttpResponse:
    place = open_organisation(request, organisation, Permission.EDIT_ORGANISATION)
    form = TeamForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        team = attempt(form, lambda: services.add_team(organisation=place, name=form.bilingual_name, by=request.user))
        if team is not None:
            messages.success(request, _("The team %(name)s is added.") % {"name": team})
            return redirect("organisation_settings", place.slug)
    return render(request, "organisations/team.jinja", {"organisation": place, "form": form, "team": None})


@login_required
def team(request: HttpRequest, organisation: str, number: str) -> HttpResponse:
    """Rename a team."""
    found = open_team(request, organisation, number)
    form = TeamForm(request.POST or None, initial=TeamForm.initial_of(found))
    context: dict[str, Any] = {"organisation": found.organisation, "form": form, "team": found}
    status = 200
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["version"]
        try:
            done = attempt(
                form,
                lambda: services.rename_team(team=found, name=form.bilingual_name, seen_version=seen, by=request.user),
            )
        except Conflict as conflict:
            status = 409
            context["conflict"] = both_versions(conflict, {"name": conflict.theirs.name.as_dict()})
            _renewed(form, conflict.theirs.version)
        else:
            if done is not None:
                messages.success(request, _("The new name is saved."))
                return redirect("organisation_settings", organisation)
    return render(request, "organisations/team.jinja", context, status=status)


@login_required
@require_POST
def team_archive(request: HttpRequest, organisation: str, number: str) -> HttpResponse:
    found = open_team(request, organisation, number)
    try:
        services.archive_team(team=found, by=request.user)
        messages.success(request, _("The team %(name)s is archived. You can restore it.") % {"name": found})
    except DomainError as refused:
        messages.error(request, str(refused))
    return redirect("organisation_settings", organisation)


@login_required
@require_POST
def team_restore(request: HttpRequest, organisation: str, number: str) -> HttpResponse:
    found = open_team(request, organisation, number)
    try:
        services.restore_team(team=found, by=request.user)
        messages.success(request, _("The team %(name)s is back.") % {"name": found})
    except DomainError as refused:
        messages.error(request, str(refused))
    return redirect("organisation_settings", organisation)


@login_required
@require_GET
def changes(request: HttpRequest, organisation: str | None = None, network: str | None = None) -> HttpResponse:
    """The history of a place."""
    place: Network | Organisation
    if network is not None:
        place = open_network(request, network, Permission.MANAGE_NETWORK)
    else:
        place = open_organisation(request, organisation or "", Permission.EDIT_ORGANISATION)
    page = Paginator(changes_of(place, request.user), PAGE).get_page(request.GET.get("page"))
    context = {"subject": place, "page": page, "rows": change_rows(list(page), place), "kind": place.scope_kind.value}
    return render(request, "organisations/changes.jinja", context)
