"""From signing in to a finished theme by keyboard alone. The mouse is never used, and one always sees where one is."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from . import stage
from .conftest import Member
from .keyboard import Keys
from .visitor import PASSWORD, Visitor

pytestmark = pytest.mark.browser


@pytest.fixture
def keys(window: Callable[..., Visitor], member: Callable[[str], Member]) -> Keys:
    """Signed in by keyboard."""
    me = Keys(window())
    page = me.visitor.visit("/account/login/")
    me.tab_to(page.locator('input[type="email"]'), most=90)
    me.type(stage.email("lead", "keys"))
    me.press("Tab")
    me.see()
    me.type(PASSWORD)
    me.press("Enter")
    page.wait_for_url(f"**{member('keys').home}")
    me.visitor.check()
    return me


@pytest.mark.requirement("MQM-13", "MQM-16", "MQM-18")
def test_a_theme_by_keyboard_alone(keys: Keys, member: Callable[[str], Member], tmp_path: Path) -> None:
    visitor, page = keys.visitor, keys.page
    # The first stop jumps over the header.
    keys.press("Tab")
    keys.see()
    expect(page.get_by_role("link", name="Skip to the main content")).to_be_focused()
    keys.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    keys.tab_to(page.get_by_role("link", name="Carry on: Purpose and direction"))
    keys.press("Enter")
    page.wait_for_url("**/theme/1/")
    visitor.check()
    codes = [row.get_attribute("data-row") or "" for row in page.locator("[data-row]").all()]

    # ? lists the keys; Esc closes the list.
    keys.press("?")
    dialog = page.locator("dialog[open]")
    expect(dialog).to_be_visible()
    assert set(dialog.locator("kbd").all_inner_texts()) >= {"j", "k", "1", "2", "3", "?"}
    visitor.check()
    keys.press("Escape")
    expect(dialog).to_have_count(0)

    # j moves on, k moves back, 1 2 3 answer, and the focus stays in the row.
    keys.press("j", "j", "k")
    assert keys.has_focus(visitor.row(codes[0]))
    keys.see()
    for code in codes[:-2]:
        keys.press("1")
        visitor.see_saved(code)
        assert keys.has_focus(visitor.row(code))
        keys.see()
        keys.press("j")
    assert keys.has_focus(visitor.row(codes[-2]))
    # The arrow keys choose too, as in every group of radios.
    keys.press("Space", "ArrowRight")
    visitor.see_saved(codes[-2])
    expect(visitor.row(codes[-2]).locator(".lg-plan")).to_be_visible()
    assert visitor.chosen(codes[-2]) == "not_yet"

    gap = visitor.row(codes[-2])
    keys.tab_to(gap.get_by_label("What will you do?"))
    keys.type("Meet the members j k 1 2 3 ?")
    keys.press("Tab")
    keys.see()
    keys.type("Joseph")
    keys.press("Tab")
    keys.see()
    keys.type("05052031")  # the same whether the browser asks for the day or the month first
    keys.tab_to(gap.get_by_label("How important"))
    keys.type("High")
    keys.press("Tab")
    keys.see()
    keys.press("Enter")
    action = gap.get_by_role("list", name="Actions").get_by_role("listitem")
    expect(action).to_contain_text("Meet the members j k 1 2 3 ?")
    expect(action).to_contain_text("Joseph Okafor")
    expect(action).to_contain_text("5 May 2031")
    assert keys.has_focus(gap)
    keys.see()

    keys.press("j", "3")
    expect(visitor.reason(codes[-1])).to_be_focused()
    keys.see()
    keys.type("We have no branches.")
    visitor.see_saved(codes[-1])
    expect(page.locator("[data-progress-text]")).to_have_text(f"{len(codes)} of {len(codes)} answered.")
    visitor.check()

    # g opens the page of an indicator; the file is chosen with Enter.
    keys.press("Shift+Tab", "k", "g")
    page.wait_for_url(f"**/indicator/{codes[-2]}/")
    visitor.check()
    keys.tab_to(page.locator("#evidence summary"), most=90)
    keys.press("Enter")
    paper = tmp_path / "Notes.txt"
    paper.write_text("Notes of the meeting\n")
    # Playwright takes over the file dialogue a moment after one asks it to, so it is asked before the way there.
    with page.expect_file_chooser() as chooser:
        keys.tab_to(page.get_by_label(re.compile("^File")))
        keys.press("Enter")
    chooser.value.set_files(paper)
    keys.tab_to(page.get_by_role("button", name="Attach it"))
    keys.press("Enter")
    expect(page.locator("#evidence li")).to_contain_text("Notes")
    visitor.check()


def test_menus_open_and_close_by_keyboard(keys: Keys) -> None:
    page = keys.page
    account = page.locator("summary", has_text="Account")
    keys.tab_to(account)
    keys.press("Enter")
    expect(page.get_by_role("link", name="Your account")).to_be_visible()
    keys.press("Tab")
    keys.see()
    keys.press("Escape")
    expect(page.get_by_role("link", name="Your account")).to_be_hidden()
    expect(account).to_be_focused()
