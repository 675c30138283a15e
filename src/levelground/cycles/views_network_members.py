"""One year of a network: where every member is, and what an officer does about one of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from levelground.assessments.models import Snapshot
from levelground.foundation.calls import attempt
from levelground.foundation.errors import Conflict
from levelground.foundation.exports.files import attachment
from levelground.organisations.roles import Permission

from . import network_files, network_reads, network_selectors, network_words, selectors, services
from .forms_network import AcceptForm, MemberFilterForm, MoreTimeForm, ReturnForm, SeenForm, WhyForm
from .models import Cycle, Submission
from .network_doors import may, open_cycle, open_part, page
from .network_words import cycle_url, part_url, renew
from .services import network
from .states import MOVES, UNSENT, Status, move_between

MOST_TICKED = 200


def _filter(request: HttpRequest, cycle: Cycle) -> MemberFilterForm:
    return MemberFilterForm(request.GET, regions=network_selectors.regions(cycle))


@login_required
@require_safe
def members(request: HttpRequest, network: str, framework: str, year: int) -> HttpResponse:
    """Every present member with its state and readiness: paged, counted and narrowed."""
    cycle = open_cycle(request, network, framework, year, Permission.SEE_PROGRESS)
    form = _filter(request, cycle)
    wanted, counts = form.wanted(), network_selectors.where(cycle)
    context = page(
        request,
        cycle,
        here="members",
        filter=form,
        wanted=wanted,
        counts=counts,
        tabs_of_list=network_words.show_tabs(counts, wanted, request.path),
        listing=network_selectors.members(cycle, counts, wanted, request.GET.get("page", 1)),
        part_url=part_url,
        tags_of=network_words.tags,
        readiness_words=network_words.readiness_words,
    )
    return render(request, "cycles/network_cycle.jinja", context)


@login_required
@require_safe
def download(request: HttpRequest, network: str, framework: str, year: int) -> HttpResponse:
    """The list as a spreadsheet: all pages of it, narrowed as the page is."""
    cycle = open_cycle(request, network, framework, year, Permission.SEE_PROGRESS)
    wanted = _filter(request, cycle).wanted()
    return attachment(*network_files.members_file(cycle, wanted, network_selectors.everyone(cycle, wanted)))


@login_required
def remind(request: HttpRequest, network: str, framework: str, year: int) -> HttpResponse:
    """Remind the members that were ticked, or everyone who is overdue."""
    cycle = open_cycle(request, network, framework, year, Permission.MANAGE_CYCLES)
    numbers = request.POST.getlist("member")[:MOST_TICKED]
    if request.method == "POST" and (numbers or request.POST.get("all") == "overdue"):
        result = _remind(cycle, numbers, request.user)
        say = messages.success if result.members else messages.warning
        say(request, network_words.reminded_words(result))
        return redirect(_reminded_from(request, cycle, numbers))
    counts = network_selectors.where(cycle)
    context = page(request, cycle, counts=counts, nobody=request.method == "POST")
    return render(request, "cycles/network_remind.jinja", context, status=422 if request.method == "POST" else 200)


def _reminded_from(request: HttpRequest, cycle: Cycle, numbers: list[str]) -> str:
    """Back to where the reminder was asked for: the member's own page, or the list as it was narrowed."""
    if numbers and request.POST.get("back") == "member":
        row = network_selectors.taking_part(cycle).filter(public_id=numbers[0]).select_related("organisation").first()
        if row is not None:
            return cycle_url(cycle, "network_submission", row.organisation.slug)
    return cycle_url(cycle) + (f"?{request.GET.urlencode()}" if request.GET else "")


def _remind(cycle: Cycle, numbers: list[str], by: Any) -> network.Reminded:
    if numbers:
        return network.remind_some(cycle=cycle, numbers=numbers, by=by)
    return network.remind_overdue(cycle=cycle, by=by)


@login_required
@require_safe
def part(request: HttpRequest, network: str, framework: str, year: int, member: str) -> HttpResponse:
    """One member's submission, to read: where it is, how it came there, what was sent."""
    row = open_part(request, network, framework, year, member)
    return render(request, "cycles/network_submission.jinja", _about(request, row))


def _about(request: HttpRequest, row: Submission) -> dict[str, Any]:
    allowed = may(request, row.cycle.network)
    newest = None
    if row.snapshot_id and allowed["open_snapshots"]:
        newest = Snapshot.objects.all().visible_to(request.user).filter(pk=row.snapshot_id).first()
    return page(
        request,
        row.cycle,
        submission=row,
        organisation=row.organisation,
        tags=network_words.tags(row),
        progress=selectors.progress_of([row])[row.pk],
        steps=_steps(row),
        receipts=selectors.receipts_of(row),
        extensions=selectors.extensions_of(row),
        newest=newest,
        sent=network_words.snapshot_words(newest) if newest else None,
        moves=_moves(row) if allowed["manage"] else [],
        unsent=row.status in UNSENT,
        part_url=part_url,
        support_url=network_words.support_url(row) if allowed["support"] else "",
    )


def _steps(row: Submission) -> list[dict[str, Any]]:
    """The history, the newest first."""
    return [
        {
            "before": before,
            "after": after,
            "who": str(step.by) if step.by else _("Levelground, by itself"),
            "when": step.at,
            "reasons": network_words.lines(step.reason),
        }
        for step in network_reads.steps(row)
        for before, after in [network_words.step_tags(step)]
    ]


# What "open it again" does when something had been sent; nothing that an officer chooses.
_REOPENED = (Status.WITHDRAWN, Status.RETURNED)


