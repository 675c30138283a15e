"""Targets, phases and notes: what stands beside the numbers."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from levelground.foundation.calls import attempt
from levelground.foundation.errors import Conflict, DomainError
from levelground.organisations.roles import Permission

from .. import presenters, selectors, services
from ..doors import note_of, open_measure, phase_of, target_of
from ..forms import NoteForm, PhaseForm, ReasonForm, TargetForm
from .page import renew, rights, show


def _page(request: HttpRequest, template: str, found: Any, form: Any, **more: Any) -> HttpResponse:
    context = {"measure": found, "beside": selectors.beside(found), "form": form, **rights(request, found), **more}
    return show(request, template, context, status=422 if form.errors else 200)


@login_required
def targets(request: HttpRequest, number: str) -> HttpResponse:
    """The targets and from when they count (LPF-12); and one more."""
    writes = request.method == "POST"
    found = open_measure(request, number, Permission.DEFINE_MEASURES if writes else Permission.SEE_MEASURES)
    form = TargetForm(request.POST if writes else None)
    if writes and form.is_valid():
        done = attempt(form, lambda: services.set_target(measure=found, by=request.user, **form.cleaned_data))
        if done is not None:
            messages.success(request, _("The target is saved."))
            return redirect("measure_targets", number)
    return _page(request, "targets", found, form)


@login_required
@require_POST
def target_remove(request: HttpRequest, number: str, target: str) -> HttpResponse:
    found = open_measure(request, number, Permission.DEFINE_MEASURES)
    _do(request, _("The target is removed."), services.remove_target, target=target_of(found, target))
    return redirect("measure_targets", number)


def _do(request: HttpRequest, said: str, act: Any, **given: Any) -> None:
    """One domain call without a form; what a rule says against it is shown as a message."""
    try:
        act(by=request.user, **given)
        messages.success(request, said)
    except DomainError as refused:
        messages.error(request, str(refused))


@login_required
def phases(request: HttpRequest, number: str) -> HttpResponse:
    """The phases with their reasons; and one more (a rebase)."""
    writes = request.method == "POST"
    found = open_measure(request, number, Permission.DEFINE_MEASURES if writes else Permission.SEE_MEASURES)
    form = PhaseForm(request.POST if writes else None)
    if writes and form.is_valid():
        done = attempt(form, lambda: services.start_phase(measure=found, by=request.user, **form.cleaned_data))
        if done is not None:
            messages.success(request, _("The phase is begun."))
            return redirect("measure_phases", number)
    return _page(request, "phases", found, form)


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
def notes(request: HttpRequest, number: str) -> HttpResponse:
    """What happened and when; and one more note."""
    writes = request.method == "POST"
    found = open_measure(request, number, Permission.ENTER_MEASURES if writes else Permission.SEE_MEASURES)
    form = NoteForm(request.POST if writes else None)
    if writes and form.is_valid():
        data = form.cleaned_data
        done = attempt(
            form, lambda: services.add_note(measure=found, on=data["on"], text=data["text"], by=request.user)
        )
        if done is not None:
            messages.success(request, _("The note is saved."))
            return redirect("measure_notes", number)
    return _page(request, "notes", found, form)


@login_required
def note(request: HttpRequest, number: str, note: str) -> HttpResponse:
    """Put a note right."""
    found = open_measure(request, number, Permission.ENTER_MEASURES)
    row = note_of(found, note)
    start = {"on": row.on, "text": row.text, "version": row.version}
    form = NoteForm(request.POST if request.method == "POST" else None, initial=start)
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
    _do(request, _("The note is removed."), services.remove_note, note=note_of(found, note))
    return redirect("measure_notes", number)
