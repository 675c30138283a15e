"""Script in every text field shows as text: nothing of it runs, on no page, for nobody."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .conftest import Member
from .pages import pages_for
from .visitor import Visitor

pytestmark = pytest.mark.browser
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'><svg onload=alert(3)>{{7*7}}{% raw %}"
SHORT = "<img src=x onerror=alert(4)>"


@pytest.fixture
def hostile(member: Callable[[str], Member]) -> Member:
    return member("hostile")


def see_nothing_ran(visitor: Visitor) -> None:
    """No dialog, nothing in the console (the content security policy would say so), no element of ours."""
    visitor.check(axe=False)
    assert visitor.dialogs == []
    made = visitor.page.locator("[onerror], [onload], img[src='x'], main script, main svg[onload]")
    assert made.count() == 0, made.first.evaluate("(element) => element.outerHTML")


def fill_everything(page: Page, text: str) -> int:
    """Every text field of the page gets ``text``, as much as it takes."""
    fields = page.locator("main :is(textarea, input:not([type]), input[type=text]):visible")
    for field in fields.all():
        most = int(field.get_attribute("maxlength") or 4000)
        field.fill(text[:most])
    return fields.count()


def write_on_the_workbook(lead: Visitor, book: str, tmp_path: Path) -> None:
    page = lead.visit(book + "theme/1/")
    lead.answer("1.1.1", "not_applicable")
    lead.reason("1.1.1").fill(SCRIPT)
    lead.see_saved("1.1.1")
    lead.answer("1.1.2", "not_yet")
    lead.see_saved("1.1.2")
    row = lead.row("1.1.2")
    row.get_by_label("What will you do?").fill(SCRIPT)
    row.get_by_role("button", name="Add this action").click()
    expect(row.get_by_role("list", name="Actions").get_by_role("link")).to_have_text(SCRIPT)
    see_nothing_ran(lead)

    row.get_by_role("list", name="Actions").get_by_role("link").click()
    page.wait_for_url("**/actions/**")
    page.get_by_role("textbox", name="How is it going?").fill(SCRIPT)
    page.get_by_role("button", name="Add a note").click()
    expect(page.get_by_text(SCRIPT).last).to_be_visible()
    see_nothing_ran(lead)

    paper = tmp_path / f"{SHORT.replace('/', '')}.txt"
    paper.write_text("Minutes of May\n")  # HTML in a .txt would be refused for what it is
    for fields in ({"input[type=file]": paper}, {"input[name$=url]": "https://hub.example.org/?a=1&b=%22%3E%3Csvg%3E"}):
        lead.visit(book + "indicator/1.1.1/")
        page.locator("#evidence summary").click()
        for place, value in fields.items():
            field = page.locator(f"#evidence {place}")
            field.set_input_files(value) if isinstance(value, Path) else field.fill(value)
        page.locator("#evidence input[name$=title]").fill("" if "input[type=file]" in fields else SCRIPT[:200])
        page.get_by_role("button", name="Attach it").click()
        see_nothing_ran(lead)
    expect(page.locator("#evidence li")).to_have_count(2)
    page.locator("#comments textarea").fill(SCRIPT)
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#comments")).to_contain_text(SCRIPT)
    see_nothing_ran(lead)


def test_script_in_every_field_of_the_workbook_is_text(
    hostile: Member, person: Callable[..., Visitor], tmp_path: Path
) -> None:
    lead = hostile.lead()
    write_on_the_workbook(lead, hostile.book, tmp_path)

    # The names of places and people, and an invitation.
    page = lead.page
    for path in ("people/invite/", "settings/", "settings/teams/add/"):
        lead.visit(hostile.home + path)
        assert fill_everything(page, SHORT) > 0, path
        for radio in page.locator("main input[type=radio]").all()[:1]:
            radio.check()
        for address in page.locator("main input[type=email]").all():
            address.fill("hostile@journey.example")
        page.locator("main form[method=post] button:not([type=button])").first.click()
        page.wait_for_load_state("load")
        lead.forgive_all("status of 422")
        see_nothing_ran(lead)

    # Everybody who sees any of it: the lead on every page, the others where it is.
    shared = [hostile.home, hostile.book + "theme/1/", hostile.book + "indicator/1.1.1/", hostile.book + "plan/"]
    of_the_network = ["/n/bright-path/", "/n/bright-path/members/", "/n/bright-path/members/journey-hostile/"]
    everything = sorted({path for paths in pages_for(lead, *shared).values() for path in paths})
    for visitor, paths in (
        (lead, [*everything, hostile.book + "indicator/1.1.1/history/"]),
        (hostile.colleague(), shared),
        (hostile.trustee(), shared),
        (person("officer@demo.example"), of_the_network),
    ):
        for path in paths:
            visitor.page.goto(path)
            see_nothing_ran(visitor)


def test_script_in_a_spreadsheet_is_text(hostile: Member, tmp_path: Path) -> None:
    from .test_spreadsheet import bring_back, download

    lead = hostile.lead()
    out = download(lead, hostile, tmp_path)
    out.write("2.1.1", Answer="Does not apply", Reason=SCRIPT)
    out.write("2.1.2", Answer="Not yet", New_action=SCRIPT)
    out.write("2.1.3", Answer=SCRIPT)
    bring_back(lead, hostile, out.save())
    see_nothing_ran(lead)
    expect(lead.page.locator("#refused")).to_contain_text("2.1.3")
    lead.page.get_by_role("button", name="Save these changes").click()
    lead.page.wait_for_url(f"**{hostile.book}")
    lead.page.goto(hostile.book + "theme/2/")
    expect(lead.reason("2.1.1")).to_have_value(SCRIPT)
    see_nothing_ran(lead)


def test_a_link_that_runs_script_is_refused(hostile: Member) -> None:
    lead = hostile.lead()
    page = lead.visit(hostile.book + "indicator/3.1.1/")
    for address in ("javascript:alert(5)", "data:text/html,<script>alert(6)</script>", " JaVaScRiPt:alert(7)"):
        if not page.locator("#evidence input[name$=url]").is_visible():
            page.locator("#evidence summary").click()
        page.locator("#evidence input[name$=url]").fill(address)
        page.get_by_role("button", name="Attach it").click()
        lead.forgive("status of 422")
        see_nothing_ran(lead)
        expect(page.locator("#evidence .nhsuk-error-message")).to_be_visible()
    assert page.locator("#evidence li a").count() == 0
