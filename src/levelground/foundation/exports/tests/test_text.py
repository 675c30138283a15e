"""Text on its way into files."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from levelground.foundation.exports.text import CELL_LIMIT, as_typed, clean, harmless, safe_filename


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-2", "@SUM(A1)", "\t=1", "  =cmd|'/c calc'!A0", "'=1", "＝1+1", "\n=1", "\r\n@x"]
)
def test_what_begins_like_a_formula_is_disarmed_and_comes_back(text):
    assert harmless(text).startswith("'")
    assert as_typed(harmless(text)) == clean(text)


@pytest.mark.parametrize("text", ["Met", "a = b", "'quoted'", "5 - 3", "", "it's"])
def test_ordinary_text_stays_as_it_is(text):
    assert harmless(text) == text
    assert as_typed(text) == text


@given(st.text(max_size=200))
def test_every_text_survives_the_way_out_and_back(text):
    assert as_typed(harmless(text)) == clean(text)


@given(st.text(max_size=200))
def test_no_cell_begins_like_a_formula(text):
    assert not harmless(text).lstrip(" \u00a0").startswith(("=", "+", "-", "@", "\t"))


def test_control_characters_and_direction_marks_are_taken_out():
    assert clean("a\x00b\x1bc\u202ed\ufeff\ud800\r\ne\rf\tg") == "abcd\ne\nf\tg"


def test_a_cell_holds_no_more_than_it_can():
    assert len(harmless("=" + "x" * 50_000)) == CELL_LIMIT


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        (("Tŷ Gwyn Mind", "Cynllun"), "tŷ-gwyn-mind-cynllun.pdf"),
        (("../../etc/passwd",), "etc-passwd.pdf"),
        (('a"b\r\nX-Evil: 1',), "a-b-x-evil-1.pdf"),
        (("",), "file.pdf"),
    ],
)
def test_file_names_are_safe(parts, name):
    assert safe_filename(*parts, extension="pdf") == name
