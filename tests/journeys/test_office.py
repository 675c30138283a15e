"""A network officer's day: who is where, who is late, a reminder, more time, a snapshot to read, and the next year."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from . import stage
from .conftest import Member
from .steps import days_ago
from .visitor import PHONE, Visitor

pytestmark = pytest.mark.browser
CYCLES = "/n/office/cycles/"
YEAR = f"{CYCLES}quality-mark/{stage.YEAR}/"


@pytest.fixture
def officer(person: Callable[..., Visitor]) -> Visitor:
    return person(stage.email("officer", "office"))


@pytest.mark.requirement("MQM-27", "MQM-28", "MQM-29", "MQM-30")
def test_who_is_late_a_reminder_and_more_time(officer: Visitor, member: Callable[[str], Member]) -> None:
    page = officer.visit(YEAR)
    page.get_by_role("navigation", name="Where members are").get_by_role("link", name="Overdue").click()
    page.wait_for_url("**?show=overdue")
    officer.check()
    members = page.get_by_role("table", name="Members and their snapshots").get_by_role("rowheader")
    assert sorted(name.split("\n")[0] for name in members.all_inner_texts()) == ["Pier behind", "Pier empty"]
    page.get_by_role("navigation", name="Where members are").get_by_role("link", name="All").click()
    officer.check()
    expect(members).to_have_count(3)
    with page.expect_download() as found:
        page.get_by_role("link", name="Download as a spreadsheet").click()
    assert Path(found.value.path()).read_bytes().startswith(b"PK")

    # All who are late are reminded with one press, and nobody twice on a day.
    for words in ("2 members were reminded.", "2 had a reminder today already."):
        page.get_by_role("link", name="Remind all 2 that are overdue").click()
        officer.check()
        page.get_by_role("button", name="Remind 2 members").click()
        page.wait_for_url(f"**{YEAR}")
        officer.check()
        expect(page.get_by_text(words)).to_be_visible()
    lead = member("behind").lead(viewport=PHONE)
    lead.visit("/notifications/")
    told = lead.page.get_by_role("listitem").filter(has_text="Please send Network Quality Mark")
    expect(told).to_have_count(1)

    # One of them gets more time, on the officer's way home.
    page.get_by_role("link", name="Pier behind").click()
    page.wait_for_url("**/members/journey-behind/")
    page.set_viewport_size(PHONE)
    officer.check()
    page.get_by_role("link", name="Give more time").click()
    officer.check()
    later = dt.date.fromisoformat(days_ago(-20))
    page.get_by_label("New deadline for this member").fill(later.isoformat())
    page.get_by_role("button", name="Give more time").click()
    officer.forgive("status of 422")
    officer.check()
    expect(page.locator("[data-error-summary]")).to_contain_text("Say why, in a few words.")
    page.get_by_label("Why").fill("The manager is ill.")
    page.get_by_role("button", name="Give more time").click()
    page.wait_for_url("**/members/journey-behind/")
    officer.check()
    expect(page.get_by_text("The member has more time, and has been told.")).to_be_visible()
    expect(page.get_by_text("The manager is ill.")).to_be_visible()
    expect(page.get_by_text("Overdue")).to_have_count(0)

    page = lead.visit(member("behind").year)
    expect(page.locator("main")).to_contain_text(f"{later.day} {later:%B %Y}")
    page.get_by_role("link", name="What happened so far").click()
    lead.check()
    expect(page.get_by_text("The manager is ill.")).to_be_visible()


@pytest.mark.requirement("MQM-21", "MQM-27", "MQM-28")
def test_a_snapshot_is_read_and_the_next_year_begins(officer: Visitor, member: Callable[[str], Member]) -> None:
    page = officer.visit(f"{YEAR}?show=waiting")
    page.get_by_role("link", name="Pier sent").click()
    officer.check()
    page.get_by_role("link", name="Open the snapshot").click()
    page.wait_for_url("**/snapshots/**")
    officer.check()
    expect(page.locator("main").get_by_role("radio")).to_have_count(0)
    # What has not been sent stays the member's own.
    officer.visit(member("sent").book, status=403)

    page = officer.visit(CYCLES)
    page.locator(f'main a[href="{CYCLES}quality-mark/open/"]').click()
    officer.check()
    expect(page.get_by_label("Year", exact=True)).to_have_value(str(stage.YEAR + 1))
    page.get_by_label("Opens on").fill(days_ago(0))
    page.get_by_label("Deadline").fill(days_ago(1))
    page.get_by_role("button", name="Open the year").click()
    officer.forgive("status of 422")
    officer.check()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    page.get_by_label("Deadline").fill(days_ago(-90))
    page.get_by_role("button", name="Open the year").click()
    page.wait_for_url(f"**{CYCLES}quality-mark/{stage.YEAR + 1}/")
    officer.check()
    expect(page.get_by_text("The year is open for 3 members.")).to_be_visible()
    page.get_by_role("link", name="Pier empty").click()
    officer.check()
    lead = member("empty").lead(viewport=PHONE)
    page = lead.visit(f"{member('empty').home}year/")
    page.get_by_role("link", name=f"Network Quality Mark {stage.YEAR + 1}").click()
    lead.check()
    expect(page.get_by_role("heading", level=1)).to_contain_text("to go")


@pytest.mark.requirement("MQM-30")
def test_help_is_asked_for_and_given(officer: Visitor, member: Callable[[str], Member]) -> None:
    lead = member("behind").lead(viewport=PHONE)
    page = lead.visit(member("behind").year)
    page.get_by_role("link", name="We need help").click()
    page.wait_for_url("**/help/**")
    lead.check()
    page.get_by_role("button", name="Ask for help").click()
    lead.forgive("status of 422")
    lead.check()
    expect(page.locator("[data-error-summary]")).to_contain_text("Say in a few words what you need help with.")
    page.get_by_label("What would help you?").fill("Two people have left. Who can look at our answers with us?")
    page.get_by_role("button", name="Ask for help").click()
    expect(page.get_by_text("Your network has your request.")).to_be_visible()
    lead.check()
    case = page.url.removeprefix(lead.site.url)

    seen = officer.visit("/n/office/help/")
    seen.get_by_role("link", name="Pier behind").click()
    officer.check()
    expect(seen.get_by_text("Two people have left.")).to_be_visible()
    seen.get_by_label("Your words").fill("Gwenan here: shall we talk on Monday?")
    seen.get_by_role("radio", name="We have looked at it").check()
    seen.get_by_role("button", name="Save").click()
    officer.check()
    expect(seen.locator("#talk ~ ol")).to_contain_text("shall we talk on Monday?")
    seen.get_by_label("Your words").fill("They sound tired.")
    seen.get_by_role("radio", name="Our officers only").check()
    seen.get_by_role("button", name="Save").click()
    officer.check()
    expect(seen.locator("#talk ~ ol")).to_contain_text("They sound tired.")

    page = lead.visit(case)
    expect(page.get_by_text("shall we talk on Monday?")).to_be_visible()
    expect(page.get_by_text("They sound tired.")).to_have_count(0)
    page.locator("summary", has_text="We do not need this any more").click()
    page.get_by_role("radio", name="It helped", exact=True).check()
    page.get_by_role("button", name="Close the request").click()
    expect(page.get_by_text("The request is closed.")).to_be_visible()
    lead.check()
    officer.visit("/n/office/help/?show=closed")
    expect(seen.get_by_role("row", name="Pier behind")).to_contain_text("It helped")
