"""What the shell's scripts add, in a real browser: menus, keys, warnings, the offline page; and axe on the gallery."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, sync_playwright

from tests.browser import CHROMIUM

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture
def phone(live_server: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    """A phone-sized page on the gallery, whose console must stay silent."""
    # Playwright's loop runs in this thread; the test itself asks the database for nothing.
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    complaints: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_context(viewport={"width": 375, "height": 740}, locale="en-GB").new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.goto(f"{live_server.url}/components/")
        yield page
        browser.close()
    assert complaints == []


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id"))


def test_after_errors_the_summary_is_read_first_and_leads_to_the_fields(phone: Page) -> None:
    assert phone.evaluate("document.activeElement.matches('[data-error-summary]')")
    phone.locator(".lg-error-summary a", has_text="Document").click()
    assert focused(phone) == "id_sample-file"


def test_keys_are_listed_and_work_outside_fields_only(phone: Page) -> None:
    phone.evaluate("document.activeElement.blur()")
    phone.keyboard.press("?")
    assert phone.locator("dialog[open] kbd").all_inner_texts() == ["s", "?", "Esc"]
    phone.keyboard.press("Escape")
    assert phone.locator("dialog[open]").count() == 0
    phone.keyboard.press("s")
    assert focused(phone) == "id_empty-title"
    phone.keyboard.type("?s")
    assert phone.input_value("#id_empty-title") == "?s"
    assert phone.locator("dialog[open]").count() == 0


def test_typed_text_is_not_lost_without_a_question(phone: Page) -> None:
    asked: list[str] = []
    phone.fill("#id_empty-title", "half a sentence")
    phone.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    phone.reload()
    assert asked == ["beforeunload"]


def test_a_password_can_be_shown_and_hidden_again(phone: Page) -> None:
    field, button = phone.locator("#id_empty-password"), phone.locator(".lg-password button").first
    assert button.inner_text() == "Show"
    button.click()
    assert (field.get_attribute("type"), button.inner_text()) == ("text", "Hide")
    button.click()
    assert field.get_attribute("type") == "password"


def test_a_dropped_file_is_the_chosen_file(phone: Page) -> None:
    chosen = phone.evaluate(
        """() => {
            const zone = document.querySelector('#id_empty-file').closest('[data-drop]');
            const dataTransfer = new DataTransfer();
            dataTransfer.items.add(new File(['words'], 'minutes.txt'));
            zone.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
            return [...document.querySelector('#id_empty-file').files].map((file) => file.name);
        }"""
    )
    assert chosen == ["minutes.txt"]


def test_without_a_connection_the_offline_page_is_shown_in_its_own_style(phone: Page, live_server: Any) -> None:
    phone.evaluate("navigator.serviceWorker.ready.then(() => true)")
    phone.context.set_offline(True)
    phone.goto(f"{live_server.url}/help/")
    assert phone.inner_text("h1") == "You are offline"
    phone.context.set_offline(False)
    phone.locator(".lg-button").first.click()
    phone.wait_for_url("**/help/")
    phone.wait_for_function("document.querySelector('h1').innerText !== 'You are offline'")
    kept = phone.evaluate("caches.keys().then(async (names) => (await (await caches.open(names[0])).keys()).length)")
    assert kept == 3


@pytest.mark.parametrize(("language", "scheme"), [("en-gb", "light"), ("cy", "dark")])
def test_axe_finds_nothing_at_any_width(phone: Page, live_server: Any, language: str, scheme: Any) -> None:
    phone.context.add_cookies([{"name": "levelground_language", "value": language, "url": live_server.url}])
    phone.emulate_media(color_scheme=scheme)
    for width in (320, 375, 1280):
        phone.set_viewport_size({"width": width, "height": 800})
        phone.goto(f"{live_server.url}/components/")
        assert phone.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), width
        found = Axe().run(phone).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []


def test_without_scripts_the_menu_and_the_fields_still_work(live_server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_context(java_script_enabled=False, viewport={"width": 375, "height": 740}).new_page()
        page.goto(f"{live_server.url}/components/")
        page.locator("summary", has_text="Why we ask").click()
        assert page.locator(".lg-details[open]").count() == 2
        assert page.locator("[data-keys-open]").is_hidden()
        page.set_input_files("#id_empty-file", str(Path(__file__)))
        page.locator(".lg-header .lg-language button").click()
        assert page.get_attribute("html", "lang") == "cy"
        browser.close()


@pytest.mark.requirement("AMHE-15")
def test_the_points_of_a_chart_are_walked_by_arrow_keys_and_by_pointer(phone: Page) -> None:
    chart = phone.locator("[data-chart]").first
    live, tip = chart.locator('[role="status"]'), chart.locator(".lg-figure__tip")
    chart.focus()
    assert (
        chart.get_attribute("aria-label")
        == "Days from referral to first contact: chart. The arrow keys walk the points."
    )
    chart.press("ArrowRight")
    assert live.inner_text() == tip.inner_text() == "July 2024: 46 days."
    for _step in range(4):
        chart.press("ArrowRight")
    assert live.inner_text() == "November 2024: hidden, fewer than 8."
    chart.press("End")
    chart.press("ArrowRight")
    assert live.inner_text() == "December 2026: 34 days."
    chart.press("Escape")
    assert tip.is_hidden()
    assert live.inner_text() == ""
    # The pointer says the same, but not aloud; the tip stays within the page.
    box = chart.locator(".lg-chart--narrow").bounding_box()
    assert box
    phone.mouse.move(box["x"] + box["width"] * 0.86, box["y"] + 150)
    assert tip.inner_text() == "December 2026: 34 days."
    assert live.inner_text() == ""
    assert phone.evaluate("document.documentElement.scrollWidth") <= 375


def test_a_chart_says_signals_in_words(phone: Page) -> None:
    chart = phone.locator("[data-chart]").nth(1)
    chart.focus()
    chart.press("End")
    said = chart.locator('[role="status"]').inner_text()
    assert said.startswith("August 2026: 78%. Improvement: two of three points close to the upper limit")
    chart.press("Home")
    for _step in range(3):
        chart.press("ArrowRight")
    assert chart.locator('[role="status"]').inner_text() == "April 2025: 48%. Left out of the limits."
