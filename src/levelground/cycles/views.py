"""The member's own year: what is asked, what is missing, what was sent."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from levelground.foundation import clock
from levelground.organisations.access import Access
from levelground.organisations.doors import open_organisation
from levelground.organisations.roles import Permission

from . import people, presenters, selectors, services
from .addresses import address
from .changes import year_on_year
from .doors import open_submission
from .models import Submission
from .readiness import NotReady, readiness
from .states import WITH_MEMBER


@login_required
@require_safe
def year_list(request: HttpRequest, organisation: str) -> HttpResponse:
    """Every year that the organisation takes or took part in."""
    place = open_organisation(request, organisation, Permission.SEE_WORKBOOK)
    found = selectors.submissions_of(place, request.user)
    rows = [(row, presenters.tag_of(row), address(row)) for row in found]
    context = {"organisation": place, "rows": rows, "today": clock.today()}
    return render(request, "cycles/year_list.jinja", context)


def may(request: HttpRequest, submission: Submission) -> dict[str, bool]:
    """What the person may do with an organisation's year."""
    access, place = Access.of(request.user), submission.organisation
    return {
        "change": access.can(Permission.ANSWER_WORKBOOK, place) and submission.status in WITH_MEMBER,
        "send": access.can(Permission.SUBMIT_SNAPSHOT, place) and submission.status in WITH_MEMBER,
        "sign": access.can(Permission.APPROVE_SNAPSHOT, place) and submission.status in WITH_MEMBER,
        "ask_for_help": access.can(Permission.ASK_FOR_HELP, place),
        "invite": access.can(Permission.MANAGE_PEOPLE, place),
    }


def page(submission: Submission, **more: Any) -> dict[str, Any]:
    """What every page of a submission shows."""
    return {
        "submission": submission,
        "cycle": submission.cycle,
        "organisation": submission.organisation,
        "home": address(submission),
        "day": presenters.day,
        "at": lambda name, *parts: address(submission, name, *parts),
        **more,
    }


@login_required
@require_safe
def submission(request: HttpRequest, organisation: str, framework: str, year: int) -> HttpResponse:
    """The readiness page: names each missing thing and leads to it."""
    row = open_submission(request, organisation, framework, year)
    state, allowed = readiness(row), may(request, row)
    context = page(
        row,
        state=state,
        may=allowed,
        headline=presenters.headline(state),
        note=presenters.ready_note(state),
        tag=presenters.tag_of(row),
        answers=presenters.answer_tasks(state),
        actions=presenters.action_tasks(state),
        documents=presenters.document_tasks(state, may_change=allowed["change"]),
        returned=presenters.reasons(selectors.returned_with(row)),
        said=selectors.latest_words(row),
        lapsed=selectors.lapsed(row),
        approvers=people.of(row, Permission.APPROVE_SNAPSHOT),
        earlier=selectors.earlier_snapshot(row),
        help_address=presenters.help_address(row) if allowed["ask_for_help"] else "",
        working=row.status in WITH_MEMBER,
    )
    return render(request, "cycles/submission.jinja", context)


@login_required
@require_safe
def history(request: HttpRequest, organisation: str, framework: str, year: int) -> HttpResponse:
    row = open_submission(request, organisation, framework, year)
    return render(request, "cycles/history.jinja", page(row, items=presenters.history(row)))


@login_required
@require_safe
def changes(request: HttpRequest, organisation: str, framework: str, year: int) -> HttpResponse:
    """This year beside what was sent the year before."""
    row = open_submission(request, organisation, framework, year)
    earlier = selectors.earlier_snapshot(row)
    found = year_on_year(row, earlier) if earlier is not None and row.workbook is not None else None
    return render(request, "cycles/changes.jinja", page(row, earlier=earlier, changes=found))


@login_required
def send(request: HttpRequest, organisation: str, framework: str, year: int) -> HttpResponse:
    """A last look, then off it goes."""
    row = open_submission(request, organisation, framework, year, Permission.SUBMIT_SNAPSHOT)
    missing = []
    if request.method == "POST":
        try:
            receipt = services.submit(submission=row, by=request.user)
        except NotReady as refused:
            missing = [(one.text, presenters.link_to(one, row)) for one in refused.missing]
        else:
            messages.success(request, _("Your snapshot is with the network. Thank you."))
            return redirect(address(row, "receipt", receipt.number))
    state = readiness(row, thorough=True)
    context = page(row, state=state, missing=missing, working=row.status in WITH_MEMBER)
    return render(request, "cycles/send.jinja", context, status=409 if missing else 200)