def _moves(row: Submission) -> list[dict[str, str]]:
    """What the network may do now."""
    verbs = [
        network_words.VERBS[Status(move.to)]
        for move in MOVES[row.status]
        if move.permission == Permission.MANAGE_CYCLES and (row.status, move.to) != _REOPENED
    ]
    return [{"href": part_url(row, f"network_submission_{verb}"), "text": str(text)} for verb, text in verbs]


@dataclass(frozen=True)
class Decision:
    """One thing that an officer decides about a submission: its words, its form and its service."""

    verb: str
    to: Status
    form: type[SeenForm]
    service: Callable[..., Submission]
    title: Any
    lede: Any
    button: Any
    done: Any
    kind: str = ""
    field: str = "reason"


DECISIONS = [
    Decision(
        "accept", Status.ACCEPTED, AcceptForm, services.accept, gettext_lazy("Accept the snapshot"),
        gettext_lazy("The member is told that you have what you asked for. You cannot send it back after this."),
        gettext_lazy("Accept it"), gettext_lazy("The snapshot is accepted."), field="note",
    ),
    Decision(
        "return", Status.RETURNED, ReturnForm, services.return_, gettext_lazy("Send the snapshot back"),
        gettext_lazy("The member reads your reasons, puts things right, has it signed off and sends it again."),
        gettext_lazy("Send it back"), gettext_lazy("The snapshot is on its way back, with your reasons."),
    ),
    Decision(
        "withdraw", Status.WITHDRAWN, WhyForm, services.withdraw, gettext_lazy("Withdraw the snapshot"),
        gettext_lazy("The member takes no further part in this year, and what it sent no longer counts. "
                     "You can open it again later."),
        gettext_lazy("Withdraw it"), gettext_lazy("The snapshot is withdrawn."), "danger",
    ),
    Decision(
        "reinstate", Status.IN_PROGRESS, WhyForm, network.reinstate, gettext_lazy("Open the snapshot again"),
        gettext_lazy("The member goes on where it was. What it sent before counts as sent back; it sends it again."),
        gettext_lazy("Open it again"), gettext_lazy("The member can go on with its snapshot."),
    ),
]  # fmt: skip


def deciding(decision: Decision) -> Callable[..., HttpResponse]:
    """The view in which an officer accepts, sends back, withdraws or opens again."""

    @login_required
    def decide(request: HttpRequest, network: str, framework: str, year: int, member: str) -> HttpResponse:
        row = open_part(request, network, framework, year, member, permission=Permission.MANAGE_CYCLES)
        return _decide(request, row, decision)

    return decide


def _decide(request: HttpRequest, row: Submission, decision: Decision) -> HttpResponse:
    """Written, looked at once more, then done."""
    data = request.POST if request.method == "POST" else None
    form = decision.form(data, initial={"version": row.version})
    checking, conflict = False, None
    if data is not None and form.is_valid():
        checking = row.version == form.cleaned_data["version"] and data.get("sure") != "yes"
        try:
            if not checking and attempt(form, lambda: _decided(decision, row, form, request.user)) is not None:
                messages.success(request, str(decision.done))
                return redirect(part_url(row))
        except Conflict as error:
            conflict, row = error, error.theirs
            renew(form, "version", row.version)
    possible = _is_possible(row, decision)
    status = 409 if conflict else 422 if data is not None and not checking else 200
    return _ask_decision(request, row, decision, form, checking=checking and possible, conflict=conflict, status=status)


def _is_possible(row: Submission, decision: Decision) -> bool:
    """Whether it is the network's to decide that now."""
    move = move_between(row.status, decision.to)
    return move is not None and move.permission == Permission.MANAGE_CYCLES and (row.status, move.to) != _REOPENED


def _decided(decision: Decision, row: Submission, form: forms.Form, by: Any) -> Submission:
    sent = {decision.field: form.cleaned_data["reason"], "seen_version": form.cleaned_data["version"]}
    return decision.service(submission=row, by=by, **sent)


def _ask_decision(
    request: HttpRequest, row: Submission, decision: Decision, form: forms.Form, *, status: int, **more: Any
) -> HttpResponse:
    context = page(
        request,
        row.cycle,
        submission=row,
        organisation=row.organisation,
        tags=network_words.tags(row),
        decision=decision,
        form=form,
        possible=_is_possible(row, decision),
        steps=_steps(row)[:1],
        back=part_url(row),
        **more,
    )
    return render(request, "cycles/network_decide.jinja", context, status=status)


@login_required
def more_time(request: HttpRequest, network: str, framework: str, year: int, member: str) -> HttpResponse:
    """A later deadline for this member."""
    row = open_part(request, network, framework, year, member, permission=Permission.MANAGE_CYCLES)
    data = request.POST if request.method == "POST" else None
    form, conflict = MoreTimeForm(data, submission=row), None
    if data is not None and form.is_valid():
        try:
            if attempt(form, lambda: _extended(row, form, request.user)) is not None:
                messages.success(request, _("The member has more time, and has been told."))
                return redirect(part_url(row))
        except Conflict as error:
            conflict = error
            row.deadline = error.theirs.deadline
            renew(form, "seen", row.deadline.isoformat())
    status = 409 if conflict else 422 if data is not None else 200
    context = page(
        request, row.cycle, submission=row, organisation=row.organisation, form=form, conflict=conflict,
        extensions=selectors.extensions_of(row), back=part_url(row), unsent=row.status in UNSENT,
    )  # fmt: skip
    return render(request, "cycles/network_more_time.jinja", context, status=status)


def _extended(row: Submission, form: MoreTimeForm, by: Any) -> Any:
    sent = form.cleaned_data
    return network.extend_one(
        submission=row, deadline=sent["deadline"], reason=sent["reason"], by=by, seen_deadline=sent["seen"]
    )
