"""A member's year in one go: from half-answered to a receipt, sent back by the network, sent again, accepted."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from . import stage
from .conftest import Member
from .steps import DOCUMENTS, ask, bring, fact, fingerprint, part, send, sign
from .visitor import PHONE, Visitor

pytestmark = pytest.mark.browser
LIST = f"/n/bright-path/cycles/quality-mark/{stage.YEAR}/"


@pytest.fixture
def mine(member: Callable[[str], Member]) -> Member:
    return member("year")


def answer_the_rest(mine: Member, lead: Visitor, phone: Visitor) -> None:
    """A theme by clicks on the large screen, the others by the button of the theme, on a phone without scripts."""
    page = lead.visit(mine.year)
    expect(page.get_by_role("heading", level=1)).to_contain_text("documents, then the sign-off")
    tasks = part(page, "answers").get_by_role("link")
    left = [re.split(r"\s", text)[0] for text in tasks.all_inner_texts()]
    assert left == ["8", "9", "10", "11", "12", "13"]
    tasks.first.click()
    page.wait_for_url("**/theme/8/?show=unanswered")
    lead.check()
    for code in [row.get_attribute("data-row") or "" for row in page.locator("[data-row]").all()]:
        lead.answer(code, "met")
        lead.see_saved(code)

    for theme in left[1:]:
        page = phone.visit(f"{mine.book}theme/{theme}/")
        codes = [row.get_attribute("data-row") or "" for row in page.locator("[data-row]").all()]
        for code in codes[:-1]:
            phone.answer(code, "met")
        phone.answer(codes[-1], "not_applicable")
        phone.reason(codes[-1]).fill("We have no branches.")
        page.get_by_role("button", name="Save answers").click()
        phone.check()
        expect(page.locator("[data-progress-text]")).to_have_text(f"{len(codes)} of {len(codes)} answered.")


def plan_or_say_why(mine: Member, lead: Visitor) -> None:
    """Of the two gaps, one gets an action, the other a reason."""
    page = lead.visit(mine.year)
    gaps = part(page, "actions").get_by_role("link")
    assert [text.split()[0] for text in gaps.all_inner_texts()] == list(stage.NOT_YET)
    gaps.first.click()
    page.wait_for_url(f"**/indicator/{stage.NOT_YET[0]}/")
    lead.check()
    page.get_by_label("What will you do?").fill("Write the register anew")
    page.get_by_role("button", name="Add this action").click()
    expect(page.get_by_role("link", name="Write the register anew")).to_be_visible()
    page = lead.visit(mine.year)
    part(page, "actions").get_by_role("link").click()
    page.wait_for_url(f"**/indicator/{stage.NOT_YET[1]}/")
    page.get_by_text("No plan for now? Say why").click()
    lead.reason(stage.NOT_YET[1]).fill("We ask the council first.")
    lead.see_saved(stage.NOT_YET[1])
    page = lead.visit(mine.year)
    for name in ("answers", "actions"):
        expect(part(page, name).get_by_text("Complete")).to_be_visible()


def bring_the_documents(mine: Member, phone: Visitor, folder: Path) -> None:
    """One without its date is refused in words; each of the five has one."""
    page = phone.visit(mine.year)
    assert part(page, "documents").get_by_role("link").count() == len(DOCUMENTS)
    files = []
    for code in DOCUMENTS:
        files.append(folder / f"{code}.txt")
        files[-1].write_text(f"The {code} of Pier year\n")
    page = phone.visit(f"{mine.year}documents/strategy/")
    page.locator('input[name="new-upload"]').set_input_files(files[0])
    page.get_by_role("button", name="Save").click()
    phone.forgive("status of 422")
    phone.check()
    expect(page.locator("[data-error-summary]")).to_contain_text("Give the date that stands on the document.")
    for code, file in zip(DOCUMENTS, files, strict=True):
        # The risk assessment is old: the page says so, and takes it.
        bring(phone, mine, code, file, days=800 if code == "risk" else 40)
    expect(part(page, "documents").get_by_text("Complete")).to_be_visible()
    expect(part(page, "documents")).to_contain_text("A document that is getting old can be sent.")


def find_in_list(officer: Visitor) -> Page:
    """From the list of all members to the one of this journey."""
    page = officer.visit(LIST)
    page.get_by_label("Name or region").fill("Pier year")
    page.get_by_role("button", name="Find", exact=True).click()
    officer.check()
    row = page.get_by_role("row", name="Pier year")
    expect(row).to_have_count(1)
    row.get_by_role("link").click()
    page.wait_for_url("**/members/journey-year/")
    officer.check()
    return page


def decide(officer: Visitor, link: str, words: str) -> None:
    page = officer.page
    page.get_by_role("link", name=link).click()
    officer.check()
    page.locator('textarea[name="reason"]').fill(words)
    page.get_by_role("button", name="Go on").click()
    officer.check()
    expect(page.get_by_role("region", name="The member will read this")).to_contain_text(words.splitlines()[0])
    page.get_by_role("button", name=link).click()
    page.wait_for_url("**/members/journey-year/")
    officer.check()


@pytest.mark.requirement(
    "MQM-20", "MQM-21", "MQM-22", "MQM-23", "MQM-24", "MQM-25", "MQM-26", "MQM-27", "MQM-28", "MQM-31"
)
def test_from_half_answered_to_a_receipt_and_an_accepted_snapshot(
    mine: Member, person: Callable[..., Visitor], tmp_path: Path
) -> None:
    lead, phone = mine.lead(), mine.lead(java_script_enabled=False, viewport=PHONE)
    answer_the_rest(mine, lead, phone)
    plan_or_say_why(mine, lead)
    phone = mine.lead(viewport=PHONE)
    bring_the_documents(mine, phone, tmp_path)
    ask(phone, mine, "Hannah, please read it by Friday.")

    # The trustee reads in another window; without the tick nothing is signed.
    trustee = mine.trustee()
    page = trustee.visit(f"{mine.year}sign/")
    expect(page.get_by_text("Hannah, please read it by Friday.")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Write the register anew")
    expect(page.locator("main")).to_contain_text("We ask the council first.")
    page.get_by_role("button", name="Sign off", exact=True).click()
    trustee.forgive("status of 422")
    trustee.check()
    expect(page.locator("[data-error-summary]")).to_contain_text("Tick the box")
    sign(trustee, mine)

    receipt = send(phone, mine)
    page = phone.page
    number, hash_sent = fact(page, "Receipt number"), fingerprint(page)
    assert receipt.endswith(f"/{number}/")
    assert fact(page, "On time or late").startswith("On time")
    said = page.locator("main dl").inner_text()
    with page.expect_download() as found:
        page.get_by_role("link", name="Download the receipt (PDF)").click()
    assert Path(found.value.path()).read_bytes().startswith(b"%PDF")

    # The workbook stays open; what was sent stays as it was.
    officer = person("officer@demo.example")
    page = find_in_list(officer)
    page.get_by_role("link", name="Open the snapshot").click()
    page.wait_for_url("**/snapshots/**")
    officer.check()
    snapshot, kept = page.url.removeprefix(officer.site.url), page.locator("main").inner_text()
    assert hash_sent in kept
    assert page.locator("main form").count() == 0
    lead.visit(f"{mine.book}theme/1/")
    lead.answer("1.1.1", "not_yet")
    lead.see_saved("1.1.1")
    lead.visit(mine.book + "snapshots/")
    lead.page.get_by_role("link", name=re.compile("^Compare")).click()
    lead.check()
    compared = lead.page.get_by_role("row").filter(has_text="1.1.1").get_by_role("cell")
    expect(compared).to_have_text(["Met", "Not yet"])
    phone.visit(receipt)
    assert fingerprint(phone.page) == hash_sent
    assert phone.page.locator("main dl").inner_text() == said
    officer.visit(snapshot)
    assert page.locator("main").inner_text() == kept

    # The network sends it back; the member reads why, puts it right, and sends it again.
    find_in_list(officer)
    decide(officer, "Send it back", "Please add the minutes of October.\nThe risk assessment is two years old.")
    page = phone.visit(mine.year)
    reasons = page.get_by_role("listitem").filter(has_text="Please add the minutes of October.")
    expect(reasons).to_be_visible()
    expect(page.get_by_text("The risk assessment is two years old.")).to_be_visible()
    lead.visit(f"{mine.book}theme/1/")
    lead.answer("1.1.1", "met")
    lead.see_saved("1.1.1")
    newer = tmp_path / "october.txt"
    newer.write_text("Minutes of October\n")
    bring(phone, mine, "minutes", newer, days=20)
    bring(phone, mine, "risk", newer, days=10)
    ask(phone, mine)
    sign(trustee, mine)
    again = send(phone, mine)
    assert again != receipt
    assert fingerprint(phone.page) != hash_sent
    phone.visit(receipt)
    assert fingerprint(phone.page) == hash_sent

    page = find_in_list(officer)
    decide(officer, "Accept it", "Thank you.")
    page = phone.visit(mine.year)
    expect(page.get_by_role("heading", level=1)).to_have_text("The network has accepted your snapshot")
    page = phone.visit(f"{mine.year}history/")
    expect(page.get_by_text("Please add the minutes of October.")).to_be_visible()
