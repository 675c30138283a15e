"""Adding to the audit log and proving that nobody changed it."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Max

from levelground.foundation import clock
from levelground.foundation.prepared import Prepared

from .models import AuditChain, AuditEvent

SYSTEM = "system"


_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
_PLAIN = json.JSONDecoder(parse_float=str)


def canonical(value: Any) -> str:
    """JSON with sorted keys and no spaces: the same value gives the same bytes."""
    return _CANONICAL.encode(value)


def plain_json(value: Any) -> Any:
    """A value as it will be read back. Numbers with a point are kept as text: PostgreSQL writes some of them in another
    way, and the hash would not hold."""
    return _PLAIN.decode(canonical(value)) if value is not None else None


def event_hash(event: Any) -> str:
    """The hash of an event: of everything in it but the request's number."""
    return hashlib.sha256(
        canonical(
            [
                event.chain,
                event.sequence,
                event.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
                event.actor,
                event.verb,
                event.subject,
                event.before,
                event.after,
                event.reason,
                event.previous_hash,
            ]
        ).encode()
    ).hexdigest()


_head = Prepared(lambda key: AuditChain.objects.select_for_update().filter(key=key))


# A savepoint would cost two questions more: whoever cannot record what it did takes all of it back.
@transaction.atomic(savepoint=False)
def record(
    *, by: Any, verb: str, subject: str, chain: str = "platform",
    before: Any = None, after: Any = None, reason: str = "",
) -> AuditEvent:  # fmt: skip
    """Append one event to ``chain`` (``network:<slug>`` or ``platform``).

    ``by`` is a user or ``None`` for the system. ``subject`` is ``kind:public number``. Call it last in a service: the
    chain's row stays locked until the transaction ends.
    """
    head = _head.first(chain)
    if head is None:
        AuditChain.objects.get_or_create(key=chain)
        head = AuditChain.objects.select_for_update().get(key=chain)
    event = AuditEvent(
        chain=chain,
        sequence=head.sequence + 1,
        at=clock.now(),
        actor=str(getattr(by, "public_id", "") or SYSTEM),
        verb=verb,
        subject=subject,
        before=plain_json(before),
        after=plain_json(after),
        reason=reason,
        request_id=str(structlog.contextvars.get_contextvars().get("request_id", "")),
        previous_hash=head.last_hash,
    )
    event.hash = event_hash(event)
    event.save(force_insert=True)
    head.sequence, head.last_hash = event.sequence, event.hash
    head.save(update_fields=["sequence", "last_hash"])
    return event


@dataclass(frozen=True)
class Break:
    """Where a chain does not hold. ``what``: changed, missing, cut short, added, or no head."""

    chain: str
    sequence: int
    what: str


def verify() -> Iterator[Break]:
    """Every place where a chain does not hold. Rows are streamed; events recorded meanwhile raise no false alarm."""
    known = list(AuditChain.objects.order_by("key").values_list("key", flat=True))
    for key in known:
        yield from _verify_chain(key)
    headless = AuditEvent.objects.exclude(chain__in=known).order_by("chain").values_list("chain", flat=True).distinct()
    for key in headless:
        # A chain that began while we looked has its head by now.
        if not AuditChain.objects.filter(key=key).exists():
            yield Break(key, 1, "no head")


def _verify_chain(key: str) -> Iterator[Break]:
    head = AuditChain.objects.get(key=key)
    previous, expected = "", 1
    events = AuditEvent.objects.filter(chain=key, sequence__lte=head.sequence).order_by("sequence")
    for event in events.iterator(chunk_size=2000):
        gap = event.sequence != expected
        if gap:
            yield Break(key, expected, "missing")
        # What stood before a gap is not known any more.
        if (not gap and event.previous_hash != previous) or event_hash(event) != event.hash:
            yield Break(key, event.sequence, "changed")
        previous, expected = event.hash, event.sequence + 1
    if expected <= head.sequence:
        yield Break(key, expected, "cut short")
    elif head.last_hash != previous:
        yield Break(key, head.sequence, "changed")
    # The last event is looked up before the head: the head that is read later can only be further on.
    last = AuditEvent.objects.filter(chain=key).aggregate(last=Max("sequence"))["last"] or 0
    now = AuditChain.objects.get(key=key).sequence
    if last > now:
        yield Break(key, now + 1, "added")
