"""The workbook goes out as a spreadsheet, is filled in elsewhere, and comes back by way of the difference."""

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from playwright.sync_api import expect

from .conftest import Member
from .visitor import PHONE, Visitor

pytestmark = pytest.mark.browser


@pytest.fixture
def sheet(member: Callable[[str], Member]) -> Member:
    return member("sheet")


class Sheet:
    """The downloaded file in the hands of somebody with a spreadsheet program."""

    def __init__(self, path: Path):
        self.path = path
        self.file: Workbook = load_workbook(path)
        self.page: Worksheet = self.file.worksheets[0]
        self.head = next(row[0].row for row in self.page.iter_rows() if row[0].value == "Code")
        self.columns = {cell.value: cell.column for cell in self.page[self.head]}

    def row(self, code: str) -> int:
        return next(row[0].row for row in self.page.iter_rows(min_row=self.head + 1) if row[0].value == code)

    def write(self, code: str, **texts: str) -> None:
        for name, text in texts.items():
            self.page.cell(self.row(code), self.columns[name.replace("_", " ")]).value = text

    def save(self) -> Path:
        self.file.save(self.path)
        return self.path


def download(visitor: Visitor, mine: Member, folder: Path) -> Sheet:
    page = visitor.visit(mine.book + "spreadsheet/")
    with page.expect_download() as found:
        page.get_by_role("link", name="Download the spreadsheet").click()
    path = folder / found.value.suggested_filename
    found.value.save_as(path)
    return Sheet(path)


def bring_back(visitor: Visitor, mine: Member, path: Path) -> None:
    page = visitor.visit(mine.book + "spreadsheet/")
    page.locator('input[type="file"]').set_input_files(path)
    page.get_by_role("button", name="Show what would change").click()
    page.wait_for_url("**/spreadsheet/difference/")
    visitor.check()


@pytest.mark.requirement("MQM-15")
def test_out_and_in_again(sheet: Member, tmp_path: Path) -> None:
    lead = sheet.lead(viewport=PHONE)
    page = lead.visit(sheet.book + "theme/1/")
    lead.answer("1.1.1", "met")
    lead.see_saved("1.1.1")
    out = download(lead, sheet, tmp_path)
    assert len({row[0].value for row in out.page.iter_rows(min_row=out.head + 1) if row[0].value}) == 156
    out.write("1.1.2", Answer="Met")
    out.write("1.1.3", Answer="Does not apply", Reason="We are not a charity yet.")
    out.write("2.1.1", Answer="Not yet", New_action="Collect the forms")
    out.write("2.1.2", Answer="Perhaps")
    # Meanwhile, a colleague answers here what the sheet answers too.
    colleague = sheet.colleague()
    colleague.visit(sheet.book + "theme/3/")
    colleague.answer("3.1.1", "met")
    colleague.see_saved("3.1.1")
    out.write("3.1.1", Answer="Not yet")
    out.write("3.1.2", Answer="Met")

    bring_back(lead, sheet, out.save())
    main = page.locator("main")
    for text in ("Nothing is saved yet.", "1 answer needs your choice.", "1 row is left out.", "Collect the forms"):
        expect(main).to_contain_text(text)
    expect(page.locator("#refused")).to_contain_text("2.1.2")
    expect(page.locator("#conflicts")).to_contain_text("3.1.1")
    assert colleague.visit(sheet.book + "theme/1/").locator("[data-progress-text]").inner_text().startswith("1 of 12")

    page.get_by_role("radio", name="Take what the spreadsheet says").check()
    page.get_by_role("button", name="Save these changes").click()
    page.wait_for_url(f"**{sheet.book}")
    lead.check()
    lead.visit(sheet.book + "theme/1/")
    assert [lead.chosen(code) for code in ("1.1.1", "1.1.2", "1.1.3")] == ["met", "met", "not_applicable"]
    expect(lead.reason("1.1.3")).to_have_value("We are not a charity yet.")
    lead.visit(sheet.book + "theme/2/")
    assert lead.chosen("2.1.1") == "not_yet"
    expect(lead.row("2.1.1").get_by_role("link", name="Collect the forms")).to_be_visible()
    assert lead.row("2.1.2").locator("input:checked").count() == 0
    lead.visit(sheet.book + "theme/3/")
    assert (lead.chosen("3.1.1"), lead.chosen("3.1.2")) == ("not_yet", "met")
    history = lead.visit(sheet.book + "indicator/3.1.1/history/").locator(".lg-history__item")
    expect(history).to_have_count(2)
    expect(history.first).to_contain_text("Mali Rees")


