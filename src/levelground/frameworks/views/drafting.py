"""Changing a draft by hand, one form for each area, theme, standard, indicator; and what a framework says of itself."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from levelground.foundation.errors import Conflict, DomainError, IllegalMove

from .. import services
from ..doors import MODELS, open_framework, open_node, open_version
from ..forms import FrameworkForm, NodeForm, initial_of
from ..models import Area, FrameworkVersion, Indicator, Theme
from ..presenters import both_sides
from ..rules import why_not_editable
from ..selectors import fingerprint, is_answered_anew
from ..services.drafting import below, level_of
from .page import sent, show, show_errors
from .reading import version_context


def _draft(request: HttpRequest, network: str, framework: str, number: int) -> FrameworkVersion:
    """A version whose tree may be changed now; otherwise a page that says why not."""
    version = open_version(request, network, framework, number, manage=True)
    refusal = why_not_editable(version)
    if refusal:
        raise IllegalMove(refusal)
    return version


def home_of(version: FrameworkVersion, node: Any) -> str:
    """The page on which a node stands: its theme's, or the version's for areas and themes."""
    args: list[Any] = [version.framework.network.slug, version.framework.slug, version.number]
    if isinstance(node, Area | Theme):
        return f"{reverse('framework_version', args=args)}#{level_of(node)}-{node.code}"
    theme = node.theme if level_of(node) == "standard" else node.standard.theme
    return f"{reverse('framework_theme', args=[*args, theme.code])}#{level_of(node)}-{node.code}"


@login_required
def add(request: HttpRequest, network: str, framework: str, number: int, level: str) -> HttpResponse:
    version = _draft(request, network, framework, number)
    if level not in MODELS:
        raise Http404
    form = NodeForm(sent(request), level=level, version=version, inside=request.GET.get("in", ""))
    if request.method == "POST" and form.is_valid():
        try:
            node = services.add_node(version=version, level=level, values=form.values(), by=request.user)
        except DomainError as error:
            show_errors(form, error)
        else:
            messages.success(request, _("%(code)s is added.") % {"code": node.code})
            return redirect(home_of(version, node))
    context = version_context(request, version) | {"form": form, "level": level, "node": None}
    return show(request, "node", context, status=422 if form.errors else 200)


@login_required
def edit(request: HttpRequest, network: str, framework: str, number: int, *, level: str, code: str) -> HttpResponse:
    version = _draft(request, network, framework, number)
    node = open_node(version, level, code)
    form = NodeForm(sent(request), level=level, version=version, node=node)
    context = version_context(request, version) | {
        "form": form,
        "level": level,
        "node": node,
        "back": home_of(version, node),
    }
    status = 200
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["seen"] or None
        anew = _is_answered_anew(node)
        try:
            node = services.edit_node(node=node, values=form.values(), seen=seen, by=request.user)
        except Conflict as conflict:
            status = 409
            context |= {"conflict": str(conflict), "sides": _sides(form, conflict)}
        except DomainError as error:
            show_errors(form, error)
        else:
            messages.success(request, _("%(code)s is saved.") % {"code": node.code})
            if _is_answered_anew(node) and not anew:
                messages.warning(
                    request,
                    _(
                        "It asks something else now, so members answer it anew. If their old answers still hold, "
                        "say so where you compare this version with the one before."
                    ),
                )
            return redirect(home_of(version, node))
    return show(request, "node", context, status=422 if form.errors else status)


def _is_answered_anew(node: Any) -> bool:
    return isinstance(node, Indicator) and is_answered_anew(node)


def _sides(form: NodeForm, conflict: Conflict) -> list[Any]:
    """Both versions; sent once more, what was typed counts as a knowing choice."""
    if conflict.theirs is None:
        return []
    form.see(fingerprint(conflict.theirs))
    return both_sides(form, initial_of(conflict.theirs))


@login_required
@require_POST
def move(request: HttpRequest, network: str, framework: str, number: int, *, level: str, code: str) -> HttpResponse:
    version = _draft(request, network, framework, number)
    node = open_node(version, level, code)
    services.move_node(node=node, up=request.POST.get("way") == "up", by=request.user)
    return redirect(home_of(version, node))


@login_required
def remove(request: HttpRequest, network: str, framework: str, number: int, *, level: str, code: str) -> HttpResponse:
    version = _draft(request, network, framework, number)
    node = open_node(version, level, code)
    back = home_of(version, node)
    if request.method == "POST":
        services.delete_node(node=node, by=request.user)
        messages.success(request, _("%(code)s is taken out.") % {"code": code})
        return redirect(back.partition("#")[0])
    context = version_context(request, version) | {"node": node, "level": level, "below": below(node), "back": back}
    return show(request, "node_remove", context)


@login_required
def details(request: HttpRequest, network: str, framework: str) -> HttpResponse:
    found = open_framework(request, network, framework, manage=True)
    form = FrameworkForm(sent(request), framework=found)
    context: dict[str, Any] = {"framework": found, "network": found.network, "form": form}
    status = 200
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["seen"] or None
        try:
            services.edit_framework(framework=found, values=form.values(), seen=seen, by=request.user)
        except Conflict as conflict:
            status = 409
            form.see(fingerprint(conflict.theirs))
            sides = both_sides(form, FrameworkForm.initial_of(conflict.theirs))
            context |= {"conflict": str(conflict), "sides": sides}
        else:
            messages.success(request, _("The details are saved."))
            return redirect("framework", network, framework)
    return show(request, "details", context, status=422 if form.errors else status)
