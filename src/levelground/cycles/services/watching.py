"""What follows when a workbook changes below its submissions.

A workbook is watched while a submission has not begun, or while a sign-off holds. The signal comes before the write, in
its transaction: what has not begun begins, and a sign-off is marked to be compared again (``recheck``). The comparison
itself needs the content after the write, so it is made when the transaction has ended (``settle``). Until then, and if
the program is killed in between, the mark stands: readiness and sending compare by themselves, and every night what was
left is settled.
"""

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from levelground.assessments.models import Workbook
from levelground.foundation import clock
from levelground.foundation.audit import services as audit
from levelground.foundation.bilingual import Bilingual
from levelground.organisations.roles import Permission

from .. import people
from ..addresses import address
from ..models import SignOff, Submission
from ..readiness import holds
from ..states import WITH_MEMBER, Status
from .moving import lock, step

CHANGED = Bilingual(
    "Something in the workbook or the documents changed after the sign-off.",
    "Newidiodd rhywbeth yn y llyfr gwaith neu'r dogfennau ar ôl y gymeradwyaeth.",
)
ASKED_FOR_MORE = Bilingual(
    "The network now asks for another document.", "Mae'r rhwydwaith bellach yn gofyn am ddogfen arall."
)
OTHER_VERSION = Bilingual(
    "The network now asks for another version of the framework.",
    "Mae'r rhwydwaith bellach yn gofyn am fersiwn arall o'r fframwaith.",
)
OTHER_DOCUMENTS = Bilingual(
    "The network has changed the names or the order of the documents.",
    "Mae'r rhwydwaith wedi newid enwau neu drefn y dogfennau.",
)
_SIGNED = Exists(SignOff.objects.filter(submission=OuterRef("pk"), lapsed_at__isnull=True))


def rewatch(workbook_id: int | None) -> None:
    """Watch the workbook, or stop watching it, as its submissions need."""
    if workbook_id is None:
        return
    waiting = Submission.objects.filter(workbook=workbook_id).filter(
        Q(status=Status.NOT_STARTED) | (Q(status__in=WITH_MEMBER, recheck=False) & Q(_SIGNED))
    )
    Workbook.objects.filter(pk=workbook_id).update(watched=waiting.exists())


def workbook_changes(*, workbook_id: int, **_kwargs: Any) -> None:
    """Receives ``workbook_changed``: inside the transaction of the write, before it."""
    rows = Submission.objects.filter(workbook=workbook_id, status__in=WITH_MEMBER)
    for row in rows.select_for_update(of=("self",)).select_related("cycle", "organisation"):
        if row.status == Status.NOT_STARTED:
            if row.cycle.has_opened:
                step(row, Status.IN_PROGRESS)
        elif not row.recheck and SignOff.objects.filter(submission=row, lapsed_at__isnull=True).exists():
            row.recheck = True
            row.save(update_fields=["recheck"])
            transaction.on_commit(partial(settle, submission=row), robust=True)
    rewatch(workbook_id)


@transaction.atomic
def settle(*, submission: Submission) -> bool:
    """Compare a sign-off with the content once more; it lapses when that is another. Whether it still holds."""
    row = lock(submission)
    sign_off = SignOff.objects.filter(submission=row, lapsed_at__isnull=True).first()
    kept = sign_off is not None and (row.status not in WITH_MEMBER or holds(sign_off, row))
    if row.recheck:
        row.recheck = False
        row.save(update_fields=["recheck"])
    if sign_off is not None and not kept:
        lapse(row, sign_off, CHANGED)
    rewatch(row.workbook_id)
    return kept


def lapse(row: Submission, sign_off: SignOff, why: Bilingual, *, quietly: bool = False) -> None:
    """End a sign-off on a locked submission. What was ready is in progress again, and the leads hear why; ``quietly``
    when they hear of it anyway."""
    sign_off.lapsed_at, sign_off.lapsed_why = clock.now(), why
    sign_off.save(update_fields=["lapsed_at", "lapsed_why"])
    if row.status == Status.READY:
        step(row, Status.IN_PROGRESS)
    audit.record(
        by=None, verb="sign_off.lapsed", subject=f"submission:{row.public_id}", chain=row.organisation.audit_chain
    )
    if quietly:
        return
    name = people.called(row)
    text = Bilingual(
        f"{name.en} needs to be signed off again. {why.en}", f"Mae angen cymeradwyo {name.cy} eto. {why.cy}"
    )
    leads = people.of(row, Permission.SUBMIT_SNAPSHOT)
    people.tell([*leads, sign_off.by], kind="sign_off.lapsed", text=text, url=address(row))
