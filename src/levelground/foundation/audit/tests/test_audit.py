import datetime as dt
import json
import time
from typing import Any

import pytest
import structlog
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from levelground.foundation.audit import services
from levelground.foundation.audit.models import AuditChain, AuditEvent
from levelground.foundation.audit.services import Break, record, verify
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def chain() -> list[AuditEvent]:
    """Five events in one chain, and two in another."""
    by = UserFactory()
    for n in range(2):
        record(by=by, verb="other", subject=f"thing:{n}", chain="network:south")
    return [record(by=by, verb="did", subject=f"thing:{n}", chain="network:north", after={"n": n}) for n in range(5)]


@pytest.fixture
def unguarded() -> None:
    """Somebody with the database's password has taken the triggers away."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE audit_auditevent DISABLE TRIGGER USER")
            return
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_auditevent'")
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name}")


def north(sequence: int) -> Any:
    return AuditEvent.objects.filter(chain="network:north", sequence=sequence)


def test_an_event_says_who_what_when_and_why() -> None:
    by = UserFactory()
    with structlog.contextvars.bound_contextvars(request_id="abc123"):
        event = record(by=by, verb="answer.changed", subject="answer:x", before="met", after="not_yet", reason="Moved")
    event.refresh_from_db()
    assert (event.actor, event.verb, event.subject) == (by.public_id, "answer.changed", "answer:x")
    assert (event.before, event.after, event.reason, event.request_id) == ("met", "not_yet", "Moved", "abc123")
    assert event.at.tzinfo is not None
    assert record(by=None, verb="tidied", subject="x:y").actor == "system"


def test_untouched_chains_hold(chain: list[AuditEvent]) -> None:
    assert [event.sequence for event in chain] == [1, 2, 3, 4, 5]
    assert list(verify()) == []


@pytest.mark.parametrize(
    "value",
    [
        {"b": 1, "a": [1, 2, {"z": None}]},
        "Ŵ ü 日本 \U0001f600",
        1.5,
        1e22,
        -0.0,
        10**30,
        {"day": dt.date(2027, 1, 1), "moment": dt.datetime(2027, 1, 1, tzinfo=dt.UTC)},
        [],
        False,
    ],
)
def test_whatever_is_recorded_verifies_after_the_database_had_it(value: Any) -> None:
    record(by=None, verb="x", subject="x:y", before=value, after=value)
    assert list(verify()) == []


@pytest.mark.parametrize("statement", ["UPDATE audit_auditevent SET verb = 'x'", "DELETE FROM audit_auditevent"])
def test_the_database_refuses_changes(chain: list[AuditEvent], statement: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert AuditEvent.objects.filter(verb="did").count() == 5


@pytest.mark.usefixtures("unguarded")
class TestTampering:
    @pytest.mark.parametrize(
        "change",
        [
            {"verb": "undid"}, {"actor": "somebody"}, {"subject": "thing:9"}, {"reason": "because"},
            {"after": {"n": 9}}, {"before": 1}, {"at": dt.datetime(2020, 1, 1, tzinfo=dt.UTC)},
            {"previous_hash": "0" * 64}, {"hash": "0" * 64},
        ],
    )  # fmt: skip
    def test_a_changed_event_is_found(self, chain: list[AuditEvent], change: dict[str, Any]) -> None:
        north(3).update(**change)
        assert Break("network:north", 3, "changed") in set(verify())
        assert {found.chain for found in verify()} == {"network:north"}

    def test_a_changed_event_with_a_new_hash_breaks_the_next(self, chain: list[AuditEvent]) -> None:
        event = north(3).get()
        event.verb = "undid"
        north(3).update(verb="undid", hash=services.event_hash(event))
        assert list(verify()) == [Break("network:north", 4, "changed")]

    def test_a_changed_last_event_with_a_new_hash_does_not_fit_the_head(self, chain: list[AuditEvent]) -> None:
        event = north(5).get()
        event.verb = "undid"
        north(5).update(verb="undid", hash=services.event_hash(event))
        assert list(verify()) == [Break("network:north", 5, "changed")]

    def test_missing_events_are_found(self, chain: list[AuditEvent]) -> None:
        north(2).delete()
        north(3).delete()
        assert list(verify()) == [Break("network:north", 2, "missing")]

    def test_a_missing_first_event_is_found(self, chain: list[AuditEvent]) -> None:
        north(1).delete()
        assert list(verify()) == [Break("network:north", 1, "missing")]

    def test_a_chain_cut_short_is_found(self, chain: list[AuditEvent]) -> None:
        north(4).delete()
        north(5).delete()
        assert list(verify()) == [Break("network:north", 4, "cut short")]

    def test_a_chain_emptied_is_found(self, chain: list[AuditEvent]) -> None:
        AuditEvent.objects.filter(chain="network:north").delete()
        assert list(verify()) == [Break("network:north", 1, "cut short")]

    def test_an_event_slipped_in_behind_the_head_is_found(self, chain: list[AuditEvent]) -> None:
        AuditChain.objects.filter(key="network:north").update(sequence=4, last_hash=chain[3].hash)
        assert list(verify()) == [Break("network:north", 5, "added")]

    def test_events_without_a_head_are_found(self, chain: list[AuditEvent]) -> None:
        AuditChain.objects.filter(key="network:south").delete()
        assert list(verify()) == [Break("network:south", 1, "no head")]

    def test_events_that_changed_places_are_found(self, chain: list[AuditEvent]) -> None:
        north(2).update(sequence=99)
        north(3).update(sequence=2)
        north(99).update(sequence=3)
        assert {found.sequence for found in verify()} == {2, 3, 4}

    def test_the_command_says_where_and_fails(self, chain: list[AuditEvent], capsys: Any) -> None:
        north(2).update(verb="undid")
        with pytest.raises(SystemExit) as ended:
            call_command("verify_audit")
        assert ended.value.code == 1
        assert "network:north, event 2: an event was changed" in capsys.readouterr().out
        with pytest.raises(SystemExit):
            call_command("verify_audit", "--json")
        said = json.loads(capsys.readouterr().out)
        assert said["ok"] is False
        assert said["breaks"] == [{"chain": "network:north", "sequence": 2, "what": "changed"}]


def test_the_command_says_that_all_is_well(chain: list[AuditEvent], capsys: Any) -> None:
    call_command("verify_audit")
    assert capsys.readouterr().out == "The audit log holds: 2 chains, 7 events.\n"
    call_command("verify_audit", "--json")
    said = json.loads(capsys.readouterr().out)
    assert (said["ok"], said["breaks"]) == (True, [])
    assert said["heads"][0] == {"key": "network:north", "sequence": 5, "last_hash": chain[-1].hash}


def test_an_event_recorded_while_we_look_is_no_false_alarm(
    chain: list[AuditEvent], monkeypatch: pytest.MonkeyPatch
) -> None:
    real, done = services.event_hash, []

    def and_somebody_works(event: AuditEvent) -> str:
        if not done:
            done.append(True)
            record(by=None, verb="late", subject="x:y", chain="network:north")
            record(by=None, verb="late", subject="x:y", chain="network:new")
        return real(event)

    monkeypatch.setattr(services, "event_hash", and_somebody_works)
    assert list(verify()) == []
    assert done


def test_ten_thousand_events_are_verified_in_a_few_queries_and_seconds(django_assert_max_num_queries: Any) -> None:
    events, previous = [], ""
    for n in range(1, 10_001):
        event = AuditEvent(
            chain="platform", sequence=n, at=dt.datetime(2027, 1, 1, tzinfo=dt.UTC), actor="a", verb="v",
            subject="s:1", after={"n": n}, previous_hash=previous,
        )  # fmt: skip
        event.hash = previous = services.event_hash(event)
        events.append(event)
    AuditEvent.objects.bulk_create(events, batch_size=500)
    AuditChain.objects.create(key="platform", sequence=10_000, last_hash=previous)
    started = time.perf_counter()
    with django_assert_max_num_queries(8):
        assert list(verify()) == []
    assert time.perf_counter() - started < 10
