"""Sending at the same moment. SQLite has one writer at a time; PostgreSQL needs our locks."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction

from levelground.assessments import services as assessments
from levelground.assessments.models import Workbook
from levelground.assessments.services.frozen import content_sha256
from levelground.cycles import services, upkeep
from levelground.cycles.defaults import DOCUMENTS, Wanted
from levelground.cycles.models import IndicatorTally, Receipt
from levelground.cycles.services.moving import lock
from levelground.foundation.audit.services import verify
from levelground.foundation.bilingual import Bilingual
from levelground.foundation.errors import IllegalMove
from levelground.frameworks.selectors import tree
from levelground.organisations.roles import Role
from tests.factories import Cast, MembershipFactory, UserFactory

from .ways import complete, make_cycle, of, sign

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
]


def wait_until_blocked():
    """Wait until another connection waits for a lock that is held here."""
    for _try in range(200):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    raise AssertionError("Nobody waits.")


def _together(*acts):
    """Run the acts at the same moment, each with a connection of its own; what each gave, or the refusal."""
    gate = Barrier(len(acts))

    def run(act):
        try:
            gate.wait(timeout=20)
            return act()
        except IllegalMove as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [done.result(timeout=60) for done in [pool.submit(run, act) for act in acts]]


@pytest.fixture
def both():
    """Two members of one network, both ready."""
    cast = Cast.make()
    cycle = make_cycle(cast)
    second = UserFactory(name="Second Trustee")
    MembershipFactory(user=second, role=Role.SIGN_OFF, organisation=cast.birch)
    ready = [
        sign(complete(of(cycle, cast.alder), cast.alice), cast.tomos),
        sign(complete(of(cycle, cast.birch), cast.bob), second),
    ]
    return cast, cycle, ready


@pytest.mark.requirement("MQM-22")
def test_two_leads_who_press_send_at_once_send_one(both):
    cast, cycle, (alder, _birch) = both
    results = _together(*[lambda: services.submit(submission=alder, by=cast.alice)] * 2)
    assert sorted(type(one).__name__ for one in results) == ["IllegalMove", "Receipt"]
    assert Receipt.objects.count() == 1
    assert IndicatorTally.objects.get(cycle=cycle, indicator__code="1.1.1").met == 1


def test_two_members_who_send_at_once_get_two_numbers_and_are_both_counted(both):
    cast, cycle, (alder, birch) = both
    _together(
        lambda: services.submit(submission=alder, by=cast.alice),
        lambda: services.submit(submission=birch, by=cast.bob),
    )
    assert sorted(Receipt.objects.values_list("sequence", flat=True)) == [1, 2]
    assert IndicatorTally.objects.get(cycle=cycle, indicator__code="1.1.1").met == 2
    assert list(upkeep.drifts()) == [] and list(verify()) == []


def test_an_answer_saved_while_it_is_sent_never_changes_what_was_signed(both):
    cast, _cycle, (alder, _birch) = both
    first = tree(cast.version).indicators[0]
    sent, _saved = _together(
        lambda: services.submit(submission=alder, by=cast.alice),
        lambda: assessments.save_answer(
            workbook=cast.workbook, indicator=first, value="not_yet", reason="Hm", by=cast.carys
        ),
    )
    if isinstance(sent, Receipt):
        payload = json.loads(sent.snapshot.payload)
        assert payload["signed"]["content_sha256"] == content_sha256(payload)
    else:
        assert not Receipt.objects.exists()


def test_an_officer_who_asks_for_more_and_a_member_who_saves_wait_for_each_other_in_one_order(both):
    """The member holds its workbook and wants its submission, while the officer ends what was signed."""
    cast, cycle, (alder, _birch) = both
    more = [*DOCUMENTS, Wanted("extra", Bilingual("One more", "Un arall"), Bilingual(), None)]

    def ask_for_more():
        try:
            services.set_documents(cycle=cycle, documents=more, by=cast.nia)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Workbook.objects.select_for_update().get(pk=alder.workbook_id)
            officer = pool.submit(ask_for_more)
            wait_until_blocked()
            assert lock(alder).status == "ready"
        officer.result(timeout=60)
    assert of(cycle, cast.alder).status == "in_progress"
