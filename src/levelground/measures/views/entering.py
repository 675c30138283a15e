"""Writing the numbers of one day or month by hand."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from levelground.foundation.calls import attempt
from levelground.foundation.errors import Conflict
from levelground.organisations.roles import Permission

from .. import presenters, selectors, services
from ..doors import open_measure
from ..forms import DayForm, NumbersForm
from ..models import Measure
from ..numbers import Number, mark
from ..rules import day_of
from ..states import Source
from .page import renew, show

_SALT = "levelground.measures.form"


@login_required
def numbers(request: HttpRequest, number: str) -> HttpResponse:
    """Choose the month, write its numbers, save. What stands is shown only where small numbers need no hiding."""
    found = open_measure(request, number, Permission.ENTER_MEASURES)
    if request.method == "POST":
        return _save(request, found)
    choice = DayForm(request.GET if "day" in request.GET else None, measure=found)
    context: dict[str, Any] = {"measure": found, "choice": choice}
    if choice.is_bound and choice.is_valid():
        day = day_of(found.frequency, choice.cleaned_data["day"])
        form = _form(None, found, day)
        form.initial = {**form.initial, "day": day, "seen": _seen(found, form, day)}
        context |= {"form": form, "day": day} | _rows(found, form)
    return show(request, "numbers", context, status=422 if choice.errors else 200)


def _form(data: Any, measure: Measure, day: Any) -> NumbersForm:
    return NumbersForm(
        data, measure=measure, standing=selectors.standing_on(measure, day), readable=not measure.about_people
    )


def _seen(measure: Measure, form: NumbersForm, day: Any) -> str:
    """The marks of what stands now, for the hidden field."""
    marks = {group: mark(measure, (group, day), form.standing.get(group)) for group in form.groups}
    return signing.dumps(marks, salt=f"{_SALT}:{measure.public_id}:{day}", compress=True)


def _rows(measure: Measure, form: NumbersForm) -> dict[str, Any]:
    lists = selectors.groups_by_list(measure)
    return {"overall": form.rows([""]), "lists": [(key, form.rows(groups)) for key, groups in lists.items()]}


def _save(request: HttpRequest, found: Measure) -> HttpResponse:
    asked = DayForm({"day": request.POST.get("day", "")}, measure=found)
    if not asked.is_valid():
        return redirect("measure_numbers", found.public_id)
    day = day_of(found.frequency, asked.cleaned_data["day"])
    form = _form(request.POST, found, day)
    context: dict[str, Any] = {"measure": found, "choice": DayForm(measure=found), "form": form, "day": day}
    if form.is_valid():
        try:
            done = attempt(form, lambda: _write(request, found, form, day))
        except Conflict as conflict:
            context["conflict"] = presenters.both_numbers(conflict, found, readable=not found.about_people)
            renew(form, seen=_seen(found, form, day))
            return show(request, "numbers", context | _rows(found, form), status=409)
        if done is not None:
            said = _("Saved.") if done.written else _("Nothing has changed.")
            messages.success(request, said)
            return redirect("measure", found.public_id)
    return show(request, "numbers", context | _rows(found, form), status=422)


def _write(request: HttpRequest, found: Measure, form: NumbersForm, day: Any) -> services.Entered:
    try:
        marks = signing.loads(form.cleaned_data["seen"], salt=f"{_SALT}:{found.public_id}:{day}")
    except signing.BadSignature:  # without it, everything that stands counts as not seen
        marks = dict.fromkeys(form.groups, "")
    given: list[Number] = form.numbers()
    seen = {one.place: marks.get(one.group, "") for one in given}
    return services.save_numbers(measure=found, numbers=given, by=request.user, source=Source.FORM, seen=seen)
