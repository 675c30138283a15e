"""The system administrator's page of background jobs."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from levelground.foundation.errors import NotAllowed

from . import selectors, services
from .models import JobRun

PER_PAGE = 50
WORKER_SECONDS = 120
_LABELS = {
    "waiting": gettext_lazy("Waiting"),
    "running": gettext_lazy("Running"),
    "failed": gettext_lazy("Not done"),
    "done": pgettext_lazy("job", "Done"),
}


def _require_staff(request: HttpRequest) -> None:
    if not request.user.is_staff:
        raise NotAllowed(_("Only system administrators can see the background jobs."))


@require_safe
@login_required
def jobs(request: HttpRequest) -> HttpResponse:
    _require_staff(request)
    state, counts = request.GET.get("state", ""), selectors.counts()
    address = reverse("jobs")
    filters = [{"text": _("All"), "href": address, "current": state not in counts, "count": sum(counts.values())}]
    filters += [
        {"text": _LABELS[name], "href": f"{address}?state={name}", "current": state == name, "count": count}
        for name, count in counts.items()
    ]
    context = {
        "filters": filters,
        "page": Paginator(selectors.runs(state), PER_PAGE).get_page(request.GET.get("page")),
        "labels": {selectors.STATES[name]: label for name, label in _LABELS.items()},
        "entries": selectors.entries(),
        "workers": selectors.workers(within_seconds=WORKER_SECONDS),
    }
    return render(request, "jobs/list.jinja", context)


@require_POST
@login_required
def retry(request: HttpRequest, job_id: str) -> HttpResponse:
    _require_staff(request)
    run = get_object_or_404(JobRun, pk=job_id)
    services.retry(run=run, by=request.user)
    messages.success(request, _("The job is in the queue again."))
    return redirect(f"{reverse('jobs')}?state=waiting")
