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


def see_nothing_kept(page: Page) -> None:
    """What waited has gone to the server."""
    for _try in range(200):
        if not kept_here(page):
            return
        page.wait_for_timeout(50)
    raise AssertionError(kept_here(page))


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
    # The first page after signing in sends them.
    see_nothing_kept(window)
    for code in ("4.1.1", "4.1.2"):
        lead.visit(f"{afar.book}indicator/{code}/history/")
        expect(page.locator(".lg-history__who")).to_contain_text("Mali Rees")


def test_an_answer_that_waits_is_sent_from_any_page(afar: Member) -> None:
    lead = afar.lead()
    page = lead.visit(afar.book + "theme/1/")
    page.route("**/answer/", lambda route: route.abort())
    with lead.expecting(NO_NETWORK):
        lead.answer("1.2.1", "met")
        see_waiting(lead, "1.2.1", "No connection")
    page.goto(afar.home)
    said = page.get_by_role("alert")
    expect(said).to_contain_text("These answers wait on this device and are not saved yet:")
    expect(said.get_by_role("link")).to_have_attribute("href", f"{afar.book}indicator/1.2.1/")
    lead.forgive_all(NO_NETWORK)
    lead.check()
    page.unroute("**/answer/")
    page.goto("/help/")
    see_nothing_kept(page)
    lead.visit(afar.book + "theme/1/")
    assert lead.chosen("1.2.1") == "met"


def test_an_answer_to_what_is_not_asked_any_more_is_shown_until_it_is_let_go(afar: Member) -> None:
    lead = afar.lead()
    page = lead.visit(afar.book + "theme/1/")
    page.evaluate(
        """(url) => {
          const sent = { value: "not_yet", reason: "Words that matter", version: "0" };
          const name = `lg-answers-${document.querySelector("[data-queue]").dataset.queue}:99.9.9`;
          localStorage.setItem(name, JSON.stringify({ sent, said: "Not yet", url, at: Date.now() }));
        }""",
        afar.book + "answer/",
    )
    for path in (afar.book + "theme/1/", afar.home):
        page.goto(path)
        expect(page.get_by_role("alert")).to_contain_text("99.9.9: Not yet – Words that matter")
        lead.forgive("status of 404")
        lead.check()
    page.get_by_role("button", name="Delete it from this device").click()
    expect(page.get_by_role("alert")).to_contain_text("Deleted.")
    assert kept_here(page) == []
    page.reload()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_signing_out_sends_what_waits_or_asks_and_then_leaves_nothing_here(afar: Member, site: Site) -> None:
    lead = Visitor(afar.lead().browser, site)
    lead.sign_in(stage.email("lead", afar.name))
    page = lead.page
    page.goto(afar.book + "theme/2/")
    page.route("**/answer/", lambda route: route.abort())
    lead.answer("2.2.1", "met")
    see_waiting(lead, "2.2.1", "No connection")
    page.locator("summary", has_text="Account").click()
    out = page.get_by_role("button", name="Sign out").locator("visible=true")
    out.click()
    dialog = page.get_by_role("dialog", name="Not all answers are saved yet")
    expect(dialog).to_contain_text("2.2.1")
    lead.forgive_all(NO_NETWORK)
    lead.check()
    dialog.get_by_role("button", name="Stay signed in").click()
    expect(dialog).to_have_count(0)
    assert len(kept_here(page)) == 1
    expect(page.get_by_role("alert")).to_contain_text("These answers wait on this device")

    page.locator("summary", has_text="Account").click()
    out.click()
    dialog.get_by_role("button", name="Sign out and delete them").click()
    page.wait_for_url(lambda url: "/theme/" not in url)
    assert kept_here(page) == []
    # "Back" shows nothing of what was on the screen.
    page.go_back()
    page.wait_for_url("**/account/login/**")

    lead.sign_in(stage.email("lead", afar.name))
    page.goto(afar.book + "theme/2/")
    assert lead.row("2.2.1").locator("input:checked").count() == 0
    page.unroute("**/answer/")
    page.route("**/answer/", lambda route: route.abort(), times=1)
    lead.answer("2.2.1", "not_yet")
    see_waiting(lead, "2.2.1", "No connection")
    page.locator("summary", has_text="Account").click()
    out.click()
    page.wait_for_url(lambda url: "/theme/" not in url)
    assert kept_here(page) == []
    lead.close()
    again = afar.lead()
    again.visit(afar.book + "theme/2/")
    assert again.chosen("2.2.1") == "not_yet"


