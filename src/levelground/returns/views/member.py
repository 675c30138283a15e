"""A member's calendar of quarters, and the return that it is writing."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from levelground.foundation.errors import Conflict, DomainError
from levelground.organisations.access import Access
from levelground.organisations.doors import open_organisation
from levelground.organisations.roles import Permission

from .. import presenters, selectors, services
from ..doors import Desk, open_desk
from ..forms import ReturnForm
from ..selectors.drafts import draft_of, review_of
from ..states import ReturnStatus
from .page import show


@login_required
@require_safe
def calendar(request: HttpRequest, organisation: str) -> HttpResponse:
    """The four quarters of each year, how each stands, and what to do next."""
    place = open_organisation(request, organisation, Permission.SEE_WORKBOOK)
    frameworks = selectors.frameworks_with_returns(place)
    rows = selectors.calendar_of(place, frameworks)
    following = selectors.next_return(rows)
    access = Access.of(request.user)
    context = {
        "organisation": place,
        "frameworks": frameworks,
        "years": presenters.by_year(rows),
        "next": following,
        "coming": selectors.next_to_open(rows),
        "moved": selectors.last_change_of(following.quarter) if following else None,
        "may_write": access.can(Permission.ANSWER_WORKBOOK, place),
    }
    return show(request, "calendar", context)


@login_required
def form(request: HttpRequest, organisation: str, framework: str, year: int, quarter: int) -> HttpResponse:
    """Write a return: save it as a draft, or save it and look at it before it is sent."""
    permission = Permission.ANSWER_WORKBOOK if request.method == "POST" else Permission.SEE_WORKBOOK
    desk = open_desk(request, organisation, framework, year, quarter, permission=permission)
    if request.method != "POST":  # what was typed is never answered with a page that does not show it
        if desk.row is not None and desk.row.status == ReturnStatus.SENT:
            return redirect("return_sent", desk.row.public_id)
        if not desk.calendar.writable:
            return show(request, "closed", {"desk": desk})
    written = draft_of(desk.organisation, desk.quarter, desk.row)
    bound = ReturnForm(
        request.POST if request.method == "POST" else None,
        figures=written.figures, last=written.last, row=desk.row, values=written.values,
    )  # fmt: skip
    context: dict[str, Any] = {"desk": desk, "form": bound, "written": written}
    context["moved"] = selectors.last_change_of(desk.quarter)
    status = 200
    if request.method == "POST":
        done = _save(request, desk, bound, context)
        if done is not None:
            return done
        status = 409 if context.get("conflict") else 422
    listed = bound.list_indicators(written.moved, written.stored, written.known)
    context |= {"listed": presenters.grouped(listed), "extra_errors": presenters.extra_errors(bound)}
    return show(request, "form", context, status=status)


def _save(request: HttpRequest, desk: Desk, bound: ReturnForm, context: dict[str, Any]) -> HttpResponse | None:
    """Save what was typed; where to go from there, or nothing when the page has to be shown again."""
    if not bound.is_valid():
        return None
    try:
        saved = presenters.attempt(
            bound,
            lambda: services.save_draft(
                quarter=desk.quarter, organisation=desk.organisation, by=request.user, **bound.values()
            ),
        )
    except Conflict as conflict:
        context["conflict"] = presenters.both_versions(conflict, bound.figures)
        presenters.renew(bound, conflict.theirs.version)
        return None
    if saved is None:
        return None
    if request.POST.get("do") != "check":
        messages.success(request, _("Your return is saved as a draft. Nobody outside your organisation sees it."))
        return redirect("return_form", *desk.address)
    missing = review_of(saved).missing
    if missing:
        for name, text in missing.items():
            presenters.put_beside_fields(bound, _problem(name, text))
        presenters.renew(bound, saved.version)
        context["saved"] = True
        return None
    return redirect("return_check", *desk.address)


def _problem(name: str, text: Any) -> DomainError:
    return DomainError(fields={name: text})


@login_required
def check(request: HttpRequest, organisation: str, framework: str, year: int, quarter: int) -> HttpResponse:
    """Look at everything once more, then send it."""
    permission = Permission.SUBMIT_SNAPSHOT if request.method == "POST" else Permission.SEE_WORKBOOK
    desk = open_desk(request, organisation, framework, year, quarter, permission=permission)
    if not desk.checkable:
        return redirect("return_form", *desk.address)
    status = 200
    if request.method == "POST":
        try:
            sent = services.send_return(
                quarter=desk.quarter, organisation=desk.organisation, by=request.user,
                seen_version=presenters.whole(request.POST.get("version", "")),
                seen_changes=request.POST.get("seen", ""),
            )  # fmt: skip
        except DomainError as refused:
            messages.error(request, str(refused))
            status = 409
            desk = open_desk(request, organisation, framework, year, quarter, permission=permission)
        else:
            messages.success(request, _("Your return is with the network."))
            return redirect("return_sent", sent.public_id)
    if desk.row is None:
        return redirect("return_form", *desk.address)
    review = review_of(desk.row)
    back = reverse("return_form", args=desk.address)
    context = {
        "desk": desk,
        "review": review,
        "view": presenters.frozen_view(review.content),
        "missing": [(str(text), f"{back}#{presenters.anchor(name)}") for name, text in review.missing.items()],
    }
    return show(request, "check", context, status=status)


@login_required
@require_POST
def correct(request: HttpRequest, organisation: str, framework: str, year: int, quarter: int) -> HttpResponse:
    """Open a sent return for a correction, or give the correction up."""
    desk = open_desk(request, organisation, framework, year, quarter, permission=Permission.SUBMIT_SNAPSHOT)
    act = services.drop_correction if request.POST.get("do") == "drop" else services.start_correction
    try:
        row = act(quarter=desk.quarter, organisation=desk.organisation, by=request.user)
    except DomainError as refused:
        messages.error(request, str(refused))
        return redirect("return_form", *desk.address)
    if row.status == ReturnStatus.SENT:
        messages.success(request, _("The correction is given up. What you sent before stands."))
        return redirect("return_sent", row.public_id)
    return redirect("return_form", *desk.address)
