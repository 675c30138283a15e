"""From the invitation to a finished theme, on a phone: a newcomer who has never seen the site."""

import email
import email.policy
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from .conftest import Member
from .site import Site
from .visitor import PHONE, Visitor

pytestmark = pytest.mark.browser
NEWCOMER = "ffion.gale@journey.example"
PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj
trailer<</Root 1 0 R>>
%%EOF
"""


def text_of(mail: str) -> str:
    return str(email.message_from_string(mail, policy=email.policy.default).get_body().get_content())  # type: ignore[union-attr]


def invite(lead: Visitor, home: str) -> None:
    page = lead.visit(f"{home}people/")
    page.get_by_role("link", name="Invite somebody").click()
    lead.check()
    page.get_by_label("E-mail address").fill(NEWCOMER)
    page.get_by_label(re.compile("Name")).fill("Ffion Gale")
    page.get_by_role("radio", name="Workbook contributor").check()
    page.get_by_role("button", name="Send the invitation").click()
    lead.check()
    expect(page.get_by_text(NEWCOMER).first).to_be_visible()


def link_from_mail(lead: Visitor, site: Site) -> str:
    for _try in range(100):
        for mail in site.mails():
            if NEWCOMER in mail:
                found = re.search(rf"{site.url}/join/\S+", text_of(mail))
                assert found, text_of(mail)
                return found[0].removeprefix(site.url)
        lead.page.wait_for_timeout(100)
    raise AssertionError("no mail came")


@pytest.mark.requirement("MQM-13", "MQM-14", "MQM-15", "MQM-16", "MQM-17", "MQM-18", "MQM-31")
def test_from_the_invitation_to_a_finished_theme(
    member: Callable[[str], Member], window: Callable[..., Visitor], site: Site, tmp_path: Path
) -> None:
    mine = member("phone")
    lead = mine.lead()
    invite(lead, mine.home)

    # The link from the mail, a name and a password: then the newcomer is in.
    new = window(viewport=PHONE, has_touch=True, is_mobile=True)
    page = new.visit(link_from_mail(lead, site))
    page.get_by_label("Your name").fill("Ffion Gale")
    page.get_by_label("Choose a password").fill("short")
    page.get_by_role("button", name="Join").tap()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    new.check()
    expect(page.get_by_label("Your name")).to_have_value("Ffion Gale")
    page.get_by_label("Choose a password").fill("harbour lantern thistle")
    page.get_by_role("button", name="Join").tap()
    page.wait_for_url(f"**{mine.home}")
    new.check()

    # Home says what comes first, and leads there.
    page.get_by_role("link", name="Carry on: Purpose and direction").tap()
    page.wait_for_url("**/theme/1/")
    new.check()
    codes = [row.get_attribute("data-row") or "" for row in page.locator("[data-row]").all()]
    assert len(codes) == 12

    # One at a time; met asks for nothing more.
    for code in codes[:-2]:
        new.row(code).locator(".lg-choice__label--met").tap()
        new.see_saved(code)
    expect(page.locator("[data-progress-text]")).to_have_text("10 of 12 answered.")

    # "Not yet" opens the plan in its place: two actions, and help beside it.
    gap = new.row(codes[-2])
    gap.locator(".lg-choice__label--not_yet").tap()
    new.see_saved(codes[-2])
    expect(gap.get_by_text("No open action", exact=True)).to_be_visible()
    expect(gap.locator('.lg-plan a[href^="https://hub.example.org/"]').first).to_be_visible()
    for number, title in enumerate(["Ask three members what they need", "Write the answers down"], 1):
        if not gap.get_by_label("What will you do?").is_visible():
            gap.get_by_text("Add another action").tap()
        gap.get_by_label("What will you do?").fill(title)
        gap.get_by_label("By when").fill("2031-05-31")
        gap.get_by_role("button", name="Add this action").tap()
        expect(gap.get_by_role("list", name="Actions").get_by_role("link")).to_have_count(number)
    expect(gap.get_by_text("Working towards")).to_be_visible()

    # "Does not apply" asks why, and saves when it is said.
    new.row(codes[-1]).locator(".lg-choice__label--not_applicable").tap()
    expect(new.row(codes[-1]).locator("[data-saved]")).to_contain_text("Say why")
    expect(new.reason(codes[-1])).to_be_focused()
    new.reason(codes[-1]).fill("We have no branches.")
    new.see_saved(codes[-1])
    expect(page.locator("[data-progress-text]")).to_have_text("12 of 12 answered.")
    new.check()

    # A document that shows it, with its own date.
    new.row(codes[0]).get_by_role("link", name=re.compile("Guidance, evidence and comments")).tap()
    page.wait_for_url(f"**/indicator/{codes[0]}/")
    new.check()
    paper = tmp_path / "Mission statement.pdf"
    paper.write_bytes(PDF)
    page.get_by_text("Attach evidence").tap()
    page.get_by_label(re.compile("^File")).set_input_files(paper)
    page.get_by_label("Date on the document").fill("2026-02-01")
    page.get_by_role("button", name="Attach it").tap()
    expect(page.locator("#evidence li")).to_contain_text("Dated 1 February 2026")
    new.check()
    with page.expect_download() as download:
        page.locator("#evidence li a").first.tap()
    assert Path(download.value.path()).read_bytes() == PDF

    # It is there after a reload, in the workbook, in the plan, and for the colleague who sent the invitation.
    new.visit(mine.book + "theme/1/")
    assert [new.chosen(code) for code in codes] == ["met"] * 10 + ["not_yet", "not_applicable"]
    new.visit(mine.book)
    expect(page.locator(".lg-themes__item").first).to_contain_text("All answered")
    new.visit(mine.home + "actions/")
    expect(page.get_by_role("link", name="Write the answers down")).to_be_visible()
    lead.visit(f"{mine.book}indicator/{codes[0]}/history/")
    expect(lead.page.locator(".lg-history__who")).to_contain_text("Ffion Gale")
    assert "Mission statement" in lead.visit(f"{mine.book}theme/1/").locator("main").inner_text()
