"""Reads of evidence."""

from .models import Evidence


def same_document(item: Evidence) -> list[str]:
    """The codes of the other indicators of the workbook that show the same document, in order."""
    if item.document_id is None:
        return []
    others = Evidence.objects.filter(document=item.document_id, answer__workbook=item.answer.workbook_id).current()
    return list(
        others.exclude(answer=item.answer_id)
        .order_by("answer__indicator__standard__theme__position", "answer__indicator__position")
        .values_list("answer__indicator__code", flat=True)
    )
