"""The demonstration mark: complete, in both languages, in plain words."""

import re
from pathlib import Path

import pytest

from levelground.frameworks.files import read_yaml
from levelground.frameworks.files.content import gaps, nodes

SEED = Path(__file__).parents[2] / "demo" / "seed" / "quality-mark.yaml"


@pytest.fixture(scope="module")
def reading():
    return read_yaml(SEED.read_bytes(), SEED.name)


@pytest.fixture(scope="module")
def indicators(reading):
    return [node for level, _path, node in nodes(reading.data) if level == "indicators"]


@pytest.mark.requirement("MQM-06")
def test_three_areas_in_their_order(reading):
    assert [area["name"]["en"] for area in reading.data["areas"]] == [
        "Leadership and governance", "Sustainability and growth", "Influence and engagement",
    ]  # fmt: skip


@pytest.mark.requirement("MQM-07", "MQM-08")
def test_at_least_twelve_themes_and_exactly_156_indicators(reading, indicators):
    themes = [node for level, _path, node in nodes(reading.data) if level == "themes"]
    assert len(themes) >= 12
    assert all(theme["standards"] for theme in themes)
    assert all(standard["indicators"] for theme in themes for standard in theme["standards"])
    assert len(indicators) == 156


def test_no_problem_no_note_and_nothing_without_welsh(reading):
    assert (reading.problems, reading.warnings, gaps(reading.data)) == ([], [], [])


@pytest.mark.requirement("MQM-02")
def test_each_indicator_is_marked_and_both_kinds_are_used(indicators):
    assert {item["kind"] for item in indicators} == {"legal", "good_practice", "both"}
    assert sum(item["kind"] != "good_practice" for item in indicators) >= 30


@pytest.mark.parametrize("language", ["en", "cy"])
def test_text_guidance_reason_and_evidence_are_there_and_short(indicators, language):
    limits = {"text": 160, "guidance": 320, "why": 240, "evidence": 160}
    for item in indicators:
        for field, longest in limits.items():
            text = item[field][language]
            assert 8 <= len(text) <= longest, (item["code"], field, len(text), text)


def test_codes_follow_their_place(reading):
    for theme in (node for level, _path, node in nodes(reading.data) if level == "themes"):
        for place, standard in enumerate(theme["standards"], start=1):
            assert standard["code"] == f"{theme['code']}.{place}"
            expected = [f"{standard['code']}.{number}" for number in range(1, len(standard["indicators"]) + 1)]
            assert [item["code"] for item in standard["indicators"]] == expected


@pytest.mark.requirement("MQM-14", "MQM-51")
def test_every_standard_has_help(reading):
    for _level, _path, node in nodes(reading.data):
        if "resources" in node:
            assert node["resources"], node["code"]


@pytest.mark.requirement("MQM-01", "MQM-05")
def test_purpose_beneficiaries_and_strategy_are_told(reading):
    head = reading.data["framework"]
    assert all(head[name]["en"] and head[name]["cy"] for name in ("name", "purpose", "beneficiaries"))
    assert head["strategy"]["name"]["en"] and head["strategy"]["target_year"] and head["strategy"]["reach"]


def test_no_two_texts_are_alike(indicators):
    for field in ("text", "guidance", "why"):
        for language in ("en", "cy"):
            seen = {}
            for item in indicators:
                words = re.sub(r"\W+", " ", item[field][language].lower()).strip()
                assert seen.setdefault(words, item["code"]) == item["code"], (field, item["code"], seen[words])


def test_nothing_was_left_in_english_by_mistake(indicators):
    english = re.compile(r"\b(the|and|with|your|our|this|that|from|they|when|which|have|for)\b")
    for item in indicators:
        for field in ("text", "guidance", "why", "evidence"):
            assert not english.search(item[field]["cy"].lower()), (item["code"], field, item[field]["cy"])
            assert item[field]["cy"] != item[field]["en"], (item["code"], field)


def test_words_that_blame_or_differ_from_the_interface_are_not_used(indicators):
    for item in indicators:
        for field in ("text", "guidance", "why", "evidence"):
            text = item[field]["en"].lower()
            assert not re.search(r"\b(fail|failed|failure|fails|non-complian\w*|n/a)\b", text), (item["code"], field)


ANSWERS = {"en": {"Met", "Not yet", "Does not apply"}, "cy": {"Wedi'i fodloni", "Ddim eto", "Ddim yn berthnasol"}}


def test_answers_are_named_as_the_interface_names_them(indicators):
    ways = {"en": r"(?:choose|answer) '([^.]+)'\.", "cy": r"(?:dewiswch|atebwch) '([^.]+)'\."}
    found = 0
    for item in indicators:
        assert not re.search(r"answer met|atebwch wedi", item["guidance"]["en"] + item["guidance"]["cy"])
        for language, way in ways.items():
            named = re.findall(way, item["guidance"][language])
            assert set(named) <= ANSWERS[language], (item["code"], named)
            found += len(named)
    assert found == 18
