"""The connection goes, the server breaks or is killed, the session ends: no answer is dropped, and the page says so."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from . import stage
from .conftest import Member
from .site import Site
from .visitor import PHONE, Visitor

pytestmark = pytest.mark.browser
NO_NETWORK = "ERR_INTERNET_DISCONNECTED|ERR_FAILED|Failed to fetch"


@pytest.fixture
def afar(member: Callable[[str], Member]) -> Member:
    return member("offline")


def see_waiting(visitor: Visitor, code: str, text: str) -> None:
    expect(visitor.row(code).locator("[data-saved]")).to_have_class(re.compile("lg-saved--queued"))
    expect(visitor.row(code).locator("[data-saved]")).to_contain_text(text)


def kept_here(page: Page) -> list[str]:
    """The names of what this browser keeps for later."""
    return page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('lg-answers'))")


def see_sent(visitor: Visitor, *codes: str) -> None:
    for code in codes:
        expect(visitor.row(code).locator("[data-saved]")).to_have_class(re.compile("lg-saved--saved"), timeout=20_000)
    assert kept_here(visitor.page) == []


@pytest.mark.requirement("MQM-31")
def test_offline_and_back(afar: Member) -> None:
    lead = afar.lead(viewport=PHONE)
    page = lead.visit(afar.book + "theme/1/")
    lead.context.set_offline(True)
    expect(page.locator("[data-offline]")).to_be_visible()
    with lead.expecting(NO_NETWORK):
        lead.answer("1.1.1", "met")
        see_waiting(lead, "1.1.1", "No connection. Your answer is kept on this device")
        lead.answer("1.1.2", "not_yet")
        lead.answer("1.1.2", "met")
        lead.answer("1.1.3", "not_applicable")
        lead.reason("1.1.3").fill("We are not a charity yet.")
        see_waiting(lead, "1.1.3", "No connection")
    assert kept_here(page)
    lead.forgive_all(NO_NETWORK)
    lead.check()
    lead.context.set_offline(False)
    expect(page.locator("[data-offline]")).to_be_hidden()
    see_sent(lead, "1.1.1", "1.1.2", "1.1.3")
    lead.forgive_all(NO_NETWORK)
    expect(page.locator("[data-progress-text]")).to_contain_text("3 of 12")
    lead.visit(afar.book + "theme/1/")
    assert [lead.chosen(code) for code in ("1.1.1", "1.1.2", "1.1.3")] == ["met", "met", "not_applicable"]
    expect(lead.reason("1.1.3")).to_have_value("We are not a charity yet.")


def test_a_reload_without_a_connection_loses_nothing(afar: Member) -> None:
    """Two windows of one browser answer offline; both are closed; the next one that is opened sends it all."""
    lead = afar.lead()
    page = lead.visit(afar.book + "theme/2/")
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    second = lead.context.new_page()
    second.goto(afar.book + "theme/2/")
    lead.context.set_offline(True)
    with lead.expecting(NO_NETWORK):
        lead.answer("2.1.1", "met")
        see_waiting(lead, "2.1.1", "No connection")
    second.locator('[data-row="2.1.2"] label.lg-choice__label--not_yet').click()
    expect(second.locator('[data-row="2.1.2"] [data-saved]')).to_contain_text("No connection")
    second.close()
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are offline")
    lead.context.set_offline(False)
    lead.forgive_all(NO_NETWORK)
    page.goto(afar.book + "theme/2/")
    see_sent(lead, "2.1.1", "2.1.2")
    lead.visit(afar.book + "theme/2/")
    assert (lead.chosen("2.1.1"), lead.chosen("2.1.2")) == ("met", "not_yet")


def test_a_server_that_fails_is_asked_again(afar: Member) -> None:
    lead = afar.lead()
    page = lead.visit(afar.book + "theme/3/")
    failures = []

    def fail(route: Route) -> None:
        failures.append(route.request.post_data)
        if len(failures) > 2:
            route.continue_()
        else:
            route.fulfill(status=500 if len(failures) == 1 else 503, body="broken")

    page.route("**/answer/", fail)
    with lead.expecting("50[03]"):
        lead.answer("3.1.1", "met")
        see_waiting(lead, "3.1.1", "Not sent yet")
        see_sent(lead, "3.1.1")
    lead.forgive_all("50[03]")
    assert len(failures) == 3
    lead.visit(afar.book + "theme/3/")
    assert lead.chosen("3.1.1") == "met"


def test_a_server_that_is_killed_gets_the_answers_when_it_is_back(member: Callable[[str], Member], site: Site) -> None:
    mine = member("restart")
    lead = mine.lead()
    lead.visit(mine.book + "theme/1/")
    site.stop()
    try:
        with lead.expecting("ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE"):
            lead.answer("1.1.1", "met")
            see_waiting(lead, "1.1.1", "No connection")
            lead.answer("1.1.2", "not_yet")
    finally:
        site.start()
    see_sent(lead, "1.1.1", "1.1.2")
    lead.forgive_all("ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE")
    lead.visit(mine.book + "theme/1/")
    assert (lead.chosen("1.1.1"), lead.chosen("1.1.2")) == ("met", "not_yet")


def test_an_ended_session_keeps_the_answers_for_their_person_alone(afar: Member) -> None:
    lead = afar.lead()
    page = lead.visit(afar.book + "theme/4/")
    lead.context.clear_cookies(name="sessionid")
    lead.answer("4.1.1", "met")
    expect(lead.row("4.1.1").locator("[data-saved]")).to_contain_text("sign in again and open this page")

    # A colleague signs in on the same machine, in another window: the answers that wait are not taken for theirs.
    window = lead.context.new_page()
    lead.sign_in(stage.email("colleague", afar.name), window)
    with lead.expecting("status of 403"):
        lead.answer("4.1.2", "met")
        expect(lead.row("4.1.2").locator("[data-saved]")).to_have_class(re.compile("lg-saved--failed"))
    window.goto(afar.book + "theme/4/")
    assert window.locator("[data-row] input:checked").count() == 0
    assert kept_here(window)

    lead.context.clear_cookies(name="sessionid")
    lead.sign_in(stage.email("lead", afar.name), window)
    lead.forgive_all("status of 403")
    page.goto(afar.book + "theme/4/")
    see_sent(lead, "4.1.1", "4.1.2")
    for code in ("4.1.1", "4.1.2"):
        lead.visit(f"{afar.book}indicator/{code}/history/")
        expect(page.locator(".lg-history__who")).to_contain_text("Mali Rees")


def test_a_planned_action_stays_in_its_fields(afar: Member) -> None:
    lead = afar.lead(viewport=PHONE)
    page = lead.visit(afar.book + "theme/5/")
    lead.answer("5.1.1", "not_yet")
    lead.see_saved("5.1.1")
    row = lead.row("5.1.1")
    lead.context.set_offline(True)
    row.get_by_label("Action", exact=True).fill("Ask the trustees")
    with lead.expecting(NO_NETWORK):
        row.get_by_role("button", name="Add this action").click()
        expect(row.locator("[data-saved]")).to_contain_text("Your action is still here")
    expect(row.get_by_label("Action", exact=True)).to_have_value("Ask the trustees")
    lead.context.set_offline(False)
    row.get_by_role("button", name="Add this action").click()
    expect(row.get_by_role("list", name="Actions").get_by_role("link")).to_have_text(["Ask the trustees"])
    expect(row.get_by_text("Working towards")).to_be_visible()
    expect(page.locator("[data-offline]")).to_be_hidden()
    lead.check()


def test_answers_given_faster_than_they_are_saved_are_all_saved(afar: Member) -> None:
    """While one answer is on its way, the next ones come, and the first is changed: the last word of each stands."""
    lead = afar.lead()
    lead.visit(afar.book + "theme/6/")
    first = lead.hold_first("**/answer/")
    lead.answer("6.1.1", "met")
    first.wait()
    lead.answer("6.1.2", "met")
    lead.answer("6.1.1", "not_yet")
    first.let_go()
    for code in ("6.1.1", "6.1.2"):
        lead.see_saved(code)
    lead.visit(afar.book + "theme/6/")
    assert (lead.chosen("6.1.1"), lead.chosen("6.1.2")) == ("not_yet", "met")


def test_what_was_typed_just_before_leaving_is_saved_on_the_next_page(afar: Member) -> None:
    lead = afar.lead()
    page = lead.visit(afar.book + "theme/7/")
    lead.answer("7.1.1", "not_applicable")
    lead.reason("7.1.1").fill("We have no st")
    lead.see_saved("7.1.1")
    page.keyboard.press("Control+End")
    page.keyboard.type("aff.")
    page.goto(afar.book + "theme/8/")
    lead.visit(afar.book + "theme/7/")
    expect(lead.reason("7.1.1")).to_have_value("We have no staff.")


def test_an_answer_of_somebody_else_is_no_answer(afar: Member) -> None:
    """The sign-in page of a wireless network answers 200 to everything."""
    lead = afar.lead()
    page = lead.visit(afar.book + "theme/8/")
    page.route("**/answer/", lambda route: route.fulfill(status=200, content_type="text/html", body="<h1>Wi-Fi</h1>"))
    lead.answer("8.1.1", "met")
    see_waiting(lead, "8.1.1", "Not sent yet")
    page.unroute("**/answer/")
    see_sent(lead, "8.1.1")
    lead.visit(afar.book + "theme/8/")
    assert lead.chosen("8.1.1") == "met"
