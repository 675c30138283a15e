"""The one form of an answering page, for those without JavaScript: nothing that was typed there is left behind."""

import pytest
from bs4 import BeautifulSoup

from levelground.assessments import answer_forms, services
from levelground.assessments.models import Action, Answer, AnswerChange
from levelground.frameworks.selectors import tree

BOOK = "/o/alder/workbook/mark/"
THEME = f"{BOOK}theme/1/"


def soup(response):
    return BeautifulSoup(response.content, "html.parser")


@pytest.fixture
def alice(cast, client):
    client.force_login(cast.alice)
    return client


@pytest.fixture
def said(cast):
    """``said("1.1.1", "not_yet")``: a colleague answers."""

    def say(code, value, reason="", by=cast.carys):
        _node, indicator = tree(cast.version).indicator(code)
        return services.save_answer(workbook=cast.workbook, indicator=indicator, value=value, reason=reason, by=by)

    return say


def stands(cast, code="1.1.1"):
    answer = Answer.objects.get(workbook=cast.workbook, indicator__code=code)
    return answer.value, answer.reason


def form_of(page):
    """What a browser would send of the page's form."""
    sent = {}
    for control in page.select('[form="answers"]'):
        name = control.get("name")
        if control.name == "textarea":
            sent[name] = control.get_text().removeprefix("\n")
        elif control.name == "select":
            chosen = control.select_one("option[selected]") or control.select_one("option")
            sent[name] = chosen["value"]
        elif control.name == "input" and (control.get("type") != "radio" or control.has_attr("checked")):
            sent[name] = control.get("value", "")
    return sent


def conflict(alice, sent):
    """The page that asks, as a form."""
    response = alice.post(THEME, sent)
    page = soup(response)
    assert (response.status_code, len(page.select(".lg-conflict"))) == (409, 1)
    return page, form_of(page)


MINE = {"value-1.1.1": "not_yet", "reason-1.1.1": "My words", "version-1.1.1": "0"}


def test_choosing_theirs_keeps_theirs_also_when_it_has_no_words(cast, alice, said):
    said("1.1.1", "not_yet")
    _page, form = conflict(alice, MINE)
    assert alice.post(THEME, form | {"value-1.1.1": "theirs"}).status_code == 302
    assert stands(cast) == ("not_yet", "")
    assert AnswerChange.objects.count() == 1


def test_choosing_yours_keeps_your_own_words(cast, alice, said):
    said("1.1.1", "not_applicable", "Theirs")
    _page, form = conflict(alice, MINE)
    assert form["reason-1.1.1"] == "Theirs\n\nMy words"
    assert alice.post(THEME, form | {"value-1.1.1": "yours"}).status_code == 302
    assert stands(cast) == ("not_yet", "My words")


@pytest.mark.parametrize(("side", "value"), [("theirs", "not_applicable"), ("yours", "not_yet")])
def test_words_that_were_made_one_are_kept_with_the_answer_that_is_chosen(cast, alice, said, side, value):
    said("1.1.1", "not_applicable", "Theirs")
    _page, form = conflict(alice, MINE)
    assert alice.post(THEME, form | {"value-1.1.1": side, "reason-1.1.1": "Both"}).status_code == 302
    assert stands(cast) == (value, "Both")


def test_a_conflict_that_was_overlooked_is_asked_again_until_it_is_decided(cast, alice, said):
    said("1.1.1", "met")
    _page, form = conflict(alice, MINE)
    page, form = conflict(alice, form | {"value-1.1.2": "met"})
    assert stands(cast, "1.1.2") == ("met", "")
    assert page.select_one("#v-1\\.1\\.1-yours")["data-value"] == "not_yet"
    page, form = conflict(alice, form | {"reason-1.1.1": "Reworded"})
    assert page.select_one("#r-1\\.1\\.1").get_text().strip() == "Reworded"
    assert alice.post(THEME, form | {"value-1.1.1": "yours"}).status_code == 302
    assert stands(cast) == ("not_yet", "Reworded")


