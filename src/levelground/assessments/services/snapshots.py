"""Freezing a workbook: its content as canonical JSON with a SHA-256."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from levelground.foundation import clock
from levelground.foundation.audit import services as audit

from ..models import Snapshot, Workbook
from .frozen import SNAPSHOT_FORMAT, content_of


def seal(*, content: Mapping[str, Any], header: Mapping[str, Any]) -> tuple[str, str]:
    """The bytes that are kept for ``content``, and their SHA-256."""
    payload = audit.canonical({"format": SNAPSHOT_FORMAT, **content, **header})
    return payload, hashlib.sha256(payload.encode()).hexdigest()


@transaction.atomic
def take_snapshot(
    *, workbook: Workbook, year: int, by: Any, edition: int = 1, documents: Sequence[Mapping[str, Any]] = (),
    header: Mapping[str, Any] | None = None,
) -> Snapshot:  # fmt: skip
    """Freeze the workbook with the ``documents`` that go with it. ``header`` is what else is to be kept, such as who
    signed it. Whether it may be sent at all is asked by the cycle, above."""
    workbook = (
        Workbook.objects.select_for_update(of=("self",))
        .select_related("organisation", "framework", "version")
        .get(pk=workbook.pk)
    )
    now = clock.now()
    payload, sha256 = seal(
        content=content_of(workbook, documents),
        header={
            "year": year, "edition": edition, "submitted_at": now.isoformat(),
            "submitted_by": {"number": by.public_id, "name": by.name}, **(header or {}),
        },
    )  # fmt: skip
    snapshot = Snapshot.objects.create(
        workbook=workbook, year=year, edition=edition, version=workbook.version, submitted_by=by, submitted_at=now,
        payload=payload, sha256=sha256,
    )  # fmt: skip
    audit.record(
        by=by, verb="snapshot.submitted", subject=f"snapshot:{snapshot.public_id}",
        chain=workbook.organisation.audit_chain, after={"year": year, "edition": edition, "sha256": sha256},
    )  # fmt: skip
    return snapshot
