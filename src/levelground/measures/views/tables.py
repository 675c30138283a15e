"""All measures of a place in one table with the two icons, and the same rows as files."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from levelground.foundation.exports.files import attachment
from levelground.organisations.models import Network

from ..doors import open_place
from ..table_asked import Asked, TableForm
from .page import show

KINDS = ("csv", "xlsx", "pdf")


@login_required
@require_safe
def table(request: HttpRequest, organisation: str | None = None, network: str | None = None) -> HttpResponse:
    """One row for each live measure: latest number, limits, target, what it shows and since when (WM-37)."""
    from .. import tables

    place = open_place(request, organisation=organisation, network=network)
    found = tables.table_of(request.user, place, Asked.of(request.GET))
    context = {
        "home": place,
        "is_network": isinstance(place, Network),
        "table": found,
        "filter_form": TableForm(asked=found.asked, owners=found.owners),
        "kinds": [("pdf", "PDF"), ("xlsx", "Excel (XLSX)"), ("csv", "CSV")],
    }
    return show(request, "table", context)


@login_required
@require_safe
def download(
    request: HttpRequest, kind: str, organisation: str | None = None, network: str | None = None
) -> HttpResponse:
    """The rows of the page that the link stood on, without drafts."""
    from .. import table_files, tables

    place = open_place(request, organisation=organisation, network=network)
    if kind not in KINDS:
        raise Http404
    return attachment(*table_files.table_file(tables.table_of(request.user, place, Asked.of(request.GET)), kind))
