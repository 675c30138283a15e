"""The documents that go with a snapshot. A replaced one stays on record; what was sent is frozen in the snapshot."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from levelground.foundation import clock
from levelground.foundation.audit import services as audit
from levelground.foundation.documents import services as files
from levelground.foundation.documents.models import Document
from levelground.foundation.errors import Invalid

from ..models import RequiredDocument, Submission, SubmissionDocument
from ..states import Status
from .moving import lock, require_with_member, step
from .watching import settle

PERIOD_LIMIT = 100


def _checked(document_date: dt.date | None, period: str) -> str:
    if document_date is None:
        raise Invalid(fields={"document_date": _("Give the date that stands on the document.")})
    if document_date > clock.today():
        raise Invalid(
            fields={"document_date": _("This date is in the future. Give the date that stands on the document.")}
        )
    period = " ".join(period.split())
    if len(period) > PERIOD_LIMIT:
        raise Invalid(fields={"period": _("Write at most %(limit)d characters.") % {"limit": PERIOD_LIMIT}})
    return period


def _replace(row: Submission, required: RequiredDocument, by: Any) -> SubmissionDocument | None:
    current = SubmissionDocument.objects.filter(submission=row, required=required).current().first()
    if current is not None:
        current.replaced_at, current.replaced_by = clock.now(), by
        current.save(update_fields=["replaced_at", "replaced_by"])
    return current


def _put(
    row: Submission, required: RequiredDocument, document: Document, *, by: Any, document_date: Any, period: str
) -> SubmissionDocument:
    _replace(row, required, by)
    item = SubmissionDocument.objects.create(
        submission=row, required=required, document=document, document_date=document_date, period=period,
        added_by=by, added_at=clock.now(),
    )  # fmt: skip
    if row.status == Status.NOT_STARTED and row.cycle.has_opened:
        step(row, Status.IN_PROGRESS)
    settle(submission=row)
    _audit(row, "submission.document_added", required, by, after={"sha256": document.sha256, "date": document_date})
    return item


def _audit(row: Submission, verb: str, required: RequiredDocument, by: Any, **extra: Any) -> None:
    audit.record(
        by=by, verb=verb, subject=f"submission:{row.public_id}/{required.code}", chain=row.organisation.audit_chain,
        **extra,
    )  # fmt: skip


def add_document(
    *, submission: Submission, required: RequiredDocument, by: Any, document_date: dt.date | None, period: str = "",
    upload: Any = None, known: Document | None = None,
) -> SubmissionDocument:  # fmt: skip
    """Put a document in its place: a new file, or one that the organisation has here already (``known``)."""
    if (upload is None) == (known is None):
        raise Invalid(fields={"upload": _("Choose a file, or one of the documents that you have here already.")})
    period = _checked(document_date, period)
    # Checking and scanning a file may take seconds: before the transaction, which holds locks.
    received = files.receive(upload) if upload is not None else None
    with transaction.atomic():
        row = lock(submission)
        require_with_member(row)
        if received is not None:
            known = files.store(upload=received, title=required.name.here(), by=by, document_date=document_date)
        if known is None:
            raise LookupError("Checked above: there is a file or a known document.")
        return _put(row, required, known, by=by, document_date=document_date, period=period)


@transaction.atomic
def change_document_date(
    *, submission: Submission, required: RequiredDocument, by: Any, document_date: dt.date | None, period: str = ""
) -> SubmissionDocument:
    """Put the date or the period right; the file stays."""
    period = _checked(document_date, period)
    row = lock(submission)
    require_with_member(row)
    current = SubmissionDocument.objects.filter(submission=row, required=required).current().first()
    if current is None:
        raise Invalid(fields={"upload": _("Choose a file, or one of the documents that you have here already.")})
    if (current.document_date, current.period) == (document_date, period):
        return current
    return _put(row, required, current.document, by=by, document_date=document_date, period=period)


@transaction.atomic
def remove_document(*, submission: Submission, required: RequiredDocument, by: Any) -> None:
    """Take a document out of its place, when it was the wrong one."""
    row = lock(submission)
    require_with_member(row)
    if _replace(row, required, by) is not None:
        settle(submission=row)
        _audit(row, "submission.document_removed", required, by)
