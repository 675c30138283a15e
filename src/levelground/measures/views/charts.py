"""Charts of measures: all of a place side by side, and one as files to take away."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from levelground.foundation.exports.files import attachment
from levelground.foundation.exports.text import safe_filename
from levelground.organisations.models import Network

from .. import presenters, selectors
from ..doors import open_measure, open_place
from ..measure_files import CSV, csv_file
from ..methods import way_of
from .page import show
from .reading import asked_group


@login_required
@require_safe
def wall(request: HttpRequest, organisation: str | None = None, network: str | None = None) -> HttpResponse:
    """A small chart and the verdict in a word for every measure of a place that has numbers."""
    from .. import charting

    place = open_place(request, organisation=organisation, network=network)
    listed = [
        one for one in selectors.measures_of(request.user, place) if one.points and one.measure.archived_at is None
    ]
    measures = [one.measure for one in listed]
    numbers, beside = selectors.numbers_of_each(measures), selectors.beside_each(measures)
    groups = [
        {
            "owner": group["owner"],
            "views": charting.small_charts(
                [
                    charting.Charted(one.measure, numbers[one.measure.pk], beside[one.measure.pk])
                    for one in group["rows"]
                ]
            ),
        }
        for group in presenters.by_owner(listed)
    ]
    links = {f"m{one.public_id}": reverse("measure", args=[one.public_id]) for one in measures}
    drafts = {f"m{one.public_id}" for one in measures if one.published_at is None}
    context = {
        "home": place,
        "groups": groups,
        "links": links,
        "drafts": drafts,
        "is_network": isinstance(place, Network),
    }
    return show(request, "wall", context)


@login_required
@require_safe
def picture(request: HttpRequest, number: str) -> HttpResponse:
    """The chart of everybody, or of a group, as an SVG file, small numbers hidden."""
    from .. import charting

    charted, spec = _asked(request, number)
    name = safe_filename(charted.title, _("chart"), extension="svg")
    return attachment(charting.picture(charted, spec).encode(), name, "image/svg+xml")


@login_required
@require_safe
def picture_png(request: HttpRequest, number: str) -> HttpResponse:
    """The same picture for slides and letters, which take no SVG."""
    from levelground.foundation.exports.pdf import png

    from .. import charting

    charted, spec = _asked(request, number)
    name = safe_filename(charted.title, _("chart"), extension="png")
    return attachment(png(charting.picture(charted, spec)), name, "image/png")


@login_required
@require_safe
def points(request: HttpRequest, number: str) -> HttpResponse:
    """The points of the chart with average, limits, target and signals, as CSV."""
    from .. import charting

    charted, spec = _asked(request, number)
    name = safe_filename(charted.title, _("chart"), extension="csv")
    return attachment(csv_file(charting.points_file(charted, spec), charted.measure.source), name, CSV)


def _asked(request: HttpRequest, number: str) -> tuple[Any, Any]:
    """The series and the chart of an address. 404 where the way of looking cannot hold the numbers."""
    from levelground.engines.spc import SpcError

    from .. import charting

    found = open_measure(request, number)
    group = asked_group(request, found)
    numbers = selectors.numbers_of(found, by=group.rpartition(":")[0])
    charted = charting.Charted(found, numbers, selectors.beside(found), group)
    try:
        return charted, charting.spec_of(charted, way_of(found.kind, request.GET))
    except SpcError:
        raise Http404 from None
