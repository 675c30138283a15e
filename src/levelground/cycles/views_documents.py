"""The documents that go with a snapshot."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from levelground.foundation.documents.services import download
from levelground.foundation.errors import Invalid, TooLarge
from levelground.organisations.roles import Permission

from . import selectors, services
from .addresses import address
from .doors import open_submission
from .forms import DocumentDateForm, DocumentForm
from .models import RequiredDocument, Submission, SubmissionDocument
from .views import may, page


def _place(request: HttpRequest, organisation: str, framework: str, year: int, code: str) -> Any:
    """The submission and the document that it asks for under ``code``."""
    row = open_submission(request, organisation, framework, year)
    required = selectors.asked_for(row, code)
    if required is None:
        raise Http404
    return row, required


def _take_errors(form: Any, error: Invalid | TooLarge) -> None:
    """A refusal beside its field, or above the form."""
    for name, text in (error.fields or {"upload": str(error)}).items():
        form.add_error(name if name in form.fields else None, str(text))


def _show(
    request: HttpRequest, row: Submission, required: RequiredDocument, *, form: Any = None, dates: Any = None
) -> HttpResponse:
    known = [(one.document.public_id, one.words) for one in selectors.known_documents(row, required)]
    versions = selectors.versions_of(row, required)
    current = next((item for item in versions if item.replaced_at is None), None)
    if dates is None and current is not None:
        dates = DocumentDateForm(
            initial={"document_date": current.document_date, "period": current.period}, prefix="dates"
        )
    context = page(
        row,
        required=required,
        current=current,
        old=[item for item in versions if item.replaced_at is not None],
        form=form or DocumentForm(known=known, prefix="new"),
        dates=dates,
        forms=[one for one in (form, dates) if one is not None and one.is_bound],
        may=may(request, row),
    )
    bound = any(one is not None and one.is_bound for one in (form, dates))
    return render(request, "cycles/document.jinja", context, status=422 if bound else 200)


@login_required
def document(request: HttpRequest, organisation: str, framework: str, year: int, code: str) -> HttpResponse:
    """One of the documents: what is there, and a form to put one there."""
    row, required = _place(request, organisation, framework, year, code)
    if request.method != "POST":
        return _show(request, row, required)
    open_submission(request, organisation, framework, year, Permission.ANSWER_WORKBOOK)
    known = {one.document.public_id: one for one in selectors.known_documents(row, required)}
    form = DocumentForm(
        request.POST, request.FILES, known=[(number, one.words) for number, one in known.items()], prefix="new"
    )
    if form.is_valid():
        sent = form.cleaned_data
        picked = known.get(sent.get("known") or "")
        try:
            services.add_document(
                submission=row, required=required, by=request.user, upload=sent["upload"],
                known=picked.document if picked else None,
                # What is known is not asked for again.
                document_date=sent["document_date"] or (picked.date if picked else None),
                period=sent["period"] or (picked.period if picked else ""),
            )  # fmt: skip
        except (Invalid, TooLarge) as error:
            _take_errors(form, error)
        else:
            messages.success(request, _("Saved: %(name)s") % {"name": required.name})
            return redirect(address(row) + "#documents")
    return _show(request, row, required, form=form)


@login_required
@require_POST
def document_dates(request: HttpRequest, organisation: str, framework: str, year: int, code: str) -> HttpResponse:
    """Put the date right; the file stays."""
    row, required = _place(request, organisation, framework, year, code)
    open_submission(request, organisation, framework, year, Permission.ANSWER_WORKBOOK)
    form = DocumentDateForm(request.POST, prefix="dates")
    if form.is_valid():
        try:
            services.change_document_date(submission=row, required=required, by=request.user, **form.cleaned_data)
        except Invalid as error:
            _take_errors(form, error)
        else:
            messages.success(request, _("Saved: %(name)s") % {"name": required.name})
            return redirect(address(row) + "#documents")
    return _show(request, row, required, dates=form)


@login_required
@require_POST
def document_remove(request: HttpRequest, organisation: str, framework: str, year: int, code: str) -> HttpResponse:
    row, required = _place(request, organisation, framework, year, code)
    open_submission(request, organisation, framework, year, Permission.ANSWER_WORKBOOK)
    services.remove_document(submission=row, required=required, by=request.user)
    messages.success(request, _("Taken out: %(name)s") % {"name": required.name})
    return redirect(address(row, "submission_document", code))


@login_required
@require_safe
def file(request: HttpRequest, organisation: str, framework: str, year: int, number: str) -> FileResponse:
    """The file itself, also of a version that was replaced."""
    row = open_submission(request, organisation, framework, year)
    found = SubmissionDocument.objects.all().visible_to(request.user).select_related("document")
    return download(get_object_or_404(found, submission=row, public_id=number).document)
