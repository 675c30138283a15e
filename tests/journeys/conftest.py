"""One server for each worker, one browser for this folder, and a fresh window for each person of a journey."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, StorageState, expect, sync_playwright

from tests.browser import CHROMIUM

from . import stage
from .site import Site, running_site
from .visitor import Visitor

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The running site. Under xdist each worker has its own, copied from one that is built once."""
    with running_site(tmp_path_factory.mktemp("site"), settings.VAR / "tests" / "journeys") as running:
        yield running


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium for this folder only: while Playwright runs, Django takes the thread for an asynchronous one."""
    expect.set_options(timeout=15_000)  # a busy machine is slow, not broken
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture(scope="package")
def keyrings() -> dict[str, StorageState]:
    """The cookies of those who have signed in already."""
    return {}


@pytest.fixture(scope="package")
def maps() -> dict[str, dict[str, list[str]]]:
    """The pages that were found for somebody already: the same in both languages."""
    return {}


@pytest.fixture
def window(browser: Browser, site: Site) -> Iterator[Callable[..., Visitor]]:
    """``window(viewport=PHONE)``: somebody who has not signed in. A trouble that nobody forgave fails the journey."""
    opened: list[Visitor] = []

    def make(**options: Any) -> Visitor:
        opened.append(Visitor(browser, site, **options))
        return opened[-1]

    yield make
    troubles = [trouble for visitor in opened for trouble in visitor.troubles]
    for visitor in opened:
        visitor.close()
    assert not troubles, troubles


@pytest.fixture
def person(
    browser: Browser, site: Site, window: Callable[..., Visitor], keyrings: dict[str, StorageState]
) -> Callable[..., Visitor]:
    """``person("lead@demo.example", viewport=PHONE)``: somebody who has signed in."""

    def make(email: str, **options: Any) -> Visitor:
        if email not in keyrings:
            entering = Visitor(browser, site).sign_in(email)
            keyrings[email] = entering.context.storage_state()
            entering.close()
        return window(storage_state=keyrings[email], **options)

    return make


class Member:
    """A member organisation that one journey has for itself."""

    def __init__(self, name: str, person: Callable[..., Visitor]):
        self.name, self._person = name, person
        self.home = f"/o/journey-{name}/"
        self.book = f"{self.home}workbook/quality-mark/"
        self.year = f"{self.home}year/quality-mark/{stage.YEAR}/"

    def lead(self, **options: Any) -> Visitor:
        return self._person(stage.email("lead", self.name), **options)

    def colleague(self, **options: Any) -> Visitor:
        return self._person(stage.email("colleague", self.name), **options)

    def trustee(self, **options: Any) -> Visitor:
        return self._person(stage.email("trustee", self.name), **options)


@pytest.fixture
def member(person: Callable[..., Visitor]) -> Callable[[str], Member]:
    """``member("phone")``: the member of that journey, from ``stage.MEMBERS``."""
    return lambda name: Member(name, person)
