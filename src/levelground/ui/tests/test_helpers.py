"""The functions that every template may call."""

from types import SimpleNamespace

from django.test import RequestFactory
from django.utils import translation

from levelground.ui import helpers


def bilingual(text: str, lang: str) -> SimpleNamespace:
    return SimpleNamespace(here=lambda: text, lang_here=lambda: lang)


def test_text_in_the_other_language_says_so() -> None:
    with translation.override("cy"):
        assert helpers.bi(bilingual("Only <English>", "en")) == '<span lang="en">Only &lt;English&gt;</span>'
        assert helpers.bi(bilingual("Cymraeg", "cy")) == "Cymraeg"
        assert helpers.bi(bilingual("Cymraeg", "cy"), "p", "lg-hint") == '<p class="lg-hint">Cymraeg</p>'


def test_plain_text_is_escaped() -> None:
    assert helpers.bi("a < b") == "a &lt; b"
    assert helpers.bi(None) == ""


def test_paragraphs_keep_breaks_and_nothing_else() -> None:
    assert helpers.paragraphs("One\r\ntwo\n\n\n<b>three</b>") == "<p>One<br>two</p><p>&lt;b&gt;three&lt;/b&gt;</p>"
    assert helpers.paragraphs("") == ""


def test_query_changes_and_removes() -> None:
    request = RequestFactory().get("/?q=a+b&page=2&show=gaps")
    assert helpers.query(request, page=3, show=None) == "?q=a+b&page=3"


def test_attributes() -> None:
    given = {"disabled": True, "hidden": False, "title": '"<', "lang": None}
    assert helpers.attrs(given) == ' disabled title="&#34;&lt;"'


def test_the_bar_says_in_words_what_it_shows() -> None:
    html = helpers.progress_bar({"met": 3, "gap": 1}, "Money")
    assert 'aria-label="Money. Met: 3; No open action: 1"' in html
    assert "Working towards" not in html
    assert "Nothing to count yet." in helpers.progress_bar({}, "Money")
