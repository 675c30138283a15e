"""The shell of every page: who sees what in the header and footer, the languages, the way past it."""

from types import SimpleNamespace
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.template import engines
from django.test import RequestFactory
from django.utils import translation

ALICE = SimpleNamespace(is_authenticated=True, name="Alice Morgan", email="alice@example.org")
VALLEY = SimpleNamespace(label="Example Valley", role="Quality lead", url="/o/valley/", current=True)
COAST = SimpleNamespace(label="North Coast", role="Trustee", url="/o/coast/", current=False)
HELP = SimpleNamespace(label="The mark team", email="team@example.org", phone="029 2000 0000", url=None)
HOME = SimpleNamespace(label="Home", url="/o/valley/", current=False)
WORKBOOK = SimpleNamespace(label="Workbook", url="/o/valley/workbook/", current=True)

PAGE = """
{% extends "ui/layouts/page.jinja" %}
{% block title %}Money & risk{% endblock %}
{% block content %}<p>Words</p>{{ more }}{% endblock %}
{% block aside %}{{ beside }}{% endblock %}
"""


def show(source: str = PAGE, **context: Any) -> BeautifulSoup:
    """The page as a tree, rendered without a database."""
    request = RequestFactory().get("/o/valley/?a=1")
    request.user = context.get("user")
    env = engines["jinja2"].env
    context = {
        "request": request,
        "csrf_input": "",
        "csrf_token": "token",
        "get_messages": lambda _request: [],
        **context,
    }
    return BeautifulSoup(env.from_string(source).render(context), "html.parser")


def signed_in(**more: Any) -> BeautifulSoup:
    return show(user=ALICE, nav=[HOME, WORKBOOK], place=VALLEY, **more)


def test_one_h1_from_the_title() -> None:
    page = show()
    assert [h1.get_text(strip=True) for h1 in page.find_all("h1")] == ["Money & risk"]
    assert page.title and page.title.string == "Money & risk – Levelground"


def test_a_page_may_write_its_own_h1() -> None:
    source = PAGE.replace("<p>Words</p>", "<h1>Mine</h1>")
    assert [h1.get_text() for h1 in show(source).find_all("h1")] == ["Mine"]


def test_the_side_column_is_there_only_with_something_in_it() -> None:
    assert show().find("aside") is None
    assert show(beside="Filters").find("aside").get_text() == "Filters"  # type: ignore[union-attr]


def test_a_visitor_sees_product_language_and_sign_in_only() -> None:
    page = show(user=SimpleNamespace(is_authenticated=False), nav=[HOME], place=VALLEY, unread=3)
    header = page.find("header")
    assert header.get_text(" ", strip=True) == "Levelground Cymraeg Sign in"  # type: ignore[union-attr]


def test_the_current_entry_of_the_navigation_is_marked_in_both_headers() -> None:
    page = signed_in()
    for nav in page.find_all("nav", attrs={"aria-label": "Main menu"}):
        assert [a.get_text() for a in nav.select("[aria-current=page]")] == ["Workbook"]
    assert len(page.find_all("nav", attrs={"aria-label": "Main menu"})) == 2


def test_the_switcher_is_for_people_with_several_places() -> None:
    assert signed_in(places=[VALLEY]).select(".lg-menu--place") == []
    switcher = signed_in(places=[VALLEY, COAST]).select_one(".lg-menu--place")
    assert switcher is not None
    assert [a["href"] for a in switcher.select("a")] == ["/o/valley/", "/o/coast/", "/places/"]
    assert [a["href"] for a in switcher.select("[aria-current=true]")] == ["/o/valley/"]


@pytest.mark.parametrize(("unread", "shown"), [(0, None), (3, "3"), (100, "99+")])
def test_unread_notifications_are_counted(unread: int, shown: str | None) -> None:
    count = signed_in(unread=unread).select_one(".lg-count")
    assert (count and count.find(string=True)) == shown


def test_signing_out_is_a_form_not_a_link() -> None:
    forms = [form for form in signed_in().find_all("form") if "Sign out" in form.get_text()]
    assert forms
    assert {form["method"] for form in forms} == {"post"}


def test_the_footer_names_a_person_to_ask() -> None:
    footer = signed_in(help=HELP).find("footer")
    assert "The mark team" in footer.get_text()  # type: ignore[union-attr]
    assert footer.find("a", href="mailto:team@example.org")  # type: ignore[union-attr]
    assert not signed_in(help=None).select(".lg-footer__help")


def test_each_language_offers_the_other_by_its_own_name() -> None:
    for code, lang, other, other_lang in (("en-gb", "en-GB", "Cymraeg", "cy"), ("cy", "cy", "English", "en")):
        with translation.override(code):
            page = signed_in()
        assert page.html and page.html["lang"] == lang
        switches = page.select("form.lg-language")
        assert switches
        for switch in switches:
            assert switch.button and (switch.button.get_text(), switch.button["lang"]) == (other, other_lang)
            assert switch.find("input", attrs={"name": "next"})["value"] == "/o/valley/?a=1"  # type: ignore[index]


def test_the_first_link_skips_to_main() -> None:
    page = signed_in()
    first = page.body.find("a")  # type: ignore[union-attr]
    assert page.find(id=first["href"][1:]).name == "main"  # type: ignore[index,union-attr]


def test_messages_are_banners() -> None:
    note = SimpleNamespace(level_tag="success", message="Saved <b>well</b>")
    page = show(get_messages=lambda _request: [note])
    banner = page.select_one(".lg-banner--success")
    assert banner and banner["role"] == "status"
    assert "Saved <b>well</b>" in banner.get_text()


def test_the_title_says_when_something_is_to_be_put_right() -> None:
    from django import forms

    class Form(forms.Form):
        name = forms.CharField(label="Name")

    page = show(form=Form({}))
    assert page.title and page.title.string == "Error: Money & risk – Levelground"
    assert page.select_one("main .lg-error-summary a")


def test_nothing_inline_that_the_content_policy_would_refuse() -> None:
    page = signed_in(places=[VALLEY, COAST], help=HELP)
    assert not page.find_all("style")
    assert not [script for script in page.find_all("script") if not script.get("src")]
    assert not [tag for tag in page.find_all(True) for name in tag.attrs if name == "style" or name.startswith("on")]
