"""Planning an action, and its own page. The plan itself is in ``views_plan``."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from levelground.foundation.errors import Conflict, IllegalMove, Invalid
from levelground.organisations.roles import Permission

from . import selectors, services
from .answer_forms import action_prefix
from .conflicts import both_versions
from .doors import may, open_row, open_workbook
from .forms import ActionForm, NoteForm
from .models import Action, Workbook
from .presenters import back_to_row, row_response, take_errors
from .states import ACTION_MOVES
from .views_indicator import show as show_indicator


@login_required
@require_POST
def create(request: HttpRequest, organisation: str, framework: str, code: str) -> HttpResponse:
    """Plan an action for an indicator, from its row or its page."""
    book = open_workbook(request, organisation, framework, Permission.ANSWER_WORKBOOK)
    row = open_row(book, code)
    # A page of rows may hold the fields of several actions; the indicator's own page holds one.
    in_row = bool(request.headers.get("X-Row"))
    form = ActionForm(
        request.POST, colleagues=selectors.colleagues(book.organisation),
        prefix=action_prefix(code) if in_row else "action",
    )  # fmt: skip
    if form.is_valid():
        services.create_action(workbook=book, indicator=row.indicator, by=request.user, **form.planned)
        if in_row:
            return row_response(request, book, open_row(book, code))
        messages.success(request, _("The action is in your plan."))
        return back_to_row(request, book, code, "actions")
    if in_row:
        return row_response(request, book, row, action_forms={code: form}, status=422)
    return show_indicator(request, book, code, status=422, action_form=form)


@login_required
def create_general(request: HttpRequest, organisation: str, framework: str) -> HttpResponse:
    """Plan something that belongs to no single indicator."""
    book = open_workbook(request, organisation, framework, Permission.ANSWER_WORKBOOK)
    form = ActionForm(request.POST or None, colleagues=selectors.colleagues(book.organisation))
    if request.method == "POST" and form.is_valid():
        action = services.create_action(workbook=book, indicator=None, by=request.user, **form.planned)
        messages.success(request, _("The action is in your plan."))
        return redirect(action.get_absolute_url())
    context = {"workbook": book, "form": form}
    return render(request, "assessments/action_new.jinja", context, status=422 if form.errors else 200)


def open_action(request: HttpRequest, book: Workbook, number: str) -> Action:
    return get_object_or_404(
        Action.objects.all().visible_to(request.user).select_related(
            "workbook__organisation", "workbook__framework", "indicator", "owner"
        ),
        workbook=book,
        public_id=number,
    )  # fmt: skip


def _page(request: HttpRequest, book: Workbook, found: Action, *, status: int = 200, **given: Any) -> HttpResponse:
    people = selectors.colleagues(book.organisation)
    initial = {
        "title": found.title, "owner": found.owner.public_id if found.owner else "", "due_on": found.due_on,
        "priority": found.priority, "version": found.version,
    }  # fmt: skip
    context = {
        "workbook": book,
        "action": found,
        "form": given.get("form") or ActionForm(colleagues=people, initial=initial),
        "note_form": given.get("note_form") or NoteForm(initial={"version": found.version}, prefix="note"),
        "forms": [form for form in (given.get("form"), given.get("note_form")) if form],
        "both": given.get("both"),
        "moves": ACTION_MOVES[found.status],
        "notes": found.notes.select_related("by").order_by("-at", "-pk"),
        "may_answer": may(request, book, Permission.ANSWER_WORKBOOK),
    }
    return render(request, "assessments/action.jinja", context, status=status)


@login_required
def action(request: HttpRequest, organisation: str, framework: str, number: str) -> HttpResponse:
    """One action: what it says, how it goes, where it can go next."""
    posting = request.method == "POST"
    book = open_workbook(
        request, organisation, framework, Permission.ANSWER_WORKBOOK if posting else Permission.SEE_WORKBOOK
    )
    found = open_action(request, book, number)
    if not posting:
        return _page(request, book, found)
    form = ActionForm(request.POST, colleagues=selectors.colleagues(book.organisation), was_due=found.due_on)
    if not form.is_valid():
        return _page(request, book, found, status=422, form=form)
    sent = dict(form.cleaned_data)
    seen = sent.pop("version")
    del sent["past"]
    try:
        services.change_action(action=found, by=request.user, seen_version=seen, **sent)
    except Conflict as conflict:
        # What was typed stays in the form; its version now is that of the row, so that saving again is a decision.
        again = ActionForm(
            {**request.POST.dict(), "version": conflict.theirs.version},
            colleagues=selectors.colleagues(book.organisation),
        )
        both = both_versions(conflict, again)
        return _page(request, book, conflict.theirs, status=409, form=again, both=both)
    messages.success(request, _("Saved."))
    return redirect(found.get_absolute_url())


@login_required
@require_POST
def note(request: HttpRequest, organisation: str, framework: str, number: str) -> HttpResponse:
    """Say how it is going; with ``to``, also take the action to another status."""
    book = open_workbook(request, organisation, framework, Permission.ANSWER_WORKBOOK)
    found = open_action(request, book, number)
    form = NoteForm(request.POST, prefix="note")
    if form.is_valid():
        text, to, seen = form.cleaned_data["text"], request.POST.get("to", ""), form.cleaned_data["version"]
        try:
            if to:
                services.move_action(action=found, to=to, text=text, by=request.user, seen_version=seen)
            else:
                services.note_on_action(action=found, text=text, by=request.user)
            messages.success(request, _("Saved."))
            return redirect(found.get_absolute_url())
        except Conflict as conflict:
            again = NoteForm({**request.POST.dict(), "note-version": conflict.theirs.version}, prefix="note")
            both = {"message": str(conflict), "rows": []}
            return _page(request, book, conflict.theirs, status=409, note_form=again, both=both)
        except (Invalid, IllegalMove) as error:
            found = open_action(request, book, number)
            form = NoteForm({**request.POST.dict(), "note-version": found.version}, prefix="note")
            form.is_valid()
            take_errors(form, error, otherwise="text")
    return _page(request, book, found, status=422, note_form=form)
