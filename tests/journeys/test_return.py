"""A quarterly return: what is met no longer is listed and ticked; checked, sent, read by the network, corrected."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from . import stage
from .conftest import Member
from .visitor import PHONE, Visitor

pytestmark = pytest.mark.browser


@pytest.mark.requirement("MQM-32", "MQM-33", "MQM-34")
def test_a_return_with_something_that_is_met_no_longer(
    member: Callable[[str], Member], person: Callable[..., Visitor]
) -> None:
    mine = member("quarter")
    lead = mine.lead(viewport=PHONE)
    lead.visit(f"{mine.book}theme/1/")
    lead.answer("1.1.2", "not_yet")
    lead.see_saved("1.1.2")

    page = lead.visit(f"{mine.home}returns/")
    page.get_by_role("link", name="Write the return").click()
    page.wait_for_url("**/returns/quality-mark/**")
    lead.check()
    fallen = page.locator("#note-1\\.1\\.2")
    expect(fallen.get_by_role("checkbox")).to_be_checked()
    expect(fallen).to_contain_text("Met")
    expect(fallen).to_contain_text("Not yet")
    # A return without the mandatory answer is kept as a draft, and says what is missing.
    page.get_by_label("People reached").fill("1,310")
    page.get_by_label("Volunteers").fill("nine")
    page.get_by_role("button", name="Check and send").click()
    lead.forgive("status of 422")
    lead.check()
    expect(page.locator("[data-error-summary]")).to_contain_text("Volunteers")
    page.get_by_label("Volunteers").fill("9")
    page.get_by_role("button", name="Check and send").click()
    lead.forgive("status of 422")
    lead.check()
    expect(page.locator("[data-error-summary]")).to_contain_text("Say whether anything has changed significantly.")
    expect(page.get_by_label("Volunteers")).to_have_value("9")
    page.get_by_role("radio", name="Yes").check()
    page.get_by_label("What has changed?").fill("Two trustees have left.")
    fallen.get_by_role("textbox").fill("The register is old")
    page.get_by_role("button", name="Check and send").click()
    page.wait_for_url("**/check/")
    lead.check()
    for words in ("1,310", "Two trustees have left.", "The register is old"):
        expect(page.locator("main")).to_contain_text(words)
    page.get_by_role("button", name="Send the return").click()
    page.wait_for_url("**/returns/*/")
    lead.check()
    expect(page.get_by_text("Sent on time")).to_be_visible()
    sent = page.url.removeprefix(lead.site.url)
    for name, beginning in (("Download as PDF", b"%PDF"), ("Download as a spreadsheet", b"PK")):
        with page.expect_download() as found:
            page.get_by_role("link", name=name).click()
        assert Path(found.value.path()).read_bytes().startswith(beginning)

    # The network sees who has sent, and reads it.
    officer = person(stage.email("officer", "pier"))
    seen = officer.visit("/n/pier/returns/")
    row = seen.get_by_role("row", name="Pier quarter")
    expect(row.get_by_text("Significant change")).to_be_visible()
    row.get_by_role("link", name=re.compile("^Open")).last.click()
    seen.wait_for_url(f"**{sent}")
    officer.check()
    expect(seen.get_by_text("Two trustees have left.")).to_be_visible()
    expect(seen.get_by_role("button", name="Correct this return")).to_have_count(0)

    # A correction is a new edition; the first one stays.
    page.get_by_role("button", name="Correct this return").click()
    lead.check()
    page.get_by_label("People reached").fill("1,340")
    page.get_by_role("button", name="Check and send").click()
    page.wait_for_url("**/check/")
    lead.check()
    page.get_by_role("button", name="Send the correction").click()
    page.wait_for_url(f"**{sent}")
    lead.check()
    expect(page.locator("main")).to_contain_text("1,340")
    page.get_by_role("link", name="First sent").click()
    lead.check()
    expect(page.locator("main")).to_contain_text("1,310")
