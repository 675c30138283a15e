"""Reading frameworks: for members the published ones, for those who manage them the drafts too."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from levelground.foundation.exports.files import attachment
from levelground.foundation.exports.text import safe_filename

from .. import files, selectors
from ..doors import may_manage, open_framework, open_network, open_version
from ..models import Framework, FrameworkVersion
from ..presenters import kind_counts, kind_filters, of_kind
from ..rules import texts_without_welsh, welsh_gaps, why_not_editable
from ..states import MOVES
from .page import show

PAGE = 100


@login_required
@require_GET
def framework_list(request: HttpRequest, network: str) -> HttpResponse:
    place = open_network(request, network)
    rows = Framework.objects.all().visible_to(request.user).filter(network=place).order_by("slug")
    versions: dict[int, list[FrameworkVersion]] = {}
    for version in FrameworkVersion.objects.all().visible_to(request.user).filter(framework__network=place):
        versions.setdefault(version.framework_id, []).append(version)
    manage = may_manage(request.user, place)
    shown = [(row, versions.get(row.pk, [])) for row in rows if manage or row.pk in versions]
    return show(request, "list", {"network": place, "frameworks": shown, "manage": manage})


@login_required
@require_GET
def framework(request: HttpRequest, network: str, framework: str) -> HttpResponse:
    found = open_framework(request, network, framework)
    manage = may_manage(request.user, found.network)
    versions = list(FrameworkVersion.objects.all().visible_to(request.user).filter(framework=found))
    if not versions and not manage:
        raise Http404
    context = {
        "framework": found,
        "network": found.network,
        "versions": versions,
        "contact": selectors.help_contact(found),
        "manage": manage,
    }
    return show(request, "framework", context)


def version_context(request: HttpRequest, version: FrameworkVersion) -> dict[str, Any]:
    """What every page about one version shows."""
    manage = may_manage(request.user, version.framework.network)
    network = version.framework.network
    here = [network.slug, version.framework.slug, version.number]
    return {
        "to": lambda name, *more: reverse(name, args=[*here, *more]),
        "network": network,
        "framework": version.framework,
        "version": version,
        "manage": manage,
        "editable": manage and not why_not_editable(version),
    }


@login_required
@require_GET
def version(request: HttpRequest, network: str, framework: str, number: int) -> HttpResponse:
    """The tree by area and theme, or one kind of indicator as a list."""
    found = open_version(request, network, framework, number)
    tree, chosen = selectors.tree(found), request.GET.get("show", "")
    context = version_context(request, found) | {
        "tree": tree,
        "show": chosen if chosen in {"legal", "good_practice", "no_welsh"} else "",
        "filters": kind_filters(tree, chosen, request.path),
        "gaps": set(welsh_gaps(tree)),
        "counts": kind_counts,
        "moves": list(found.moves.select_related("by").order_by("-pk")),
        "next_states": MOVES[found.status],
    }
    if context["show"]:
        wanted = of_kind(tree.indicators, chosen) if chosen != "no_welsh" else [
            item for item in tree.indicators if texts_without_welsh(item)
        ]  # fmt: skip
        context["page"] = Paginator(wanted, PAGE).get_page(request.GET.get("page"))
        context["theme_of"] = {item.pk: node for node in tree.themes for item in node.indicators}
    return show(request, "version", context)


@login_required
@require_GET
def theme(request: HttpRequest, network: str, framework: str, number: int, code: str) -> HttpResponse:
    found = open_version(request, network, framework, number)
    tree = selectors.tree(found)
    node = tree.theme(code)
    if node is None:
        raise Http404
    themes = tree.themes
    place = themes.index(node)
    context = version_context(request, found) | {
        "node": node,
        "before": themes[place - 1] if place else None,
        "after": themes[place + 1] if place + 1 < len(themes) else None,
        "missing": texts_without_welsh,
    }
    return show(request, "theme", context)


@login_required
@require_GET
def download(request: HttpRequest, network: str, framework: str, number: int, kind: str) -> HttpResponse:
    found = open_version(request, network, framework, number)
    if kind not in files.FORMATS:
        raise Http404
    raw = files.write(selectors.as_data(found), kind)
    return attachment(raw, safe_filename(framework, found.label, extension=kind), files.FORMATS[kind])
