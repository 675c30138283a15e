"""How a view gets the submission of its address: by scope, with what the person may do there."""

from django.http import Http404, HttpRequest

from levelground.foundation.prepared import Prepared
from levelground.organisations.access import Access
from levelground.organisations.doors import open_organisation, remember_framework
from levelground.organisations.roles import Permission

from .models import Submission

# What was frozen is a page of its own, and long: it is read where it is shown.
_submission = Prepared(
    lambda organisation, framework, year: Submission.objects.filter(
        organisation=organisation, cycle__framework__slug=framework, cycle__year=year
    )
    .select_related(
        "cycle__framework__network", "cycle__framework_version", "organisation", "snapshot__submitted_by",
        "workbook__version", "workbook__framework", "workbook__organisation",
    )
    .defer("snapshot__payload")
    .order_by("pk")
)  # fmt: skip


def open_submission(
    request: HttpRequest, organisation: str, framework: str, year: int,
    permission: Permission = Permission.SEE_WORKBOOK,
) -> Submission:  # fmt: skip
    """The submission; 404 to a stranger, 403 to a colleague without ``permission``."""
    # First the place: an officer who may see how far a member is still has no way into the member's own pages.
    place = open_organisation(request, organisation, Permission.SEE_WORKBOOK)
    found: Submission | None = _submission.first(place.pk, framework, year)
    # The place is open to the person, and a submission is seen by whoever sees its organisation's workbook.
    if found is None or not Access.of(request.user).reaches(Permission.SEE_WORKBOOK, place.pk):
        raise Http404
    # The footer of the scheme's pages names the scheme's own contact (MQM-10).
    remember_framework(request, found.cycle.framework)
    Access.of(request.user).require(permission, found.organisation)
    return found
