"""Who holds which role: the same pages for an organisation and for a network."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from levelground.foundation import clock
from levelground.foundation.calls import attempt
from levelground.foundation.errors import Conflict, IllegalMove
from levelground.organisations import services
from levelground.organisations.doors import PeopleDoor
from levelground.organisations.forms import EndRoleForm, InviteForm, RoleDatesForm
from levelground.organisations.models import Invitation, Organisation
from levelground.organisations.presenters import until
from levelground.organisations.rules import standing
from levelground.organisations.selectors import members_people, open_invitations

PAGE = 50


@login_required
@require_GET
def people(request: HttpRequest, organisation: str | None = None, network: str | None = None) -> HttpResponse:
    door = PeopleDoor(request, organisation=organisation, network=network)
    ended = request.GET.get("show") == "ended"
    page = Paginator(members_people(door.place, request.user, ended=ended), PAGE).get_page(request.GET.get("page"))
    today = clock.today()
    rows = [
        {"held": held, "standing": standing(held.from_date, held.to_date, today, ended=bool(held.ended_at)).value}
        for held in page
    ]
    context = {
        "door": door,
        "page": page,
        "rows": rows,
        "ended": ended,
        "invitations": [] if ended else list(open_invitations(door.place, request.user)),
        "giving": door.roles(),
    }
    return render(request, "organisations/people.jinja", context)


def _teams(door: PeopleDoor) -> list[Any]:
    if not isinstance(door.place, Organisation) or not door.may_manage:
        return []
    return list(door.place.teams.filter(archived_at__isnull=True))


def _say_sent(request: HttpRequest, invitation: Invitation) -> None:
    """The e-mail leaves after the commit, that is before this: say how it went."""
    invitation.refresh_from_db(fields=["sent_at"])
    if invitation.sent_at:
        messages.success(request, _("The invitation is on its way to %(email)s.") % {"email": invitation.email})
    else:
        messages.warning(
            request,
            _("The invitation is kept, but its e-mail to %(email)s has not left yet. Send it again in a few minutes.")
            % {"email": invitation.email},
        )


@login_required
def invite(request: HttpRequest, organisation: str | None = None, network: str | None = None) -> HttpResponse:
    door = PeopleDoor(request, organisation=organisation, network=network)
    roles = door.require_inviting()
    form = InviteForm(request.POST or None, home=door.place, roles=roles, teams=_teams(door))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        invitation = attempt(
            form,
            lambda: services.invite(
                place=form.scope, email=data["email"], name=data["name"], role=data["role"],
                ends_on=data["ends_on"], by=request.user,
            ),
        )  # fmt: skip
        if invitation is not None:
            _say_sent(request, invitation)
            return redirect(door.url("people"))
    return render(request, "organisations/invite.jinja", {"door": door, "form": form})


@login_required
def role(
    request: HttpRequest, number: str, organisation: str | None = None, network: str | None = None
) -> HttpResponse:
    """Change the dates of a role."""
    door = PeopleDoor(request, organisation=organisation, network=network)
    held = door.membership(number)
    initial = {"from_date": held.from_date, "to_date": held.to_date, "version": held.version}
    form = RoleDatesForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            done = attempt(
                form,
                lambda: services.change_dates(
                    membership=held, from_date=data["from_date"], to_date=data["to_date"],
                    seen_version=data["version"], by=request.user,
                ),
            )  # fmt: skip
        except Conflict as conflict:
            return _role_conflict(request, door, conflict, form, "organisations/role.jinja")
        if done is not None:
            messages.success(request, _("The dates are saved."))
            return redirect(door.url("people"))
    return render(request, "organisations/role.jinja", {"door": door, "held": held, "form": form})


def _role_conflict(
    request: HttpRequest, door: PeopleDoor, conflict: Conflict, form: Any, template: str
) -> HttpResponse:
    """What stands now is told; what was typed stays in the form, which may be sent once more."""
    now = conflict.theirs
    form.data = form.data.copy()
    form.data["version"] = now.version
    context = {"door": door, "held": now, "form": form, "conflict": str(conflict), "until": until(now)}
    return render(request, template, context, status=409)


@login_required
def end_role(
    request: HttpRequest, number: str, organisation: str | None = None, network: str | None = None
) -> HttpResponse:
    door = PeopleDoor(request, organisation=organisation, network=network)
    held = door.membership(number)
    form = EndRoleForm(request.POST or None, initial={"version": held.version})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            done = attempt(
                form,
                lambda: services.end_role(
                    membership=held, on=data["on"], reason=data["reason"],
                    seen_version=data["version"], by=request.user,
                ),
            )  # fmt: skip
        except Conflict as conflict:
            return _role_conflict(request, door, conflict, form, "organisations/end_role.jinja")
        if done is not None:
            messages.success(request, _("The end of the role is saved."))
            return redirect(door.url("people"))
    return render(request, "organisations/end_role.jinja", {"door": door, "held": held, "form": form})


@login_required
@require_POST
def send_again(
    request: HttpRequest, number: str, organisation: str | None = None, network: str | None = None
) -> HttpResponse:
    door = PeopleDoor(request, organisation=organisation, network=network)
    invitation = door.invitation(number)
    try:
        _say_sent(request, services.send_again(invitation=invitation, by=request.user))
    except IllegalMove as refused:
        messages.error(request, str(refused))
    return redirect(door.url("people"))


@login_required
@require_POST
def withdraw(
    request: HttpRequest, number: str, organisation: str | None = None, network: str | None = None
) -> HttpResponse:
    door = PeopleDoor(request, organisation=organisation, network=network)
    invitation = door.invitation(number)
    try:
        services.withdraw(invitation=invitation, by=request.user)
        messages.success(request, _("The invitation is withdrawn. Its link no longer works."))
    except IllegalMove as refused:
        messages.error(request, str(refused))
    return redirect(door.url("people"))
