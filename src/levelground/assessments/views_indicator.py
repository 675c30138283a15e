"""One indicator: its guidance, evidence, actions, comments and history, on a page that needs no JavaScript."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from levelground.foundation.documents.selectors import versions
from levelground.foundation.documents.services import download
from levelground.foundation.errors import Conflict, IllegalMove, Invalid, TooLarge
from levelground.organisations.roles import Permission

from . import selectors, services
from .conflicts import both_versions
from .doors import may, open_row, open_workbook
from .evidence_selectors import same_document
from .forms import ActionForm, AssignForm, CommentForm, EvidenceChangeForm, EvidenceForm, NewerForm
from .models import Evidence, Workbook
from .presenters import answer_page, back_to_row, shown_rows, take_errors
from .selectors import Row


def _forms(request: HttpRequest, book: Workbook, row: Row, given: dict[str, Any]) -> dict[str, Any]:
    """The page's forms, fresh except the one that was sent with an error."""
    people = selectors.colleagues(book.organisation)
    holder = row.answer.assigned_to.public_id if row.answer.assigned_to else ""
    known = selectors.known_documents(book, besides=row.answer)
    mine = getattr(request.user, "public_id", "")
    fresh = {
        "action_form": lambda: ActionForm(colleagues=people, prefix="action", initial={"owner": mine}),
        "assign_form": lambda: AssignForm(colleagues=people, initial={"assigned_to": holder, "seen": holder}),
        "comment_form": lambda: CommentForm(prefix="comment"),
        "evidence_form": lambda: EvidenceForm(known=known, prefix="evidence"),
    }
    return {name: given.get(name) or make() for name, make in fresh.items()}


def show(
    request: HttpRequest, book: Workbook, code: str, *, status: int = 200, both: Any = None, **given: Any
) -> HttpResponse:
    """The indicator's page; ``given`` holds a form that came back with an error, ``both`` two versions of one thing."""
    row = open_row(book, code)
    context = (
        answer_page(request, book, row.node, alone=True)
        | shown_rows(request, book, [row], {}, only="all")
        | _forms(request, book, row, given)
        | {
            "row": row,
            "comments": row.answer.comments.select_related("by"),
            "changes": row.answer.changes.select_related("by")[:10],
            "forms": list(given.values()),
            "both": both,
        }
    )
    return render(request, "assessments/indicator.jinja", context, status=status)


@login_required
@require_safe
def indicator(request: HttpRequest, organisation: str, framework: str, code: str) -> HttpResponse:
    return show(request, open_workbook(request, organisation, framework), code)


@login_required
@require_safe
def history(request: HttpRequest, organisation: str, framework: str, code: str) -> HttpResponse:
    """Every answer that this indicator ever had: who, when, from, to."""
    book = open_workbook(request, organisation, framework)
    row = open_row(book, code)
    context = {"workbook": book, "row": row, "changes": row.answer.changes.select_related("by")}
    return render(request, "assessments/history.jinja", context)


@login_required
@require_POST
def assign(request: HttpRequest, organisation: str, framework: str, code: str) -> HttpResponse:
    book = open_workbook(request, organisation, framework, Permission.ASSIGN_INDICATORS)
    row = open_row(book, code)
    form = AssignForm(request.POST, colleagues=selectors.colleagues(book.organisation))
    if not form.is_valid():
        return show(request, book, code, status=422, assign_form=form)
    to, seen = form.cleaned_data["assigned_to"], form.cleaned_data["seen"] if "seen" in request.POST else None
    try:
        services.assign(answer=row.answer, to=to, seen=seen, by=request.user)
    except Conflict as conflict:
        holder = conflict.theirs.assigned_to
        # The choice stays; whom it replaces is now told, so that saving again is a decision.
        again = AssignForm(
            {**request.POST.dict(), "seen": holder.public_id if holder else ""},
            colleagues=selectors.colleagues(book.organisation),
        )
        return show(request, book, code, status=409, assign_form=again, both=both_versions(conflict, again))
    given = _("%(name)s will answer this. We have told them.") % {"name": to.name} if to else ""
    messages.success(request, given or _("This indicator is given to nobody in particular."))
    return redirect("workbook_indicator", organisation, framework, code)


@login_required
@require_POST
def comment(request: HttpRequest, organisation: str, framework: str, code: str) -> HttpResponse:
    book = open_workbook(request, organisation, framework, Permission.ANSWER_WORKBOOK)
    form = CommentForm(request.POST, prefix="comment")
    if form.is_valid():
        services.comment(answer=open_row(book, code).answer, text=form.cleaned_data["text"], by=request.user)
        return back_to_row(request, book, code, "comments")
    return show(request, book, code, status=422, comment_form=form)


@login_required
@require_POST
def add_evidence(request: HttpRequest, organisation: str, framework: str, code: str) -> HttpResponse:
    book = open_workbook(request, organisation, framework, Permission.ANSWER_WORKBOOK)
    row = open_row(book, code)
    known = selectors.known_documents(book, besides=row.answer)
    form = EvidenceForm(request.POST, request.FILES, known=known, prefix="evidence")
    if form.is_valid():
        sent = dict(form.cleaned_data)
        picked = sent.pop("document", "")
        if picked:
            found = get_object_or_404(Evidence.objects.all().visible_to(request.user), public_id=picked)
            sent |= {"document": found.document, "title": sent["title"] or found.title}
            sent["document_date"] = sent["document_date"] or found.document_date
            sent["expires_on"] = sent["expires_on"] or found.expires_on
        try:
            services.add_evidence(answer=row.answer, by=request.user, **sent)
            messages.success(request, _("The evidence is attached."))
            return back_to_row(request, book, code, "evidence")
        except (Invalid, TooLarge) as error:
            take_errors(form, error, otherwise="upload")
    return show(request, book, code, status=422, evidence_form=form)


