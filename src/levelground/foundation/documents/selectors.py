"""Reads about documents."""

import datetime as dt

from django.conf import settings
from django.db.models.expressions import RawSQL

from .models import Document
from .rules import Freshness, freshness


def freshness_of(document: Document, today: dt.date) -> Freshness:
    """How fresh a document is, by the limits in the settings."""
    return freshness(
        document.document_date,
        document.expires_on,
        today,
        stale_months=settings.EVIDENCE_STALE_MONTHS,
        expiring_days=settings.EVIDENCE_EXPIRING_DAYS,
    )


_LINE = """
    WITH RECURSIVE line(id, replaces_id) AS (
        SELECT id, replaces_id FROM documents_document WHERE id = %s
        UNION ALL
        SELECT older.id, older.replaces_id FROM documents_document older JOIN line ON older.id = line.replaces_id
    ) SELECT id FROM line
"""


def versions(document: Document) -> list[Document]:
    """The document and all its earlier versions, the newest first; one query."""
    line = Document.objects.filter(pk__in=RawSQL(_LINE, [document.pk]))  # noqa: S611 - the text is ours
    return list(line.select_related("uploaded_by").order_by("-number"))
