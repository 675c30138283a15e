"""Charts of measures: all of a place side by side, and one as a picture to take away."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from levelground.foundation.exports.files import attachment
from levelground.foundation.exports.text import safe_filename
from levelground.organisations.models import Network

from .. import presenters, selectors
from ..doors import open_measure, open_place
from .page import show


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
                [(one.measure, numbers[one.measure.pk], beside[one.measure.pk]) for one in group["rows"]]
            ),
        }
        for group in presenters.by_owner(listed)
    ]
    links = {f"m{one.public_id}": reverse("measure", args=[one.public_id]) for one in measures}
    context = {"home": place, "groups": groups, "links": links, "is_network": isinstance(place, Network)}
    return show(request, "wall", context)


@login_required
@require_safe
def picture(request: HttpRequest, number: str) -> HttpResponse:
    """The chart of everybody as an SVG file, small numbers hidden."""
    from .. import charting

    found = open_measure(request, number)
    method = charting.method_of(found, request.GET.get("method", ""))
    data = charting.picture(found, selectors.numbers_of(found), selectors.beside(found), method)
    return attachment(data, safe_filename(found.name.here(), "chart", extension="svg"), "image/svg+xml")
