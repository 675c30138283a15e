"""Two people answer the same indicator from pages that are both old: the second sees both answers and decides."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from .conftest import Member
from .visitor import PHONE, Visitor

pytestmark = pytest.mark.browser


@pytest.fixture
def clash(member: Callable[[str], Member]) -> Member:
    return member("clash")


def sides(visitor: Visitor, code: str) -> list[str]:
    return [side.inner_text() for side in visitor.row(code).locator(".lg-conflict__side").all()]


def stands(visitor: Visitor, book: str, theme: str, code: str) -> tuple[str, str]:
    """The answer and the reason that the site has now."""
    visitor.visit(f"{book}theme/{theme}/")
    return visitor.chosen(code), visitor.reason(code).input_value()


@pytest.mark.parametrize("mine", [True, False], ids=["yours", "theirs"])
def test_the_second_chooses_which_answer_stands(clash: Member, mine: bool) -> None:
    code = "1.1.1" if mine else "1.1.2"
    lead, colleague = clash.lead(), clash.colleague(viewport=PHONE)
    for visitor in (lead, colleague):
        visitor.visit(clash.book + "theme/1/")
    lead.answer(code, "met")
    lead.see_saved(code)
    with colleague.expecting("status of 409"):
        colleague.answer(code, "not_yet")
        expect(colleague.row(code).locator(".lg-conflict")).to_be_visible()
    colleague.check()
    theirs, yours = sides(colleague, code)
    assert "Met" in theirs
    assert "Mali Rees" in theirs
    assert "Not yet" in yours
    # The keyboard is where the decision is, and nothing is decided yet.
    assert colleague.row(code).locator(".lg-conflict :focus").count() == 1
    colleague.row(code).locator("input[type=radio]").nth(1 if mine else 0).check()
    colleague.row(code).get_by_role("button", name="Keep this answer").click()
    colleague.see_saved(code)
    expect(colleague.row(code).locator(".lg-conflict")).to_have_count(0)
    colleague.check()
    assert stands(lead, clash.book, "1", code) == ("not_yet" if mine else "met", "")
    lead.visit(f"{clash.book}indicator/{code}/history/")
    expect(lead.page.locator(".lg-history__who").first).to_contain_text("Joseph Okafor" if mine else "Mali Rees")


@pytest.mark.parametrize("scripted", [True, False], ids=["script", "no script"])
def test_two_reasons_are_put_together(clash: Member, scripted: bool) -> None:
    theme = "2" if scripted else "3"
    code = f"{theme}.1.1"
    lead, colleague = clash.lead(), clash.colleague(java_script_enabled=scripted, viewport=PHONE)
    for visitor in (lead, colleague):
        visitor.visit(f"{clash.book}theme/{theme}/")
    lead.answer(code, "not_applicable")
    lead.reason(code).fill("We have no staff.")
    lead.see_saved(code)
    with colleague.expecting("status of 409"):
        colleague.answer(code, "not_applicable")
        colleague.reason(code).fill("We have volunteers only.")
        if not scripted:
            colleague.page.get_by_role("button", name="Save answers").click()
        expect(colleague.row(code).locator(".lg-conflict")).to_be_visible()
    colleague.check()
    reason = colleague.reason(code)
    expect(reason).to_have_value("We have no staff.\n\nWe have volunteers only.")
    colleague.row(code).locator("input[type=radio]").nth(1).check()
    reason.fill("We have no staff: we have volunteers only.")
    colleague.row(code).get_by_role("button", name="Keep this answer").click()
    expect(colleague.row(code).locator(".lg-conflict")).to_have_count(0)
    colleague.check()
    assert stands(lead, clash.book, theme, code) == ("not_applicable", "We have no staff: we have volunteers only.")


@pytest.mark.parametrize("scripted", [True, False], ids=["script", "no script"])
def test_theirs_without_words_is_kept_without_mine(clash: Member, scripted: bool) -> None:
    """Two "not yet", one of them with words: whoever keeps the other answer does not put their own words into it."""
    code = "6.1.1" if scripted else "6.1.2"
    lead, colleague = clash.lead(), clash.colleague(java_script_enabled=scripted)
    lead.visit(f"{clash.book}theme/6/")
    lead.answer(code, "not_yet")
    lead.see_saved(code)
    colleague.visit(f"{clash.book}theme/6/")
    for second_thought in ("met", "not_yet"):
        with lead.page.expect_response("**/answer/"):
            lead.answer(code, second_thought)
    lead.see_saved(code)
    with colleague.expecting("status of 409"):
        colleague.row(code).get_by_text("No plan for now? Say why").click()
        colleague.reason(code).fill("MY WORDS")
        if scripted:
            colleague.page.keyboard.press("Tab")
        else:
            colleague.page.get_by_role("button", name="Save answers").click()
        expect(colleague.row(code).locator(".lg-conflict")).to_be_visible()
    colleague.forgive_all("status of 409")
    colleague.row(code).locator("input[type=radio]").first.check()
    if scripted:
        expect(colleague.reason(code)).to_have_value("")
    colleague.row(code).get_by_role("button", name="Keep this answer").click()
    expect(colleague.row(code).locator(".lg-conflict")).to_have_count(0)
    colleague.check()
    assert stands(lead, clash.book, "6", code) == ("not_yet", "")


def test_without_scripts_an_overlooked_conflict_asks_again(clash: Member) -> None:
    lead, colleague = clash.lead(), clash.colleague(java_script_enabled=False)
    for visitor in (lead, colleague):
        visitor.visit(clash.book + "theme/7/")
    lead.answer("7.1.1", "met")
    lead.see_saved("7.1.1")
    colleague.answer("7.1.1", "not_yet")
    for _time in range(2):
        colleague.page.get_by_role("button", name="Save answers").click()
        colleague.forgive("status of 409")
        expect(colleague.row("7.1.1").locator(".lg-conflict")).to_be_visible()
        colleague.check()
    colleague.row("7.1.1").locator("input[type=radio]").nth(1).check()
    colleague.page.get_by_role("button", name="Save answers").click()
    colleague.check()
    assert stands(lead, clash.book, "7", "7.1.1") == ("not_yet", "")


def test_what_was_not_in_conflict_is_saved_all_the_same(clash: Member) -> None:
    """Without JavaScript a whole page is sent at once: only the row that two people changed asks."""
    lead, colleague = clash.lead(java_script_enabled=False), clash.colleague(java_script_enabled=False)
    for visitor in (lead, colleague):
        visitor.visit(clash.book + "theme/4/")
    for visitor, value in ((lead, "met"), (colleague, "not_yet")):
        visitor.answer("4.1.1", value)
        visitor.answer("4.1.2" if visitor is lead else "4.1.3", "met")
        visitor.page.get_by_role("button", name="Save answers").click()
    colleague.forgive("status of 409")
    colleague.check()
    assert colleague.page.locator(".lg-conflict").count() == 1
    expect(colleague.page.locator("[data-error-summary]")).to_contain_text("4.1.1")
    assert [colleague.chosen(code) for code in ("4.1.2", "4.1.3")] == ["met", "met"]
    assert re.search(r"3 of \d+ answered", colleague.page.locator("[data-progress-text]").inner_text())


def test_two_people_change_one_action(clash: Member) -> None:
    lead, colleague = clash.lead(), clash.colleague()
    page = lead.visit(clash.book + "plan/new/")
    page.get_by_label("What will you do?").fill("Write a plan")
    page.get_by_role("button", name="Add this action").click()
    lead.check()
    address = page.url.removeprefix(lead.site.url)
    colleague.visit(address)
    for visitor, title in ((lead, "Write a short plan"), (colleague, "Write a long plan")):
        visitor.page.get_by_text("Change this action").click()
        visitor.page.get_by_label("What will you do?").fill(title)
        visitor.page.get_by_role("button", name="Save", exact=True).click()
        visitor.page.wait_for_load_state("load")
    colleague.forgive("status of 409")
    colleague.check()
    expect(colleague.page.get_by_text("A colleague changed this action")).to_be_visible()
    expect(colleague.page.get_by_role("heading", level=1)).to_have_text("Write a short plan")
    expect(colleague.page.get_by_label("What will you do?")).to_have_value("Write a long plan")
    colleague.page.get_by_role("button", name="Save", exact=True).click()
    expect(colleague.page.get_by_role("heading", level=1)).to_have_text("Write a long plan")
    colleague.check()


def test_a_second_thought_does_not_write_over_a_colleague(clash: Member) -> None:
    """Two quick answers on an old page: the second must not take the version that the refusal of the first told."""
    lead, colleague = clash.lead(), clash.colleague()
    for visitor in (lead, colleague):
        visitor.visit(clash.book + "theme/5/")
    lead.answer("5.1.1", "met")
    lead.see_saved("5.1.1")
    first = colleague.hold_first("**/answer/")
    colleague.answer("5.1.1", "not_applicable")
    colleague.reason("5.1.1").fill("No.")
    first.wait()
    colleague.answer("5.1.1", "not_yet")
    with colleague.expecting("status of 409"):
        first.let_go()
        expect(colleague.row("5.1.1").locator(".lg-conflict")).to_be_visible()
    colleague.forgive_all("status of 409")
    assert "Not yet" in sides(colleague, "5.1.1")[1]
    assert stands(lead, clash.book, "5", "5.1.1") == ("met", "")
