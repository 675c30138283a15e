"""In a real browser, under the real security policy: passkeys by script, the rest without any, axe on the pages."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect, sync_playwright

from tests.browser import CHROMIUM
from tests.factories import PASSWORD, UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
KEY = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture
def phone(live_server: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    """A phone-sized page whose console must stay silent. ``localhost``: a bare number cannot have passkeys."""
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    UserFactory(name="Alice Lead", email="alice@test.example")
    complaints: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        base = live_server.url.replace("127.0.0.1", "localhost")
        page = browser.new_context(viewport={"width": 375, "height": 740}, locale="en-GB", base_url=base).new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        yield page
        browser.close()
    assert complaints == []


def sign_in(page: Page) -> None:
    page.goto("/account/login/?next=/account/you/")
    page.get_by_label("E-mail address").fill("alice@test.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()


def axe(page: Page) -> list[str]:
    return [found["id"] for found in Axe().run(page).response["violations"]]


def test_a_passkey_from_making_it_to_signing_in_with_it(phone: Page) -> None:
    tools = phone.context.new_cdp_session(phone)
    tools.send("WebAuthn.enable")
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    sign_in(phone)
    phone.goto("/account/2fa/webauthn/add/")
    phone.get_by_label("Your password", exact=True).fill(PASSWORD)
    phone.get_by_role("button", name="Go on").click()
    phone.get_by_role("button", name="Add the passkey").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Your recovery codes")
    phone.goto("/account/logout/")
    phone.get_by_role("main").get_by_role("button", name="Sign out").click()
    phone.goto("/account/login/?next=/account/you/")
    phone.get_by_role("button", name="Sign in with a passkey").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Your account")
    phone.goto("/account/logout/")
    phone.get_by_role("main").get_by_role("button", name="Sign out").click()
    sign_in(phone)
    expect(phone.get_by_role("heading", level=1)).to_have_text("The second step")
    phone.get_by_role("button", name="Use a passkey").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Your account")


def test_when_the_passkey_is_not_used_the_page_says_what_to_do(phone: Page) -> None:
    phone.goto("/account/login/")
    phone.evaluate("() => { navigator.credentials.get = async () => { throw new DOMException('no') } }")
    phone.get_by_role("button", name="Sign in with a passkey").click()
    expect(phone.get_by_role("alert")).to_have_text(
        "The passkey was not used. Please try again, or sign in another way."
    )


@pytest.mark.parametrize("language", ["en-gb", "cy"])
def test_the_pages_are_sound_and_fit_a_small_phone(phone: Page, language: str) -> None:
    phone.set_viewport_size({"width": 320, "height": 640})
    phone.goto("/account/login/")
    sound = {"/account/login/": axe(phone)}
    sign_in(phone)
    expect(phone.get_by_role("heading", level=1)).to_have_text("Your account")
    cookie = {"name": "levelground_language", "value": language, "url": phone.url}
    phone.context.add_cookies([cookie])
    for path in (
        "/account/you/",
        "/account/sessions/",
        "/account/2fa/",
        "/account/email/",
        "/account/password/change/",
    ):
        phone.goto(path)
        sound[path] = axe(phone)
        assert phone.evaluate("document.documentElement.scrollWidth") <= 320, path
    assert sound == {path: [] for path in sound}
