"""A theme answered, an action planned, evidence attached, a comment and an assignment: all without JavaScript."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from .conftest import Member
from .visitor import PHONE, Visitor

pytestmark = pytest.mark.browser


@pytest.fixture
def plain(member: Callable[[str], Member]) -> Member:
    return member("plain")


def save(lead: Visitor) -> None:
    lead.page.get_by_role("button", name="Save answers").click()
    lead.check()


@pytest.mark.requirement("MQM-13", "MQM-16", "MQM-17", "MQM-18")
def test_a_theme_is_answered_with_one_button(plain: Member) -> None:
    lead = plain.lead(java_script_enabled=False, viewport=PHONE)
    page = lead.visit(plain.book + "theme/1/")
    codes = [row.get_attribute("data-row") or "" for row in page.locator("[data-row]").all()]
    for code in codes[:-2]:
        lead.answer(code, "met")
    lead.answer(codes[-2], "not_yet")
    lead.answer(codes[-1], "not_applicable")
    lead.reason(codes[-1]).fill("We have no branches.")
    save(lead)
    expect(page.get_by_role("status")).to_contain_text([f"{len(codes)} answers are saved."])
    expect(page.locator("[data-progress-text]")).to_have_text(f"{len(codes)} of {len(codes)} answered.")
    assert [lead.chosen(code) for code in codes] == ["met"] * (len(codes) - 2) + ["not_yet", "not_applicable"]
    expect(lead.reason(codes[-1])).to_have_value("We have no branches.")

    # Two actions for the one that is not yet met, from the panel that is now open under it.
    panel = lead.row(codes[-2])
    for title in ("Write the plan down", "Agree it with the trustees"):
        if not panel.get_by_label("What will you do?").is_visible():
            panel.get_by_text("Add another action").click()
        panel.get_by_label("What will you do?").fill(title)
        panel.get_by_label("By when").fill("2031-03-31")
        panel.get_by_role("button", name="Add this action").click()
        lead.check()
        assert page.url.endswith(f"theme/1/#i-{codes[-2]}")
    expect(panel.get_by_role("list", name="Actions").get_by_role("link")).to_have_text(
        ["Write the plan down", "Agree it with the trustees"]
    )
    expect(panel.get_by_text("Working towards")).to_be_visible()

    # The action has an owner, a date, a state and notes.
    panel.get_by_role("link", name="Write the plan down").click()
    lead.check()
    expect(page.get_by_text("31 March 2031")).to_be_visible()
    expect(page.locator(".lg-summary")).to_contain_text("Mali Rees")
    page.get_by_role("textbox", name="How is it going?").fill("The first half is written.")
    page.get_by_role("button", name="Start work on it").click()
    lead.check()
    expect(page.locator(".lg-summary")).to_contain_text("In progress")
    expect(page.get_by_text("The first half is written.")).to_be_visible()


@pytest.mark.requirement("MQM-18")
def test_one_button_leaves_nothing_behind_that_was_typed_elsewhere(plain: Member) -> None:
    lead = plain.lead(java_script_enabled=False, viewport=PHONE)
    lead.visit(plain.book + "theme/5/")
    codes = ["5.1.1", "5.1.2"]
    for code in codes:
        lead.answer(code, "not_yet")
    save(lead)
    for code in codes:
        lead.row(code).get_by_label("What will you do?").fill(f"Work on {code}")
    lead.answer("5.1.3", "met")
    lead.row(codes[1]).get_by_role("button", name="Add this action").click()
    lead.check()
    for code in codes:
        expect(lead.row(code).get_by_role("list", name="Actions").get_by_role("link")).to_have_text([f"Work on {code}"])
    assert lead.chosen("5.1.3") == "met"


def test_what_cannot_be_saved_stays_as_it_was_typed(plain: Member) -> None:
    """One row lacks its reason: it says so, keeps what was typed, and the others are saved."""
    lead = plain.lead(java_script_enabled=False, viewport=PHONE)
    page = lead.visit(plain.book + "theme/2/")
    lead.answer("2.1.1", "met")
    lead.answer("2.1.2", "not_applicable")
    with lead.expecting("status of (409|422)"):
        page.get_by_role("button", name="Save answers").click()
        page.wait_for_load_state("load")
    lead.check()
    assert page.title().startswith("Error: ")
    summary = page.locator("[data-error-summary]")
    expect(summary).to_contain_text("2.1.2")
    assert lead.chosen("2.1.1") == "met"
    assert lead.chosen("2.1.2") == "not_applicable"
    expect(lead.row("2.1.2").locator(".nhsuk-error-message")).to_contain_text("Say in a few words")
    expect(lead.row("2.1.2").locator("textarea")).to_have_attribute("aria-invalid", "true")
    summary.get_by_role("link").click()
    assert page.url.endswith("#i-2.1.2")
    lead.reason("2.1.2").fill("We are not a company.")
    save(lead)
    assert not page.title().startswith("Error: ")
    page.reload()
    assert (lead.chosen("2.1.1"), lead.chosen("2.1.2")) == ("met", "not_applicable")


@pytest.mark.parametrize("scripted", [True, False], ids=["script", "no script"])
def test_an_action_that_cannot_be_saved_says_why_and_keeps_what_was_typed(plain: Member, scripted: bool) -> None:
    code = "4.1.1" if scripted else "4.1.2"
    lead = plain.lead(java_script_enabled=scripted, viewport=PHONE)
    page = lead.visit(plain.book + "theme/4/")
    lead.answer(code, "not_yet")
    if scripted:
        lead.see_saved(code)
    else:
        save(lead)
    row = lead.row(code)
    row.get_by_label("Who will do it").select_option("Joseph Okafor")
    row.get_by_label("How important").select_option("High")
    with lead.expecting("status of 422"):
        row.get_by_role("button", name="Add this action").click()
        expect(page.locator(".nhsuk-error-message:visible").first).to_be_visible()
    lead.check()
    expect(row.get_by_label("Who will do it")).to_have_value(re.compile("."))
    assert row.locator("select option:checked").all_inner_texts()[:2] == ["Joseph Okafor", "High"]
    row.get_by_label("What will you do?").fill("Ask the bank")
    row.get_by_role("button", name="Add this action").click()
    expect(row.get_by_role("link", name="Ask the bank")).to_be_visible()


@pytest.mark.requirement("MQM-14", "MQM-15")
def test_evidence_comment_and_assignment(plain: Member, tmp_path: Path) -> None:
    minutes = tmp_path / "Minutes of May.txt"
    minutes.write_text("The trustees agreed the plan.\n")
    lead = plain.lead(java_script_enabled=False, viewport=PHONE)
    page = lead.visit(plain.book + "indicator/3.1.1/")
    # Help is on the page itself, beside the guidance.
    expect(page.get_by_role("complementary").locator('a[href^="https://hub.example.org/"]').first).to_be_visible()

    page.locator("#evidence summary").click()
    page.get_by_role("button", name="Attach it").click()
    lead.forgive("status of 422")
    lead.check()
    expect(page.locator("#evidence .nhsuk-error-message")).to_be_visible()
    page.get_by_label(re.compile("^File")).set_input_files(minutes)
    page.get_by_label("Date on the document").fill("2026-05-12")
    page.get_by_role("button", name="Attach it").click()
    lead.check()
    item = page.locator("#evidence li", has_text="Minutes of May")
    expect(item).to_contain_text("Dated 12 May 2026")
    with page.expect_download() as download:
        item.get_by_role("link").first.click()
    assert Path(download.value.path()).read_bytes() == minutes.read_bytes()

    page.get_by_label("Say something to your colleagues").fill("Joseph, is this the newest one?")
    page.get_by_role("button", name="Send").click()
    lead.check()
    expect(page.locator("#comments")).to_contain_text("Joseph, is this the newest one?")

    page.get_by_label("Who answers this one").select_option("Joseph Okafor")
    page.get_by_role("complementary").get_by_role("button", name="Save").click()
    lead.check()

    colleague = plain.colleague(java_script_enabled=False, viewport=PHONE)
    page = colleague.visit(plain.book + "all/?show=mine")
    assert [row.get_attribute("data-row") for row in page.locator("[data-row]").all()] == ["3.1.1"]
    expect(page.get_by_text("1 comment", exact=True)).to_be_visible()
    page.get_by_role("link", name=re.compile("Guidance, evidence and comments")).click()
    colleague.check()
    page.get_by_label("Say something to your colleagues").fill("Yes, it is.")
    page.get_by_role("button", name="Send").click()
    colleague.check()
    expect(page.locator("#comments")).to_contain_text("Yes, it is.")


def test_the_languages_and_the_menu_need_no_script(plain: Member) -> None:
    lead = plain.lead(java_script_enabled=False, viewport=PHONE)
    page = lead.visit(plain.book)
    page.locator("summary", has_text="Menu").click()
    page.get_by_role("button", name="Cymraeg").locator("visible=true").click()
    lead.check()
    assert page.locator("html").get_attribute("lang") == "cy"
    assert page.url.endswith(plain.book)
