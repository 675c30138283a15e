"""The network accepts, sends back, withdraws; the tallies follow; illegal moves are refused."""

import itertools

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from levelground.assessments import services as assessments
from levelground.assessments.models import Snapshot
from levelground.cycles import network_gaps, selectors, services, upkeep
from levelground.cycles.models import (
    IndicatorTally,
    Receipt,
    RequiredDocument,
    Submission,
    SubmissionDocument,
    SubmissionStep,
    ThemeTally,
)
from levelground.cycles.network_selectors import where
from levelground.cycles.services.moving import step
from levelground.cycles.states import MOVES, Status, move_between
from levelground.foundation import clock
from levelground.foundation.errors import Conflict, IllegalMove, Invalid, NotAllowed
from levelground.foundation.notifications.models import Notification
from levelground.frameworks.selectors import tree
from levelground.organisations import services as organisations
from levelground.organisations.models import Affiliation

from .ways import DAY, add_documents, complete, make_cycle, of, send, sign

pytestmark = pytest.mark.django_db


def tally(cycle, code="1.1.1"):
    row = IndicatorTally.objects.get(cycle=cycle, indicator__code=code)
    return row.met, row.not_yet, row.not_applicable


def test_the_table_of_moves_knows_every_status():
    assert set(MOVES) == set(Status)
    assert all(isinstance(move.to, Status) for moves in MOVES.values() for move in moves)


@pytest.mark.parametrize(
    ("before", "after"), [pair for pair in itertools.product(Status, Status) if move_between(*pair) is None]
)
def test_what_the_table_does_not_name_is_refused(year, before, after):
    row = year.row()
    row.status = before
    with pytest.raises(IllegalMove):
        step(row, after, by=year.nia, reason="x")


def test_accepting_ends_it_and_tells_the_lead(year):
    send(year.row(), year.alice, year.tomos)
    services.accept(submission=year.row(), by=year.nia)
    assert year.row().status == "accepted"
    assert Notification.objects.get(kind="submission.accepted").user == year.alice
    for act in (services.accept, services.return_):
        with pytest.raises(IllegalMove):
            act(submission=year.row(), by=year.nia, **({"reason": "x"} if act is services.return_ else {}))


@pytest.mark.requirement("MQM-22")
def test_what_is_sent_back_is_signed_and_sent_again_as_the_next_edition(year):
    first = send(year.row(), year.alice, year.tomos)
    services.return_(submission=year.row(), by=year.nia, reason="- The budget is old\n- So are the minutes")
    row = year.row()
    assert row.status == "returned"
    assert selectors.returned_with(row).reason.splitlines() == ["- The budget is old", "- So are the minutes"]
    with pytest.raises(IllegalMove):
        services.submit(submission=row, by=year.alice)
    add_documents(row, year.alice, age=1)
    second = services.submit(submission=sign(year.row(), year.tomos), by=year.alice)
    row = year.row()
    assert (row.status, row.snapshot.edition, row.receipt_number) == ("resubmitted", 2, second.number)
    assert (first.number, second.number) == (f"{year.cycle.year}-0001", f"{year.cycle.year}-0002")
    assert Snapshot.objects.filter(workbook=year.workbook, year=year.cycle.year).count() == 2
    assert Notification.objects.get(kind="submission.sent_again").user == year.nia
    services.accept(submission=row, by=year.nia)


@pytest.mark.requirement("MQM-22")
def test_a_year_takes_one_snapshot_of_a_member(year):
    send(year.row(), year.alice, year.tomos)
    with pytest.raises(IllegalMove):
        services.submit(submission=year.row(), by=year.alice)
    with pytest.raises(IntegrityError), transaction.atomic():
        Submission.objects.create(cycle=year.cycle, organisation=year.alder, deadline=year.cycle.deadline)
    with pytest.raises(IntegrityError), transaction.atomic():
        assessments.take_snapshot(workbook=year.workbook, year=year.cycle.year, by=year.alice)


def test_sending_back_needs_reasons(year):
    send(year.row(), year.alice, year.tomos)
    with pytest.raises(Invalid):
        services.return_(submission=year.row(), by=year.nia, reason=" ")
    assert year.row().status == "submitted"


