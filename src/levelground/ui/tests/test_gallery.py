"""Every component in all its states, in both languages: sound HTML that assistive technology can follow."""

import re

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from levelground.ui.tags import TAGS, state_tag


@pytest.fixture(params=["en-gb", "cy"])
def page(request: pytest.FixtureRequest, client: Client) -> BeautifulSoup:
    client.cookies["levelground_language"] = request.param
    answer = client.get(reverse("components"))
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser")


def test_ids_are_unique(page: BeautifulSoup) -> None:
    ids = [tag["id"] for tag in page.find_all(id=True)]
    assert sorted(ids) == sorted(set(ids))


def test_references_lead_somewhere(page: BeautifulSoup) -> None:
    ids = {tag["id"] for tag in page.find_all(id=True)}
    for name in ("for", "aria-labelledby", "aria-describedby", "aria-controls"):
        for tag in page.find_all(attrs={name: True}):
            assert set(str(tag[name]).split()) <= ids, tag
    for link in page.select('a[href^="#"]'):
        assert str(link["href"])[1:] in ids, link


def test_every_control_has_a_name(page: BeautifulSoup) -> None:
    labelled = {label.get("for") for label in page.find_all("label")}
    for tag in page.find_all(["input", "select", "textarea"]):
        if tag.get("type") != "hidden":
            assert tag.get("id") in labelled or tag.find_parent("label"), tag


def test_groups_of_choices_have_a_name(page: BeautifulSoup) -> None:
    for group in page.find_all("fieldset"):
        assert group.find("legend") or group.get("aria-labelledby"), group


def test_headings_go_down_by_one(page: BeautifulSoup) -> None:
    main = page.find("main")
    levels = [int(heading.name[1]) for heading in main.find_all(re.compile("^h[1-6]$"))]  # type: ignore[union-attr]
    assert levels.count(1) == 1
    top = levels.index(1)
    assert all(after - before <= 1 for before, after in zip(levels[top:], levels[top + 1 :], strict=False))


def test_pictures_say_what_they_show(page: BeautifulSoup) -> None:
    pictures = page.select("main svg:not([aria-hidden])")
    assert len(pictures) >= 6
    for picture in pictures:
        assert picture["role"] == "img"
        assert picture.get("aria-label") or picture["aria-labelledby"]
        assert picture.find("title") and picture.find("desc")


def test_an_icon_stands_beside_its_words(page: BeautifulSoup) -> None:
    """What is hidden from a reader's ear is said by the words right after it."""
    icons = page.select("main svg[aria-hidden]")
    assert len(icons) >= 15
    for icon in icons:
        words = icon.find_next_sibling()
        assert icon["focusable"] == "false" and words is not None and words.get_text(strip=True)


def test_nothing_inline(page: BeautifulSoup) -> None:
    assert not [tag for tag in page.find_all(True) for name in tag.attrs if name == "style" or name.startswith("on")]


def test_the_state_of_everything_is_in_words(page: BeautifulSoup) -> None:
    tags = page.select(".lg-tag")
    assert len(tags) > len(TAGS)
    assert all(tag.get_text(strip=True) for tag in tags)


def test_tables_name_their_columns_on_a_phone_too(page: BeautifulSoup) -> None:
    for table in page.find_all("table"):
        assert table.find("caption")
        heads = [head.get_text(strip=True) for head in table.select("thead th")]
        for row in table.select("tbody tr"):
            assert [cell["data-label"] for cell in row.find_all("td")] == heads[1:]


def test_only_staff_see_it_where_there_is_no_demonstration(
    client: Client, settings: object, django_user_model: type
) -> None:
    settings.DEMO = False  # type: ignore[attr-defined]
    assert client.get(reverse("components")).status_code == 404


def test_an_unknown_state_is_shown_by_its_own_words() -> None:
    assert state_tag("waiting_for_rain").label == "Waiting for rain"
    assert state_tag("met").tone == "good"
