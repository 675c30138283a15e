"""Steps of a member's year that several journeys take: the documents, asking, signing, sending."""

import datetime as dt
import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from .conftest import Member
from .visitor import Visitor

DOCUMENTS = ["strategy", "risk", "budget", "accounts", "minutes"]


def days_ago(days: int) -> str:
    return (dt.datetime.now(tz=dt.UTC).date() - dt.timedelta(days=days)).isoformat()


def part(page: Page, name: str) -> Locator:
    """A part of the readiness page: answers, actions, documents, sign-off, send."""
    return page.locator(f"#{name}")


def bring(lead: Visitor, mine: Member, code: str, file: Path, *, days: int = 40) -> None:
    """Upload one of the documents of the year."""
    page = lead.visit(f"{mine.year}documents/{code}/")
    page.locator('input[name="new-upload"]').set_input_files(file)
    page.locator('input[name="new-document_date"]').fill(days_ago(days))
    page.locator("form", has=page.locator('input[name="new-upload"]')).get_by_role("button", name="Save").click()
    page.wait_for_url(f"**{mine.year}#documents")
    lead.check()


def ask(lead: Visitor, mine: Member, note: str = "") -> None:
    page = lead.visit(mine.year)
    part(page, "sign-off").get_by_role("link", name="Ask for sign-off").click()
    page.wait_for_url("**/ask/")
    lead.check()
    page.get_by_label("A note to go with it").fill(note)
    page.get_by_role("button", name="Ask for sign-off").click()
    page.wait_for_url(f"**{mine.year}")
    lead.check()
    expect(page.get_by_text("You will hear when it is signed.")).to_be_visible()


def sign(trustee: Visitor, mine: Member) -> None:
    """Read, tick, sign."""
    page = trustee.visit(f"{mine.year}sign/")
    page.get_by_label("I agree with this declaration").check()
    page.get_by_role("button", name="Sign off", exact=True).click()
    page.wait_for_url(f"**{mine.year}")
    trustee.check()
    expect(page.get_by_text("Thank you. The snapshot is signed off")).to_be_visible()


def send(lead: Visitor, mine: Member) -> str:
    """The address of the receipt."""
    page = lead.visit(mine.year)
    part(page, "send").get_by_role("link", name="Send it to the network").click()
    page.wait_for_url("**/send/")
    lead.check()
    page.get_by_role("button", name="Send it to the network").click()
    page.wait_for_url("**/receipts/**")
    lead.check()
    expect(page.get_by_text("Your snapshot is with the network. Thank you.")).to_be_visible()
    return page.url.removeprefix(lead.site.url)


def fact(page: Page, name: str) -> str:
    """What a receipt says about something."""
    row = page.locator(".lg-summary__row", has=page.get_by_text(name, exact=True))
    return row.locator("dd").first.inner_text().strip()


def fingerprint(page: Page) -> str:
    found = fact(page, "Fingerprint (SHA-256)")
    assert re.fullmatch("[0-9a-f]{64}", found), found
    return found