@pytest.mark.parametrize("act", ["accept", "return_", "withdraw"])
def test_only_the_network_decides(year, act):
    send(year.row(), year.alice, year.tomos)
    for person in (year.alice, year.tomos, year.bob, year.olga):
        with pytest.raises(NotAllowed):
            getattr(services, act)(submission=year.row(), by=person, **({} if act == "accept" else {"reason": "x"}))


def test_only_the_quality_lead_sends(year):
    row = sign(complete(year.row(), year.alice), year.tomos)
    for person in (year.carys, year.tomos, year.nia, year.bob):
        with pytest.raises(NotAllowed):
            services.submit(submission=row, by=person)
    assert not Receipt.objects.exists()


def test_withdrawing_takes_it_out_of_the_year_and_can_be_undone(year):
    send(year.row(), year.alice, year.tomos)
    services.withdraw(submission=year.row(), by=year.nia, reason="Merging with Birch")
    assert (year.row().status, tally(year.cycle)) == ("withdrawn", (0, 0, 0))
    with pytest.raises(IllegalMove):
        services.submit(submission=year.row(), by=year.alice)
    services.reinstate(submission=year.row(), by=year.nia, reason="They do not merge")
    row = year.row()
    assert (row.status, tally(year.cycle)) == ("returned", (1, 0, 0))
    assert selectors.returned_with(row).reason == "They do not merge"
    services.submit(submission=sign(row, year.tomos), by=year.alice)
    assert (year.row().snapshot.edition, tally(year.cycle)) == (2, (1, 0, 0))
    assert list(upkeep.drifts()) == []


def test_undoing_a_withdrawal_never_makes_a_member_overdue_that_had_sent(cast):
    cycle = make_cycle(cast, days_left=3)
    send(of(cycle, cast.alder), cast.alice, cast.tomos)
    with clock.at(clock.now() + 5 * DAY):
        for member in (cast.alder, cast.birch):
            services.withdraw(submission=of(cycle, member), by=cast.nia, reason="By mistake")
            services.reinstate(submission=of(cycle, member), by=cast.nia, reason="It was a mistake")
        assert (of(cycle, cast.alder).is_overdue, of(cycle, cast.birch).is_overdue) == (False, True)
        assert where(cycle).count("overdue") == 1


def test_what_is_withdrawn_is_opened_again_and_not_sent_back(year):
    services.withdraw(submission=year.row(), by=year.nia, reason="Merging with Birch")
    with pytest.raises(IllegalMove):
        services.return_(submission=year.row(), by=year.nia, reason="The budget is old")
    services.reinstate(submission=year.row(), by=year.nia, reason="They do not merge")
    assert year.row().status == "in_progress", "nothing had been sent"


@pytest.mark.requirement("MQM-38")
def test_who_leaves_the_network_is_in_no_tally_and_who_comes_back_is(year):
    send(year.row(), year.alice, year.tomos)
    membership = Affiliation.objects.get(network=year.network, organisation=year.alder)
    organisations.leave(
        network=year.network, organisation=year.alder, left_on=clock.today(), reason="Merged", by=year.nia
    )
    assert (where(year.cycle).sent, tally(year.cycle)) == (0, (0, 0, 0))
    assert list(upkeep.drifts()) == []
    Affiliation.objects.filter(pk=membership.pk).update(left_on=None, left_reason="")
    services.enrol(cycle=year.cycle)
    assert (where(year.cycle).sent, tally(year.cycle)) == (1, (1, 0, 0))
    assert list(upkeep.drifts()) == []


def test_two_officers_who_decide_notice_each_other(year):
    send(year.row(), year.alice, year.tomos)
    seen = year.row().version
    services.return_(submission=year.row(), by=year.nia, reason="Old budget")
    with pytest.raises(Conflict):
        services.accept(submission=year.row(), by=year.nia, seen_version=seen)


@pytest.mark.requirement("MQM-29")
def test_late_is_marked_and_nothing_happens_by_itself(cast):
    cycle = make_cycle(cast, days_left=3)
    with clock.at(clock.now() + 5 * DAY):
        row = of(cycle, cast.alder)
        assert (row.is_overdue, where(cycle).count("overdue")) == (True, 2)
        receipt = send(row, cast.alice, cast.tomos)
        row = of(cycle, cast.alder)
        assert (receipt.late, row.late, row.is_overdue, row.active) == (True, True, False, True)
        assert (where(cycle).count("overdue"), where(cycle).count("late")) == (1, 1)
        assert '"late":true' in receipt.snapshot.payload