def test_what_is_typed_into_an_action_survives_the_answers_own_save(afar: Member) -> None:
    """On a slow line the reason is still on its way while the action under it is being written."""
    lead = afar.lead()
    page = lead.visit(afar.book + "theme/3/")
    lead.answer("3.2.1", "not_yet")
    lead.see_saved("3.2.1")
    row = lead.row("3.2.1")
    slow = lead.hold_first("**/answer/")
    row.get_by_text("No plan for now? Say why").click()
    lead.reason("3.2.1").fill("No money")
    title = row.get_by_label("What will you do?")
    title.click()
    slow.wait()
    title.fill("Ask the trustees")
    slow.let_go()
    lead.see_saved("3.2.1")
    expect(title).to_have_value("Ask the trustees")
    expect(title).to_be_focused()
    # Another thought about the answer leaves it alone too, and the page is not left without a word.
    lead.answer("3.2.1", "met")
    lead.see_saved("3.2.1")
    expect(title).to_be_hidden()
    lead.answer("3.2.1", "not_yet")
    lead.see_saved("3.2.1")
    expect(title).to_have_value("Ask the trustees")
    page.goto(afar.book)
    assert [text.split(":")[0] for text in lead.dialogs] == ["beforeunload"]
    lead.check()


def test_pauses_while_typing_are_one_step_of_the_history(afar: Member) -> None:
    lead = afar.lead()
    page = lead.visit(afar.book + "theme/3/")
    lead.answer("3.2.2", "not_applicable")
    lead.reason("3.2.2").focus()
    for words in ("We have no staff. ", "We have no rooms. ", "We have no money."):
        page.keyboard.type(words)
        page.wait_for_timeout(1200)
        assert kept_here(page)
    page.keyboard.press("Tab")
    lead.see_saved("3.2.2")
    lead.visit(f"{afar.book}indicator/3.2.2/history/")
    expect(page.locator(".lg-history__item")).to_have_count(1)
    expect(page.locator(".lg-history__what")).to_contain_text("We have no staff. We have no rooms. We have no money.")


def test_a_planned_action_stays_in_its_fields(afar: Member) -> None:
    lead = afar.lead(viewport=PHONE)
    page = lead.visit(afar.book + "theme/5/")
    lead.answer("5.1.1", "not_yet")
    lead.see_saved("5.1.1")
    row = lead.row("5.1.1")
    lead.context.set_offline(True)
    row.get_by_label("What will you do?").fill("Ask the trustees")
    with lead.expecting(NO_NETWORK):
        row.get_by_role("button", name="Add this action").click()
        expect(row.locator("[data-saved]")).to_contain_text("Your action is still here")
    expect(row.get_by_label("What will you do?")).to_have_value("Ask the trustees")
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
    # Otherwise the page of theme 7 may be asked for before the answer has come.
    page.wait_for_function("() => !Object.keys(localStorage).some((name) => name.startsWith('lg-answers-'))")
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


def test_a_saved_answer_puts_off_the_end_of_the_session(afar: Member) -> None:
    lead = afar.lead()
    lead.page.clock.install()
    page = lead.visit(afar.book + "theme/9/")
    soon = page.get_by_text("You will be signed out in 2 minutes")
    page.clock.fast_forward("11:50:00")
    with page.expect_response("**/answer/"):
        lead.answer("9.1.1", "met")
    lead.see_saved("9.1.1")
    page.clock.fast_forward("00:30:00")
    expect(soon).to_have_count(0)
    page.clock.fast_forward("11:40:00")
    expect(soon).to_be_visible()
