"""What becomes of answers, actions and past snapshots when codes, questions and kinds of questions change."""

import copy
import datetime as dt

import pytest
from bs4 import BeautifulSoup

from levelground.assessments import selectors, services
from levelground.assessments.models import Action, Answer
from levelground.assessments.tasks import evidence_running_out
from levelground.foundation import clock
from levelground.foundation.errors import IllegalMove
from levelground.frameworks import services as frameworks
from levelground.frameworks.models import IndicatorMapping
from levelground.frameworks.selectors import tree
from tests.factories import framework_data, indicator_data

BOOK = "/o/alder/workbook/mark/"


def rewritten(cast, change, said=()):
    """A second version: ``change`` gets the indicators of 1.1; ``said`` is (old code, new code, answer carried)."""
    data = copy.deepcopy(framework_data(label="2"))
    change(data["areas"][0]["themes"][0]["standards"][0]["indicators"])
    draft = frameworks.import_version(network=cast.network, data=data, by=cast.nia)
    for old, new, carries in said:
        IndicatorMapping.objects.update_or_create(
            old=tree(cast.version).indicator(old)[1],
            new=next(one for one in tree(draft).indicators if one.code == new),
            defaults={"carries_answer": carries},
        )
    return frameworks.publish(version=draft, by=cast.nia)


def said(cast, code, value, reason=""):
    _node, indicator = tree(cast.workbook.version).indicator(code)
    services.save_answer(workbook=cast.workbook, indicator=indicator, value=value, reason=reason, by=cast.alice)
    return Answer.objects.get(workbook=cast.workbook, indicator=indicator)


@pytest.fixture
def alice(cast, client):
    client.force_login(cast.alice)
    return client


def test_a_renamed_indicator_is_compared_with_what_it_was_and_one_that_is_gone_is_shown(cast, alice):
    def rename(indicators):
        indicators[0] = indicators[0] | {"code": "1.1.9"}
        del indicators[1]

    said(cast, "1.1.1", "met")
    said(cast, "1.1.2", "not_yet", "No money")
    sent = services.take_snapshot(workbook=cast.workbook, year=2025, by=cast.alice)
    second = rewritten(cast, rename, [("1.1.1", "1.1.9", True)])
    book = services.carry_over(workbook=cast.workbook, version=second, by=cast.alice)
    compared = {item.indicator.code: item for item in selectors.compare(book, sent)}
    assert (compared["1.1.9"].then["value"], compared["1.1.9"].code) == ("met", "1.1.1")
    assert not compared["1.1.9"].differs
    assert (compared["1.1.2"].row, compared["1.1.2"].then["reason"]) == (None, "No money")
    assert list(compared)[-1] == "1.1.2"
    page = BeautifulSoup(alice.get(f"{BOOK}snapshots/{sent.public_id}/compare/").content, "html.parser")
    gone = page.select_one("tbody tr")
    assert "1.1.2" in gone.get_text()
    assert "is not asked any more" in gone.get_text()
    assert not gone.select("a")


def test_the_promise_counts_an_answer_once_when_two_indicators_come_from_one(cast):
    def split(indicators):
        indicators.append(indicator_data("1.1.4"))

    said(cast, "1.1.1", "met")
    second = rewritten(cast, split, [("1.1.1", "1.1.1", True), ("1.1.1", "1.1.4", True)])
    promised = selectors.carried(cast.workbook, second)
    book = services.carry_over(workbook=cast.workbook, version=second, by=cast.alice)
    assert promised == {"kept": 6, "fresh": 1, "total": 7}
    assert [row.answer.value for row in selectors.rows(book)].count("met") == 1


def test_an_answer_without_words_is_not_carried_to_a_question_that_asks_for_words(cast):
    def in_words(indicators):
        for one in indicators[:2]:
            one["answer"] = "narrative"

    said(cast, "1.1.1", "met")
    said(cast, "1.1.2", "not_yet", "Later")
    promised_by = [("1.1.1", "1.1.1", True), ("1.1.2", "1.1.2", True)]
    second = rewritten(cast, in_words, promised_by)
    assert selectors.carried(cast.workbook, second)["kept"] == 5
    book = services.carry_over(workbook=cast.workbook, version=second, by=cast.alice)
    rows = {row.indicator.code: row.answer.value for row in selectors.rows(book)}
    assert (rows["1.1.1"], rows["1.1.2"]) == ("", "not_yet")


def test_an_action_that_was_sent_while_the_workbook_moved_on_is_not_lost_in_the_old_version(cast):
    _node, indicator = tree(cast.version).indicator("1.1.1")
    second = rewritten(cast, lambda indicators: None)
    services.carry_over(workbook=cast.workbook, version=second, by=cast.alice)
    with pytest.raises(IllegalMove):
        services.create_action(workbook=cast.workbook, indicator=indicator, title="Late", by=cast.alice)
    assert not Action.objects.exists()


def test_an_action_left_behind_leads_to_no_indicator_of_today(cast, alice):
    def other(indicators):
        indicators[0] = indicator_data("1.1.9")

    _node, indicator = tree(cast.version).indicator("1.1.1")
    action = services.create_action(workbook=cast.workbook, indicator=indicator, title="Work", by=cast.alice)
    path = f"{BOOK}actions/{action.public_id}/"
    link = f'href="{BOOK}indicator/1.1.1/"'
    assert link in alice.get(path).content.decode()
    services.carry_over(workbook=cast.workbook, version=rewritten(cast, other), by=cast.alice)
    page = alice.get(path).content.decode()
    assert link not in page
    assert "1.1.1" in page


def test_evidence_left_behind_is_not_asked_to_be_renewed(cast):
    def other(indicators):
        indicators[0] = indicator_data("1.1.9")

    day = clock.today()
    for code in ("1.1.1", "1.1.2"):
        services.add_evidence(
            answer=said(cast, code, "met"), url="https://example.org/a", title=code,
            expires_on=day + dt.timedelta(days=7), by=cast.alice,
        )  # fmt: skip
    services.carry_over(workbook=cast.workbook, version=rewritten(cast, other), by=cast.alice)
    assert [reminder.text.en for reminder in evidence_running_out(day)] == ["Evidence to renew: 1.1.2"]
