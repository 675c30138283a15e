"""Kept counts agree with counting; reminders reach the right people on the right days."""

import datetime as dt

import pytest

from levelground.assessments import services
from levelground.assessments.models import Answer, ThemeProgress
from levelground.assessments.tasks import actions_due, evidence_running_out
from levelground.assessments.upkeep import drifts
from levelground.foundation import clock
from levelground.frameworks.selectors import tree


@pytest.fixture
def busy(cast):
    indicator = tree(cast.version).indicators[0]
    services.save_answer(workbook=cast.workbook, indicator=indicator, value="not_yet", by=cast.alice)
    answer = Answer.objects.get(workbook=cast.workbook, indicator=indicator)
    today = clock.today()
    action = services.create_action(
        workbook=cast.workbook, indicator=indicator, title="Write it", owner=cast.carys, due_on=today, by=cast.alice
    )
    item = services.add_evidence(answer=answer, url="https://example.org", expires_on=today, by=cast.alice)
    services.comment(answer=answer, text="Hello", by=cast.carys)
    return cast, answer, action, item


def test_counts_kept_by_the_services_are_right(busy):
    assert drifts() == []


@pytest.mark.parametrize("field", ["comment_count", "evidence_count", "live_actions"])
def test_a_wrong_count_of_an_answer_is_found(busy, field):
    Answer.objects.filter(pk=busy[1].pk).update(**{field: 0})
    assert any(field in drift.what and drift.kept == 0 and drift.counted == 1 for drift in drifts())


def test_a_wrong_count_of_a_theme_is_found(busy):
    ThemeProgress.objects.filter(workbook=busy[0].workbook, theme__code="1").update(met=3)
    assert [(drift.kept, drift.counted) for drift in drifts()] == [(3, 0)]


@pytest.mark.parametrize("days", [30, 14, 7, 1, -1, -7, -14])
def test_the_owner_is_reminded_by_the_steps(busy, days):
    cast, _answer, action, _item = busy
    day = action.due_on - dt.timedelta(days=days)
    assert [(r.user, r.deadline) for r in actions_due(day)] == [(cast.carys, action.due_on)]


def test_nobody_is_reminded_of_what_is_done_or_on_another_day(busy):
    cast, _answer, action, _item = busy
    day = action.due_on - dt.timedelta(days=7)
    assert list(actions_due(day + dt.timedelta(days=1))) == []
    services.move_action(action=action, to="done", text="Done", by=cast.alice)
    assert list(actions_due(day)) == []


def test_the_quality_lead_hears_of_evidence_that_runs_out(busy):
    cast, _answer, _action, item = busy
    day = item.expires_on - dt.timedelta(days=14)
    assert [r.user for r in evidence_running_out(day)] == [cast.alice]
    services.remove_evidence(item=item, by=cast.alice)
    assert list(evidence_running_out(day)) == []
