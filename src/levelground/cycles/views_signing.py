"""Asking for sign-off, and signing."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from levelground.foundation.errors import Conflict, Invalid
from levelground.organisations.roles import Permission

from . import people, presenters, services
from .addresses import address
from .content import content, content_sha256
from .defaults import DECLARATION
from .doors import open_submission
from .forms import AskForm, NotYetForm, SignForm
from .models import Submission
from .readiness import NotReady, readiness
from .states import WITH_MEMBER
from .views import page


@login_required
def ask(request: HttpRequest, organisation: str, framework: str, year: int) -> HttpResponse:
    """Ask the trustee or executive to sign."""
    row = open_submission(request, organisation, framework, year, Permission.SUBMIT_SNAPSHOT)
    form = AskForm(request.POST if request.method == "POST" else None)
    missing: list[Any] = []
    if form.is_valid():
        try:
            services.ask_for_sign_off(submission=row, by=request.user, note=form.cleaned_data["note"])
        except NotReady as refused:
            missing = [(one.text, presenters.link_to(one, row)) for one in refused.missing]
        else:
            messages.success(request, _("We have told them. You will hear when it is signed."))
            return redirect(address(row))
    context = page(
        row, form=form, missing=missing, approvers=people.of(row, Permission.APPROVE_SNAPSHOT), state=readiness(row)
    )
    return render(request, "cycles/ask.jinja", context, status=409 if missing else 200)


def _show(request: HttpRequest, row: Submission, *, changed: bool = False, **forms: Any) -> HttpResponse:
    """The page to sign. It shows the whole of what is signed, and its fingerprint goes with the form."""
    # Thorough, because a sign-off that does not hold must not keep anybody from signing.
    state = readiness(row, thorough=True)
    signing = state.is_complete and row.status in WITH_MEMBER
    kept = content(row) if signing else None
    fingerprint = content_sha256(kept) if kept else ""
    form = forms.get("form") or SignForm(initial={"seen": fingerprint})
    if changed:
        form = SignForm(initial={"seen": fingerprint})
    context = page(
        row,
        state=state,
        signing=signing and state.sign_off is None,
        summary=presenters.summary(kept, row) if kept else None,
        documents=presenters.document_tasks(state, may_change=False),
        declaration=DECLARATION,
        form=form,
        not_yet=forms.get("not_yet") or NotYetForm(),
        forms=[one for one in forms.values() if one is not None],
        changed=changed,
    )
    return render(request, "cycles/sign.jinja", context, status=409 if changed else 422 if forms else 200)


@login_required
def sign(request: HttpRequest, organisation: str, framework: str, year: int) -> HttpResponse:
    """For a trustee or executive: read, tick, sign. Nothing can be changed here."""
    row = open_submission(request, organisation, framework, year, Permission.APPROVE_SNAPSHOT)
    if request.method != "POST":
        return _show(request, row)
    form = SignForm(request.POST)
    if not form.is_valid():
        return _show(request, row, form=form)
    try:
        services.sign(
            submission=row, by=request.user, agreed=form.cleaned_data["agreed"], seen_sha256=form.cleaned_data["seen"]
        )
    except Conflict:
        return _show(request, row, changed=True)
    except Invalid as error:
        for name, text in error.fields.items():
            form.add_error(name, str(text))
        return _show(request, row, form=form)
    messages.success(request, _("Thank you. The snapshot is signed off, and your quality lead can send it."))
    return redirect(address(row))


@login_required
@require_POST
def not_yet(request: HttpRequest, organisation: str, framework: str, year: int) -> HttpResponse:
    """Instead of signing: what should change first."""
    row = open_submission(request, organisation, framework, year, Permission.APPROVE_SNAPSHOT)
    form = NotYetForm(request.POST)
    if not form.is_valid():
        return _show(request, row, not_yet=form)
    services.say_not_yet(submission=row, by=request.user, text=form.cleaned_data["words"])
    messages.success(request, _("Your quality lead is told what you would like to be changed."))
    return redirect(address(row))