def test_sending_on_the_day_of_the_deadline_is_in_time(cast):
    cycle = make_cycle(cast, days_left=3)
    with clock.at(clock.now() + 3 * DAY):
        assert send(of(cycle, cast.alder), cast.alice, cast.tomos).late is False


def test_a_snapshot_sent_in_time_is_not_late_because_it_was_sent_back(cast):
    cycle = make_cycle(cast, days_left=3)
    send(of(cycle, cast.alder), cast.alice, cast.tomos)
    services.return_(submission=of(cycle, cast.alder), by=cast.nia, reason="Old")
    with clock.at(clock.now() + 9 * DAY):
        receipt = services.submit(submission=sign(of(cycle, cast.alder), cast.tomos), by=cast.alice)
    assert receipt.late is False


def test_nothing_is_sent_before_the_year_opens(cast):
    cycle = make_cycle(cast, opens_on=clock.today() + 2 * DAY)
    row = sign(complete(of(cycle, cast.alder), cast.alice), cast.tomos)
    with pytest.raises(IllegalMove) as refused:
        services.submit(submission=row, by=cast.alice)
    assert [one.kind for one in refused.value.missing] == ["opening"]
    with clock.at(clock.now() + 2 * DAY):
        assert services.submit(submission=of(cycle, cast.alder), by=cast.alice).late is False


@pytest.mark.requirement("MQM-38")
def test_the_tallies_follow_every_step_and_agree_with_a_recount(year):
    send(year.row(), year.alice, year.tomos)
    assert tally(year.cycle) == (1, 0, 0)
    services.return_(submission=year.row(), by=year.nia, reason="Look again")
    first = tree(year.version).indicators[0]
    assessments.save_answer(workbook=year.workbook, indicator=first, value="not_yet", reason="Hm", by=year.alice)
    services.submit(submission=sign(year.row(), year.tomos), by=year.alice)
    assert tally(year.cycle) == (0, 1, 0)
    often = network_gaps.indicators(year.cycle)
    assert (often[0].indicator.code, often[0].not_yet) == ("1.1.1", 1) and not any(one.not_yet for one in often[1:])
    themes = ThemeTally.objects.filter(cycle=year.cycle).order_by("theme__code")
    assert list(themes.values_list("theme__code", "members", "not_yet")) == [("1", 1, 1), ("2", 1, 0)]
    assert list(upkeep.drifts()) == []
    IndicatorTally.objects.filter(cycle=year.cycle, indicator=first).update(not_yet=7)
    assert len(list(upkeep.drifts())) == 1


def test_asking_what_is_most_often_not_yet_is_one_read(year, query_budget):
    send(year.row(), year.alice, year.tomos)
    with query_budget(1):
        assert len(network_gaps.indicators(year.cycle)) == 6


def test_the_database_keeps_what_was_sent_and_decided(year):
    send(year.row(), year.alice, year.tomos)
    for act in (
        lambda: Receipt.objects.update(late=True),
        lambda: Receipt.objects.all().delete(),
        lambda: SubmissionStep.objects.update(reason="Never said"),
        lambda: SubmissionStep.objects.all().delete(),
        lambda: SubmissionDocument.objects.update(document_date="2020-01-01"),
        lambda: SubmissionDocument.objects.all().delete(),
        lambda: RequiredDocument.objects.update(code="other"),
        lambda: RequiredDocument.objects.all().delete(),
        lambda: Snapshot.objects.update(edition=9),
        lambda: Submission.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_overdue_is_worked_out_and_never_kept(cast):
    cycle = make_cycle(cast, days_left=3)
    kept = Submission.objects.values().get(cycle=cycle, organisation=cast.alder)
    for days, overdue in ((3, 0), (4, 2)):
        with clock.at(clock.now() + days * DAY):
            assert (of(cycle, cast.alder).is_overdue, where(cycle).count("overdue")) == (bool(overdue), overdue)
            assert Submission.objects.overdue().count() == overdue
    assert Submission.objects.values().get(pk=kept["id"]) == kept
