"""Sending a snapshot to the network: checked, frozen, counted, with a receipt."""

from typing import Any

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from levelground.assessments import services as assessments
from levelground.assessments.models import Snapshot
from levelground.foundation import clock
from levelground.foundation.bilingual import Bilingual
from levelground.foundation.errors import IllegalMove
from levelground.organisations.models import Network
from levelground.organisations.roles import Permission

from .. import people
from ..addresses import address
from ..content import current_documents, documents_data
from ..models import Receipt, ReceiptCounter, RequiredDocument, SignOff, Submission, SubmissionStep
from ..readiness import NotReady, readiness
from ..states import Status
from . import tallying
from .moving import lock, require_with_member, step
from .watching import rewatch, settle


def take_number(network: Network, year: int) -> int:
    """The next receipt number of a network's year; others wait until this transaction ends."""
    ReceiptCounter.objects.get_or_create(network=network, year=year)
    mine = ReceiptCounter.objects.filter(network=network, year=year)
    mine.update(last=F("last") + 1)
    return mine.values_list("last", flat=True).get()


def submit(*, submission: Submission, by: Any) -> Receipt:
    """Send the snapshot. ``NotReady`` names each thing that is missing; what was signed is what is sent."""
    # By itself, because a sign-off that turns out to have lapsed stays lapsed when sending is refused. Always, because
    # not everything that is signed is written in the workbook: the name of a colleague is not.
    settle(submission=submission)
    return _submit(submission, by)


@transaction.atomic
def _submit(submission: Submission, by: Any) -> Receipt:
    row = lock(submission)
    require_with_member(row)
    if not row.active:
        raise IllegalMove(_("Your organisation is not a member of this network any more."))
    state = readiness(row, thorough=True)
    if not state.is_ready or state.sign_off is None:
        raise NotReady(state.missing)
    before, late = tallying.counted(row), row.late
    if late is None:
        late = clock.today() > row.deadline
    network, year = row.cycle.network, row.cycle.year
    receipt = Receipt(
        network=network, year=year, sequence=take_number(network, year), submission=row, at=clock.now(),
        deadline=row.deadline, late=late,
    )  # fmt: skip
    receipt.snapshot = _freeze(row, receipt, state.sign_off, by)
    receipt.save()
    row.snapshot, row.sent_at, row.late, row.receipt_number = receipt.snapshot, receipt.at, late, receipt.number
    row.recheck = False
    to = Status.RESUBMITTED if row.status == Status.RETURNED else Status.SUBMITTED
    RequiredDocument.objects.filter(cycle=row.cycle, fixed=False).update(fixed=True)
    tallying.recount(row.cycle, before=before, after=receipt.snapshot)
    step(row, to, by=by, snapshot=receipt.snapshot)
    rewatch(row.workbook_id)
    _tell(row, receipt, state.sign_off, by)
    return receipt


def _freeze(row: Submission, receipt: Receipt, sign_off: SignOff, by: Any) -> Snapshot:
    editions = Snapshot.objects.filter(workbook=row.workbook_id, year=receipt.year)
    newest = editions.order_by("-edition").values_list("edition", flat=True).first()
    if row.workbook is None:
        raise LookupError("A submission without a workbook is never ready.")
    return assessments.take_snapshot(
        workbook=row.workbook,
        year=receipt.year,
        edition=(newest or 0) + 1,
        by=by,
        documents=documents_data(current_documents(row)),
        header={
            "cycle": row.cycle.public_id, "receipt": receipt.number, "deadline": row.deadline.isoformat(),
            "late": receipt.late,
            "signed": {
                "by": {"number": sign_off.by.public_id, "name": sign_off.by.name}, "at": sign_off.at.isoformat(),
                "declaration": sign_off.declaration.as_dict(), "content_sha256": sign_off.content_sha256,
            },
        },
    )  # fmt: skip


def _tell(row: Submission, receipt: Receipt, sign_off: SignOff, by: Any) -> None:
    """Colleagues who lead or signed hear that it is sent; the officer who sent it back hears that it came again."""
    name = people.called(row)
    text = Bilingual(f"{name.en} was sent. Receipt {receipt.number}", f"Anfonwyd {name.cy}. Derbynneb {receipt.number}")
    colleagues = [*people.of(row, Permission.SUBMIT_SNAPSHOT), sign_off.by]
    people.tell(
        colleagues,
        kind="submission.sent",
        text=text,
        url=address(row, "receipt", receipt.number),
        key=receipt.number,
        besides=by,
    )
    if row.status == Status.RESUBMITTED:
        returned = SubmissionStep.objects.filter(submission=row, to_status=Status.RETURNED).select_related("by").last()
        if returned is not None and returned.by is not None:
            who = row.organisation.name
            again = Bilingual(
                f"{who.en or who.cy} has sent {name.en} again", f"Mae {who.cy or who.en} wedi anfon {name.cy} eto"
            )
            where = reverse("snapshot", args=[receipt.snapshot.public_id])
            people.tell([returned.by], kind="submission.sent_again", text=again, url=where, key=receipt.number)
