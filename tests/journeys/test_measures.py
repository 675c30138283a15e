"""A measure from its definition to the verdict: two years are pasted; the chart is read, walked by keys, told why."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from . import stage
from .conftest import Member
from .keyboard import Keys
from .visitor import PHONE, Visitor

pytestmark = pytest.mark.browser

BEFORE = [47, 52, 44, 49, 51, 46, 50, 48, 45, 53, 47, 49]
AFTER = [33, 30, 35, 31, 34, 29, 32, 36, 30, 33, 31, 34]
FIRST = stage.YEAR - 2  # two whole years, both over


def sheet() -> str:
    """As it comes out of a spreadsheet: headings, days first, a comma in the thousands, one line that is wrong."""
    months = [f"01/{at % 12 + 1:02}/{FIRST + at // 12}" for at in range(24)]
    rows = [f"{day}\t{days}\t1,{200 + days}" for day, days in zip(months, BEFORE + AFTER, strict=True)]
    return "\n".join(["Month\tDays\tPeople", *rows, "31/02/2025\t40\t1,000"])


def define(page: Page, name: str) -> None:
    page.get_by_role("link", name="Add a measure").click()
    page.get_by_label("Name in English").fill(name)
    page.get_by_role("radio", name="Outcome", exact=True).check()
    page.get_by_role("radio", name="Lower is better").check()
    page.get_by_label("Exactly what is measured, in English").fill("Median days from referral to first contact.")
    page.get_by_role("radio", name="An average or median").check()
    page.get_by_label("Unit in English").fill("days")


@pytest.mark.requirement("AMHE-15", "AMHE-34", "WM-38")
def test_two_years_are_pasted_and_the_verdict_is_read(
    member: Callable[[str], Member], window: Callable[..., Visitor]
) -> None:
    mine = member("numbers")
    lead = mine.lead()
    page = lead.visit(f"{mine.home}measures/")
    define(page, "Days to first contact")
    page.get_by_role("checkbox", name="It measures how long people wait").check()
    page.get_by_role("button", name="Make the measure").click()
    lead.forgive("status of 422")
    expect(page.locator("[data-error-summary]")).to_contain_text("Say what starts the clock")
    page.get_by_label("What starts the clock").fill("The day of the referral")
    page.get_by_label("What stops the clock").fill("The day of the first contact")
    page.get_by_role("button", name="Make the measure").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Days to first contact")

    # Later, from the sign-in page on: five presses from there to the verdict.
    again = window().sign_in(stage.email("lead", "numbers"))
    page = again.page
    page.get_by_role("navigation").get_by_role("link", name="Measures").first.click()
    page.get_by_role("link", name="Days to first contact").click()
    page.get_by_role("link", name="Paste or upload numbers").first.click()
    page.get_by_label("Paste from your spreadsheet").fill(sheet())
    page.get_by_role("button", name="Check before saving").click()
    again.check()
    expect(page.locator("main")).to_contain_text("24 new numbers")
    expect(page.locator("#bad")).to_contain_text("31/02/2025")
    page.get_by_role("button", name="Save 24 numbers").click()
    verdict = page.locator(".lg-figure__verdict")
    expect(verdict).to_contain_text(f"Improvement since January {FIRST + 1}")
    again.check()

    # The chart proposes a phase; nothing is done until somebody says why.
    page.locator("summary", has_text=f"Begin a new phase from January {FIRST + 1}").click()
    panel = page.locator("section[aria-labelledby=proposal-title]")
    panel.get_by_role("textbox").fill("Same-day call back")
    panel.get_by_role("button", name="Begin the phase").click()
    expect(page.locator(".lg-figure__verdict")).to_contain_text("No sign of change")
    expect(page.locator(".lg-figure__more")).to_contain_text("before January")
    page.locator("summary", has_text="Note what happened").click()
    page.get_by_label("When did it happen?").fill(f"{FIRST + 1}-01-15")
    page.get_by_label("What happened?").fill("Two new staff")
    page.get_by_role("button", name="Save the note").click()
    expect(page.locator(".lg-chart--wide .lg-chart__said")).to_contain_text("Two new staff")
    again.check()


def test_the_points_are_walked_by_keys_and_told(person: Callable[..., Visitor]) -> None:
    lead = person("lead@demo.example")
    page = lead.visit("/o/example-valley/measures/")
    page.get_by_role("link", name="Days from referral to first contact").first.click()
    chart = page.locator("[data-chart]")
    keys = Keys(lead)
    chart.focus()
    keys.see()
    keys.press("End")
    told = chart.get_by_role("status")
    last = told.inner_text()
    assert "days" in last
    keys.press("ArrowLeft")
    expect(told).not_to_have_text(last)
    expect(chart.locator(".lg-figure__tip")).to_be_visible()
    keys.press("Escape")
    expect(chart.locator(".lg-figure__tip")).to_be_hidden()


def test_without_scripts_and_in_welsh_the_chart_is_looked_at_in_another_way(person: Callable[..., Visitor]) -> None:
    lead = person("lead@demo.example", viewport=PHONE, java_script_enabled=False).speak("cy")
    page = lead.visit("/o/example-valley/measures/")
    page.get_by_role("link", name="Wedi'u gweld o fewn wythnos").first.click()
    page.locator("summary", has_text="Edrych arno mewn ffordd arall").click()
    page.get_by_role("combobox", name="Siart", exact=True).select_option("run")
    page.get_by_role("button", name="Dangos").click()
    lead.check()
    expect(page.locator("figcaption").first).to_contain_text("Siart rhediad")
    assert page.locator(".lg-chart--narrow [data-point] title").count() > 20
