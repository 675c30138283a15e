import itertools

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from tests.factories import Cast

pytestmark = pytest.mark.django_db
PAGES = {
    "/help/": ("Ask a person", "Gofyn i berson"),
    "/accessibility/": ("Web Content Accessibility Guidelines", "Canllawiau Hygyrchedd Cynnwys Gwe"),
    "/privacy/": ("What is kept about you", "Beth sy'n cael ei gadw amdanoch"),
}


@pytest.mark.parametrize("path", PAGES)
def test_everybody_can_read_it_in_both_languages(client: Client, path: str) -> None:
    english, welsh = PAGES[path]
    answer = client.get(path)
    assert answer.status_code == 200
    assert english in BeautifulSoup(answer.content, "html.parser").main.text
    answer = client.get(path, HTTP_ACCEPT_LANGUAGE="cy")
    soup = BeautifulSoup(answer.content, "html.parser")
    assert welsh in soup.main.text
    assert soup.html["lang"] == "cy"
    assert client.post(path).status_code == 405


@pytest.mark.requirement("MQM-10")
@pytest.mark.parametrize("path", PAGES)
def test_the_contact_of_the_scheme_stands_on_it(client: Client, cast: Cast, path: str) -> None:
    assert "help@test.example" not in client.get(path).content.decode()
    client.force_login(cast.alice)
    main = BeautifulSoup(client.get(path).content, "html.parser").main
    assert main.find("a", href="mailto:help@test.example")


def test_the_limits_named_are_those_of_the_settings(client: Client, settings: object) -> None:
    settings.DOCUMENT_MAX_BYTES, settings.NOTIFICATIONS_KEEP_DAYS = 7_000_000, 99  # type: ignore[attr-defined]
    assert "up to 7 MB each" in client.get("/help/").content.decode()
    assert "after 99 days" in client.get("/privacy/").content.decode()


@pytest.mark.parametrize("path", PAGES)
def test_its_headings_have_an_order(client: Client, path: str) -> None:
    soup = BeautifulSoup(client.get(path).content, "html.parser").main
    levels = [int(tag.name[1]) for tag in soup.find_all(["h1", "h2", "h3", "h4"])]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
