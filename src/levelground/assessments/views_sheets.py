"""The workbook as a spreadsheet: taking it away, and bringing it back by way of the difference."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from levelground.foundation.errors import Conflict, DomainError
from levelground.foundation.exports.files import XLSX, attachment
from levelground.organisations.roles import Permission

from .doors import may, open_workbook
from .models import Workbook
from .presenters import book_url
from .sheets.difference import Difference
from .sheets.forms import SheetForm
from .sheets.importing import Written, apply, difference_of
from .sheets.page import difference_context
from .sheets.proposal import pack, unpack
from .sheets.writing import workbook_file


def _sheet_page(
    request: HttpRequest, book: Workbook, form: SheetForm | None = None, *, status: int = 200
) -> HttpResponse:
    may_import = may(request, book, Permission.IMPORT_WORKBOOK)
    context = {"workbook": book, "may_import": may_import, "form": (form or SheetForm()) if may_import else None}
    return render(request, "assessments/sheets/sheet.jinja", context, status=status)


@login_required
@require_safe
def sheet(request: HttpRequest, organisation: str, framework: str) -> HttpResponse:
    """The page with the download and the upload."""
    return _sheet_page(request, open_workbook(request, organisation, framework))


@login_required
@require_safe
def download(request: HttpRequest, organisation: str, framework: str) -> HttpResponse:
    """The workbook as a spreadsheet (MQM-15)."""
    return attachment(*workbook_file(open_workbook(request, organisation, framework)), XLSX)


@login_required
@require_POST
def difference(request: HttpRequest, organisation: str, framework: str) -> HttpResponse:
    """Read the uploaded spreadsheet and show what it would change. Nothing is written."""
    book = open_workbook(request, organisation, framework, Permission.IMPORT_WORKBOOK)
    form = SheetForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            return _difference_page(request, book, difference_of(book, form.cleaned_data["upload"].read()))
        except DomainError as error:
            form.add_error("upload", str(error))
    return _sheet_page(request, book, form, status=422)


def _difference_page(
    request: HttpRequest, book: Workbook, found: Difference, *, status: int = 200, **extra: Any
) -> HttpResponse:
    context = difference_context(book, found) | extra
    context |= {"workbook": book, "packed": pack(found, workbook=book, by=request.user)}
    return render(request, "assessments/sheets/difference.jinja", context, status=status)


@login_required
@require_POST
def confirm(request: HttpRequest, organisation: str, framework: str) -> HttpResponse:
    """Write what the person has agreed to. A conflict keeps the workbook's answer unless they chose the other."""
    book = open_workbook(request, organisation, framework, Permission.IMPORT_WORKBOOK)
    take = {name.removeprefix("take-") for name, side in request.POST.items() if side == "sheet"}
    found = None
    try:
        found = unpack(request.POST.get("proposal", ""), workbook=book, by=request.user)
        written = apply(workbook=book, difference=found, by=request.user, take=take)
    except Conflict as conflict:
        return _difference_page(request, book, conflict.theirs, status=409, problem=str(conflict), take=take)
    except DomainError as error:
        if found is not None:
            return _difference_page(request, book, found, status=422, problem=str(error), take=take)
        messages.warning(request, str(error))
        return redirect(book_url(book, "workbook_sheet"))
    messages.success(request, _told(written))
    return redirect(book_url(book, "workbook"))


def _told(written: Written) -> str:
    """What the import did, in a sentence or three."""
    parts = [
        ngettext("%(n)d answer is saved.", "%(n)d answers are saved.", written.answers) % {"n": written.answers},
        ngettext("%(n)d action is planned.", "%(n)d actions are planned.", written.actions) % {"n": written.actions},
    ]
    if written.kept:
        parts.append(
            ngettext(
                "%(n)d answer stays as it was in the workbook.", "%(n)d answers stay as they were in the workbook.",
                written.kept,
            )
            % {"n": written.kept}
        )  # fmt: skip
    return " ".join(parts)
