"""Reading the home pages in tests."""

from typing import Any

from bs4 import BeautifulSoup, Tag

from tests.factories import MembershipFactory, UserFactory


def look(client: Any, user: Any, path: str) -> Tag:
    """The main part of a page, as ``user`` sees it."""
    client.force_login(user)
    response = client.get(path)
    assert response.status_code == 200
    main = BeautifulSoup(response.content, "html.parser").main
    assert main is not None
    return main


def first_line(page: Tag) -> str:
    return page.h1.get_text(strip=True) if page.h1 else ""


def lede(page: Tag) -> str:
    found = page.select_one(".lg-lede")
    return " ".join(found.get_text().split()) if found else ""


def step(page: Tag) -> tuple[str, str]:
    """The one primary action: its words and where it leads."""
    (button,) = page.select("a.lg-button:not(.lg-button--quiet)")
    return button.get_text(strip=True), str(button["href"])


def tasks(page: Tag) -> list[str]:
    return [link.get_text(strip=True) for link in page.select(".lg-tasks__link")]


def card(page: Tag, title: str) -> Tag | None:
    """The card under this title."""
    head = page.find("h2", string=title)
    return head.find_parent("section") if isinstance(head, Tag) else None


def text(part: Tag | None) -> str:
    return " ".join(part.get_text(" ").split()) if part else ""


def someone(role: str, **place: Any) -> Any:
    user = UserFactory()
    MembershipFactory(user=user, role=role, **place)
    return user
