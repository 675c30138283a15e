"""A paste or a file: what it says, what it would change, and the writing of it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from levelground.foundation.calls import attempt
from levelground.foundation.errors import Conflict, DomainError, IllegalMove, Invalid
from levelground.organisations.roles import Permission

from .. import services
from ..doors import open_measure
from ..layouts import layout_of
from ..models import Measure
from ..paste import Understood, split, understand_lines
from ..paste_form import PasteForm
from ..paste_page import check_context, compare, pack, unpack
from ..states import Source
from ..uploads import lines_of
from ..wording import column_label
from .page import show


@login_required
def paste(request: HttpRequest, number: str) -> HttpResponse:
    """Take a paste or a file and show what was understood. Nothing is written."""
    found = open_measure(request, number, Permission.ENTER_MEASURES)
    if request.method != "POST":
        return _form_page(request, found, PasteForm(measure=found))
    form = PasteForm(request.POST, request.FILES, measure=found)
    if not form.is_valid():
        return _form_page(request, found, form)
    understood = attempt(form, lambda: _understood(found, form))
    if understood is None:
        return _form_page(request, found, form)
    source = Source.FILE if form.cleaned_data.get("upload") else Source.PASTE
    try:
        return _check_page(request, found, form, understood, source)
    except DomainError as refused:
        form.add_error("text", str(refused))
        return _form_page(request, found, form)


def _form_page(request: HttpRequest, found: Measure, form: PasteForm) -> HttpResponse:
    columns = [column_label(name, found) for name in layout_of(found).columns]
    context = {"measure": found, "form": form, "columns": columns}
    return show(request, "paste", context, status=422 if form.errors else 200)


def _understood(found: Measure, form: PasteForm) -> Understood:
    data = form.cleaned_data
    upload = data.get("upload")
    try:
        lines = lines_of(upload.read(), upload.name or "") if upload else split(data["text"])
    except Invalid as error:
        raise Invalid(fields={"upload": str(error)}) from error
    return understand_lines(lines, layout_of(found, data.get("group", "")))


def _check_page(
    request: HttpRequest, found: Measure, form: PasteForm, understood: Understood, source: Source
) -> HttpResponse:
    changes = compare(found, understood.rows, services.standing(found))
    context: dict[str, Any] = check_context(found, understood, changes)
    context |= {
        "measure": found,
        "packed": pack(changes, source, measure=found, by=request.user),
        "form": form,
        "file": source == Source.FILE,
    }
    return show(request, "paste_check", context)


@login_required
@require_POST
def save(request: HttpRequest, number: str) -> HttpResponse:
    """Write what the person has looked at. What a colleague changed meanwhile is shown first."""
    found = open_measure(request, number, Permission.ENTER_MEASURES)
    try:
        proposal = unpack(request.POST.get("proposal", ""), measure=found, by=request.user)
    except DomainError as refused:
        messages.error(request, str(refused))
        return redirect("measure_paste", number)
    try:
        done = services.save_numbers(
            measure=found, numbers=proposal.numbers, by=request.user, source=proposal.source, seen=proposal.seen
        )
    except Conflict as conflict:
        messages.error(request, str(conflict))
        return _again(request, found, proposal)
    except (Invalid, IllegalMove) as refused:
        messages.error(request, str(refused))
        return redirect("measure_paste", number)
    said = ngettext("%(n)d number is saved.", "%(n)d numbers are saved.", done.written) % {"n": done.written}
    messages.success(request, said)
    return redirect("measure", number)


def _again(request: HttpRequest, found: Measure, proposal: Any) -> HttpResponse:
    """The page of changes anew, against what stands now."""
    changes = compare(found, proposal.numbers, services.standing(found))
    context = check_context(found, Understood(), changes)
    packed = pack(changes, proposal.source, measure=found, by=request.user)
    context |= {"measure": found, "packed": packed, "form": None, "file": True}
    return show(request, "paste_check", context, status=409)
