"""Somebody at a browser: goes to pages, and at each sees to it that it is whole, quiet, accessible and fits."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request, Response, Route, expect

from .site import Site

PHONE, SMALL, DESK = {"width": 375, "height": 720}, {"width": 320, "height": 640}, {"width": 1280, "height": 900}
PASSWORD = "levelground-demo"
AXE = Axe()
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}
# What sticks out to the right, unless something around it scrolls by itself.
WIDE = """() => {
  const width = document.documentElement.clientWidth, whole = document.documentElement.scrollWidth;
  if (whole <= width) return [];
  const scrolls = (e) => ["auto", "scroll", "hidden"].includes(getComputedStyle(e).overflowX);
  const held = (e) => e && (scrolls(e) || held(e.parentElement));
  const out = (e) => e.getBoundingClientRect().right > width + 1 && !held(e.parentElement);
  const found = [...document.body.querySelectorAll("*")].filter(out).slice(-4);
  return [`${whole} > ${width}`, ...found.map((e) => e.outerHTML.slice(0, 160))];
}"""


def axe_problems(page: Page, only: str = "") -> list[str]:
    """What axe finds wrong, a line for each place; with ``only``, by that rule alone."""
    found = AXE.run(page, options={"runOnly": [only]} if only else RULES).response["violations"]
    return [
        f"{rule['id']}: {rule['help']}: {node['target']} {node['html'][:200]} {node['failureSummary'][:300]!r}"
        for rule in found
        for node in rule["nodes"][:5]
    ]


def overflow(page: Page) -> list[str]:
    """What makes the page scroll sideways at its present width."""
    return page.evaluate(WIDE)


class Held:
    """The first of the requests to an address, kept on its way; the others pass."""

    def __init__(self, page: Page, address: str):
        self.page = page
        self.routes: list[Route] = []
        page.route(address, self._take)

    def _take(self, route: Route) -> None:
        if self.routes:
            route.continue_()
        else:
            self.routes.append(route)

    def wait(self) -> None:
        while not self.routes:
            self.page.wait_for_timeout(20)

    def let_go(self) -> None:
        self.routes[0].continue_()


class Visitor:
    """One browser window with its own cookies. ``page`` is Playwright's page, ``troubles`` what went wrong in it."""

    def __init__(self, browser: Browser, site: Site, **options: Any):
        self.site, self.browser = site, browser
        options = {"viewport": DESK, "base_url": site.url, "locale": "en-GB", "timezone_id": "Europe/London"} | options
        self.context: BrowserContext = browser.new_context(**options)
        self.context.set_default_timeout(20_000)
        self.page: Page = self.context.new_page()
        self.scripted = options.get("java_script_enabled", True)
        self.troubles: list[str] = []
        self.dialogs: list[str] = []
        for name, listener in (
            ("console", self._console), ("pageerror", self._error), ("request", self._request),
            ("response", self._response), ("dialog", self._dialog),
        ):  # fmt: skip
            self.page.on(name, listener)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.troubles.append(f"console {message.type}: {message.text} ({message.location.get('url', '')})")

    def _error(self, error: Any) -> None:
        self.troubles.append(f"script: {error}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.site.url, "data:", "blob:", "about:")):
            self.troubles.append(f"to another host: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 500:
            self.troubles.append(f"status {response.status}: {response.url}")

    def _dialog(self, dialog: Any) -> None:
        self.dialogs.append(f"{dialog.type}: {dialog.message}")
        dialog.accept()

    # Going there -------------------------------------------------------------------------------------------------

    def visit(self, path: str, *, status: int = 200) -> Page:
        """Go to a page, and look at it as ``check`` does."""
        response = self.page.goto(path)
        assert response is not None
        if response.status != status:
            self.troubles.clear()
            raise AssertionError(
                f"{path}: {response.status}\n{self.site.last_words() if response.status >= 500 else ''}"
            )
        if status != 200:
            self.forgive(rf"status of {status}")
        self.check()
        return self.page

    def check(self, *, axe: bool = True) -> None:
        """The page that is there now: no trouble so far, one h1, nothing for axe to find, no scrolling sideways."""
        page = self.page
        page.wait_for_load_state("load")
        where = page.url.removeprefix(self.site.url)
        troubles, self.troubles = self.troubles, []
        assert not troubles, f"{where}: {troubles}"
        assert page.locator("h1").count() == 1, f"{where} has {page.locator('h1').all_text_contents()} as h1"
        assert not (wide := overflow(page)), f"{where} scrolls sideways: {wide}"
        if axe and self.scripted:
            assert not (found := axe_problems(page)), f"{where}:\n" + "\n".join(found)

    def forgive(self, pattern: str) -> None:
        """The troubles that were meant to come. They must have come."""
        for _try in range(60):
            kept = [text for text in self.troubles if not re.search(pattern, text)]
            if len(kept) < len(self.troubles):
                self.troubles = kept
                return
            self.page.wait_for_timeout(50)  # the console is told a moment after the page
        raise AssertionError(f"nothing like {pattern!r} in {self.troubles}")

    def hold_first(self, address: str) -> Held:
        return Held(self.page, address)

    def forgive_all(self, pattern: str) -> None:
        """More of what was forgiven before, if there is any."""
        self.troubles = [text for text in self.troubles if not re.search(pattern, text)]

    @contextmanager
    def expecting(self, pattern: str) -> Iterator[None]:
        """``with visitor.expecting("status of 409"):`` forgives what the block was meant to cause."""
        yield
        self.forgive(pattern)

    def sign_in(self, email: str, page: Page | None = None) -> "Visitor":
        """By the form of the sign-in page, in this window or in another of the same person."""
        page = page or self.page
        page.goto("/account/login/")
        form = page.locator("form", has=page.locator('input[type="password"]'))
        form.locator('input[type="email"]').fill(email)
        form.locator('input[type="password"]').fill(PASSWORD)
        form.locator('button[type="submit"], button:not([type])').last.click()
        page.wait_for_url(lambda url: "/account/login/" not in url)
        return self

    def speak(self, language: str) -> "Visitor":
        """Choose ``en`` or ``cy``, as the header's switch does."""
        value = {"en": "en-gb"}.get(language, language)
        name, url = "levelground_language", self.site.url
        self.context.add_cookies([{"name": name, "value": value, "url": url, "sameSite": "Lax"}])
        return self

    def close(self) -> None:
        self.context.close()

    # On a theme's page -------------------------------------------------------------------------------------------

    def row(self, code: str) -> Locator:
        return self.page.locator(f'[data-row="{code}"]')

    def reason(self, code: str) -> Locator:
        return self.page.locator(f'[id="r-{code}"]')

    def answer(self, code: str, value: str) -> None:
        """Choose an answer with the mouse or a finger."""
        self.row(code).locator(f"label.lg-choice__label--{value}").click()

    def see_saved(self, code: str) -> None:
        expect(self.row(code).locator("[data-saved]")).to_have_class(re.compile("lg-saved--saved"))

    def chosen(self, code: str) -> str:
        """The answer that the page shows for an indicator."""
        return self.row(code).locator("input[type=radio]:checked").get_attribute("value") or ""
