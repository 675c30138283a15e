"""Asking a trustee or executive, and their answer. Whoever signs changes nothing."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from levelground.foundation import clock
from levelground.foundation.audit import services as audit
from levelground.foundation.bilingual import Bilingual
from levelground.foundation.errors import Conflict, IllegalMove, Invalid
from levelground.organisations.access import Access
from levelground.organisations.roles import Permission

from .. import people
from ..addresses import address
from ..content import fingerprint
from ..defaults import DECLARATION
from ..models import SignOff, SignOffRequest, Submission
from ..readiness import NotReady, Readiness, readiness
from ..states import Answered, Status
from .moving import lock, require_with_member, step, words
from .watching import CHANGED, lapse, rewatch


def _require_complete(row: Submission) -> Readiness:
    require_with_member(row)
    state = readiness(row, thorough=True)
    if not state.is_complete:
        raise NotReady(state.unfinished)
    return state


def _answer(row: Submission, answer: Answered, by: Any, said: str = "") -> SignOffRequest | None:
    """Close the open request, if there is one."""
    request = SignOffRequest.objects.filter(submission=row, answer=Answered.OPEN).select_related("asked_by").first()
    if request is not None:
        request.answer, request.answered_by, request.answered_at, request.words = answer, by, clock.now(), said
        request.save(update_fields=["answer", "answered_by", "answered_at", "words"])
    return request


def _end_what_does_not_hold(row: Submission) -> None:
    """A sign-off that thorough readiness did not find: what it was given for is not what would be sent."""
    sign_off = SignOff.objects.filter(submission=row, lapsed_at__isnull=True).first()
    if sign_off is not None:
        lapse(row, sign_off, CHANGED, quietly=True)
        rewatch(row.workbook_id)


def _audit(row: Submission, verb: str, by: Any, after: Any = None) -> None:
    audit.record(
        by=by, verb=verb, subject=f"submission:{row.public_id}", chain=row.organisation.audit_chain, after=after
    )


@transaction.atomic
def ask_for_sign_off(*, submission: Submission, by: Any, note: str = "") -> SignOffRequest:
    """Ask those who may approve. Everything else must be complete: it is this that they sign."""
    note = words(note, field="note")
    row = lock(submission)
    state = _require_complete(row)
    if state.sign_off is not None:
        raise IllegalMove(_("This snapshot is signed off already. You can send it now."))
    _end_what_does_not_hold(row)
    approvers = people.of(row, Permission.APPROVE_SNAPSHOT)
    if not approvers:
        raise IllegalMove(
            _("Nobody in your organisation holds the role of trustee or executive sign-off yet. Invite somebody first.")
        )
    _answer(row, Answered.REPLACED, by)
    request = SignOffRequest.objects.create(submission=row, asked_by=by, asked_at=clock.now(), note=note)
    name = people.called(row)
    text = Bilingual(f"Please sign off {name.en}", f"A wnewch chi gymeradwyo {name.cy}?")
    people.tell(approvers, kind="sign_off.asked", text=text, url=address(row, "sign_off"))
    _audit(row, "sign_off.asked", by)
    return request


@transaction.atomic
def sign(*, submission: Submission, by: Any, agreed: bool, seen_sha256: str) -> SignOff:
    """Approve exactly the content that was on the page (``seen_sha256``)."""
    row = lock(submission)
    Access.of(by).require(Permission.APPROVE_SNAPSHOT, row.organisation)
    if not agreed:
        raise Invalid(fields={"agreed": _("Tick the box if you agree with the declaration.")})
    state = _require_complete(row)
    if state.sign_off is not None:
        return state.sign_off
    now_sha256 = fingerprint(row)
    if seen_sha256 != now_sha256:
        raise Conflict(
            _("A colleague changed something while you were reading. Look at it again, then sign."),
            theirs=now_sha256, yours=seen_sha256,
        )  # fmt: skip
    # One whose content has changed may not have been settled yet.
    SignOff.objects.filter(submission=row, lapsed_at__isnull=True).update(lapsed_at=clock.now(), lapsed_why=CHANGED)
    made = SignOff.objects.create(
        submission=row, by=by, at=clock.now(), declaration=DECLARATION, content_sha256=now_sha256
    )
    row.recheck = False
    if row.status == Status.NOT_STARTED:
        step(row, Status.IN_PROGRESS)
    if row.status == Status.IN_PROGRESS:
        step(row, Status.READY, by=by)
    else:
        row.save(update_fields=["recheck"])
    _answer(row, Answered.SIGNED, by)
    rewatch(row.workbook_id)
    name = people.called(row)
    text = Bilingual(
        f"{name.en} is signed off. You can send it now.", f"Mae {name.cy} wedi'i gymeradwyo. Gallwch ei anfon nawr."
    )
    people.tell(
        people.of(row, Permission.SUBMIT_SNAPSHOT), kind="sign_off.given", text=text, url=address(row), besides=by
    )
    _audit(row, "sign_off.given", by, after={"content_sha256": now_sha256})
    return made


@transaction.atomic
def say_not_yet(*, submission: Submission, by: Any, text: str) -> SignOffRequest:
    """Instead of signing: what to change first."""
    text = words(text, field="words", ask=_("Say what you would like to be changed first."))
    row = lock(submission)
    Access.of(by).require(Permission.APPROVE_SNAPSHOT, row.organisation)
    request = _answer(row, Answered.NOT_YET, by, text)
    if request is None:
        raise IllegalMove(_("Nobody is waiting for this sign-off any more."))
    name = people.called(row)
    told = Bilingual(
        f"{by.name} asks for a change before signing off {name.en}",
        f"Mae {by.name} yn gofyn am newid cyn cymeradwyo {name.cy}",
    )
    leads = people.of(row, Permission.SUBMIT_SNAPSHOT)
    people.tell(leads, kind="sign_off.not_yet", text=told, url=address(row), besides=by)
    _audit(row, "sign_off.not_yet", by)
    return request
