"""The receipt, on the page and as a PDF."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from levelground.assessments.services.frozen import read
from levelground.foundation.exports.files import PDF, attachment
from levelground.foundation.exports.text import safe_filename

from . import receipts, selectors
from .doors import open_submission
from .models import Receipt
from .states import WITH_NETWORK, Status
from .views import page


def _receipt(request: HttpRequest, organisation: str, framework: str, year: int, number: str) -> Receipt:
    row = open_submission(request, organisation, framework, year)
    found = selectors.receipt_of(row, number)
    if found is None:
        raise Http404
    found.submission = row
    return found


@login_required
@require_safe
def receipt(request: HttpRequest, organisation: str, framework: str, year: int, number: str) -> HttpResponse:
    found = _receipt(request, organisation, framework, year, number)
    row, payload = found.submission, read(found.snapshot)
    context = page(
        found.submission,
        receipt=found,
        facts=[{"key": key, "value": value} for key, value in receipts.facts(found, payload)],
        documents=[row[:2] for row in receipts.documents(payload)],
        lateness=receipts.lateness(found),
        # Not of one that was sent back or withdrawn, nor of one that a newer has replaced.
        with_network=row.status in (*WITH_NETWORK, Status.ACCEPTED) and row.snapshot_id == found.snapshot_id,
    )
    return render(request, "cycles/receipt.jinja", context)


@login_required
@require_safe
def receipt_pdf(request: HttpRequest, organisation: str, framework: str, year: int, number: str) -> HttpResponse:
    found = _receipt(request, organisation, framework, year, number)
    name = safe_filename(organisation, framework, found.number, extension="pdf")
    return attachment(receipts.pdf(found), name, PDF)