def _item(request: HttpRequest, book: Workbook, number: str) -> Evidence:
    return get_object_or_404(
        Evidence.objects.all().visible_to(request.user).current().select_related(
            "document", "answer__indicator", "answer__workbook__organisation"
        ),
        answer__workbook=book,
        public_id=number,
    )  # fmt: skip


def _evidence(request: HttpRequest, book: Workbook, item: Evidence, *, status: int = 200, **given: Any) -> HttpResponse:
    """The page of a piece of evidence: its earlier versions, and for those who may, what can be changed."""
    fresh = {"document_date": None, "seen": item.document.public_id if item.document else ""}
    context = {
        "workbook": book,
        "item": item,
        "editions": versions(item.document) if item.document else [],
        "others": same_document(item),
        "form": given.get("form") or EvidenceChangeForm(initial=EvidenceChangeForm.fields_of(item)),
        "newer_form": given.get("newer_form") or NewerForm(initial=fresh, prefix="newer"),
        "forms": [form for form in (given.get("form"), given.get("newer_form")) if form],
        "both": given.get("both"),
        "may_answer": may(request, book, Permission.ANSWER_WORKBOOK),
    }
    return render(request, "assessments/evidence.jinja", context, status=status)


@login_required
def evidence(request: HttpRequest, organisation: str, framework: str, number: str) -> HttpResponse:
    """A piece of evidence; put its name or its dates right."""
    posting = request.method == "POST"
    book = open_workbook(
        request, organisation, framework, Permission.ANSWER_WORKBOOK if posting else Permission.SEE_WORKBOOK
    )
    item = _item(request, book, number)
    if not posting:
        return _evidence(request, book, item)
    form = EvidenceChangeForm(request.POST)
    if form.is_valid():
        try:
            services.change_evidence(item=item, by=request.user, seen=form.seen, **form.sent)
            messages.success(request, _("Saved."))
            return redirect("workbook_indicator", organisation, framework, item.answer.indicator.code)
        except Conflict as conflict:
            again = EvidenceChangeForm(form.data_over(conflict.theirs))
            return _evidence(request, book, item, status=409, form=again, both=both_versions(conflict, again))
        except (Invalid, IllegalMove) as error:
            take_errors(form, error, otherwise="title")
    return _evidence(request, book, item, status=422, form=form)


@login_required
@require_POST
def renew_evidence(request: HttpRequest, organisation: str, framework: str, number: str) -> HttpResponse:
    """Give a newer version of the document; the old one stays among the earlier versions."""
    book = open_workbook(request, organisation, framework, Permission.ANSWER_WORKBOOK)
    item = _item(request, book, number)
    form = NewerForm(request.POST, request.FILES, prefix="newer")
    if form.is_valid():
        try:
            services.renew_evidence(item=item, by=request.user, **form.cleaned_data)
            messages.success(request, _("The newer version is in place. The earlier one is kept here."))
            return redirect("evidence", organisation, framework, number)
        except Conflict as conflict:
            item = conflict.theirs
            again = NewerForm({**request.POST.dict(), "newer-seen": item.document.public_id}, prefix="newer")
            both = {"message": str(conflict), "rows": [], "newer": item.document}
            return _evidence(request, book, item, status=409, newer_form=again, both=both)
        except (Invalid, IllegalMove, TooLarge) as error:
            take_errors(form, error, otherwise="upload")
    return _evidence(request, book, item, status=422, newer_form=form)


@login_required
@require_safe
def evidence_edition(
    request: HttpRequest, organisation: str, framework: str, number: str, edition: int
) -> HttpResponse:
    """An earlier version of the document, to those who may see the workbook that it belongs to."""
    book = open_workbook(request, organisation, framework)
    item = _item(request, book, number)
    found = next((one for one in versions(item.document) if one.number == edition), None) if item.document else None
    if found is None:
        raise Http404
    return download(found)  # type: ignore[return-value]  # a streaming response


@login_required
@require_safe
def evidence_file(request: HttpRequest, organisation: str, framework: str, number: str) -> HttpResponse:
    """The file itself, to those who may see the workbook that it belongs to."""
    book = open_workbook(request, organisation, framework)
    item = _item(request, book, number)
    return download(item.document) if item.document else redirect(item.url)  # type: ignore[return-value]  # a streaming response


@login_required
@require_POST
def remove_evidence(request: HttpRequest, organisation: str, framework: str, number: str) -> HttpResponse:
    book = open_workbook(request, organisation, framework, Permission.ANSWER_WORKBOOK)
    item = _item(request, book, number)
    services.remove_evidence(item=item, by=request.user)
    messages.success(request, _("“%(title)s” no longer stands as evidence here.") % {"title": item.title})
    return redirect("workbook_indicator", organisation, framework, item.answer.indicator.code)
