"""The network's pages: who asks for help, and what is done about it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from levelground.foundation import clock
from levelground.foundation.calls import attempt
from levelground.foundation.errors import Conflict
from levelground.organisations.doors import open_member, open_network
from levelground.organisations.models import Affiliation
from levelground.organisations.roles import Permission

from . import presenters, selectors, services
from .doors import open_network_case
from .forms import CaseFilterForm, HandleForm, OfferForm
from .models import SupportCase
from .states import CaseSource, Side

PAGE = 50


@login_required
@require_safe
def cases(request: HttpRequest, network: str) -> HttpResponse:
    """Who asked, how long they wait, who looks after it."""
    place = open_network(request, network, Permission.OFFER_SUPPORT)
    form = CaseFilterForm({"show": "open", **request.GET.dict()})
    form.is_valid()
    wanted = selectors.CaseSearch(**{name: value for name, value in form.cleaned_data.items() if value})
    page = Paginator(selectors.cases_for(place, request.user, wanted), PAGE).get_page(request.GET.get("page"))
    stands = selectors.summary(place)
    context = {
        "network": place,
        "filter": form,
        "page": page,
        "rows": [presenters.case_view(case) for case in page],
        "summary": stands,
        "longest": presenters.span(clock.now() - stands.longest_since) if stands.longest_since else "",
        "usual": presenters.span(stands.usual) if stands.usual is not None else "",
    }
    return render(request, "support/cases.jinja", context)


def _page(request: HttpRequest, found: SupportCase, *, status: int = 200, **given: Any) -> HttpResponse:
    form = given.get("form")
    officers = selectors.officers_of(found.network)
    context = {
        **presenters.case_view(found),
        "talk": presenters.talk_view(found, selectors.talk(found, Side.NETWORK), Side.NETWORK),
        "form": form or HandleForm(case=found, officers=officers, initial=HandleForm.initial_of(found)),
        "forms": [form] if form else [],
        "both": given.get("both"),
    }
    return render(request, "support/network_case.jinja", context, status=status)


@login_required
def case(request: HttpRequest, network: str, number: str) -> HttpResponse:
    """One request, with the officers' own notes, and what to do next."""
    found = open_network_case(request, network, number)
    if request.method != "POST":
        return _page(request, found)
    officers = selectors.officers_of(found.network)
    form = HandleForm(request.POST, case=found, officers=officers)
    if not form.is_valid():
        return _page(request, found, status=422, form=form)
    try:
        done = attempt(form, lambda: services.handle(case=found, by=request.user, **form.values()))
    except Conflict as conflict:
        stands = open_network_case(request, network, number)
        again = HandleForm(presenters.renewed(form, stands.version), case=stands, officers=officers)
        return _page(request, stands, status=409, form=again, both=presenters.both_versions(conflict))
    if done is None:
        return _page(request, found, status=422, form=form)
    messages.success(request, _("Saved."))
    return redirect(found.network_url)


@login_required
def offer(request: HttpRequest, network: str, member: str) -> HttpResponse:
    """Offer help to a member that has not asked."""
    place, organisation = open_member(request, network, member, Permission.OFFER_SUPPORT)
    present = Affiliation.objects.all().visible_to(request.user).current().filter(network=place)
    if not present.filter(organisation=organisation).exists():
        raise Http404
    given = {name: request.GET[name] for name in ("about", "theme", "framework", "year") if name in request.GET}
    initial = {"source": CaseSource.OVERDUE if "year" in given else CaseSource.NOTICED, **given}
    form = OfferForm(
        request.POST if request.method == "POST" else None,
        themes=selectors.themes_for(organisation, [place]),
        initial=initial,
    )
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: services.offer_help(network=place, organisation=organisation, by=request.user, **form.values()),
        )
        if made is not None:
            messages.success(request, _("Your offer is with the member. What they answer stands here."))
            return redirect(made.network_url)
    context = {
        "network": place,
        "organisation": organisation,
        "form": form,
        "open_cases": [presenters.case_view(case) for case in selectors.open_cases_of(place, organisation)],
    }
    return render(request, "support/offer.jinja", context, status=422 if form.errors else 200)
