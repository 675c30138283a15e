"""Progress pictures: true lengths, words for everybody, nothing through unescaped."""

import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from levelground.charts.progress import BAR_LENGTH, Part, readiness_ring, stacked_bar, whole_percent

NAMES = ["met", "working_towards", "gap", "not_applicable", "unanswered"]


def bar(*counts: int) -> ET.Element:
    parts = [Part(name, name, count) for name, count in zip(NAMES, counts, strict=False)]
    return ET.fromstring(stacked_bar(parts, title="Money", desc="in words"))


def pieces(picture: ET.Element) -> list[ET.Element]:
    return [one for one in picture.iter("rect") if one.get("class") != "lg-bar__ground"]


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=5).filter(any))
def test_the_pieces_fill_the_bar_in_order(counts: list[int]) -> None:
    shown = pieces(bar(*counts))
    assert [one.get("class") for one in shown] == [
        f"lg-bar__{name}" for name, count in zip(NAMES, counts, strict=False) if count
    ]
    ends = [float(one.get("x", 0)) + float(one.get("width", 0)) for one in shown]
    assert float(shown[0].get("x", -1)) == 0
    assert ends[-1] == pytest.approx(BAR_LENGTH, abs=0.3)
    assert ends == sorted(ends)


def test_what_xml_cannot_hold_is_left_out() -> None:
    picture = ET.fromstring(stacked_bar([Part("met", "Met", 1)], title="Mo\x0bney", desc="in\x00 words"))
    assert [picture.findtext("title"), picture.findtext("desc")] == ["Money", "in words"]


def test_lengths_are_in_proportion() -> None:
    half, quarter, other = (float(one.get("width", 0)) for one in pieces(bar(50, 25, 25)))
    assert half + 4 == pytest.approx(BAR_LENGTH / 2)
    assert quarter + 4 == pytest.approx(other)


def test_one_in_many_can_still_be_seen() -> None:
    assert float(pieces(bar(9_999, 0, 1))[1].get("width", 0)) >= 12


def test_nothing_is_an_empty_bar() -> None:
    assert pieces(bar(0, 0)) == []


def test_less_than_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="less than nothing"):
        bar(-1)
    with pytest.raises(ValueError, match="all can be done"):
        readiness_ring(3, 2, title="", desc="")


def test_words_are_escaped() -> None:
    svg = stacked_bar([Part('"><x', "l", 1)], title="<b>", desc='"')
    assert ET.fromstring(svg).get("aria-label") == '<b>. "'
    assert "<b>" not in svg


@pytest.mark.parametrize(("done", "total", "percent"), [(0, 9, 0), (1, 900, 1), (899, 900, 99), (9, 9, 100), (0, 0, 0)])
def test_all_and_nothing_are_said_only_when_true(done: int, total: int, percent: int) -> None:
    assert whole_percent(done, total) == percent
    svg = readiness_ring(done, total, title="Answered", desc="words")
    assert f">{percent}%<" in svg
    assert ("lg-ring__done" in svg) == (done > 0)


def test_the_ring_is_as_full_as_the_share() -> None:
    svg = readiness_ring(1, 4, title="Answered", desc="words")
    drawn, length = map(float, re.findall(r'stroke-dasharray="([\d.]+) ([\d.]+)"', svg)[0])
    assert drawn / length == pytest.approx(0.25, abs=0.001)
