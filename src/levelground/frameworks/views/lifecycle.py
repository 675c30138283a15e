"""From draft to published and on: the checklist, the moves, corrections, what differs between two versions."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from levelground.foundation.errors import DomainError, Invalid

from .. import selectors, services
from ..comparison import compare as differences
from ..doors import open_version, version_of
from ..forms import ConsultationForm, CorrectForm, MoveForm
from ..models import FrameworkVersion
from ..presenters import comparison_counts, shown_differences
from ..rules import publish_checks, why_not_move
from ..services.lifecycle import CameFrom, was_consulted
from ..states import MOVES, VersionStatus
from .page import sent, show, show_errors
from .reading import version_context

SHOWN = 400
MAPPED = 200


@login_required
def publish(request: HttpRequest, network: str, framework: str, number: int) -> HttpResponse:
    version = open_version(request, network, framework, number, manage=True)
    if why_not_move(version, VersionStatus.PUBLISHED):
        messages.info(request, why_not_move(version, VersionStatus.PUBLISHED))
        return redirect("framework_version", network, framework, number)
    said = {"consulted": version.consulted, "decisions": version.decisions}
    form = ConsultationForm(sent(request), initial=said)
    if request.method == "POST" and form.is_valid():
        try:
            if request.POST.get("act") == "publish":
                services.publish(version=version, by=request.user, **form.cleaned_data)
                messages.success(
                    request, _("Version %(label)s is published. It will never change.") % {"label": version.label}
                )
                return redirect("framework_version", network, framework, number)
            services.record_consultation(version=version, by=request.user, **form.cleaned_data)
            messages.success(request, _("It is written down."))
            return redirect("framework_publish", network, framework, number)
        except DomainError as error:
            show_errors(form, error)
    checks = publish_checks(version, selectors.tree(version), consulted_once=was_consulted(version))
    context = version_context(request, version) | {
        "form": form,
        "checks": checks,
        "blocked": any(check.blocks and not check.ok for check in checks if check.name != "consulted"),
        "base": selectors.base_of(version),
    }
    return show(request, "publish", context, status=422 if form.errors else 200)


@login_required
def move(request: HttpRequest, network: str, framework: str, number: int) -> HttpResponse:
    version = open_version(request, network, framework, number, manage=True)
    targets = [state for state in VersionStatus.values if state in MOVES[version.status] - {VersionStatus.PUBLISHED}]
    if not targets:
        messages.info(request, _("This version is retired: nothing more happens to it."))
        return redirect("framework_version", network, framework, number)
    said = {"consulted": version.consulted, "decisions": version.decisions}
    form = MoveForm(sent(request), version=version, targets=targets, initial=said)
    if request.method == "POST" and form.is_valid():
        try:
            version = services.move(version=version, by=request.user, **form.cleaned_data)
        except DomainError as error:
            show_errors(form, error)
        else:
            messages.success(request, _("It is now “%(state)s”.") % {"state": version.get_status_display()})
            return redirect("framework_version", network, framework, number)
    context = version_context(request, version) | {"form": form}
    return show(request, "move", context, status=422 if form.errors else 200)


@login_required
def correct(request: HttpRequest, network: str, framework: str, number: int) -> HttpResponse:
    version = open_version(request, network, framework, number, manage=True)
    form = CorrectForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            draft = services.correct(version=version, by=request.user, **form.cleaned_data)
        except DomainError as error:
            show_errors(form, error)
        else:
            messages.success(request, _("The draft is made: a copy of version %(label)s.") % {"label": version.label})
            return redirect("framework_version", network, framework, draft.number)
    context = version_context(request, version) | {"form": form}
    return show(request, "correct", context, status=422 if form.errors else 200)


@login_required
def discard(request: HttpRequest, network: str, framework: str, number: int) -> HttpResponse:
    version = open_version(request, network, framework, number, manage=True)
    if request.method == "POST":
        services.discard(version=version, by=request.user)
        messages.success(request, _("The draft is thrown away."))
        return redirect("framework", network, framework)
    return show(request, "discard", version_context(request, version))


@login_required
def compare(request: HttpRequest, network: str, framework: str, number: int) -> HttpResponse:
    """What differs from an earlier version; in a draft, also where each changed indicator comes from."""
    version = open_version(request, network, framework, number, manage=request.method == "POST")
    base = _base(request, version)
    context = version_context(request, version)
    others = FrameworkVersion.objects.all().visible_to(request.user).filter(framework=version.framework)
    context |= {"base": base, "others": [item for item in others if item.pk != version.pk]}
    if base is None:
        return show(request, "compare", context)
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            count = services.set_mapping(version=version, base=base, rows=_sent(request), by=request.user)
            words = ngettext("%(num)d indicator is mapped anew.", "%(num)d indicators are mapped anew.", count)
            messages.success(request, words % {"num": count} if count else _("Nothing had changed."))
            return redirect(request.get_full_path())
        except Invalid as error:
            errors = {name: str(sentence) for name, sentence in error.fields.items()} or {"": str(error)}
    return show(request, "compare", context | _compared(request, base, version, context["editable"], errors),
        status=422 if errors else 200,
    )  # fmt: skip


def _base(request: HttpRequest, version: FrameworkVersion) -> FrameworkVersion | None:
    wanted = request.GET.get("from", "")
    if not wanted:
        return selectors.base_of(version)
    if not (wanted.isascii() and wanted.isdigit()) or len(wanted) > 6 or int(wanted) == version.number:
        raise Http404
    return version_of(request, version.framework, int(wanted))


def _sent(request: HttpRequest) -> list[CameFrom]:
    return [
        CameFrom(code, request.POST.get(f"from-{code}", "").strip(), request.POST.get(f"carries-{code}") == "on")
        for code in request.POST.getlist("code")
    ]


def _compared(
    request: HttpRequest, base: FrameworkVersion, version: FrameworkVersion, editable: bool, errors: dict[str, str]
) -> dict[str, Any]:
    old_tree, new_tree = selectors.tree(base), selectors.tree(version)
    old, new = ({item.pk: item for item in nodes.indicators} for nodes in (old_tree, new_tree))
    links = {new[b].code: (old[a].code, carries) for a, b, carries in selectors.mapping(base, version)}
    comparison = differences(
        selectors.as_data(base), selectors.as_data(version), {code: old_code for code, (old_code, _c) in links.items()}
    )
    lines = shown_differences(comparison)
    found: dict[str, Any] = {
        "counts": comparison_counts(comparison),
        "same": comparison.same,
        "lines": Paginator(lines, SHOWN).get_page(request.GET.get("page")),
        "carried": sum(carries for _old, carries in links.values()),
        "total": len(new),
        "errors": errors,
        "errors_shown": [(text, f"#{name}" if name else "") for name, text in errors.items()],
    }
    if editable and base.is_frozen:
        found["old_codes"] = [item.code for item in old.values()]
        found["rows"] = _rows(request, comparison, links)
    return found


def _rows(request: HttpRequest, comparison: Any, links: dict[str, tuple[str, bool]]) -> Any:
    """The indicators whose origin somebody should say: new, changed, or not carried. With ?all=1 every one."""
    everything = request.GET.get("all") == "1"
    rows = []
    for item in comparison.items:
        if item.level != "indicators" or item.state == "removed":
            continue
        old_code, carries = links.get(item.code, ("", False))
        if everything or item.state != "unchanged" or not carries:
            posted = request.method == "POST" and item.code in request.POST.getlist("code")
            rows.append(
                {
                    "code": item.code, "text": item.text, "state": item.state,
                    "from": request.POST.get(f"from-{item.code}", "") if posted else old_code,
                    "carries": request.POST.get(f"carries-{item.code}") == "on" if posted else carries,
                }
            )  # fmt: skip
    return Paginator(rows, MAPPED).get_page(request.GET.get("rows"))
