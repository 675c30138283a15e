"""The calendar and the figures, as officers set them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from levelground.foundation import clock, formats
from levelground.foundation.errors import Conflict, DomainError
from levelground.organisations.roles import Permission

from .. import presenters, rules, services
from ..doors import open_figure, open_framework, open_quarter
from ..forms import DatesForm, FigureForm, YearForm
from ..models import ReturnFigure, ReturnQuarter
from ..names import year_name
from ..selectors import network as selectors
from ..selectors.calendar import may_be_removed
from .page import show


def _next_year(quarters: list[ReturnQuarter]) -> dict[str, Any]:
    """What the form of a new year proposes: as the last one was."""
    proposed: dict[str, Any] = {"on_time": rules.ON_TIME_MONTHS, "locked": rules.LOCKED_MONTHS}
    if not quarters:
        today = clock.today()
        return proposed | {
            "first_month": rules.FIRST_MONTH,
            "year": today.year if today.month >= rules.FIRST_MONTH else today.year - 1,
        }
    last = quarters[-1]
    return proposed | {"first_month": rules.month_on(last.ends_on, 1).month, "year": last.year + 1}


@login_required
def quarters(request: HttpRequest, network: str, framework: str) -> HttpResponse:
    """All quarters with their dates; and the four of a new year in one step."""
    place = open_framework(request, network, framework, Permission.MANAGE_CYCLES)
    known = selectors.quarters_of(place)
    form = YearForm(request.POST if request.method == "POST" else None, initial=_next_year(known))
    if request.method == "POST" and form.is_valid():
        made = presenters.attempt(
            form, lambda: services.open_year(framework=place, by=request.user, **form.cleaned_data)
        )
        if made:
            messages.success(request, _("The four quarters of %(year)s are made.") % {"year": year_name(made[0])})
            return redirect("return_quarters", network, framework)
    context = {
        "network": place.network,
        "framework": place,
        "years": presenters.quarters_by_year(known),
        "removable": known[-1].year if may_be_removed(known[-4:]) else None,
        "form": form,
        "may_manage": True,
        "here": "quarters",
    }
    return show(request, "quarters", context, status=422 if form.errors else 200)


@login_required
@require_POST
def year_remove(request: HttpRequest, network: str, framework: str, year: int) -> HttpResponse:
    place = open_framework(request, network, framework, Permission.MANAGE_CYCLES)
    try:
        services.remove_year(framework=place, year=year, by=request.user)
        messages.success(request, _("The year is taken away."))
    except DomainError as refused:
        messages.error(request, str(refused))
    return redirect("return_quarters", network, framework)


@login_required
def quarter(request: HttpRequest, network: str, framework: str, year: int, quarter: int) -> HttpResponse:
    """Change the two dates of a quarter, with a reason; what was changed before stands below."""
    found = open_quarter(request, network, framework, year, quarter)
    form = DatesForm(request.POST if request.method == "POST" else None, initial=DatesForm.initial_of(found))
    context: dict[str, Any] = {"network": found.framework.network, "framework": found.framework, "quarter": found}
    status = 200
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            done = presenters.attempt(
                form,
                lambda: services.change_dates(
                    quarter=found, on_time_by=data["on_time_by"], locked_on=data["locked_on"], reason=data["reason"],
                    seen_version=data["version"], by=request.user,
                ),
            )  # fmt: skip
        except Conflict as conflict:
            status, context["conflict"] = 409, _both_dates(conflict)
            presenters.renew(form, conflict.theirs.version)
        else:
            if done is not None:
                messages.success(request, _("The dates are saved."))
                return redirect("return_quarters", network, framework)
            status = 422
    context |= {"form": form, "changes": list(found.changes.select_related("by"))}
    return show(request, "quarter", context, status=status)


def _both_dates(conflict: Conflict) -> dict[str, Any]:
    labels = {"on_time_by": _("On time until"), "locked_on": _("Open until")}
    rows = [
        {
            "label": label,
            "theirs": formats.date(getattr(conflict.theirs, name)),
            "yours": formats.date(conflict.yours[name]),
        }
        for name, label in labels.items()
    ]
    return {"message": str(conflict), "rows": rows, "who": "", "when": None}


@login_required
def figures(request: HttpRequest, network: str, framework: str) -> HttpResponse:
    """What the returns ask for; and one more figure."""
    place = open_framework(request, network, framework, Permission.MANAGE_CYCLES)
    form = FigureForm(
        request.POST if request.method == "POST" else None,
        quarters=selectors.quarters_of(place),
        initial={"kind": "count", "required": True},
    )
    if request.method == "POST" and form.is_valid():
        made = presenters.attempt(form, lambda: services.add_figure(framework=place, by=request.user, **form.values()))
        if made is not None:
            messages.success(request, _("The figure “%(name)s” is added.") % {"name": made})
            return redirect("return_figures", network, framework)
    known = ReturnFigure.objects.all().visible_to(request.user).filter(framework=place)
    context = {
        "network": place.network,
        "framework": place,
        "figures": list(known.select_related("from_quarter", "until_quarter")),
        "form": form,
        "may_manage": True,
        "here": "figures",
    }
    return show(request, "figures", context, status=422 if form.errors else 200)


@login_required
def figure(request: HttpRequest, network: str, framework: str, code: str) -> HttpResponse:
    """Change a figure: its words, whether it must be given, from when until when it is asked."""
    found = open_figure(request, network, framework, code)
    form = FigureForm(
        request.POST if request.method == "POST" else None,
        quarters=selectors.quarters_of(found.framework), figure=found, initial=FigureForm.initial_of(found),
    )  # fmt: skip
    context: dict[str, Any] = {"network": found.framework.network, "framework": found.framework, "figure": found}
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            done = presenters.attempt(
                form,
                lambda: services.change_figure(
                    figure=found, by=request.user, seen_version=form.cleaned_data["version"], **form.values()
                ),
            )
        except Conflict as conflict:
            status, context["conflict"] = 409, {"message": str(conflict), "rows": [], "who": "", "when": None}
            context["stands"] = conflict.theirs
            presenters.renew(form, conflict.theirs.version)
        else:
            if done is not None:
                messages.success(request, _("The figure is saved."))
                return redirect("return_figures", network, framework)
            status = 422
    return show(request, "figure", context | {"form": form}, status=status)


@login_required
@require_POST
def figure_move(request: HttpRequest, network: str, framework: str, code: str) -> HttpResponse:
    found = open_figure(request, network, framework, code)
    try:
        services.move_figure(figure=found, up=request.POST.get("to") == "up", by=request.user)
    except DomainError as refused:
        messages.error(request, str(refused))
    return redirect("return_figures", network, framework)
