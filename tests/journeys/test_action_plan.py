"""The action plan: as a board and a table, by keys, on a phone without scripts, with two people, out as files."""

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document
from playwright.sync_api import expect

from .conftest import Member
from .visitor import PHONE, SMALL, Visitor

pytestmark = pytest.mark.browser


@pytest.fixture
def plan(member: Callable[[str], Member]) -> Member:
    return member("plan")


def add(visitor: Visitor, mine: Member, title: str, *, due: str = "", owner: str = "") -> str:
    """Plan an action for the whole organisation; its address."""
    page = visitor.visit(mine.book + "plan/new/")
    page.get_by_label("What will you do?").fill(title)
    if due:
        page.get_by_label("By when").fill(due)
    if owner:
        page.get_by_label("Who will do it").select_option(owner)
    page.get_by_role("button", name="Add this action").click()
    if due and due < dt.date.today().isoformat():  # a day that has passed is asked about once
        expect(page.get_by_text("This date has passed").first).to_be_visible()
        visitor.forgive("status of 422")
        page.get_by_role("button", name="Add this action").click()
    page.wait_for_url("**/actions/**")
    return page.url.removeprefix(visitor.site.url)


@pytest.mark.requirement("MQM-13")
def test_a_card_goes_across_the_board_on_a_phone_without_scripts(plan: Member) -> None:
    lead = plan.lead(java_script_enabled=False, viewport=PHONE)
    add(lead, plan, "Paint the ramp")
    page = lead.visit(plan.book + "plan/?view=board")
    card = page.get_by_role("listitem").filter(has=page.get_by_role("link", name="Paint the ramp"))
    card.locator("summary").click()
    card.get_by_role("button", name="Done").click()
    lead.forgive("status of 422")
    lead.check()
    expect(page.locator("[data-error-summary]")).to_contain_text("Say in a few words what was done")
    page.get_by_label("What was done, or why").first.fill("Two coats, in yellow.")
    page.locator(".lg-panel").get_by_role("button", name="Done").click()
    lead.check()
    assert "view=board#a-" in page.url
    done = page.get_by_role("region", name="Done")
    expect(done.get_by_role("link", name="Paint the ramp")).to_be_visible()
    expect(done.get_by_text("Two coats, in yellow.")).to_be_visible()


@pytest.mark.requirement("MQM-13")
def test_a_card_is_moved_by_keys_alone(plan: Member) -> None:
    lead = plan.lead()
    add(lead, plan, "Ring the council")
    page = lead.visit(plan.book + "plan/?view=board")
    page.get_by_role("link", name="Ring the council").focus()
    for key in ("Tab", "Enter", "Tab"):
        page.keyboard.press(key)
    page.keyboard.type("They want a form.")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("In progress")
    page.keyboard.press("Enter")
    page.wait_for_url("**#a-*")
    lead.check()
    expect(page.get_by_role("region", name="In progress").get_by_text("They want a form.")).to_be_visible()


@pytest.mark.requirement("MQM-13", "MQM-19")
def test_the_plan_is_narrowed_grouped_and_taken_along_in_welsh(plan: Member, tmp_path: Path) -> None:
    lead = plan.lead()
    add(lead, plan, "Count the chairs", due="2031-05-01", owner="Joseph Okafor")
    add(lead, plan, "Buy more chairs", due="2031-04-01", owner="Joseph Okafor")
    add(lead, plan, "Paint the chairs", due="2031-03-01", owner="Mali Rees")
    page = lead.visit(plan.book + "plan/")
    page.get_by_role("link", name="By owner").click()
    lead.check()
    page.locator("summary", has_text="Filter").click()
    lead.check()
    page.get_by_label("Words").fill("chairs")
    page.get_by_role("button", name="Show these").click()
    lead.check()
    expect(page.get_by_text("Words: chairs")).to_be_visible()
    shown = page.locator("[data-action] th a").all_inner_texts()
    assert shown == ["Buy more chairs", "Count the chairs", "Paint the chairs"]
    page.locator("summary", has_text="Download").click()
    lead.check()
    with page.expect_download() as found:
        page.get_by_role("link", name="Word (DOCX): Cymraeg").click()
    path = tmp_path / "plan.docx"
    found.value.save_as(path)
    document = Document(str(path))
    assert [row.cells[1].text for table in document.tables for row in table.rows[1:]] == shown
    assert document.tables[0].rows[0].cells[1].text == "Cam gweithredu"


