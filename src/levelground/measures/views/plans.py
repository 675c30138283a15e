"""Measurement plans: which there are, one as a page to read, print and agree to."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from levelground.foundation.errors import Conflict, IllegalMove

from .. import presenters, selectors, services
from ..doors import open_place, open_plan
from ..states import Side
from .page import show


@login_required
@require_safe
def index(request: HttpRequest, organisation: str) -> HttpResponse:
    """The plans of an organisation and its teams, and how far each is agreed."""
    place = open_place(request, organisation=organisation)
    context = {
        "home": place,
        "plans": selectors.plans_in(request.user, place),
        "key_of": presenters.plan_key,
        "tag_of": presenters.plan_tag,
    }
    return show(request, "plans", context)


@login_required
@require_safe
def plan(request: HttpRequest, organisation: str, owner: str) -> HttpResponse:
    """What is followed and why, and who agreed to it: both sides together (AMHE-09)."""
    place, planner = open_plan(request, organisation, owner)
    found = selectors.plan_of(planner)
    context = {
        "home": place,
        "plan": found,
        "key": owner,
        "sides": [presenters.plan_side(found, side) for side in Side],
        "changes": presenters.plan_changes(found),
        "may_agree_as": selectors.sides_of(request.user, planner) if found.rows else [],
        "mine": found.mine(request.user),
    }
    return show(request, "plan", context)


@login_required
@require_POST
def agree(request: HttpRequest, organisation: str, owner: str) -> HttpResponse:
    _place, planner = open_plan(request, organisation, owner)
    offered = selectors.sides_of(request.user, planner)
    given: dict[str, Any] = {
        # Who can agree in one way only need not say which.
        "side": request.POST.get("side") or next(iter(offered), ""),
        "seen": request.POST.get("seen", ""),
    }
    try:
        services.agree(owner=planner, by=request.user, **given)
        messages.success(request, _("You have agreed to this plan."))
    except (Conflict, IllegalMove) as refused:
        messages.error(request, str(refused))
    return redirect("measure_plan", organisation, owner)


@login_required
@require_POST
def withdraw(request: HttpRequest, organisation: str, owner: str) -> HttpResponse:
    _place, planner = open_plan(request, organisation, owner)
    services.withdraw(owner=planner, by=request.user)
    messages.success(request, _("You have taken back that you agreed."))
    return redirect("measure_plan", organisation, owner)
