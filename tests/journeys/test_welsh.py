"""The same tasks in Welsh, from the first page on: no English is left but what is marked as English."""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from playwright.sync_api import Page, expect

import levelground

from . import stage
from .conftest import Member
from .pages import pages_for
from .visitor import PASSWORD, PHONE, Visitor

pytestmark = pytest.mark.browser

NETWORK = f"/n/{stage.WELSH}/"
YEAR = f"{NETWORK}cycles/quality-mark/{stage.YEAR}/"

# Words that Welsh does not have, and English sentences can hardly do without.
ENGLISH = re.compile(
    r"\b(the|and|your|this|that|with|have|has|what|which|you|are|was|not|from|answer|answers|answered|save|saved|"
    r"evidence|page|sign|action|actions|by|who)\b",
    re.IGNORECASE,
)
# Texts of the page in the language that it says it is in: what is seen, and what a screen reader says.
TEXTS = """() => {
  const welsh = (e) => (e.closest("[lang]")?.lang ?? "").startsWith("cy");
  const found = [document.title];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement;
    if (welsh(e) && !["SCRIPT", "STYLE", "TEXTAREA", "CODE"].includes(e.tagName)) found.push(walk.currentNode.data);
  }
  for (const name of ["aria-label", "title", "placeholder", "alt"]) {
    for (const e of document.querySelectorAll(`[${name}]`)) if (welsh(e)) found.push(e.getAttribute(name));
  }
  return found.map((text) => text.replace(/\\s+/g, " ").trim()).filter((text) => /\\p{L}{2}/u.test(text));
}"""


@cache
def messages() -> frozenset[str]:
    """The English of every message whose Welsh is different."""
    english: set[str] = set()
    welsh: set[str] = set()
    for path in Path(levelground.__file__).parent.rglob("locale/cy/LC_MESSAGES/django.po"):
        with path.open("rb") as stream:
            for message in read_po(stream):
                ids = message.id if isinstance(message.id, tuple) else (message.id,)
                texts = message.string if isinstance(message.string, tuple) else (message.string,)
                welsh |= set(texts)
                english |= {text for text in ids if text and "%(" not in text}
    return frozenset(english - welsh - {"English"})  # languages are listed by their own names


def english_on(page: Page) -> list[str]:
    return [text for text in page.evaluate(TEXTS) if text in messages() or ENGLISH.search(text)]


class Cymro:
    """Somebody who reads Welsh, and looks at every page for English."""

    def __init__(self, visitor: Visitor):
        self.visitor, self.page = visitor, visitor.page

    def look(self) -> None:
        self.visitor.check()
        assert self.page.locator("html").get_attribute("lang") == "cy"
        left = english_on(self.page)
        assert not left, f"{self.page.url}: {left}"

    def visit(self, path: str) -> None:
        self.page.goto(path)
        self.look()


@pytest.fixture
def welsh(member: Callable[[str], Member]) -> Member:
    return member("welsh")


def test_a_theme_in_welsh(welsh: Member, window: Callable[..., Visitor], tmp_path: Path) -> None:
    reader = Cymro(window(viewport=PHONE, locale="cy-GB"))
    visitor, page = reader.visitor, reader.page
    # The browser asks for Welsh, and gets it before anybody has signed in.
    reader.visit("/account/login/")
    page.get_by_label("Cyfeiriad e-bost").last.fill(stage.email("lead", "welsh"))
    page.locator('input[type="password"]').fill(PASSWORD)
    page.locator("form", has=page.locator('input[type="password"]')).locator("button:not([type=button])").last.click()
    page.wait_for_url(f"**{welsh.home}")
    reader.look()
    reader.visit(welsh.book)

    reader.visit(welsh.book + "theme/1/")
    visitor.answer("1.1.1", "met")
    visitor.see_saved("1.1.1")
    expect(visitor.row("1.1.1").locator("[data-saved]")).to_contain_text("Cadwyd")
    visitor.answer("1.1.2", "not_yet")
    visitor.see_saved("1.1.2")
    row = visitor.row("1.1.2")
    row.locator('input[name="action-1.1.2-title"]').fill("Ysgrifennu'r cynllun")
    row.locator('input[name="action-1.1.2-due_on"]').fill("2031-05-31")
    row.locator(".lg-plan button").click()
    expect(row.locator(".lg-ind__actions a")).to_have_text("Ysgrifennu'r cynllun")
    expect(row.locator(".lg-ind__actions")).to_contain_text("31 Mai 2031")
    visitor.answer("1.1.3", "not_applicable")
    reader.look()
    visitor.reason("1.1.3").fill("Nid ydym yn elusen eto.")
    visitor.see_saved("1.1.3")
    page.keyboard.press("Escape")
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("?")
    expect(page.locator("dialog[open]")).to_be_visible()
    reader.look()
    page.keyboard.press("Escape")

    reader.visit(welsh.book + "indicator/1.1.1/")
    for summary in page.locator("main summary:visible").all():
        summary.click()
    reader.look()
    paper = tmp_path / "Datganiad.txt"
    paper.write_text("Ein cenhadaeth\n")
    page.locator("#evidence button[type=submit]").click()
    visitor.forgive("status of 422")
    reader.look()
    page.locator('input[type="file"]').set_input_files(paper)
    page.locator('input[name="evidence-document_date"]').fill("2026-02-01")
    page.locator("#evidence button[type=submit]").click()
    expect(page.locator("#evidence li")).to_contain_text("1 Chwefror 2026")
    reader.look()
    page.locator("#comments textarea").fill("Dyma'r un diweddaraf.")
    page.locator("#comments button[type=submit]").click()
    expect(page.locator("#comments")).to_contain_text("Dyma'r un diweddaraf.")
    reader.look()


