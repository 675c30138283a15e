"""What a submission would send now: the workbook's content with the documents that go with it."""

from typing import Any

from levelground.assessments.services.frozen import content_of, content_sha256
from levelground.foundation.prepared import Prepared

from .models import Submission, SubmissionDocument

_current = Prepared(
    lambda submission: (
        SubmissionDocument.objects.filter(submission=submission)
        .current()
        .select_related("required", "document", "added_by")
        .order_by("required__number")
    )
)


def current_documents(submission: Submission) -> list[SubmissionDocument]:
    """In the order in which the cycle asks for them."""
    return _current(submission.pk)


def documents_data(documents: list[SubmissionDocument]) -> list[dict[str, Any]]:
    return [
        {
            "code": item.required.code, "name": item.required.name.as_dict(), "number": item.document.public_id,
            "filename": item.document.filename, "type": item.document.content_type, "size": item.document.size,
            "sha256": item.document.sha256, "document_date": item.document_date.isoformat(), "period": item.period,
        }
        for item in documents
    ]  # fmt: skip


def content(submission: Submission) -> dict[str, Any]:
    if submission.workbook is None:
        raise LookupError("There is no workbook to read yet.")
    return content_of(submission.workbook, documents_data(current_documents(submission)))


def fingerprint(submission: Submission) -> str:
    """The SHA-256 of what would be sent now; a sign-off holds for exactly this."""
    return content_sha256(content(submission))
