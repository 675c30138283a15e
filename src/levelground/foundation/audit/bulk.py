"""Many events for many chains at once: for what is brought in from elsewhere, and for the demonstration.

The chains are the same as those of ``services.record``: the same lock on each head, the same hashes, in the same order.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from levelground.foundation.rows import insert

from .models import AuditChain, AuditEvent
from .services import canonical, event_hash, plain_json


@dataclass(frozen=True, slots=True)
class Entry:
    """One event to come. ``actor`` is a person's public number or ``services.SYSTEM``."""

    at: dt.datetime
    actor: str
    verb: str
    subject: str
    before: Any = None
    after: Any = None
    reason: str = ""


_COLUMNS = (
    "chain", "sequence", "at", "actor", "verb", "subject", "before", "after", "reason", "request_id", "previous_hash",
    "hash",
)  # fmt: skip


@dataclass(slots=True)
class _Event:
    """An entry in its place in a chain: what ``event_hash`` reads of an event."""

    chain: str
    sequence: int
    at: dt.datetime
    actor: str
    verb: str
    subject: str
    before: Any
    after: Any
    reason: str
    previous_hash: str

    def row(self, own_hash: str) -> tuple[Any, ...]:
        before, after = (None if value is None else canonical(value) for value in (self.before, self.after))
        at = self.at.astimezone(dt.UTC).replace(tzinfo=None).isoformat(sep=" ")
        return (
            self.chain, self.sequence, at, self.actor, self.verb, self.subject, before, after, self.reason, "",
            self.previous_hash, own_hash,
        )  # fmt: skip


@transaction.atomic
def record_many(entries: Mapping[str, Sequence[Entry]]) -> int:
    """Append to each chain (the key) its entries, in their order; the number of events."""
    AuditChain.objects.bulk_create([AuditChain(key=key) for key in entries], ignore_conflicts=True)
    heads = {head.key: head for head in AuditChain.objects.select_for_update().filter(key__in=entries).order_by("key")}
    rows = [row for key, more in entries.items() for row in _linked(heads[key], more)]
    insert(AuditEvent, _COLUMNS, rows)
    AuditChain.objects.bulk_create(
        heads.values(), update_conflicts=True, unique_fields=["key"], update_fields=["sequence", "last_hash"]
    )
    return len(rows)


def _linked(head: AuditChain, entries: Sequence[Entry]) -> Iterator[tuple[Any, ...]]:
    """The entries as rows that follow each other; the head moves along."""
    for entry in entries:
        event = _Event(
            head.key, head.sequence + 1, entry.at, entry.actor, entry.verb, entry.subject, plain_json(entry.before),
            plain_json(entry.after), entry.reason, head.last_hash,
        )  # fmt: skip
        head.sequence, head.last_hash = event.sequence, event_hash(event)
        yield event.row(head.last_hash)