@pytest.mark.requirement("MQM-13")
def test_one_new_date_for_several_and_a_colleague_who_was_faster(plan: Member) -> None:
    lead, colleague = plan.lead(), plan.colleague()
    add(lead, plan, "Order the banner", due="2031-03-01")
    other = add(lead, plan, "Print the banner", due="2031-03-02")
    page = lead.visit(plan.book + "plan/dates/?words=banner")
    colleague.visit(other)
    colleague.page.get_by_text("Change this action").click()
    colleague.page.get_by_label("By when").fill("2031-09-09")
    colleague.page.get_by_role("button", name="Save", exact=True).click()
    colleague.check()
    page.get_by_role("link", name="Tick all on this page").click()
    # The page is as fresh as its last loading: a version that was seen before the colleague saved is asked about.
    page.evaluate("document.querySelectorAll('[name^=seen-]')[1].value = '0'")
    page.get_by_label("New due date").fill("2031-06-30")
    page.get_by_label("Why does the date change?").fill("The printer is on holiday")
    page.get_by_role("button", name="Change these dates").click()
    page.wait_for_load_state("load")
    lead.forgive("status of 409")
    lead.check()
    refused = page.locator("[data-refused]")
    expect(refused).to_have_count(1)
    expect(refused).to_contain_text("What stands now: 9 September 2031.")
    refused.get_by_role("checkbox").check()
    page.get_by_role("button", name="Change these dates").click()
    lead.check()
    expect(page.get_by_text("2 actions have a new due date.")).to_be_visible()
    lead.visit(other)
    moved = "The due date moved from 9 September 2031 to 30 June 2031. The printer is on holiday"
    expect(page.get_by_text(moved)).to_be_visible()


@pytest.mark.requirement("MQM-26")
def test_a_newer_version_of_a_document_keeps_the_earlier_one(plan: Member, tmp_path: Path) -> None:
    old, new = tmp_path / "Policy.txt", tmp_path / "Policy again.txt"
    old.write_text("The first policy.\n")
    new.write_text("The second policy.\n")
    lead = plan.lead(java_script_enabled=False, viewport=PHONE)
    page = lead.visit(plan.book + "indicator/2.1.1/")
    page.locator("#evidence summary").click()
    page.get_by_label(re.compile("^File")).set_input_files(old)
    page.get_by_role("button", name="Attach it").click()
    lead.check()
    page.locator("#evidence").get_by_role("link", name="Change Policy").click()
    lead.check()
    page.locator("summary", has_text="Upload a newer version").click()
    page.get_by_label("The newer file").set_input_files(new)
    page.get_by_label("Date on the newer document").fill("2026-02-28")
    page.get_by_role("button", name="Upload it").click()
    lead.check()
    earlier = page.get_by_role("link", name=re.compile("^Version 1"))
    with page.expect_download() as found:
        earlier.click()
    assert Path(found.value.path()).read_text() == "The first policy.\n"

    trustee = plan.trustee()
    seen = trustee.visit(plan.book + "indicator/2.1.1/")
    seen.get_by_role("link", name=re.compile("^Earlier versions")).click()
    trustee.check()
    expect(seen.get_by_text("28 February 2026")).to_be_visible()


@pytest.mark.parametrize("size", [SMALL, PHONE], ids=["320", "375"])
def test_every_view_of_the_plan_fits_a_phone_in_welsh(plan: Member, size: dict[str, int]) -> None:
    lead = plan.lead(viewport=size)
    add(lead, plan, "Rhannu canlyniadau eleni gyda'r bobl rydym yn eu cefnogi", due="2025-01-31", owner="Mali Rees")
    page = lead.page
    lead.context.add_cookies([{"name": "levelground_language", "value": "cy", "url": lead.site.url}])
    for path in ("", "?view=board", "?group=owner", "?group=standard&show=all", "dates/?tick=all"):
        lead.visit(f"{plan.book}plan/{path}")
        for fold in page.locator("main summary").all()[:3]:
            fold.click()
        lead.check()
    lead.visit(f"{plan.home}actions/")
