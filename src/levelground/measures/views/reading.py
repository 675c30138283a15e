"""The measures of a place, and one measure with its numbers."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from levelground.foundation.exports.files import attachment
from levelground.organisations.models import Network

from .. import measure_files, presenters, selectors
from ..doors import open_measure, open_place
from ..forms import LeaveOutForm, NoteForm, PhaseForm
from ..models import Measure
from ..numbers import groups_of
from ..selectors.numbers import page_of
from .page import number_in, rights, show


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Every measure that the person may see, wherever it is: how a coach gets to the teams."""
    listed = selectors.measures_of(request.user)
    return show(request, "list", _listed(listed) | {"home": None})


@login_required
@require_safe
def listing(request: HttpRequest, organisation: str | None = None, network: str | None = None) -> HttpResponse:
    """The measures of an organisation and its teams, or of a network."""
    place = open_place(request, organisation=organisation, network=network)
    kind = "network" if isinstance(place, Network) else "organisation"
    context = {
        "home": place,
        "is_network": kind == "network",
        "new": ("network_measure_new" if kind == "network" else "measure_new") if _owners(request, place) else "",
    }
    return show(request, "list", _listed(selectors.measures_of(request.user, place)) | context)


def _owners(request: HttpRequest, place: Any) -> list[Any]:
    return list(selectors.owners_of(request.user, place))


def _listed(listed: list[selectors.Listed]) -> dict[str, Any]:
    live = [one for one in listed if one.measure.archived_at is None]
    return {
        "owners": presenters.by_owner(live),
        "archived": [one for one in listed if one.measure.archived_at is not None],
        "unbalanced": selectors.without_balance(live),
    }


def asked_list(request: HttpRequest, measure: Measure) -> str:
    """The list of groups that the address asks for, as far as the measure is looked at by it."""
    wanted = request.GET.get("by", "")
    return wanted if wanted in measure.stratified_by else ""


def asked_group(request: HttpRequest, measure: Measure) -> str:
    """The group that the address asks for, if the measure is looked at by its list."""
    wanted = request.GET.get("group", "")
    return wanted if wanted in groups_of(measure) else ""


@login_required
@require_safe
def measure(request: HttpRequest, number: str) -> HttpResponse:
    """The definition, what stands beside the numbers, and the numbers with small ones hidden (WM-37)."""
    found = open_measure(request, number)
    group = asked_group(request, found)
    by = group.rpartition(":")[0] or asked_list(request, found)
    numbers, beside = selectors.numbers_of(found, by=by), selectors.beside(found)
    context = {
        "measure": found,
        "definition": presenters.definition_rows(found),
        "beside": beside,
        "drawn": _chart(request, found, numbers, beside, group),
        "numbers": numbers,
        "group": group,
        "page": page_of(numbers, number_in(request.GET.get("page", ""))),
        "by": by,
        "note_form": NoteForm(auto_id="note_%s"),
        "proposal_form": PhaseForm(auto_id="proposal_%s"),
        "phase_form": PhaseForm(auto_id="phase_%s"),
        "leave_out_form": LeaveOutForm(auto_id="left_out_%s"),
        **rights(request, found),
    }
    return show(request, "measure", context)


def _chart(
    request: HttpRequest, measure: Measure, numbers: selectors.Numbers, beside: selectors.Beside, group: str
) -> Any:
    """The chart of everybody, or of a group that has numbers; nothing where there are none."""
    if not any(group in day.cells for day in numbers.days):
        return None
    from .. import chart_page, charting  # NumPy: only where a chart is shown

    labels = {"chart": _("Chart"), "rules": _("Rules"), "limits": _("How limits are worked out")}
    charted = charting.Charted(measure, numbers, beside, group)
    return chart_page.chart_page(charted, request.GET, labels, may_define=rights(request, measure)["may_define"])


@login_required
@require_safe
def download(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """All numbers as ``csv`` or ``xlsx``, small ones hidden."""
    found = open_measure(request, number)
    if kind not in measure_files.KINDS:
        raise Http404
    return attachment(*measure_files.numbers_file(found, kind))
