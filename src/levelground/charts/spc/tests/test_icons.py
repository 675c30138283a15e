"""The two icons: one for each verdict, the same words everywhere, and no target judged of too few points."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from levelground.charts.spc import ASSURANCES, VARIATIONS, brief, icon, icons, words
from levelground.charts.spc.icons import VARIATION_CODES, assurance_words, variation_words
from levelground.charts.spc.style import ICON_STYLE
from levelground.engines.spc import analyse

from .series import STATUSES, STEADY, chart

SASS = Path(__file__).resolve().parents[3] / "ui" / "sass"


@pytest.mark.parametrize("status", STATUSES)
def test_the_icon_says_what_the_verdict_says(status: str) -> None:
    result = STATUSES[status]()
    found = icons(result)
    assert found.variation.group in VARIATIONS and found.assurance.group in ASSURANCES
    assert found.variation.words.startswith(words(result).tag)
    assert found.variation.code.startswith(status)
    if status in ("improvement", "concern", "changed_high", "changed_low"):
        assert found.variation.code.endswith(("_high", "_low"))


@pytest.mark.parametrize(
    ("target", "direction", "group"),
    [(200, "increase", "fail"), (200, "decrease", "pass"), (10, "increase", "at_times"), (200, "neutral", "unsaid"),
     (None, "increase", "none")],
)  # fmt: skip
def test_the_target_s_icon(target: float | None, direction: str, group: str) -> None:
    found = icons(analyse(STEADY, chart="i", target=target, direction=direction))
    assert (found.assurance.group, found.assurance.code) == (group, group)


def test_too_few_points_judge_no_target() -> None:
    """The engine draws limits of three points; neither icon nor sentence makes a promise of them."""
    result = analyse([3, 4, 5], chart="i", target=200, direction="increase")
    assert result.assurance == "consistent_fail"
    assert (icons(result).variation.group, icons(result).assurance.group) == ("few", "unsaid")
    assert words(result).target == ""
    nothing = analyse([], chart="i")
    assert [icons(nothing, targeted=there).assurance.group for there in (False, True)] == ["none", "unsaid"]


def test_every_drawing_differs_and_is_sound() -> None:
    codes = [*VARIATION_CODES, *(code for code in ASSURANCES if code != "none")]
    drawings = {icon(code) for code in codes}
    assert len(drawings) == len(codes)
    for drawing in drawings:
        assert ET.fromstring(drawing).get("aria-hidden") == "true"
    # Without its colours each still differs: shape tells it.
    shapes = {re.sub(r' class="[^"]*"', "", drawing) for drawing in drawings}
    assert len(shapes) == len(codes)
    assert icon("none", standalone=True) == ""
    assert all(variation_words(code) for code in VARIATION_CODES) and all(assurance_words(code) for code in ASSURANCES)


def test_icons_have_a_style_on_pages_and_in_files() -> None:
    sass = (SASS / "_charts.scss").read_text()
    names = {name for code in VARIATION_CODES + ASSURANCES for name in re.findall(r'class="([^"]*)"', icon(code))}
    for name in {one for both in names for one in both.split()} - {"lg-icon", "lg-mark"}:
        assert f".{name}" in ICON_STYLE, name
        assert f"&{name[name.index('__') if '__' in name else name.index('--') :]}" in sass, name
    tokens = (SASS / "_tokens.scss").read_text().split("@media")[0]
    assert set(re.findall(r"#[0-9a-f]{6}", ICON_STYLE)) <= set(re.findall(r"#[0-9a-f]{6}", tokens))
    assert f"<style>{ICON_STYLE}</style>" in icon("pass", standalone=True)


def test_the_brief_names_the_rule_only_while_it_holds() -> None:
    improved = brief(STATUSES["improvement"]())
    assert improved.rule and improved.rule in words(STATUSES["improvement"]()).verdict
    assert improved.since_words in words(STATUSES["improvement"]()).verdict
    for status in ("stable", "earlier_signal", "too_few", "no_data"):
        found = brief(STATUSES[status]())
        assert (found.rule, found.since, found.since_words) == ("", None, "")
    nothing = brief(STATUSES["no_data"]())
    assert set(nothing.numbers.values()) == {None} and set(nothing.texts.values()) == {""}


def test_the_brief_writes_lines_as_the_chart_does() -> None:
    result = chart([10, 12, 14] * 8, target=20)
    found = brief(result)
    assert found.numbers["centre"] == pytest.approx(12) and found.texts["centre"] == "12"
    assert found.numbers["target"] == 20 and found.texts["target"] == "20"
    assert found.method == "Individuals chart (XmR). Making Data Count rules, 7 points."
