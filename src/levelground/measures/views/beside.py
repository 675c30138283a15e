"""Targets, phases, what is left out and notes: what stands beside the numbers."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from levelground.foundation.calls import attempt
from levelground.foundation.errors import Conflict
from levelground.organisations.roles import Permission

from .. import presenters, selectors, services
from ..doors import left_out_of, note_of, open_measure, phase_of, target_of
from ..forms import ChangeNoteForm, LeaveOutForm, NoteForm, PhaseForm, ReasonForm, TargetForm
from ..models import Measure
from .page import do, renew, rights, show


@dataclass(frozen=True)
class Kept:
    """A kind of thing that people put beside the numbers: its page, its form, who may, the act, what is said of it."""

    page: str
    form: type[forms.Form]
    permission: Permission
    act: Callable[..., Any]
    said: Any


TARGETS = Kept(
    "targets", TargetForm, Permission.DEFINE_MEASURES, services.set_target, gettext_lazy("The target is saved.")
)
PHASES = Kept(
    "phases", PhaseForm, Permission.DEFINE_MEASURES, services.start_phase, gettext_lazy("The phase is begun.")
)
LEFT_OUT = Kept(
    "left_out", LeaveOutForm, Permission.DEFINE_MEASURES, services.leave_out,
    gettext_lazy("The number is left out of the limits. It stays on the chart."),
)  # fmt: skip
NOTES = Kept("notes", NoteForm, Permission.ENTER_MEASURES, services.add_note, gettext_lazy("The note is saved."))


def _page(request: HttpRequest, template: str, found: Any, form: Any, **more: Any) -> HttpResponse:
    back = request.POST.get("from") == "chart"
    context = {
        "measure": found,
        "beside": selectors.beside(found),
        "form": form,
        "back": back,
        "proposed": "proposed" in request.POST,
    }
    return show(request, template, {**context, **rights(request, found), **more}, status=422 if form.errors else 200)


def _kept(request: HttpRequest, number: str, kind: Kept) -> HttpResponse:
    """What stands there, and one more. What was begun on the chart's page ends there."""
    writes = request.method == "POST"
    found = open_measure(request, number, kind.permission if writes else Permission.SEE_MEASURES)
    form = kind.form(request.POST if writes else None)
    if writes and form.is_valid():
        more = {"proposed": True} if kind is PHASES and _was_proposed(request, found, form) else {}
        if attempt(form, partial(kind.act, measure=found, by=request.user, **form.cleaned_data, **more)) is not None:
            messages.success(request, str(kind.said))
            if request.POST.get("from") == "chart":
                return redirect(reverse("measure", args=[number]) + "#chart")
            return redirect(f"measure_{kind.page}", number)
    return _page(request, kind.page, found, form)


def _was_proposed(request: HttpRequest, measure: Measure, form: forms.Form) -> bool:
    """Whether the chart proposes a phase from the day that was chosen; asked anew, not believed."""
    if "proposed" not in request.POST:
        return False
    from .. import charting

    numbers = selectors.numbers_of(measure)
    proposal = charting.proposal_of(charting.Charted(measure, numbers, selectors.beside(measure)))
    return proposal is not None and bool(proposal.proposal.x == form.cleaned_data["starts_on"])


@login_required
def targets(request: HttpRequest, number: str) -> HttpResponse:
    """The targets and from when they count (LPF-12); and one more."""
    return _kept(request, number, TARGETS)


@login_required
def phases(request: HttpRequest, number: str) -> HttpResponse:
    """The phases with their reasons; and one more (a rebase)."""
    return _kept(request, number, PHASES)


@login_required
def left_out(request: HttpRequest, number: str) -> HttpResponse:
    """The numbers that limits and rules pass over, with their reasons; and one more."""
    return _kept(request, number, LEFT_OUT)


@login_required
def notes(request: HttpRequest, number: str) -> HttpResponse:
    """What happened and when; and one more note."""
    return _kept(request, number, NOTES)


@login_required
@require_POST
def left_out_take_back(request: HttpRequest, number: str, left_out: str) -> HttpResponse:
    found = open_measure(request, number, Permission.DEFINE_MEASURES)
    do(request, _("The number counts again."), services.take_back, left_out=left_out_of(found, left_out))
    return redirect("measure_left_out", number)


@login_required
@require_POST
def target_remove(request: HttpRequest, number: str, target: str) -> HttpResponse:
    found = open_measure(request, number, Permission.DEFINE_MEASURES)
    do(request, _("The target is removed."), services.remove_target, target=target_of(found, target))
    return redirect("measure_targets", number)


@login_required
def phase_remove(request: HttpRequest, number: str, phase: str) -> HttpResponse:
    """Take a phase back, with a reason."""
    found = open_measure(request, number, Permission.DEFINE_MEASURES)
    row = phase_of(found, phase)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(form, lambda: services.remove_phase(phase=row, reason=reason, by=request.user) or True):
            messages.success(request, _("The phase is taken away."))
            return redirect("measure_phases", number)
    return _page(request, "phase_remove", found, form, phase=row)


@login_required
def note(request: HttpRequest, number: str, note: str) -> HttpResponse:
    """Put a note right."""
    found = open_measure(request, number, Permission.ENTER_MEASURES)
    row = note_of(found, note)
    start = {"on": row.on, "text": row.text, "version": row.version}
    form = ChangeNoteForm(request.POST if request.method == "POST" else None, initial=start)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            done = attempt(
                form,
                lambda: services.change_note(
                    note=row, on=data["on"], text=data["text"], by=request.user, seen_version=data["version"]
                ),
            )
        except Conflict as conflict:
            renew(form, version=conflict.theirs.version)
            context = {"measure": found, "form": form, "note": row, "conflict": presenters.both_notes(conflict)}
            return show(request, "note", context, status=409)
        if done is not None:
            messages.success(request, _("The note is saved."))
            return redirect("measure_notes", number)
    return _page(request, "note", found, form, note=row)


@login_required
@require_POST
def note_remove(request: HttpRequest, number: str, note: str) -> HttpResponse:
    found = open_measure(request, number, Permission.ENTER_MEASURES)
    do(request, _("The note is removed."), services.remove_note, note=note_of(found, note))
    return redirect("measure_notes", number)
