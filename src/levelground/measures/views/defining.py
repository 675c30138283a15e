"""Defining a measure, changing its definition, putting it away."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from levelground.foundation.calls import attempt
from levelground.foundation.errors import Conflict, DomainError, Invalid
from levelground.organisations.roles import Permission

from .. import addresses, presenters, selectors, services
from ..doors import may, open_defining, open_measure
from ..forms import MeasureForm
from ..models import Measure
from .page import do, renew, show


@login_required
def new(request: HttpRequest, organisation: str | None = None, network: str | None = None) -> HttpResponse:
    """A new measure of the place or of one of its teams."""
    place, owners = open_defining(request, organisation=organisation, network=network)
    form = MeasureForm(request.POST if request.method == "POST" else None, owners=owners)
    if request.method == "POST" and form.is_valid():
        owner = form.owners[form.cleaned_data["owner"]]
        made = attempt(
            form, lambda: services.create_measure(owner=owner, definition=form.definition(), by=request.user)
        )
        if made is not None:
            messages.success(request, _("The measure is made, as a draft. Now bring its numbers."))
            return redirect("measure", made.public_id)
    context = {"home": place, "form": form, "measure": None}
    return show(request, "edit", context, status=422 if form.errors else 200)


@login_required
def edit(request: HttpRequest, number: str) -> HttpResponse:
    """Change the definition: with a reason, and with a phase or a new measure where the numbers mean something else."""
    found = open_measure(request, number, Permission.DEFINE_MEASURES)
    form = MeasureForm(request.POST if request.method == "POST" else None, measure=found)
    context: dict[str, Any] = {"home": found.home, "form": form, "measure": found}
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if _would_reveal(request, found, form):
            form.add_error("about_people", _("Only who may see exact numbers can change this, once there are numbers."))
            return show(request, "edit", context, status=422)
        try:
            done = attempt(
                form,
                lambda: services.change_measure(
                    measure=found, definition=form.definition(), reason=data["reason"], by=request.user,
                    phase_from=data["phase_from"], as_new=data["as_new"], seen_version=data["version"],
                ),
            )  # fmt: skip
        except Conflict as conflict:
            context["conflict"] = presenters.both_definitions(conflict)
            renew(form, version=conflict.theirs.version)
            return show(request, "edit", context, status=409)
        if done is not None:
            messages.success(request, _("The definition is saved."))
            return redirect("measure", done.public_id)
    return show(request, "edit", context, status=422 if form.errors else 200)


def _would_reveal(request: HttpRequest, found: Measure, form: MeasureForm) -> bool:
    """Whether the change would show hidden numbers to everybody, asked by somebody who may not see them."""
    data = form.cleaned_data
    shows = found.about_people and not data["about_people"] and not data["as_new"]
    return shows and not may(request, found, Permission.SEE_EXACT_NUMBERS) and not selectors.numbers_of(found).is_empty


@login_required
@require_POST
def publish(request: HttpRequest, number: str) -> HttpResponse:
    """Show a draft to everybody who sees measures there; what it lacks is said where it is written (WM-05)."""
    found = open_measure(request, number, Permission.DEFINE_MEASURES)
    try:
        services.publish(measure=found, by=request.user)
    except Invalid as refused:
        messages.error(request, str(refused))
        return redirect(f"{reverse('measure_edit', args=[number])}#id_{next(iter(refused.fields))}")
    except DomainError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The measure is published."))
    return redirect("measure", number)


@login_required
@require_POST
def unpublish(request: HttpRequest, number: str) -> HttpResponse:
    found = open_measure(request, number, Permission.DEFINE_MEASURES)
    do(request, _("The measure is a draft again."), services.unpublish, measure=found)
    return redirect("measure", number)


@login_required
@require_POST
def archive(request: HttpRequest, number: str) -> HttpResponse:
    found = open_measure(request, number, Permission.DEFINE_MEASURES)
    do(request, _("The measure is archived. Its numbers are kept."), services.archive, measure=found)
    return redirect(addresses.list_of(found))


@login_required
@require_POST
def restore(request: HttpRequest, number: str) -> HttpResponse:
    found = open_measure(request, number, Permission.DEFINE_MEASURES)
    do(request, _("The measure is back."), services.restore, measure=found)
    return redirect("measure", number)
