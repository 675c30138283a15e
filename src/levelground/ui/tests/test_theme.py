"""Colours that everybody can read, and pages that a slow connection can carry."""

import gzip
import re
from pathlib import Path

import pytest

UI = Path(__file__).resolve().parents[1]
STATIC = UI / "static" / "levelground"

TEXT_PAIRS = [
    ("ink", "paper"), ("ink", "card"), ("ink", "teal-wash"), ("ink", "amber-wash"), ("ink", "calm-wash"),
    ("ink-soft", "paper"), ("ink-soft", "card"), ("ink-soft", "calm-wash"), ("ink-soft", "teal-wash"),
    ("teal", "paper"), ("teal", "card"), ("teal", "amber-wash"), ("teal-strong", "teal-wash"), ("on-teal", "teal"),
    ("on-teal", "teal-strong"), ("amber", "amber-wash"), ("amber", "card"), ("amber", "paper"), ("leaf", "leaf-wash"),
    ("leaf", "card"), ("calm", "calm-wash"), ("alert", "card"), ("alert", "paper"), ("alert", "alert-wash"),
    ("chart-target", "card"),
]  # fmt: skip
EDGE_PAIRS = [
    ("edge", "card"), ("edge", "paper"), ("edge", "amber-wash"), ("teal", "card"), ("bar-met", "card"),
    ("bar-met", "bar-ground"), ("focus-edge", "focus"), ("chart-concern", "card"), ("chart-neutral", "card"),
    ("chart-target", "card"),
]  # fmt: skip


def tokens() -> dict[str, dict[str, str]]:
    light, dark = (UI / "sass" / "_tokens.scss").read_text().split("@media")
    found = {"light": dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", light))}
    found["dark"] = found["light"] | dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", dark))
    return found


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read(scheme: str) -> None:
    colours = tokens()[scheme]
    poor = {pair: round(contrast(colours[pair[0]], colours[pair[1]]), 2) for pair in TEXT_PAIRS}
    assert {pair: value for pair, value in poor.items() if value < 4.5} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_edges_can_be_seen(scheme: str) -> None:
    colours = tokens()[scheme]
    poor = {pair: round(contrast(colours[pair[0]], colours[pair[1]]), 2) for pair in EDGE_PAIRS}
    assert {pair: value for pair, value in poor.items() if value < 3} == {}


def test_what_every_page_loads_is_light() -> None:
    loaded = [STATIC / "levelground.css", STATIC / "vendor" / "htmx.min.js", *sorted((STATIC / "js").glob("*.js"))]
    total = sum(len(gzip.compress(path.read_bytes())) for path in loaded)
    assert total < 60_000


def test_the_stylesheet_asks_nobody_for_fonts_or_pictures() -> None:
    css = (STATIC / "levelground.css").read_text()
    addresses = set(re.findall(r"url\(([^)]*)\)", css))
    assert {one for one in addresses if not one.strip("\"'").startswith("data:")} <= {'"vendor/nhsuk-icon-cross.svg"'}
    assert "@font-face" not in css
    assert "Frutiger" not in css
    for name in addresses:
        assert (STATIC / name.strip("\"'")).exists()


def test_scripts_never_evaluate_text() -> None:
    for path in (STATIC / "js").glob("*.js"):
        source = path.read_text()
        assert not re.search(r"\beval\(|new Function|innerHTML|insertAdjacentHTML|document\.write", source), path.name
