"""The network's years: the list of them, opening one, its dates, what it asks for, and what members often lack."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from levelground.foundation import clock, formats
from levelground.foundation.calls import attempt
from levelground.foundation.errors import Conflict
from levelground.foundation.exports.files import attachment
from levelground.frameworks.models import Framework
from levelground.organisations.doors import open_network
from levelground.organisations.roles import Permission

from . import network_files, network_gaps, network_reads, network_selectors, services
from .forms_network import CycleForm, DatesForm, SeenForm, document_rows
from .models import Cycle
from .network_doors import may, open_cycle, open_framework, page
from .network_words import both_lists, both_versions, cycle_url, renew, tally_bar
from .selectors import current_cycles
from .services import network
from .services.cycles import previous_documents

HISTORY_PAGE, OFTEN = 50, 20


@login_required
@require_safe
def cycles(request: HttpRequest, network: str) -> HttpResponse:
    """The years of each framework, and where members are in those that are on."""
    place = open_network(request, network, Permission.SEE_PROGRESS)
    frameworks = Framework.objects.all().visible_to(request.user).filter(network=place).order_by("pk")
    known = Cycle.objects.all().visible_to(request.user).filter(framework__network=place)
    years: dict[int, list[Cycle]] = {}
    for cycle in known.select_related("framework__network", "framework_version"):
        years.setdefault(cycle.framework_id, []).append(cycle)
    now = {cycle.framework_id: (cycle, network_selectors.where(cycle)) for cycle in current_cycles(place)}
    rows = [(one, now.get(one.pk), years.get(one.pk, [])) for one in frameworks]
    context = {"network": place, "rows": rows, "may": may(request, place), "today": clock.today(), "at": cycle_url}
    return render(request, "cycles/network_cycles.jinja", context)


@login_required
def open_year(request: HttpRequest, network: str, framework: str) -> HttpResponse:
    """Begin a year for every member."""
    place = open_framework(request, network, framework, Permission.MANAGE_CYCLES)
    versions = network_reads.versions(place)
    newest = versions.order_by("-number").first()
    data = request.POST if request.method == "POST" else None
    form = CycleForm(data, versions=versions, initial=network_reads.proposed(place, newest))
    rows = document_rows(data, previous_documents(place))
    if data is not None and form.is_valid() & rows.is_valid():
        made = attempt(
            form,
            lambda: services.open_cycle(
                framework=place, by=request.user, documents=rows.documents(), **form.cleaned_data
            ),
        )
        if made is not None:
            count = network_reads.parts(made)
            text = ngettext("The year is open for %(num)s member.", "The year is open for %(num)s members.", count)
            messages.success(request, text % {"num": formats.number(count)})
            return redirect(cycle_url(made))
    context = {
        "network": place.network, "framework": place, "form": form, "rows": rows, "forms": [form, rows],
        "audience": network_reads.audience(place), "publishable": newest is not None,
    }  # fmt: skip
    return render(request, "cycles/network_open.jinja", context, status=422 if data is not None else 200)


@login_required
def dates(request: HttpRequest, network: str, framework: str, year: int) -> HttpResponse:
    """Opening day, deadline and version of a year; with the history of its deadlines."""
    cycle = open_cycle(request, network, framework, year, Permission.MANAGE_CYCLES)
    data = request.POST if request.method == "POST" else None
    fixed = network_reads.anything_sent(cycle)
    form = DatesForm(data, cycle=cycle, versions=network_reads.versions(cycle.framework), fixed=fixed)
    both = None
    if data is not None and form.is_valid():
        try:
            if attempt(form, lambda: _change(cycle, form, request.user)) is not None:
                messages.success(request, _("The dates are saved."))
                return redirect(cycle_url(cycle))
        except Conflict as conflict:
            both = both_versions(conflict, form)
            renew(form, "version", conflict.theirs.version)
    status = 409 if both else 422 if data is not None else 200
    context = page(request, cycle, form=form, both=both, here="dates") | {
        "page": Paginator(network_reads.extensions(cycle), HISTORY_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "cycles/network_dates.jinja", context, status=status)


def _change(cycle: Cycle, form: DatesForm, by: Any) -> Cycle:
    sent = dict(form.cleaned_data)
    return network.change_dates(cycle=cycle, by=by, seen_version=sent.pop("version"), **sent)


@login_required
def documents(request: HttpRequest, network: str, framework: str, year: int) -> HttpResponse:
    """What members send with their snapshot; fixed from the day that the first one has come."""
    cycle = open_cycle(request, network, framework, year, Permission.MANAGE_CYCLES)
    asked = list(cycle.documents.all())
    fixed = any(one.fixed for one in asked) or network_reads.anything_sent(cycle)
    data = request.POST if request.method == "POST" else None
    form, rows, both = SeenForm(data, initial={"version": cycle.version}), document_rows(data, asked), None
    if data is not None and form.is_valid() & rows.is_valid():
        try:
            if attempt(form, lambda: _ask_for(cycle, form, rows, request.user)) is not None:
                messages.success(request, _("What this year asks for is saved."))
                return redirect(cycle_url(cycle))
        except Conflict as conflict:
            both = both_lists(conflict, asked)
            renew(form, "version", conflict.theirs.version)
    status = 409 if both else 422 if data is not None else 200
    context = page(request, cycle, form=form, rows=rows, both=both, here="documents", asked=asked, fixed=fixed)
    return render(request, "cycles/network_documents.jinja", context | {"forms": [form, rows]}, status=status)


def _ask_for(cycle: Cycle, form: SeenForm, rows: Any, by: Any) -> Any:
    return services.set_documents(
        cycle=cycle, documents=rows.documents(), by=by, seen_version=form.cleaned_data["version"]
    )


@login_required
@require_safe
def gaps(request: HttpRequest, network: str, framework: str, year: int) -> HttpResponse:
    """Which indicators members say "not yet" of most often, and the themes over the years."""
    cycle = open_cycle(request, network, framework, year, Permission.SEE_SUBMITTED)
    found, everything = network_gaps.gaps(cycle, theme=request.GET.get("theme", "")), request.GET.get("show") == "all"
    often = found.tallies if everything else [row for row in found.tallies if row.not_yet][:OFTEN]
    context = page(request, cycle, here="gaps", found=found, often=often, everything=everything, tally_bar=tally_bar)
    return render(request, "cycles/network_gaps.jinja", context)


@login_required
@require_safe
def gaps_download(request: HttpRequest, network: str, framework: str, year: int) -> HttpResponse:
    cycle = open_cycle(request, network, framework, year, Permission.SEE_SUBMITTED)
    found = network_gaps.gaps(cycle, theme=request.GET.get("theme", ""))
    return attachment(*network_files.gaps_file(cycle, found))
