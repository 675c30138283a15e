"""The members of a network."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from levelground.foundation import clock
from levelground.foundation.calls import attempt
from levelground.organisations import services
from levelground.organisations.access import Access
from levelground.organisations.doors import open_member, open_network
from levelground.organisations.forms import ExistingMemberForm, LeaveForm, MemberFilterForm, NewMemberForm, RejoinForm
from levelground.organisations.models import Affiliation
from levelground.organisations.presenters import affiliation_span
from levelground.organisations.roles import Permission
from levelground.organisations.selectors import (
    is_led,
    lead_invitations,
    leads_of,
    member_rows,
    members_of,
    regions_of,
    stands_in,
)

PAGE = 50


@login_required
@require_GET
def members(request: HttpRequest, network: str) -> HttpResponse:
    place = open_network(request, network, Permission.SEE_NETWORK)
    form = MemberFilterForm(request.GET, regions=regions_of(place))
    wanted = form.search()
    page = Paginator(members_of(place, request.user, wanted), PAGE).get_page(request.GET.get("page"))
    context = {
        "network": place,
        "filter": form,
        "wanted": wanted,
        "page": page,
        "rows": member_rows(list(page)),
        "may_manage": Access.of(request.user).can(Permission.MANAGE_NETWORK, place),
    }
    return render(request, "organisations/members.jinja", context)


@login_required
def member_add(request: HttpRequest, network: str) -> HttpResponse:
    """An organisation that is new here."""
    place = open_network(request, network, Permission.MANAGE_NETWORK)
    form = NewMemberForm(request.POST or None, initial={"joined_on": clock.today()})
    if request.method == "POST" and form.is_valid():
        added = attempt(form, lambda: services.add_member(network=place, by=request.user, **form.values()))
        if added is not None:
            messages.success(request, _("%(name)s is a member now.") % {"name": added})
            return redirect("network_member", place.slug, added.slug)
    return render(request, "organisations/member_add.jinja", {"network": place, "form": form, "existing": False})


@login_required
def member_add_existing(request: HttpRequest, network: str) -> HttpResponse:
    """An organisation that uses Levelground already: it gives the network its code."""
    place = open_network(request, network, Permission.MANAGE_NETWORK)
    form = ExistingMemberForm(request.POST or None, initial={"joined_on": clock.today()})
    if request.method == "POST" and form.is_valid():
        joined = attempt(
            form,
            lambda: services.affiliate(
                network=place, organisation=form.organisation, joined_on=form.cleaned_data["joined_on"],
                by=request.user,
            ),
        )  # fmt: skip
        if joined is not None:
            messages.success(request, _("%(name)s is a member now.") % {"name": joined.organisation})
            return redirect("network_member", place.slug, joined.organisation.slug)
    return render(request, "organisations/member_add.jinja", {"network": place, "form": form, "existing": True})


@login_required
@require_GET
def member(request: HttpRequest, network: str, member: str) -> HttpResponse:
    """One member: what the network knows of it, when it joined and left, who leads there."""
    place, organisation = open_member(request, network, member, Permission.SEE_NETWORK)
    rows = Affiliation.objects.all().visible_to(request.user).filter(network=place, organisation=organisation)
    spans = list(rows.order_by("-joined_on", "-pk"))
    left_on = spans[0].left_on
    access = Access.of(request.user)
    context = {
        "network": place,
        "organisation": organisation,
        "affiliations": [{"span": affiliation_span(span), "reason": span.left_reason} for span in spans],
        "is_member": left_on is None or left_on > clock.today(),
        "led": is_led(organisation),
        "leads": leads_of(organisation, request.user),
        "invitations": lead_invitations(organisation, request.user),
        "may_manage": access.can(Permission.MANAGE_NETWORK, place),
        "stands_in": stands_in(request.user, organisation),
        "sees_people": access.can(Permission.SEE_PEOPLE, organisation),
    }
    return render(request, "organisations/member.jinja", context)


@login_required
def member_leave(request: HttpRequest, network: str, member: str) -> HttpResponse:
    place, organisation = open_member(request, network, member, Permission.MANAGE_NETWORK)
    form = LeaveForm(request.POST or None, initial={"left_on": clock.today()})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = attempt(form, lambda: services.leave(network=place, organisation=organisation, by=request.user, **data))
        if done is not None:
            messages.success(request, _("The end of the membership is saved."))
            return redirect("network_member", place.slug, organisation.slug)
    context = {"network": place, "organisation": organisation, "form": form, "leaving": True}
    return render(request, "organisations/member_change.jinja", context)


@login_required
def member_rejoin(request: HttpRequest, network: str, member: str) -> HttpResponse:
    place, organisation = open_member(request, network, member, Permission.MANAGE_NETWORK)
    form = RejoinForm(request.POST or None, initial={"joined_on": clock.today()})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = attempt(
            form, lambda: services.affiliate(network=place, organisation=organisation, by=request.user, **data)
        )
        if done is not None:
            messages.success(request, _("%(name)s is a member again.") % {"name": organisation})
            return redirect("network_member", place.slug, organisation.slug)
    context = {"network": place, "organisation": organisation, "form": form, "leaving": False}
    return render(request, "organisations/member_change.jinja", context)
