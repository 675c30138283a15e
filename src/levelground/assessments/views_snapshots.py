"""Frozen copies of the workbook, and the workbook beside them."""

import datetime as dt
from collections import Counter
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from levelground.foundation.bilingual import Bilingual
from levelground.foundation.documents.services import download
from levelground.frameworks.selectors import tree
from levelground.organisations.doors import remember_framework

from . import selectors
from .doors import open_workbook
from .models import Snapshot
from .presenters import value_label
from .services.frozen import read, sent_document
from .states import LIVE, ActionStatus


@login_required
@require_safe
def snapshots(request: HttpRequest, organisation: str, framework: str) -> HttpResponse:
    """The years have a page of their own; here leads an address that somebody shortened."""
    open_workbook(request, organisation, framework)
    return redirect("year_list", organisation)


def _readable(kept: dict[str, Any]) -> dict[str, Any]:
    """A payload with its days, moments and texts in two languages as a page shows them."""
    for item in kept["documents"]:
        item["name"], item["document_date"] = Bilingual.of(item["name"]), dt.date.fromisoformat(item["document_date"])
    if signed := kept.get("signed"):
        signed["declaration"] = Bilingual.of(signed["declaration"])
        signed["at"] = dt.datetime.fromisoformat(signed["at"])
    for item in [kept, *kept["indicators"]]:
        for action in item["actions"]:
            action["live"], action["label"] = action["status"] in LIVE, ActionStatus(action["status"]).label
            action["due_on"] = _day(action["due_on"])
    for item in kept["indicators"]:
        for shown in item["evidence"]:
            shown["document_date"], shown["expires_on"] = _day(shown["document_date"]), _day(shown["expires_on"])
    return kept


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


@login_required
@require_safe
def snapshot(request: HttpRequest, number: str) -> HttpResponse:
    """A snapshot as it was sent, for the member and for its network."""
    found = get_object_or_404(
        Snapshot.objects.all().visible_to(request.user).select_related(
            "workbook__organisation", "workbook__framework__network", "submitted_by", "version"
        ),
        public_id=number,
    )  # fmt: skip
    # The footer names whom to ask about this scheme (MQM-10), as it does in the workbook.
    remember_framework(request, found.workbook.framework)
    kept = _readable(read(found))
    by_code = {item["code"]: item for item in kept["indicators"]}
    themes = [
        (node, [(one, by_code[one.code]) for one in node.indicators if one.code in by_code])
        for node in tree(found.version).themes
    ]
    said = Counter(item["value"] for item in kept["indicators"])
    context = {"snapshot": found, "kept": kept, "themes": themes, "said": said, "label": value_label}
    return render(request, "assessments/snapshot.jinja", context)


@login_required
@require_safe
def sent_file(request: HttpRequest, number: str, file: str) -> FileResponse:
    """A document that went with a snapshot: whoever sees the one may open the other."""
    found = get_object_or_404(Snapshot.objects.all().visible_to(request.user), public_id=number)
    document = sent_document(found, file)
    if document is None:
        raise Http404
    return download(document)


@login_required
@require_safe
def compare(request: HttpRequest, organisation: str, framework: str, number: str) -> HttpResponse:
    """The workbook now beside a past snapshot."""
    book = open_workbook(request, organisation, framework)
    found = get_object_or_404(Snapshot.objects.all().visible_to(request.user), workbook=book, public_id=number)
    compared = selectors.compare(book, found)
    everything = request.GET.get("show") == "all"
    context = {
        "workbook": book,
        "snapshot": found,
        "compared": compared if everything else [item for item in compared if item.differs],
        "differing": sum(item.differs for item in compared),
        "total": len(compared),
        "everything": everything,
        "label": value_label,
    }
    return render(request, "assessments/compare.jinja", context)
