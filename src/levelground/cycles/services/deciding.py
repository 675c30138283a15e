"""What the network decides about a snapshot that it received."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from levelground.foundation.bilingual import Bilingual
from levelground.organisations.roles import Permission

from .. import people
from ..addresses import address
from ..models import ReceiptCounter, SignOff, Submission
from ..states import Status
from . import tallying
from .moving import illegal, lock, step, words
from .watching import lapse, rewatch

OPENED_AGAIN = Bilingual("The network opened the year again.", "Agorodd y rhwydwaith y flwyddyn eto.")
SENT_BACK = Bilingual("The network sent the snapshot back.", "Anfonodd y rhwydwaith y ciplun yn ôl.")


def _tell(row: Submission, kind: str, english: str, welsh: str, by: Any) -> None:
    name = people.called(row)
    text = Bilingual(english.format(name=name.en), welsh.format(name=name.cy))
    people.tell(people.of(row, Permission.SUBMIT_SNAPSHOT), kind=kind, text=text, url=address(row), besides=by)


def _decide(submission: Submission, to: Status, *, by: Any, reason: str, seen_version: int | None) -> Submission:
    """Take the step. ``IN_PROGRESS`` undoes a withdrawal: if something was sent before, it counts as sent back."""
    row = lock(submission)
    row.require_version(seen_version, yours={"status": to, "reason": reason})
    if row.status == Status.WITHDRAWN and to == Status.RETURNED:
        raise illegal(row, to)
    if row.status == Status.WITHDRAWN and row.snapshot is not None:
        to = Status.RETURNED
    before = tallying.counted(row)
    step(row, to, by=by, reason=reason)
    after = tallying.counted(row)
    if before != after:
        # The same lock as in sending, so that two members' tallies change one after the other.
        ReceiptCounter.objects.select_for_update().filter(network=row.cycle.network, year=row.cycle.year).first()
        tallying.recount(row.cycle, before=before, after=after)
    return row


@transaction.atomic
def accept(*, submission: Submission, by: Any, note: str = "", seen_version: int | None = None) -> Submission:
    """The network has what it asked for."""
    row = _decide(submission, Status.ACCEPTED, by=by, reason=words(note, field="reason"), seen_version=seen_version)
    _tell(row, "submission.accepted", "The network has accepted {name}", "Mae'r rhwydwaith wedi derbyn {name}", by)
    return row


@transaction.atomic
def return_(*, submission: Submission, by: Any, reason: str, seen_version: int | None = None) -> Submission:
    """Send a snapshot back with the reasons, one on each line. What is sent again is signed off again."""
    reason = words(reason, field="reason", ask=_("Say what the member should change. It will read this."))
    row = _decide(submission, Status.RETURNED, by=by, reason=reason, seen_version=seen_version)
    sign_off = SignOff.objects.filter(submission=row, lapsed_at__isnull=True).first()
    if sign_off is not None:
        lapse(row, sign_off, SENT_BACK, quietly=True)
    _tell(
        row, "submission.returned", "The network has sent {name} back, and says why",
        "Mae'r rhwydwaith wedi anfon {name} yn ôl, ac yn dweud pam", by,
    )  # fmt: skip
    return row


@transaction.atomic
def withdraw(*, submission: Submission, by: Any, reason: str, seen_version: int | None = None) -> Submission:
    """The network takes a member's snapshot out of its year."""
    row = _decide(submission, Status.WITHDRAWN, by=by, reason=reason, seen_version=seen_version)
    rewatch(row.workbook_id)
    _tell(
        row, "submission.withdrawn", "The network has withdrawn {name}, and says why",
        "Mae'r rhwydwaith wedi tynnu {name} yn ôl, ac yn dweud pam", by,
    )  # fmt: skip
    return row


@transaction.atomic
def reinstate(*, submission: Submission, by: Any, reason: str, seen_version: int | None = None) -> Submission:
    """Undo a withdrawal: the member goes on where it was. If it had sent an edition, it sends the next one."""
    row = _decide(submission, Status.IN_PROGRESS, by=by, reason=reason, seen_version=seen_version)
    sign_off = SignOff.objects.filter(submission=row, lapsed_at__isnull=True).first()
    if sign_off is not None:
        lapse(row, sign_off, OPENED_AGAIN, quietly=True)
    _tell(
        row, "submission.reinstated", "The network has opened {name} for you again",
        "Mae'r rhwydwaith wedi agor {name} i chi eto", by,
    )  # fmt: skip
    return row