def test_all_pages_of_members_and_of_a_network_in_welsh(
    member: Callable[[str], Member], person: Callable[..., Visitor], window: Callable[..., Visitor]
) -> None:
    """Accessibility is looked at in test_every_page; here only the words are. The network is one in which everybody
    writes Welsh: in the demonstration's, other journeys leave what their people wrote in English."""
    mine, sent = member("welsh"), member("anfonwyd")
    wrong = []
    for visitor, more in (
        (mine.lead(), [mine.book + "indicator/1.1.2/history/", f"{mine.year}ask/", f"{mine.year}send/", "/nowhere/"]),
        (sent.lead(), [sent.book + "plan/?view=board", sent.book + "plan/dates/"]),
        (
            person(stage.email("officer", stage.WELSH)),
            [f"{YEAR}members/journey-{name}/" for name in ("anfonwyd", "welsh")]
            + [f"{YEAR}members/journey-welsh/more-time/", f"{NETWORK}frameworks/draft-mark/1/"],
        ),
        (window().speak("cy"), ["/account/login/", "/account/password/reset/", "/account/signup/"]),
    ):
        found = {path for paths in pages_for(visitor, *more).values() for path in paths}
        for path in sorted({*found, *more}):
            visitor.page.goto(path)
            assert visitor.page.locator("html").get_attribute("lang") == "cy", path
            wrong += [f"{path}: {text}" for text in english_on(visitor.page)]
        visitor.forgive_all("status of 404")
    assert not wrong, "\n".join(dict.fromkeys(wrong))


def test_asked_signed_and_sent_in_welsh(member: Callable[[str], Member]) -> None:
    mine = member("hwyr")
    lead, trustee = Cymro(mine.lead(viewport=PHONE)), Cymro(mine.trustee())
    lead.visit(mine.year)
    lead.page.locator("#sign-off").get_by_role("link", name="Gofyn am gymeradwyaeth").click()
    lead.page.wait_for_url("**/ask/")
    lead.look()
    lead.page.locator("main form button").click()
    lead.page.wait_for_url(f"**{mine.year}")
    lead.look()
    trustee.visit(f"{mine.year}sign/")
    sign = trustee.page.locator("main form", has=trustee.page.locator('input[name="agreed"]'))
    sign.locator("button").click()
    trustee.visitor.forgive("status of 422")
    trustee.look()
    sign.get_by_role("checkbox").check()
    sign.locator("button").click()
    trustee.page.wait_for_url(f"**{mine.year}")
    trustee.look()
    lead.visit(f"{mine.year}send/")
    lead.page.locator("main form button").click()
    lead.page.wait_for_url("**/receipts/**")
    lead.look()
    with lead.page.expect_download() as found:
        lead.page.locator('main a[href$="/pdf/"]').click()
    assert Path(found.value.path()).read_bytes().startswith(b"%PDF")
    trustee.visit(f"{mine.year}history/")


def test_a_return_in_welsh(member: Callable[[str], Member]) -> None:
    lead = Cymro(member("anfonwyd").lead(viewport=PHONE))
    page = lead.page
    lead.visit(f"{member('anfonwyd').home}returns/")
    page.locator("#next").get_by_role("link").last.click()
    page.wait_for_url("**/returns/quality-mark/**")
    lead.look()
    page.locator('button[value="check"]').click()
    lead.visitor.forgive("status of 422")
    lead.look()
    page.locator('input[name="figure-people_reached"]').fill("1200")
    page.locator('input[name="figure-volunteers"]').fill("9")
    page.get_by_role("radio", name="Nac oes").check()
    page.locator('button[value="check"]').click()
    page.wait_for_url("**/check/")
    lead.look()
    page.locator("main form button").click()
    page.wait_for_url("**/returns/*/")
    lead.look()


def test_changing_the_language_keeps_the_place(welsh: Member) -> None:
    lead = welsh.lead().speak("en")
    page = lead.visit(welsh.book + "theme/2/?show=unanswered")
    page.get_by_role("button", name="Cymraeg").locator("visible=true").click()
    page.wait_for_url("**/theme/2/?show=unanswered")
    lead.check()
    expect(page.locator("html")).to_have_attribute("lang", "cy")
    page.get_by_role("button", name="English").locator("visible=true").click()
    page.wait_for_url("**/theme/2/?show=unanswered")
    assert (page.locator("html").get_attribute("lang") or "").startswith("en")
