"""A new version of the framework: what carries over, and what starts afresh."""

import copy

import pytest

from levelground.assessments import selectors, services
from levelground.assessments.models import Action, Answer, AnswerChange, ThemeProgress
from levelground.assessments.tasks import tell_leads
from levelground.assessments.upkeep import drifts
from levelground.foundation.errors import IllegalMove
from levelground.foundation.jobs.models import JobRun
from levelground.foundation.notifications.models import Notification
from levelground.frameworks import services as frameworks
from levelground.frameworks.selectors import tree
from tests.factories import framework_data, indicator_data


@pytest.fixture
def second(cast):
    """The same mark, with one indicator worded anew and one more."""
    data = copy.deepcopy(framework_data(label="2"))
    standard = data["areas"][0]["themes"][0]["standards"][0]
    standard["indicators"][1]["text"] = {"en": "Says something else now", "cy": "Yn dweud rhywbeth arall"}
    standard["indicators"].append(indicator_data("1.1.4"))
    draft = frameworks.import_version(network=cast.network, data=data, by=cast.nia)
    return frameworks.publish(version=draft, by=cast.nia)


@pytest.mark.requirement("MQM-48")
def test_answers_carry_over_where_the_indicator_still_asks_the_same(cast, second):
    first, reworded = tree(cast.version).indicators[:2]
    services.save_answer(workbook=cast.workbook, indicator=first, value="not_yet", by=cast.alice)
    services.save_answer(workbook=cast.workbook, indicator=reworded, value="met", by=cast.alice)
    action = services.create_action(workbook=cast.workbook, indicator=first, title="Work", by=cast.alice)
    assert selectors.carried(cast.workbook, second) == {"kept": 5, "fresh": 2, "total": 7}
    book = services.carry_over(workbook=cast.workbook, version=second, by=cast.alice)
    rows = {row.indicator.code: row for row in selectors.rows(book)}
    assert (rows["1.1.1"].answer.value, rows["1.1.1"].answer.live_actions) == ("not_yet", 1)
    assert rows["1.1.2"].answer.value == ""
    assert rows["1.1.4"].answer.value == ""
    assert AnswerChange.objects.filter(answer=rows["1.1.1"].answer).count() == 1
    assert Action.objects.get(pk=action.pk).indicator == rows["1.1.1"].indicator
    assert drifts() == []
    kept = ThemeProgress.objects.get(workbook=book, theme__code="1", theme__version=second)
    assert (kept.total, kept.working_towards, kept.unanswered) == (4, 1, 3)


def test_the_old_answer_is_kept_where_it_no_longer_answers(cast, second):
    reworded = tree(cast.version).indicators[1]
    services.save_answer(workbook=cast.workbook, indicator=reworded, value="met", by=cast.alice)
    services.carry_over(workbook=cast.workbook, version=second, by=cast.alice)
    assert Answer.objects.get(workbook=cast.workbook, indicator=reworded).value == "met"


def test_a_workbook_does_not_go_back(cast, second):
    book = services.carry_over(workbook=cast.workbook, version=second, by=cast.alice)
    with pytest.raises(IllegalMove):
        services.carry_over(workbook=book, version=cast.version, by=cast.alice)


def test_a_snapshot_of_the_old_version_compares_with_the_new_workbook(cast, second):
    services.save_answer(workbook=cast.workbook, indicator=tree(cast.version).indicators[0], value="met", by=cast.alice)
    sent = services.take_snapshot(workbook=cast.workbook, year=2025, by=cast.alice)
    book = services.carry_over(workbook=cast.workbook, version=second, by=cast.alice)
    compared = {item.row.indicator.code: item for item in selectors.compare(book, sent)}
    assert compared["1.1.4"].then is None
    assert not compared["1.1.1"].differs


def test_publishing_leaves_the_telling_to_one_job(cast, django_capture_on_commit_callbacks):
    draft = frameworks.import_version(network=cast.network, data=framework_data(label="2"), by=cast.nia)
    with django_capture_on_commit_callbacks(execute=True):
        frameworks.publish(version=draft, by=cast.nia)
    assert JobRun.objects.filter(name="assessments.tell_leads").count() == 1
    assert not Notification.objects.filter(kind="framework.published").exists()


def test_quality_leads_hear_of_a_new_version_once(cast, second):
    tell_leads(second.public_id)
    tell_leads(second.public_id)
    told = Notification.objects.filter(kind="framework.published")
    assert sorted(told.values_list("user__name", flat=True)) == ["Alice Lead", "Bob Lead"]
