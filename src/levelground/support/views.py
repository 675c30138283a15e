"""The member's pages: asking for help, and what came of it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from levelground.foundation.calls import attempt
from levelground.foundation.errors import Conflict
from levelground.organisations.doors import open_organisation
from levelground.organisations.roles import Permission
from levelground.organisations.selectors import networks_of

from . import presenters, selectors, services
from .doors import open_case
from .forms import AskForm, CloseForm, SayForm
from .models import SupportCase
from .states import Side

PAGE = 20


@login_required
def ask(request: HttpRequest, organisation: str) -> HttpResponse:
    """Ask in two fields; below it, what was asked before."""
    place = open_organisation(request, organisation, Permission.ASK_FOR_HELP)
    networks = list(networks_of(place).order_by("pk"))
    offered: dict[str, Any] = {"networks": networks, "themes": selectors.themes_for(place, networks)}
    given = {name: request.GET[name] for name in ("about", "theme", "framework", "year") if name in request.GET}
    form = AskForm(request.POST if request.method == "POST" else None, initial=given, **offered)
    if request.method == "POST" and networks and form.is_valid():
        case = attempt(form, lambda: services.ask_for_help(organisation=place, by=request.user, **form.values()))
        if case is not None:
            messages.success(request, _("Your network has your request. It answers on this page."))
            return redirect(case.get_absolute_url())
    page = Paginator(selectors.cases_of(place, request.user), PAGE).get_page(request.GET.get("page"))
    context = {
        "organisation": place,
        "form": form if networks else None,
        "page": page,
        "rows": [presenters.case_view(case) for case in page],
    }
    return render(request, "support/ask.jinja", context, status=422 if form.errors else 200)


def _page(request: HttpRequest, found: SupportCase, *, status: int = 200, **given: Any) -> HttpResponse:
    shown = [form for form in (given.get("say_form"), given.get("close_form")) if form is not None]
    context = {
        **presenters.case_view(found),
        "talk": presenters.talk_view(found, selectors.talk(found, Side.MEMBER), Side.MEMBER),
        "say_form": given.get("say_form") or SayForm(prefix="say"),
        "close_form": given.get("close_form") or CloseForm(initial={"version": found.version}),
        "forms": shown,
        "both": given.get("both"),
    }
    return render(request, "support/case.jinja", context, status=status)


@login_required
def case(request: HttpRequest, organisation: str, number: str) -> HttpResponse:
    """One request: what was said, and a field to say more."""
    found = open_case(request, organisation, number)
    if request.method != "POST":
        return _page(request, found)
    if request.POST.get("do") == "close":
        return _close(request, found)
    form = SayForm(request.POST, prefix="say")
    done = None
    if form.is_valid():
        done = attempt(form, lambda: services.say(case=found, by=request.user, **form.cleaned_data))
    if done is not None:
        messages.success(request, _("Your message is with your network."))
        return redirect(found.get_absolute_url())
    return _page(request, found, status=422, say_form=form)


def _close(request: HttpRequest, found: SupportCase) -> HttpResponse:
    form = CloseForm(request.POST)
    if not form.is_valid():
        return _page(request, found, status=422, close_form=form)
    data = dict(form.cleaned_data)
    seen = data.pop("version")
    try:
        done = attempt(
            form, lambda: services.close(case=found, by=request.user, seen_version=seen, **data)
        )  # fmt: skip
    except Conflict as conflict:
        again = CloseForm(presenters.renewed(form, conflict.theirs.version))
        stands = open_case(request, found.organisation.slug, found.public_id)
        return _page(request, stands, status=409, close_form=again, both=presenters.both_versions(conflict))
    if done is None:
        return _page(request, found, status=422, close_form=form)
    messages.success(request, _("The request is closed. You can write here again at any time."))
    return redirect(found.get_absolute_url())
