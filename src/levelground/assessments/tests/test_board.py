"""Moving an action on the board: with words where they are needed, without losing what was typed."""

import pytest
from bs4 import BeautifulSoup

from levelground.assessments import services
from levelground.assessments.models import Action, ActionNote

PLAN = "/o/alder/workbook/mark/plan/"


def soup(response):
    return BeautifulSoup(response.content, "html.parser")


@pytest.fixture
def alice(cast, client):
    client.force_login(cast.alice)
    return client


@pytest.fixture
def action(cast):
    return services.create_action(workbook=cast.workbook, indicator=None, title="Paint it", by=cast.alice)


def move(client, action, to, text="", version=0, query="?view=board"):
    where = f"/o/alder/workbook/mark/actions/{action.public_id}/move/{query}"
    return client.post(where, {"to": to, "note-text": text, "note-version": version})


@pytest.mark.requirement("MQM-13")
def test_a_card_moves_and_its_person_comes_back_to_the_same_board(cast, alice, action):
    query = "?view=board&owner=nobody"
    answer = move(alice, action, "in_progress", query=query)
    assert answer["Location"] == f"{PLAN}{query}#a-{action.public_id}"
    page = soup(alice.get(answer["Location"]))
    assert page.select_one(f"[data-column=in_progress] #a-{action.public_id}")
    assert "“Paint it” is now: In progress." in page.get_text()


def test_every_card_offers_the_moves_of_its_status_with_a_field_for_words(alice, action):
    card = soup(alice.get(f"{PLAN}?view=board")).select_one(f"#a-{action.public_id}")
    assert [button["value"] for button in card.select("button[name=to]")] == ["in_progress", "done", "cancelled"]
    field = card.select_one("textarea")
    assert card.select_one(f"label[for={field['id']}]").get_text()
    assert card.select_one("[name=note-version]")["value"] == "0"


@pytest.mark.requirement("MQM-13")
@pytest.mark.parametrize(("to", "asks"), [("done", "Say in a few words"), ("cancelled", "Say why you will not")])
def test_done_needs_a_note_and_cancelled_a_reason(alice, action, to, asks):
    answer = move(alice, action, to, text="  ")
    page = soup(answer)
    assert answer.status_code == 422
    assert asks in page.select_one("[data-error-summary]").get_text()
    assert page.select_one("#id_note-text")["aria-invalid"] == "true"
    assert Action.objects.get().status == "open"
    # Its buttons are there, and its board is behind it.
    form = page.select_one(f"main form[action$='/actions/{action.public_id}/move/?view=board']")
    assert form.select_one("button[name=to][value=done]")
    assert page.select_one("[data-column=open]")
    assert move(alice, action, to, text="Because").status_code == 302
    assert (Action.objects.get().status, ActionNote.objects.get().text) == (to, "Because")


def test_a_colleague_was_faster_and_nothing_typed_is_lost(cast, alice, action):
    services.move_action(action=action, to="in_progress", by=cast.carys)
    answer = move(alice, action, "done", text="All painted")
    page = soup(answer)
    assert answer.status_code == 409
    assert "A colleague changed this action" in page.get_text()
    assert "it stands at “In progress”" in page.get_text()
    assert page.select_one("#id_note-text").get_text(strip=True) == "All painted"
    assert page.select_one(".lg-panel [name=note-version]")["value"] == "1"
    assert Action.objects.get().status == "in_progress"
    assert move(alice, action, "done", text="All painted", version=1).status_code == 302
    assert Action.objects.get().status == "done"


@pytest.mark.parametrize("to", ["", "verified", "open", "elsewhere"])
def test_what_is_no_move_is_refused_with_a_sentence(alice, action, to):
    answer = move(alice, action, to, text="x")
    assert answer.status_code == 422
    assert "cannot become" in soup(answer).select_one("[data-error-summary]").get_text()
    assert Action.objects.get().status == "open"


def test_a_done_card_goes_back_with_a_note(cast, alice, action):
    services.move_action(action=action, to="done", text="Done", by=cast.alice)
    assert move(alice, action, "in_progress", version=1).status_code == 422
    assert move(alice, action, "in_progress", text="It came off", version=1).status_code == 302


def test_another_members_card_is_not_there(cast, client, action):
    for user, status in ((cast.bob, 404), (cast.zed, 404), (cast.tomos, 403), (cast.nia, 403)):
        client.force_login(user)
        assert move(client, action, "in_progress").status_code == status, user
    client.force_login(cast.bob)
    borrowed = f"/o/birch/workbook/mark/actions/{action.public_id}/move/"
    assert client.post(borrowed, {"to": "in_progress"}).status_code == 404
    assert Action.objects.get().status == "open"


def test_a_board_for_reading_takes_no_get(alice, action):
    assert alice.get(f"/o/alder/workbook/mark/actions/{action.public_id}/move/").status_code == 405