def test_a_side_that_has_changed_again_is_shown_as_it_stands(cast, alice, said):
    said("1.1.1", "met")
    _page, form = conflict(alice, MINE)
    said("1.1.1", "not_applicable", "No staff")
    page, _form = conflict(alice, form | {"value-1.1.1": "yours"})
    assert page.select_one("#v-1\\.1\\.1-theirs")["data-reason"] == "No staff"


@pytest.mark.requirement("MQM-18")
def test_every_action_that_was_typed_is_planned_whichever_button_is_pressed(cast, alice, said):
    for code in ("1.1.1", "1.1.2"):
        said(code, "not_yet", by=cast.alice)
    form = form_of(soup(alice.get(THEME)))
    typed = {"action-1.1.1-title": "One", "action-1.1.2-title": "Two", "value-1.1.3": "met", "plan": "1.1.2"}
    response = alice.post(THEME, form | typed)
    assert response["Location"] == f"{THEME}#i-1.1.2"
    assert list(Action.objects.values_list("title", "indicator__code", "owner__name")) == [
        ("One", "1.1.1", "Alice Lead"), ("Two", "1.1.2", "Alice Lead")
    ]  # fmt: skip
    assert stands(cast, "1.1.3") == ("met", "")


def test_an_action_that_cannot_be_planned_says_why_and_keeps_what_was_typed(cast, alice, said):
    said("1.1.1", "not_yet")
    form = form_of(soup(alice.get(THEME)))
    typed = {"action-1.1.1-title": "One", "action-1.1.1-due_on": "soon", "value-1.1.1": "met", "value-1.1.2": "met"}
    response = alice.post(THEME, form | typed)
    page = soup(response)
    assert response.status_code == 422
    assert page.select_one("#action-due-1\\.1\\.1")["aria-invalid"] == "true"
    assert page.select_one("#action-title-1\\.1\\.1")["value"] == "One"
    assert page.select_one("[data-error-summary] a")["href"] == "#action-due-1.1.1"
    assert not Action.objects.exists()
    assert [stands(cast, code) for code in ("1.1.1", "1.1.2")] == [("met", ""), ("met", "")]


def test_the_button_of_an_empty_action_asks_for_its_title(alice, said):
    said("1.1.1", "not_yet")
    page = soup(alice.post(THEME, form_of(soup(alice.get(THEME))) | {"plan": "1.1.1"}))
    assert page.select_one("#action-title-1\\.1\\.1")["aria-invalid"] == "true"


def test_an_owner_from_elsewhere_is_refused_here_too(cast, alice, said):
    said("1.1.1", "not_yet")
    typed = {"action-1.1.1-title": "x", "action-1.1.1-owner": cast.bob.public_id, "action-1.1.1-priority": "high"}
    assert alice.post(THEME, typed).status_code == 422
    assert not Action.objects.exists()


@pytest.mark.requirement("MQM-18")
def test_a_filter_of_the_whole_workbook_opens_actions_in_place_too(alice, said):
    said("1.1.1", "not_yet")
    assert soup(alice.get(f"{BOOK}all/?show=gap")).select("#i-1\\.1\\.1 [data-plan]")
    assert not soup(alice.get(f"{BOOK}all/")).select("[data-plan]")


def test_a_page_too_large_for_one_form_leads_to_the_themes(alice, monkeypatch):
    page = soup(alice.get(f"{BOOK}all/"))
    assert page.select("button[data-save-all]")
    monkeypatch.setattr("levelground.assessments.views.MOST_ROWS", 2)
    page = soup(alice.get(f"{BOOK}all/"))
    assert not page.select("button[data-save-all]")
    assert page.select_one("p[data-save-all] a")["href"] == BOOK


def test_the_largest_form_is_one_that_django_takes(cast, alice, said, settings):
    for code in ("1.1.1", "1.1.2", "1.1.3"):
        said(code, "not_yet")
    page = soup(alice.get(THEME))
    fields = len([name for name in form_of(page) if name != "plan"])
    assert fields / 3 * answer_forms.MOST_ROWS <= settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
