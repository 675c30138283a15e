"""One new due date for several actions: all or none, with a reason, and nobody written over."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup

from levelground.assessments import services
from levelground.assessments.models import Action, ActionNote
from levelground.assessments.services.due_dates import RowsRefused
from levelground.foundation import clock
from levelground.foundation.audit.services import verify
from levelground.foundation.errors import Invalid

DATES = "/o/alder/workbook/mark/plan/dates/"
NEW = clock.today() + dt.timedelta(days=90)


def soup(response):
    return BeautifulSoup(response.content, "html.parser")


@pytest.fixture
def alice(cast, client):
    client.force_login(cast.alice)
    return client


@pytest.fixture
def three(cast):
    soon = clock.today() + dt.timedelta(days=3)
    return [
        services.create_action(workbook=cast.workbook, indicator=None, title=title, due_on=due, by=cast.alice)
        for title, due in (("One", soon), ("Two", soon), ("Three", None))
    ]


def chosen(actions):
    return {action.public_id: action.version for action in actions}


def change(cast, actions, **more):
    sent = {"workbook": cast.workbook, "chosen": chosen(actions), "due_on": NEW, "reason": "Ill", "by": cast.alice}
    return services.change_due_dates(**sent | more)


def sent(actions, **more):
    data = {"pick": [action.public_id for action in actions], "due_on": NEW.isoformat(), "reason": "The builder is ill"}
    return data | {f"seen-{action.public_id}": action.version for action in actions} | more


@pytest.mark.requirement("MQM-13")
def test_all_change_with_the_reason_in_their_history(cast, three):
    with clock.at(dt.datetime(2027, 3, 1, 12, tzinfo=dt.UTC)):
        Action.objects.filter(pk=three[0].pk).update(due_on=dt.date(2027, 3, 9))
        assert change(cast, three, due_on=dt.date(2027, 6, 30)) == 3
    assert set(Action.objects.values_list("due_on", "version")) == {(dt.date(2027, 6, 30), 1)}
    told = dict(ActionNote.objects.values_list("action__title", "text"))
    assert told["One"] == "The due date moved from 9 March 2027 to 30 June 2027. Ill"
    assert told["Three"] == "The due date is now 30 June 2027. Ill"
    assert list(verify()) == []


def test_an_action_that_has_the_date_already_is_left_alone(cast, three):
    change(cast, three[:1])
    assert change(cast, [Action.objects.get(pk=three[0].pk), three[1]]) == 1
    assert ActionNote.objects.filter(action=three[0]).count() == 1


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"due_on": clock.today() - dt.timedelta(days=1)}, "due_on"),
        ({"reason": " "}, "reason"),
        ({"reason": "x" * 1001}, "reason"),
        ({"chosen": {}}, None),
        ({"chosen": {"nosuchaction": 0}}, None),
    ],
)
def test_what_does_not_fit_is_refused(cast, three, more, field):
    with pytest.raises(Invalid) as refused:
        change(cast, three, **more)
    assert list(refused.value.fields) == ([field] if field else [])
    assert not ActionNote.objects.exists()


def test_one_that_is_over_or_stale_keeps_all_from_changing(cast, three):
    services.move_action(action=three[0], to="done", text="Done", by=cast.carys)
    services.change_action(action=three[1], title="Two", owner=None, due_on=None, priority="low", by=cast.carys)
    with pytest.raises(RowsRefused) as refused:
        change(cast, three)
    assert [(row.action.title, row.for_good) for row in refused.value.rows] == [("One", True), ("Two", False)]
    assert not Action.objects.filter(due_on=NEW).exists()


def test_the_page_lists_what_is_to_do_as_the_plan_was_narrowed(cast, alice, three):
    services.move_action(action=three[0], to="done", text="Done", by=cast.carys)
    page = soup(alice.get(f"{DATES}?show=all&words=t"))
    assert [label.get_text(strip=True) for label in page.select(".lg-pick label")] == ["#2Two", "#3Three"]
    assert page.select("input[name=pick][checked]") == []
    assert len(soup(alice.get(f"{DATES}?tick=all")).select("input[name=pick][checked]")) == 2


@pytest.mark.requirement("MQM-13")
def test_ticked_actions_get_the_date_and_the_person_comes_back_to_the_plan(alice, three):
    answer = alice.post(f"{DATES}?group=owner", sent(three[:2], due_on=NEW.strftime("%d %m %Y")))
    assert answer["Location"] == "/o/alder/workbook/mark/plan/?group=owner"
    assert "2 actions have a new due date." in soup(alice.get(answer["Location"])).get_text()
    assert list(Action.objects.order_by("number").values_list("due_on", flat=True)) == [NEW, NEW, None]


def test_refused_rows_say_why_with_both_dates_and_the_rest_waits(cast, alice, three):
    services.move_action(action=three[0], to="done", text="Done", by=cast.carys)
    services.change_action(
        action=three[1], title="Two", owner=None, due_on=dt.date(2099, 5, 3), priority="low", by=cast.carys
    )
    answer = alice.post(DATES, sent(three))
    page = soup(answer)
    assert answer.status_code == 409
    assert "No date has been changed yet" in page.select_one("[data-error-summary]").get_text()
    one, two = page.select("[data-refused]")
    assert "“Done” now" in one.get_text()
    assert one.select("input[type=checkbox]") == []
    assert "A colleague changed this action" in two.get_text()
    assert "What stands now: 3 May 2099." in two.get_text()
    assert "What you sent:" in two.get_text()
    # The stale one is ticked again by hand; its row now tells the version that was seen.
    ticks = {box["value"]: box.has_attr("checked") for box in page.select("input[name=pick]")}
    assert ticks == {three[1].public_id: False, three[2].public_id: True}
    assert page.select_one(f"[name=seen-{three[1].public_id}]")["value"] == "1"
    assert page.select_one("[name=reason]")["value"] == "The builder is ill"
    assert page.select_one("[name=due_on]")["value"] == NEW.isoformat()
    again = sent(three[1:]) | {f"seen-{three[1].public_id}": 1}
    assert alice.post(DATES, again).status_code == 302
    assert Action.objects.filter(due_on=NEW).count() == 2


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"due_on": "soon"}, "Write the date like 31 3 2027."),
        ({"due_on": ""}, "Write the new due date."),
        ({"due_on": "2001-01-01"}, "This date has passed."),
        ({"reason": ""}, "Say why."),
        ({"pick": []}, "Tick the actions"),
    ],
)
def test_what_is_missing_is_asked_for_and_ticks_and_words_stay(alice, three, more, says):
    answer = alice.post(DATES, sent(three[:2]) | more)
    page = soup(answer)
    assert answer.status_code == 422
    assert says in page.select_one("[data-error-summary]").get_text()
    assert len(page.select("input[name=pick][checked]")) == (0 if "pick" in more else 2)
    assert page.select_one("[name=reason]")["value"] == more.get("reason", "The builder is ill")
    assert page.select_one("[name=due_on]").get("value", "") == more.get("due_on", NEW.isoformat())
    assert not Action.objects.filter(due_on=NEW).exists()


def test_a_row_without_the_version_that_was_seen_counts_as_stale(alice, three):
    data = sent(three[:1])
    del data[f"seen-{three[0].public_id}"]
    assert alice.post(DATES, data).status_code == 409


def test_another_members_action_is_not_there_and_takes_all_with_it(cast, client, alice, three):
    theirs = services.create_action(workbook=cast.birch_workbook, indicator=None, title="Theirs", by=cast.bob)
    assert alice.post(DATES, sent([*three, theirs])).status_code == 404
    assert not Action.objects.filter(due_on=NEW).exists()
    for user, status in ((cast.bob, 404), (cast.zed, 404), (cast.tomos, 403), (cast.nia, 403)):
        client.force_login(user)
        assert client.post(DATES, sent(three)).status_code == status
        assert client.get(DATES).status_code == status
    assert not Action.objects.filter(due_on=NEW).exists()


def test_the_page_asks_the_same_for_few_and_many(cast, alice, three, query_budget):
    alice.get(DATES)
    with query_budget(25) as few:
        alice.get(DATES)
    for n in range(20):
        services.create_action(workbook=cast.workbook, indicator=None, title=f"x {n}", owner=cast.carys, by=cast.alice)
    with query_budget(len(few)):
        alice.get(DATES)
