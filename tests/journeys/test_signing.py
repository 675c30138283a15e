"""The last steps of the year, asking, signing and sending: by keyboard alone, and without JavaScript on a phone."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from .conftest import Member
from .keyboard import Keys
from .steps import ask, bring, fact, fingerprint, part, send, sign
from .visitor import PHONE

pytestmark = pytest.mark.browser


@pytest.mark.requirement("MQM-31")
def test_asked_signed_and_sent_by_keyboard_alone(member: Callable[[str], Member]) -> None:
    mine = member("ask")
    lead = Keys(mine.lead())
    page = lead.visitor.visit(mine.year)
    lead.tab_to(part(page, "sign-off").get_by_role("link", name="Ask for sign-off"))
    lead.press("Enter")
    page.wait_for_url("**/ask/")
    lead.visitor.check()
    lead.tab_to(page.get_by_label("A note to go with it"))
    lead.type("It is all there.")
    lead.tab_to(page.get_by_role("button", name="Ask for sign-off"))
    lead.press("Enter")
    page.wait_for_url(f"**{mine.year}")
    lead.visitor.check()

    trustee = Keys(mine.trustee())
    page = trustee.visitor.visit(mine.year)
    trustee.tab_to(page.get_by_role("link", name="Read and sign off"))
    trustee.press("Enter")
    page.wait_for_url("**/sign/")
    trustee.visitor.check()
    expect(page.get_by_text("It is all there.")).to_be_visible()
    # Without the tick: the error is where the focus goes, and its link leads to the box.
    trustee.tab_to(page.get_by_role("button", name="Sign off", exact=True))
    trustee.press("Enter")
    trustee.visitor.forgive("status of 422")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    trustee.press("Tab", "Enter")
    expect(page.get_by_label("I agree with this declaration")).to_be_focused()
    trustee.see()
    trustee.press("Space")
    trustee.tab_to(page.get_by_role("button", name="Sign off", exact=True))
    trustee.press("Enter")
    page.wait_for_url(f"**{mine.year}")
    trustee.visitor.check()

    page = lead.visitor.visit(mine.year)
    lead.tab_to(part(page, "send").get_by_role("link", name="Send it to the network"))
    lead.press("Enter")
    page.wait_for_url("**/send/")
    lead.visitor.check()
    lead.tab_to(page.get_by_role("button", name="Send it to the network"))
    lead.press("Enter")
    page.wait_for_url("**/receipts/**")
    lead.visitor.check()
    assert fingerprint(page)
    lead.tab_to(page.get_by_role("link", name="Open the snapshot"))


@pytest.mark.requirement("MQM-25", "MQM-31")
def test_a_document_asked_signed_and_sent_without_scripts(member: Callable[[str], Member], tmp_path: Path) -> None:
    mine = member("paper")
    minutes = tmp_path / "Minutes.txt"
    minutes.write_text("The trustees met.\n")
    lead = mine.lead(java_script_enabled=False, viewport=PHONE)
    page = lead.visit(mine.year)
    expect(page.get_by_role("heading", level=1)).to_contain_text("1 document, then the sign-off")
    expect(part(page, "sign-off").get_by_role("link")).to_have_count(0)
    # Sending too soon names what is missing.
    page = lead.visit(f"{mine.year}send/")
    expect(page.get_by_text("add this document: Minutes of the last trustee meeting")).to_be_visible()
    page = lead.visit(mine.year)
    part(page, "documents").get_by_role("link", name="Minutes of the last trustee meeting").click()
    page.wait_for_url("**/documents/minutes/")
    lead.check()
    bring(lead, mine, "minutes", minutes)
    part(page, "documents").get_by_role("link", name="Minutes of the last trustee meeting").click()
    lead.check()
    with page.expect_download() as found:
        page.get_by_role("link", name="Open Minutes of the last trustee meeting").click()
    assert Path(found.value.path()).read_bytes() == minutes.read_bytes()

    # The trustee would like a change first; the lead reads it, and asks again.
    ask(lead, mine)
    trustee = mine.trustee(java_script_enabled=False, viewport=PHONE)
    page = trustee.visit(f"{mine.year}sign/")
    page.locator("summary", has_text="Not yet: I would like something changed first").click()
    page.get_by_label("What would you like to be changed first?").fill("Say more about 1.1.2.")
    page.get_by_role("button", name="Tell the quality lead").click()
    trustee.check()
    page = lead.visit(mine.year)
    expect(page.get_by_text("Say more about 1.1.2.")).to_be_visible()
    ask(lead, mine)
    sign(trustee, mine)
    send(lead, mine)
    assert fact(lead.page, "Signed off").startswith("Hannah Lowe")
    # A page that was left open cannot send it twice.
    page = lead.visit(f"{mine.year}send/")
    expect(page.get_by_text("This year's snapshot is with the network already.")).to_be_visible()
