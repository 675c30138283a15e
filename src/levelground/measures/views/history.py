"""What was, and what is hidden: the history of the numbers and of the definition, and the exact numbers."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from levelground.foundation.calls import attempt
from levelground.organisations.roles import Permission

from .. import presenters, selectors, services
from ..doors import open_measure
from ..forms import PurposeForm
from ..methods import way_of
from ..models import Measure
from ..selectors.numbers import page_of
from ..shown import OVERALL
from .page import number_in, rights, show
from .reading import asked_list


def _purpose(request: HttpRequest, measure: Measure) -> tuple[PurposeForm, bool]:
    """The question what for; and whether it was answered, and the look recorded."""
    form = PurposeForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return form, False
    purpose = form.cleaned_data["purpose"]
    done = attempt(form, lambda: services.read_exact(measure=measure, purpose=purpose, by=request.user) or True)
    return form, bool(done)


@login_required
def exact(request: HttpRequest, number: str) -> HttpResponse:
    """The exact numbers, after the person has said what for. Each look is recorded."""
    found = open_measure(request, number, Permission.SEE_EXACT_NUMBERS)
    form, granted = _purpose(request, found)
    by = asked_list(request, found)
    context: dict[str, Any] = {"measure": found, "form": form, "granted": granted, "by": by}
    if granted:
        numbers = selectors.numbers_of(found, by=by, exact=True)
        context |= {"numbers": numbers, "page": page_of(numbers, number_in(request.POST.get("page", "")))}
        context["chart"] = _exact_chart(found, numbers)
    return show(request, "exact", context, status=422 if form.errors else 200)


def _exact_chart(found: Measure, numbers: selectors.Numbers) -> Any:
    """The chart of everybody by the exact numbers: a team of few has no other verdict."""
    if not any(OVERALL in day.cells for day in numbers.days):
        return None
    from .. import charting  # NumPy: only where a chart is shown

    return charting.page_chart(charting.Charted(found, numbers, selectors.beside(found)), way_of(found.kind))


@login_required
def history(request: HttpRequest, number: str) -> HttpResponse:
    """Who entered, changed or took away which numbers, and when. From what to what only for whoever may read exact
    numbers, and recorded; where numbers are not about people, for all."""
    writes = request.method == "POST"
    found = open_measure(request, number, Permission.SEE_EXACT_NUMBERS if writes else Permission.SEE_MEASURES)
    form, granted = _purpose(request, found)
    page, steps = selectors.changes_of(found, number_in(request.GET.get("page", "")))
    readable = granted or not found.about_people
    rows = [
        {
            "step": step,
            "changes": [
                {
                    "day": one.date,
                    "group": presenters.group_words(one.series.segment.key if one.series.segment else ""),
                    "what": presenters.what_happened(one),
                    "before": presenters.change_words(one, found, "before") if readable else "",
                    "after": presenters.change_words(one, found, "after") if readable else "",
                }
                for one in step.changes
            ],
        }
        for step in steps
    ]
    context = {"measure": found, "page": page, "rows": rows, "readable": readable, "form": form}
    return show(request, "history", context | rights(request, found), status=422 if form.errors else 200)


@login_required
@require_safe
def versions(request: HttpRequest, number: str) -> HttpResponse:
    """Every definition that the measure has had, with what changed and why."""
    found = open_measure(request, number)
    known = list(found.versions.select_related("by"))
    rows = [
        {"version": one, "changes": presenters.version_rows(one, before)}
        for one, before in zip(known, [*known[1:], None], strict=True)
    ]
    return show(request, "versions", {"measure": found, "rows": rows})
