"""The web's doors to the living workbook."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from levelground.foundation.errors import Conflict, Invalid
from levelground.frameworks.models import Framework
from levelground.frameworks.selectors import ThemeNode, tree
from levelground.frameworks.services import published
from levelground.organisations.access import Access
from levelground.organisations.doors import open_organisation
from levelground.organisations.roles import Permission
from levelground.organisations.selectors import networks_of

from . import selectors, services
from .answer_forms import MOST_ROWS, Saved, save_all, whole_number
from .doors import may, open_row, open_workbook
from .models import Workbook
from .presenters import answer_page, row_response, shown_rows

# Each action in place has a list of all colleagues.
MOST_IN_PLACE = 200


@login_required
def workbook_list(request: HttpRequest, organisation: str) -> HttpResponse:
    """The organisation's workbooks, and the frameworks that it could start; with only one workbook, that one."""
    place = open_organisation(request, organisation, Permission.SEE_WORKBOOK)
    books = list(Workbook.objects.all().visible_to(request.user).filter(organisation=place).select_related("framework"))
    open_frameworks = [book.framework_id for book in books]
    others = Framework.objects.all().visible_to(request.user).filter(network__in=networks_of(place))
    others = others.exclude(pk__in=open_frameworks)
    ready = [(framework, version) for framework in others if (version := published(framework))]
    if request.method == "POST":
        Access.of(request.user).require(Permission.SUBMIT_SNAPSHOT, place)
        version = next((v for f, v in ready if f.slug == request.POST.get("framework")), None)
        if version is None:
            raise Http404
        book = services.start_workbook(organisation=place, version=version, by=request.user)
        return redirect("workbook", place.slug, book.framework.slug)
    if len(books) == 1 and not ready:
        return redirect("workbook", place.slug, books[0].framework.slug)
    may_start = Access.of(request.user).can(Permission.SUBMIT_SNAPSHOT, place)
    context = {"organisation": place, "books": books, "ready": ready, "may_start": may_start}
    return render(request, "assessments/workbook_list.jinja", context)


@login_required
def workbook(request: HttpRequest, organisation: str, framework: str) -> HttpResponse:
    book = open_workbook(request, organisation, framework)
    kept = selectors.progress(book)
    newest = published(book.framework)
    context = {
        "workbook": book,
        "tree": tree(book.version),
        "progress": kept,
        "totals": selectors.totals(kept.values()),
        "newer": newest if newest and newest.number > book.version.number else None,
        "may_submit": may(request, book, Permission.SUBMIT_SNAPSHOT),
        "next_theme": selectors.next_theme(book, kept),
    }
    return render(request, "assessments/workbook.jinja", context)


@login_required
def theme(request: HttpRequest, organisation: str, framework: str, theme: str) -> HttpResponse:
    """One theme: read it, or save all its answers at once (the way without JavaScript)."""
    permission = Permission.ANSWER_WORKBOOK if request.method == "POST" else Permission.SEE_WORKBOOK
    book = open_workbook(request, organisation, framework, permission)
    node = tree(book.version).theme(theme)
    if node is None:
        raise Http404
    return _answering(request, book, node)


@login_required
def whole(request: HttpRequest, organisation: str, framework: str) -> HttpResponse:
    """Every indicator on one page, filtered."""
    permission = Permission.ANSWER_WORKBOOK if request.method == "POST" else Permission.SEE_WORKBOOK
    return _answering(request, open_workbook(request, organisation, framework, permission), None)


def _answering(request: HttpRequest, book: Workbook, node: ThemeNode | None) -> HttpResponse:
    saved = Saved()
    if request.method == "POST":
        saved = save_all(request, book, node.indicators if node else tree(book.version).indicators)
        if saved.all_well:
            pressed = request.POST.get("plan", "")
            return redirect(request.get_full_path() + (f"#i-{pressed}" if pressed else ""))
    everything = selectors.rows(book, theme=node)
    page = shown_rows(request, book, everything, saved.problems, action_forms=saved.action_forms)
    # Under a filter that leaves a few rows, a "not yet" opens its action here too, as it does on its theme's page.
    in_place = node is not None or (page["show"] != "all" and len(page["rows"]) <= MOST_IN_PLACE)
    context = answer_page(request, book, node, in_place=in_place, action_forms=saved.action_forms) | page
    context["may_save_all"] = len(page["rows"]) <= MOST_ROWS
    return render(request, "assessments/answering.jinja", context, status=saved.status)


@login_required
@require_POST
def answer(request: HttpRequest, organisation: str, framework: str) -> HttpResponse:
    """Save one answer and give the row back: 200 saved, 409 two answers to choose from, 422 something is missing."""
    book = open_workbook(request, organisation, framework, Permission.ANSWER_WORKBOOK)
    node = tree(book.version).indicator(request.POST.get("indicator", ""))
    if node is None:
        raise Http404
    sent: dict[str, Any] = {
        "value": request.POST.get("value", ""),
        "reason": request.POST.get("reason", ""),
        "seen_version": whole_number(request.POST.get("version", "")),
    }
    problems: dict[str, Any] = {}
    try:
        services.save_answer(workbook=book, indicator=node[1], by=request.user, **sent)
    except (Conflict, Invalid) as problem:
        problems[node[1].code] = (problem, sent)
    status = {Conflict: 409, Invalid: 422}.get(type(next(iter(problems.values()))[0]), 422) if problems else 200
    row = open_row(book, node[1].code)
    return row_response(request, book, row, problems=problems, status=status, just_saved=not problems)


@login_required
@require_safe
def results(request: HttpRequest, organisation: str, framework: str) -> HttpResponse:
    """Strengths and areas for improvement, theme by theme (MQM-11)."""
    book = open_workbook(request, organisation, framework)
    groups, kept = selectors.strengths_and_gaps(book), selectors.progress(book)
    empty = [node for node in tree(book.version).themes if node.theme.pk in kept and not kept[node.theme.pk].answered]
    context = {"workbook": book, "groups": groups, "unanswered": empty}
    return render(request, "assessments/results.jinja", context)


@login_required
def new_version(request: HttpRequest, organisation: str, framework: str) -> HttpResponse:
    """Take the workbook to a newer version of its framework, after showing what carries over."""
    book = open_workbook(request, organisation, framework, Permission.SUBMIT_SNAPSHOT)
    newest = published(get_object_or_404(Framework.objects.all().visible_to(request.user), pk=book.framework_id))
    if newest is None or newest.number <= book.version.number:
        messages.info(request, _("Your workbook already follows the newest version."))
        return redirect("workbook", organisation, framework)
    if request.method == "POST":
        services.carry_over(workbook=book, version=newest, by=request.user)
        messages.success(request, _("Your workbook now follows the new version."))
        return redirect("workbook", organisation, framework)
    carried, afresh = selectors.carried(book, newest), selectors.asked_afresh(book, newest)
    context = {"workbook": book, "newest": newest, "carried": carried, "afresh": afresh}
    return render(request, "assessments/new_version.jinja", context)
