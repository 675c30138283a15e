"""A framework file comes in: problems by line or cell, or what it would change; only a yes writes the draft."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from levelground.foundation.errors import DomainError

from .. import files, selectors, services
from ..comparison import compare, head_differences
from ..doors import open_network, open_upload
from ..files.content import count_indicators, gaps
from ..files.limits import MAX_BYTES
from ..files.problems import Reading, one_problem
from ..forms import ConfirmForm, UploadForm
from ..models import Framework
from ..presenters import comparison_counts, shown_differences, shown_head
from ..services.importing import unpacked
from .page import sent, show, show_errors

SHOWN = 400


@login_required
def upload(request: HttpRequest, network: str) -> HttpResponse:
    place = open_network(request, network, manage=True)
    form = UploadForm(sent(request), request.FILES or None)
    context = {"network": place, "form": form}
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data["file"]
        reading = _read(given)
        if reading.data is not None:
            kept = services.keep_upload(
                network=place, file_name=given.name, data=reading.data, by=request.user,
                notes=[note.as_dict() for note in reading.warnings],
            )  # fmt: skip
            return redirect("framework_import_check", place.slug, kept.public_id)
        context |= {"problems": reading.problems, "file_name": given.name}
    status = 422 if "problems" in context or form.errors else 200
    return show(request, "import", context, status=status)


def _read(given: Any) -> Reading:
    name, size = str(given.name), int(given.size or 0)
    if size > MAX_BYTES:
        what = _("The file is larger than %(most)d MB.") % {"most": MAX_BYTES // 2**20}
        return one_problem(name, what, _("Send a smaller file."))
    return files.read(given.read(), name)


@login_required
def check(request: HttpRequest, network: str, upload: str) -> HttpResponse:
    kept = open_upload(request, network, upload)
    if request.method == "POST" and request.POST.get("act") == "discard":
        services.drop_upload(upload=kept, by=request.user)
        messages.info(request, _("The file is thrown away. Nothing was written."))
        return redirect("framework_import", network)
    data = unpacked(kept)
    form = ConfirmForm(sent(request), initial={"label": data["version"]["label"]})
    if request.method == "POST" and form.is_valid():
        try:
            version = services.confirm_upload(upload=kept, by=request.user, **form.cleaned_data)
        except DomainError as error:
            show_errors(form, error)
        else:
            messages.success(request, _("The draft is made. Look it over, then publish it."))
            return redirect("framework_version", network, version.framework.slug, version.number)
    found = Framework.objects.all().visible_to(request.user).filter(network=kept.network)
    framework = found.filter(slug=data["framework"]["slug"]).first()
    context = {
        "network": kept.network,
        "kept": kept,
        "form": form,
        "data": data,
        "framework": framework,
        "total": count_indicators(data),
        "gaps": gaps(data),
        **(_against(framework, data) if framework else {}),
    }
    return show(request, "import_check", context, status=422 if form.errors else 200)


def _against(framework: Framework, data: dict[str, Any]) -> dict[str, Any]:
    """What the file would change, against the newest published version or, without one, the newest."""
    base = selectors.published(framework) or framework.versions.order_by("-number").first()
    if base is None:
        return {}
    before = selectors.as_data(base)
    comparison = compare(before, data)
    lines = shown_differences(comparison)
    return {
        "base": base,
        "counts": comparison_counts(comparison),
        "same": comparison.same,
        "lines": lines[:SHOWN],
        "more": max(0, len(lines) - SHOWN),
        "head": shown_head(head_differences(before["framework"], data["framework"])),
    }
