"""Actions: planning, changing, finishing; and what they do to an indicator's standing."""

import datetime as dt

import pytest

from levelground.assessments import services
from levelground.assessments.doors import open_row
from levelground.assessments.models import ActionNote, ThemeProgress
from levelground.assessments.plan_selectors import Asked, plan
from levelground.assessments.states import Standing
from levelground.foundation import clock
from levelground.foundation.errors import Conflict, IllegalMove, Invalid
from levelground.foundation.notifications.models import Notification
from levelground.frameworks.selectors import tree


@pytest.fixture
def first(cast):
    return tree(cast.version).indicators[0]


def _row(cast, code="1.1.1"):
    return open_row(cast.workbook, code)


def _plan(cast, indicator, **extra):
    given = {"title": "Write it down", "by": cast.alice} | extra
    return services.create_action(workbook=cast.workbook, indicator=indicator, **given)


@pytest.mark.requirement("MQM-04", "MQM-18")
def test_a_gap_becomes_work_in_hand_with_an_action_and_a_gap_again_without(cast, first):
    services.save_answer(workbook=cast.workbook, indicator=first, value="not_yet", by=cast.alice)
    assert _row(cast).standing == Standing.GAP
    one, two = _plan(cast, first), _plan(cast, first, title="Train people")
    assert (one.number, two.number) == (1, 2)
    assert _row(cast).standing == Standing.WORKING_TOWARDS
    assert ThemeProgress.objects.get(workbook=cast.workbook, theme__code="1").working_towards == 1
    for action in (one, two):
        services.move_action(action=action, to="cancelled", text="The contract ended", by=cast.alice)
    assert _row(cast).standing == Standing.GAP
    assert ThemeProgress.objects.get(workbook=cast.workbook, theme__code="1").gap == 1


@pytest.mark.requirement("MQM-03")
def test_a_met_indicator_may_carry_an_action_and_stays_met(cast, first):
    services.save_answer(workbook=cast.workbook, indicator=first, value="met", by=cast.alice)
    _plan(cast, first, title="Do it even better")
    assert _row(cast).standing == Standing.MET
    assert len(_row(cast).live) == 1


@pytest.mark.requirement("MQM-13")
def test_an_action_has_an_owner_a_date_a_status_and_notes(cast, first):
    action = _plan(cast, first, owner=cast.carys, due_on=dt.date(2027, 5, 14), priority="high")
    services.note_on_action(action=action, text="Draft is out", by=cast.carys)
    services.move_action(action=action, to="in_progress", by=cast.carys)
    moved = services.move_action(action=action, to="done", text="Agreed by the board", by=cast.carys)
    assert (moved.owner, moved.due_on, moved.status) == (cast.carys, dt.date(2027, 5, 14), "done")
    said = list(ActionNote.objects.filter(action=action).values_list("text", "from_status", "to_status"))
    assert said == [
        ("Draft is out", "", ""),
        ("", "open", "in_progress"),
        ("Agreed by the board", "in_progress", "done"),
    ]


@pytest.mark.parametrize(("to", "text"), [("done", ""), ("cancelled", "  ")])
def test_done_needs_a_note_and_cancelled_a_reason(cast, first, to, text):
    action = _plan(cast, first)
    with pytest.raises(Invalid) as refused:
        services.move_action(action=action, to=to, text=text, by=cast.alice)
    assert "text" in refused.value.fields
    action.refresh_from_db()
    assert action.status == "open"


def test_a_done_action_cannot_be_cancelled(cast, first):
    action = _plan(cast, first)
    services.move_action(action=action, to="done", text="Done", by=cast.alice)
    with pytest.raises(IllegalMove):
        services.move_action(action=action, to="cancelled", text="Why not", by=cast.alice)


def test_two_people_changing_one_action_both_keep_what_they_wrote(cast, first):
    action = _plan(cast, first)
    sent = {"owner": None, "due_on": None, "priority": "low", "seen_version": 0}
    services.change_action(action=action, title="Carys's words", by=cast.carys, **sent)
    with pytest.raises(Conflict) as conflict:
        services.change_action(action=action, title="Alice's words", by=cast.alice, **sent)
    assert conflict.value.theirs.title == "Carys's words"
    assert conflict.value.yours["title"] == "Alice's words"


def test_the_owner_must_work_on_this_workbook(cast, first):
    for stranger in (cast.bob, cast.zed, cast.tomos):
        with pytest.raises(Invalid):
            _plan(cast, first, owner=stranger)


def test_a_new_owner_is_told_once_and_oneself_is_not(cast, first):
    _plan(cast, first, owner=cast.alice)
    assert not Notification.objects.exists()
    action = _plan(cast, first, owner=cast.carys)
    services.change_action(
        action=action, title="New words", owner=cast.carys, due_on=None, priority="low", by=cast.alice
    )
    assert Notification.objects.filter(user=cast.carys).count() == 1


@pytest.mark.requirement("MQM-12")
def test_the_plan_is_made_of_the_actions_soonest_first(cast, first):
    today = clock.today()
    late = _plan(cast, first, title="Late", due_on=today - dt.timedelta(days=1))
    later = _plan(cast, None, title="Later, for all", due_on=today + dt.timedelta(days=9), owner=cast.carys)
    undated = _plan(cast, first, title="Some day")
    done = _plan(cast, first, title="Over")
    services.move_action(action=done, to="done", text="ok", by=cast.alice)

    def asked(user=None, **query):
        return list(plan(cast.workbook, Asked.of(query), user))

    assert asked() == [late, later, undated]
    assert asked(show="overdue") == [late]
    assert asked(show="mine", user=cast.carys) == [later]
    assert asked(show="closed") == [done]
    assert set(asked(show="all")) == {late, later, undated, done}
