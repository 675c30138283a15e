"""Taking the action plan away as a file."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from levelground.foundation.exports.files import attachment

from . import plan_files
from .doors import open_workbook
from .plan_selectors import Asked


@login_required
@require_safe
def download(request: HttpRequest, organisation: str, framework: str, kind: str) -> HttpResponse:
    """The plan as ``xlsx``, ``docx`` or ``pdf``, as the query asks for it; ``in=cy`` or ``in=en`` for its language."""
    book = open_workbook(request, organisation, framework)
    if kind not in plan_files.TYPES:
        raise Http404
    made = plan_files.plan_file(
        book, kind, asked=Asked.of(request.GET), user=request.user, language=request.GET.get("in", "")
    )
    return attachment(*made)
