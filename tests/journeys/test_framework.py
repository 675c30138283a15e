"""A network officer imports a framework, publishes it, and corrects it; a member's answers move along."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import expect

from tests.factories import framework_data

from .conftest import Member
from .visitor import Visitor

pytestmark = pytest.mark.browser
FRAMEWORKS = "/n/bright-path/frameworks/"


@pytest.fixture
def officer(person: Callable[..., Visitor]) -> Visitor:
    return person("officer@demo.example")


def send(officer: Visitor, path: Path) -> None:
    officer.visit(f"{FRAMEWORKS}import/")
    officer.page.locator('input[type="file"]').set_input_files(path)
    officer.page.get_by_role("button", name="Check the file").click()
    officer.page.wait_for_load_state("load")


def publish(officer: Visitor, label: str) -> None:
    page = officer.page
    page.get_by_role("link", name="Publish", exact=True).click()
    page.wait_for_url("**/publish/")
    officer.check()
    if page.get_by_role("button", name=f"Publish version {label}").count() == 0:
        raise AssertionError(page.locator("main").inner_text())
    page.locator("textarea").nth(0).fill("All members, by letter.")
    page.locator("textarea").nth(1).fill("Nobody objected.")
    page.get_by_role("button", name=f"Publish version {label}").click()
    officer.check()
    expect(page.get_by_text(f"Version {label} is published. It will never change.")).to_be_visible()


def in_the_book(lead: Visitor, address: str, *codes: str) -> list[str]:
    lead.visit(f"{address}theme/1/")
    return [lead.chosen(code) if lead.row(code).locator("input:checked").count() else "" for code in codes]


def test_imported_published_answered_and_corrected(
    officer: Visitor, member: Callable[[str], Member], tmp_path: Path
) -> None:
    page, file = officer.page, tmp_path / "mark.yaml"
    data = framework_data(slug="journey-mark", themes=1)
    second = data["areas"][0]["themes"][0]["standards"][0]["indicators"][1]

    # A file with a mistake says where it is and what to write; nothing is made of it.
    second["code"] = "1.1.1"
    file.write_text(yaml.safe_dump(data, allow_unicode=True))
    send(officer, file)
    officer.forgive("status of 422")
    officer.check()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    expect(page.locator("#problems tbody tr").first).to_contain_text("1.1.1")

    second["code"] = "1.1.2"
    file.write_text(yaml.safe_dump(data, allow_unicode=True))
    send(officer, file)
    officer.check()
    expect(page.locator("main")).to_contain_text("Nothing is written yet.")
    page.get_by_role("button", name="Make the draft").click()
    page.wait_for_url("**/journey-mark/1/")
    officer.check()
    publish(officer, "1")

    # A member starts its workbook and answers two of three.
    lead = member("version").lead()
    book = f"{member('version').home}workbook/"
    lead.visit(book)
    lead.page.locator("section", has_text="Test mark").get_by_role("button", name="Start this workbook").click()
    lead.page.wait_for_url("**/workbook/journey-mark/")
    lead.check()
    lead.visit(f"{book}journey-mark/theme/1/")
    for code in ("1.1.1", "1.1.2"):
        lead.answer(code, "met")
        lead.see_saved(code)

    # What is published does not change; a correction is a new version.
    officer.visit(f"{FRAMEWORKS}journey-mark/1/theme/1/")
    expect(page.get_by_role("link", name=re.compile("^Change"))).to_have_count(0)
    officer.visit(f"{FRAMEWORKS}journey-mark/1/")
    page.get_by_role("link", name="Correct this version").click()
    officer.check()
    page.get_by_label("Name of the new version").fill("1.1")
    page.get_by_label("What is to be put right").fill("1.1.2 said too little.")
    page.get_by_role("button", name="Make the draft").click()
    page.wait_for_url("**/journey-mark/2/")
    officer.check()
    page.locator('a[href$="/theme/1/"]').first.click()
    page.get_by_role("link", name="Change 1.1.2", exact=True).click()
    officer.check()
    page.get_by_label("The indicator, in English").fill("Our plan is written down and known to everybody.")
    page.get_by_role("button", name="Save", exact=True).click()
    officer.check()

    # An old answer to 1.1.2 no longer answers it, unless the officer says so.
    officer.visit(f"{FRAMEWORKS}journey-mark/2/compare/")
    expect(page.locator('[id="carries-1.1.2"]')).not_to_be_checked()
    expect(page.locator("main")).to_contain_text("2 of 3 answers are kept")
    officer.visit(f"{FRAMEWORKS}journey-mark/2/")
    publish(officer, "1.1")

    # The member is told, looks, and moves: answers that still answer are there, the changed one is asked anew.
    lead.visit(f"{book}journey-mark/")
    lead.page.get_by_role("link", name="See what it changes for you").click()
    lead.check()
    expect(lead.page.locator("main")).to_contain_text("2 of the 3 indicators keep your answers")
    assert in_the_book(lead, f"{book}journey-mark/", "1.1.1", "1.1.2") == ["met", "met"]
    lead.visit(f"{book}journey-mark/version/")
    lead.page.get_by_role("button", name="Move our workbook").click()
    lead.page.wait_for_url("**/workbook/journey-mark/")
    lead.check()
    assert in_the_book(lead, f"{book}journey-mark/", "1.1.1", "1.1.2") == ["met", ""]
    expect(lead.row("1.1.2")).to_contain_text("known to everybody")


def test_the_real_mark_goes_out_and_in_as_a_spreadsheet(officer: Visitor, tmp_path: Path) -> None:
    page = officer.visit(f"{FRAMEWORKS}quality-mark/1/")
    with page.expect_download() as found:
        page.get_by_role("link", name="Spreadsheet (XLSX)").click()
    file = tmp_path / "mark.xlsx"
    found.value.save_as(file)
    send(officer, file)
    officer.check()
    expect(page.locator("main")).to_contain_text("Nothing differs")
    expect(page.locator(".lg-summary")).to_contain_text("156")
    page.get_by_role("button", name="Throw the file away").click()
    officer.check()
    expect(page.get_by_text("Nothing was written.")).to_be_visible()


def test_a_member_cannot_publish(member: Callable[[str], Member]) -> None:
    lead = member("version").lead()
    lead.visit(f"{FRAMEWORKS}quality-mark/1/")
    expect(lead.page.get_by_role("link", name="Correct this version")).to_have_count(0)
    lead.visit(f"{FRAMEWORKS}quality-mark/1/correct/", status=403)
