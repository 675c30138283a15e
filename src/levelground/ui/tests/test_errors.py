"""When something goes wrong: plain words and a way on."""

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation

from levelground.config import errors


def ask() -> HttpRequest:
    request = RequestFactory().get("/somewhere/")
    request.user = AnonymousUser()
    return request


@pytest.mark.parametrize("language", ["en-gb", "cy"])
@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 413, 429])
def test_each_error_explains_itself_and_offers_a_way_on(status: int, language: str) -> None:
    with translation.override(language):
        answer = errors.error_page(ask(), status)
    page = BeautifulSoup(answer.content, "html.parser")
    assert answer.status_code == status
    assert len(page.find_all("h1")) == 1
    assert len(page.main.find_all("p")) >= 2  # type: ignore[union-attr]
    assert page.main.find("a", href=True)  # type: ignore[union-attr]
    assert str(status) not in page.main.get_text()  # type: ignore[union-attr]


def test_the_message_of_the_domain_is_shown_as_text() -> None:
    page = BeautifulSoup(errors.error_page(ask(), 409, message="Bob <b>saved</b> first.").content, "html.parser")
    assert "Bob <b>saved</b> first." in page.main.get_text()  # type: ignore[union-attr]


def test_the_worst_error_needs_no_database() -> None:
    # Without the db fixture any query raises.
    answer = errors.server_error(ask())
    page = BeautifulSoup(answer.content, "html.parser")
    assert answer.status_code == 500
    assert page.h1
    assert page.main.find("a", href="/")  # type: ignore[union-attr]


def test_the_offline_page_speaks_both_languages_and_knows_nobody(client: Client) -> None:
    page = BeautifulSoup(client.get(reverse("offline")).content, "html.parser")
    assert [part["lang"] for part in page.main.find_all("div", lang=True)] == ["en", "cy"]  # type: ignore[union-attr]
    assert "Rydych all-lein" in page.get_text()
    assert not page.find("form")


def test_the_service_worker_keeps_only_what_is_nobodys(client: Client) -> None:
    answer = client.get(reverse("service_worker"))
    assert reverse("service_worker") == "/sw.js"
    assert answer["Content-Type"].startswith("text/javascript")
    assert "no-cache" in answer["Cache-Control"]
    source = answer.content.decode()
    kept = source.split("const KEEP = ")[1].split(";")[0]
    assert '"/offline/"' in kept
    assert all(one.strip(' "').startswith(("/offline/", "/static/")) for one in kept.strip("[]").split(","))
    assert "cache.put" not in source


def test_who_gives_the_role_depends_on_whose_page_it_is() -> None:
    said = {}
    for path in ("/n/north/members/", "/o/alder/people/"):
        request = ask()
        request.path = path
        said[path] = BeautifulSoup(errors.error_page(request, 403).content, "html.parser").main.get_text()
    assert "ask the people who run your network" in said["/n/north/members/"]
    assert "quality lead" not in said["/n/north/members/"]
    assert "If you are the quality lead, ask your network" in said["/o/alder/people/"]
