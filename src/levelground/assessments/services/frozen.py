"""What a snapshot holds: writing a workbook's content as plain data, and reading a frozen one.

The content is what somebody signs: answers, actions, evidence, documents and the version of the framework, without any
moment of saving, so that the same content has the same hash whenever it is written down.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from levelground.foundation.audit.services import canonical
from levelground.foundation.documents.models import Document

from ..models import Action, Evidence, Snapshot, Workbook
from ..selectors import Row, rows

SNAPSHOT_FORMAT = "levelground-snapshot/2"
CONTENT = ("organisation", "framework", "version", "indicators", "actions", "documents")


def content_of(workbook: Workbook, documents: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """The workbook now as plain data in a fixed order, with the ``documents`` that go with it. Eight queries."""
    version = workbook.version
    general = Action.objects.filter(workbook=workbook, indicator__isnull=True).select_related("owner")
    return {
        "organisation": workbook.organisation.slug,
        "framework": workbook.framework.slug,
        "version": {"number": version.number, "label": version.label, "sha256": version.sha256},
        "indicators": [indicator_data(row) for row in rows(workbook)],
        "actions": [action_data(action) for action in general.order_by("number")],
        "documents": list(documents),
    }


def indicator_data(row: Row) -> dict[str, Any]:
    """One indicator. Its text is not repeated: the version and its SHA-256 fix it."""
    data: dict[str, Any] = {
        "code": row.indicator.code,
        "value": row.answer.value,
        "standing": row.standing.value,
        "reason": row.answer.reason,
    }
    if row.actions:
        data["actions"] = [action_data(action) for action in row.actions]
    if row.evidence:
        data["evidence"] = [_evidence_data(item) for item in row.evidence]
    return data


def action_data(action: Action) -> dict[str, Any]:
    return {
        "number": action.number, "title": action.title, "status": action.status, "priority": action.priority,
        "owner": action.owner.name if action.owner else "", "due_on": _iso(action.due_on), "source": action.source,
    }  # fmt: skip


def _evidence_data(item: Evidence) -> dict[str, Any]:
    return {
        "title": item.title, "url": item.url, "document_date": _iso(item.document_date),
        "expires_on": _iso(item.expires_on), "sha256": item.document.sha256 if item.document else "",
    }  # fmt: skip


def _iso(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


def content_sha256(content: Mapping[str, Any]) -> str:
    """The fingerprint that a sign-off pins."""
    return hashlib.sha256(canonical({name: content[name] for name in CONTENT}).encode()).hexdigest()


def sent_document(snapshot: Snapshot, number: str) -> Document | None:
    """A document that went with the snapshot: the frozen list says that it did."""
    if number not in {item["number"] for item in read(snapshot)["documents"]}:
        return None
    return Document.objects.filter(public_id=number).first()


def read(snapshot: Snapshot) -> dict[str, Any]:
    """A snapshot's payload to read from: what is left out because there is nothing of it is there, empty. (The hash of
    the content is that of the payload as it stands.)"""
    payload: dict[str, Any] = json.loads(snapshot.payload)
    for name in ("actions", "documents"):
        payload.setdefault(name, [])
    for item in payload["indicators"]:
        item.setdefault("actions", [])
        item.setdefault("evidence", [])
    return payload