def test_an_untouched_sheet_changes_nothing(sheet: Member, tmp_path: Path) -> None:
    lead = sheet.lead()
    page = lead.visit(sheet.book + "theme/5/")
    lead.answer("5.1.1", "not_applicable")
    lead.reason("5.1.1").fill("=1+1, we have “no” staff\nand no plans")
    lead.see_saved("5.1.1")
    out = download(lead, sheet, tmp_path)
    bring_back(lead, sheet, out.path)
    expect(page.get_by_text("Nothing to change", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Save these changes")).to_have_count(0)
    # Opened and saved by a spreadsheet program, it still says the same.
    bring_back(lead, sheet, out.save())
    expect(page.get_by_text("Nothing to change", exact=True)).to_be_visible()
    expect(lead.visit(sheet.book + "indicator/5.1.1/history/").locator(".lg-history__item")).to_have_count(1)


def test_a_file_that_is_no_sheet_of_ours_is_told_in_a_sentence(sheet: Member, tmp_path: Path) -> None:
    lead = sheet.lead()
    page = lead.visit(sheet.book + "spreadsheet/")
    wrong = tmp_path / "workbook.xlsx"
    wrong.write_text("not a spreadsheet")
    page.locator('input[type="file"]').set_input_files(wrong)
    page.get_by_role("button", name="Show what would change").click()
    lead.forgive("status of 422")
    lead.check()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    expect(page.locator(".nhsuk-error-message")).not_to_be_empty()


def test_a_contributor_takes_it_away_and_the_lead_brings_it_back(sheet: Member, tmp_path: Path) -> None:
    colleague = sheet.colleague()
    out = download(colleague, sheet, tmp_path)
    expect(colleague.page.get_by_role("button", name="Show what would change")).to_have_count(0)
    out.write("6.1.1", Answer="Wedi'i fodloni")  # the lists are bilingual
    lead = sheet.lead()
    bring_back(lead, sheet, out.save())
    lead.page.get_by_role("button", name="Save these changes").click()
    lead.page.wait_for_url(f"**{sheet.book}")
    lead.visit(sheet.book + "theme/6/")
    assert lead.chosen("6.1.1") == "met"


@pytest.mark.requirement("MQM-19")
def test_the_plan_is_taken_away_as_a_document_and_as_a_sheet(sheet: Member, tmp_path: Path) -> None:
    lead = sheet.lead()
    page = lead.visit(sheet.book + "plan/new/")
    page.get_by_label("What will you do?").fill("Paint the door")
    page.get_by_role("button", name="Add this action").click()
    page.wait_for_url("**/actions/**")
    lead.visit(sheet.book + "plan/")
    page.locator("summary", has_text="Download").click()
    for words, beginning in (("PDF", b"%PDF"), ("Word (DOCX)", b"PK"), ("Excel (XLSX)", b"PK")):
        with page.expect_download() as found:
            page.get_by_role("link", name=f"{words}: English").click()
        path = tmp_path / found.value.suggested_filename
        found.value.save_as(path)
        assert path.read_bytes().startswith(beginning)
    rows = [cell.value for row in load_workbook(path).worksheets[0].iter_rows() for cell in row]
    assert "Paint the door" in rows
