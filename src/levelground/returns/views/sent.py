"""A return as it was sent: for the member, and for its network."""

import json

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from levelground.foundation import clock
from levelground.foundation.exports.files import attachment
from levelground.organisations.access import Access
from levelground.organisations.roles import Permission

from .. import presenters, return_files, rules
from ..doors import open_sent
from ..models import QuarterlyReturn, ReturnEdition
from ..states import ReturnStatus
from .page import show


def _edition(request: HttpRequest, row: QuarterlyReturn) -> ReturnEdition:
    """The edition that is asked for, else the newest."""
    number = presenters.whole(request.GET.get("edition", "")) or row.edition
    return get_object_or_404(row.editions.select_related("sent_by"), number=number)


@login_required
@require_safe
def sent(request: HttpRequest, number: str) -> HttpResponse:
    row, own = open_sent(request, number)
    edition = _edition(request, row)
    locked = rules.is_locked(row.quarter, clock.today())
    context = {
        "row": row,
        "quarter": row.quarter,
        "own": own,
        "edition": edition,
        "editions": list(row.editions.select_related("sent_by").defer("payload")) if row.edition > 1 else [],
        "view": presenters.frozen_view(json.loads(edition.payload)),
        "locked": locked,
        "correcting": own and row.status == ReturnStatus.CORRECTING,
        "may_send": Access.of(request.user).can(Permission.SUBMIT_SNAPSHOT, row.organisation),
    }
    return show(request, "sent", context)


@login_required
@require_safe
def download(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """A sent return as ``pdf`` or ``xlsx``."""
    row, _own = open_sent(request, number)
    if kind not in return_files.TYPES:
        raise Http404
    return attachment(*return_files.return_file(row, _edition(request, row), kind))
