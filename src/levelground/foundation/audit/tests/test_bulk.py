"""Many events at once make the same chains as one event after another."""

import datetime as dt

import pytest

from levelground.foundation import clock
from levelground.foundation.audit import services
from levelground.foundation.audit.bulk import Entry, record_many
from levelground.foundation.audit.models import AuditEvent
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
THEN = dt.datetime(2026, 3, 1, 9, 30, tzinfo=dt.UTC)


def entry(verb: str, **extra: object) -> Entry:
    return Entry(at=THEN, actor="system", verb=verb, subject="thing:1", **extra)  # type: ignore[arg-type]


def chain(key: str) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(chain=key).order_by("sequence"))


def test_they_follow_what_stood_there_and_are_followed_by_what_comes() -> None:
    services.record(by=None, verb="first", subject="thing:1", chain="network:north")
    written = record_many(
        {"network:north": [entry("second"), entry("third", reason="Moved")], "network:new": [entry("begun")]}
    )
    services.record(by=UserFactory(), verb="fourth", subject="thing:1", chain="network:north")
    assert written == 3
    assert [event.verb for event in chain("network:north")] == ["first", "second", "third", "fourth"]
    assert list(services.verify()) == []


def test_the_hashes_are_those_of_one_event_after_another() -> None:
    told = {"before": {"b": 1, "a": 0.5}, "after": {"on": dt.date(2026, 3, 1)}, "reason": "Gwell"}
    record_many({"network:north": [entry("did", **told), entry("did", **told)]})
    with clock.at(THEN):
        for _ in range(2):
            services.record(by=None, verb="did", subject="thing:1", chain="network:south", **told)
    north, south = chain("network:north"), chain("network:south")
    for one, other in zip(north, south, strict=True):
        assert (one.sequence, one.at, one.before, one.after) == (other.sequence, other.at, other.before, other.after)
        assert one.hash != other.hash  # the chain's name is in it
    assert list(services.verify()) == []


def test_nothing_is_written_for_nothing() -> None:
    assert record_many({}) == 0
    assert not AuditEvent.objects.exists()
