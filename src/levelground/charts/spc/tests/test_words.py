"""The sentences: one for every status, in both languages, with numbers and dates as people write them."""

import datetime as dt
import re
from collections.abc import Iterator

import numpy as np
import pytest
from django.utils import translation
from django.utils.translation import gettext

from levelground.charts.spc import ENGLISH, Language, Writing, caption, notices, refusal, words
from levelground.charts.spc.language import calendar_of, decimals_for
from levelground.engines.spc import CHARTS, RULE_SETS, SpcError, analyse

from .series import STATUSES, STEADY, chart, months

SAID = {
    "no_data": "There are no values yet.",
    "too_few": "Too early to tell: 3 points so far, and it takes 10 to judge.",
    "stable": "No sign of change: points vary around 10.4 as chance would have it, and the next should lie between "
    "4.4 and 16.5.",
    "earlier_signal": "No sign of change now; there was one earlier (until January 2024): a point above the upper "
    "limit.",
    "improvement": "Improvement since September 2025: 8 points in a row above the average, which chance alone would "
    "rarely do.",
    "concern": "Concern since September 2025: 8 points in a row above the average, which chance alone would rarely do.",
    "changed_high": "Higher since September 2025: 8 points in a row above the average, which chance alone would rarely "
    "do.",
    "changed_low": "Lower since September 2025: 8 points in a row below the average, which chance alone would rarely "
    "do.",
    "pattern": "Not chance alone since January 2024: 24 points that rise and fall in turn.",
}


@pytest.fixture
def welsh() -> Iterator[Language]:
    with translation.override("cy"):
        yield Language("cy", gettext)


@pytest.mark.requirement("AMHE-15")
@pytest.mark.parametrize("status", STATUSES)
def test_the_verdict_in_english(status: str) -> None:
    result = STATUSES[status]()
    assert result.verdict.status == status
    said = words(result)
    assert said.verdict == SAID[status]
    assert said.tag


@pytest.mark.parametrize("status", STATUSES)
def test_the_verdict_in_welsh(status: str, welsh: Language) -> None:
    said, english = words(STATUSES[status](), language=welsh), words(STATUSES[status]())
    for name in ("tag", "verdict", "change", "target", "sure", "next_step", "caption"):
        text, other = getattr(said, name), getattr(english, name)
        assert bool(text) == bool(other)
        assert not text or text != other, name
        assert "%(" not in text
    numbers = re.compile(r"\d[\d,.]*\d|\d")
    assert sorted(numbers.findall(said.verdict)) == sorted(numbers.findall(english.verdict))


def test_a_welsh_month_is_named_as_one(welsh: Language) -> None:
    assert " ers mis Medi 2025: " in words(STATUSES["improvement"](), language=welsh).verdict


@pytest.mark.parametrize("rules", [*RULE_SETS])
@pytest.mark.parametrize("kind", [*CHARTS])
def test_every_chart_and_rule_set_has_a_caption(kind: str, rules: str, welsh: Language) -> None:
    result = analyse(
        [3.0, 4, 5, 4, 3, 5], chart=kind, denominators=None if kind in {"c", "g"} else [10] * 6, rules=rules
    )
    assert caption(result) != caption(result, language=welsh)


@pytest.mark.parametrize(
    ("options", "part"),
    [
        ({"profile": "making_data_count"}, "± 2.66 × the mean moving range. Ranges are not screened."),
        ({"rules": "nelson"}, "Nelson rules. Limits: average ± 3 / 1.128 × the mean moving range. Freak ranges are"),
        ({"freeze": 12}, "Baseline: the first 12 points."),
        ({"baseline": range(3, 15)}, "Baseline: 12 points from April 2024 to March 2025."),
        ({"phases": [10], "baseline": range(3, 9)}, "Limits anew in each of 2 phases, from chosen points."),
        ({"phases": [10]}, "Limits anew in each of 2 phases."),
        ({"phases": [10], "fix_after": 6}, "Limits anew in each of 2 phases, from its first points."),
        ({"exclude": [2, 3]}, "Points left out: 2."),
        ({"multiply": 1000}, "Rates per 1,000."),
        ({"chart": "run"}, "Run chart. Run chart rules of the IHI. Centre line: the median. Baseline: all points."),
    ],
)
def test_the_caption_says_how_it_was_made(options: dict[str, object], part: str) -> None:
    assert part in caption(chart(list(STEADY), **options))


@pytest.mark.parametrize(
    ("target", "sentence"),
    [
        (30, "As things are, the target of 30 is out of reach."),
        (2, "Unless something changes, the target of 2 will be met."),
        (12, "The target of 12 will be met at times and missed at times, by chance."),
        (None, ""),
    ],
)
def test_whether_the_target_will_be_met(target: float | None, sentence: str) -> None:
    assert words(chart(list(STEADY), direction="increase", target=target)).target == sentence


def test_two_phases_say_the_level_now_and_before() -> None:
    said = words(chart([*STEADY, *(value + 20 for value in STEADY)], phases=[20]), writing=Writing(unit="days"))
    assert said.change == "The average is now 30.4 days; before September 2025 it was 10.4 days."
    assert (
        said.verdict == "No sign of change since September 2025: points vary around 30.4 days as chance would have it."
    )


def test_a_signal_of_one_point_has_its_own_sentence() -> None:
    said = words(chart([*STEADY, 40], rules="shewhart", direction="increase"))
    assert said.verdict == (
        "Improvement at the latest point (September 2025): a point above the upper limit, which chance rarely does."
    )


@pytest.mark.parametrize(
    ("count", "sure"), [(12, "Take it with care: only 12"), (15, "Provisional: 15"), (20, "Firm: 20")]
)
def test_how_sure(count: int, sure: str) -> None:
    assert words(chart(STEADY[:count])).sure.startswith(sure)


@pytest.mark.parametrize(
    ("writing", "number", "decimals", "text"),
    [
        (Writing(), 1234567.891, 1, "1,234,567.9"),
        (Writing(), -3.0, 0, "−3"),
        (Writing(), -0.04, 1, "0.0"),
        (Writing("share"), 0.4567, 1, "45.7%"),
        (Writing("percent", "of people"), 45.67, 1, "45.7% of people"),
        (Writing(unit="days"), float("nan"), 1, ""),
    ],
)
def test_numbers(writing: Writing, number: float, decimals: int, text: str) -> None:
    assert writing.full(number, decimals) == text


@pytest.mark.parametrize(
    ("values", "decimals"), [([3000, 6000], 0), ([30, 60], 0), ([3, 6], 1), ([0.31, 0.38], 3), ([5, 5], 1), ([], 0)]
)
def test_decimals_follow_the_spread(values: list[float], decimals: int) -> None:
    assert decimals_for(np.array(values, dtype=float)) == decimals


@pytest.mark.parametrize(
    ("x", "kind", "text"),
    [
        (months(3), "month", "February 2024"),
        ([dt.date(2024, 1, 31), dt.date(2024, 2, 29), dt.date(2024, 3, 31)], "month", "February 2024"),
        ([dt.date(2024, 1, 1), dt.date(2024, 1, 8)], "day", "8 January 2024"),
        ([dt.datetime(2024, 1, 1, 9), dt.datetime(2024, 1, 1, 13, 5)], "moment", "1 January 2024, 13:05"),
        ([1, 2, 3], "number", "2"),
        (["Ash", "Oak"], "word", "Oak"),
    ],
)
def test_dates_are_said_as_finely_as_the_data_are(x: list[object], kind: str, text: str) -> None:
    result = analyse([1.0] * len(x), chart="run", x=x)
    calendar = calendar_of(result.x, "en")
    assert (calendar.kind, calendar.long(result.x[1])) == (kind, text)


def test_what_is_refused_is_said_with_its_rows(welsh: Language) -> None:
    with pytest.raises(SpcError) as refused:
        analyse([5, 9, 2], chart="p", denominators=[6, 6, 6])
    assert refusal(refused.value) == "The numerator is larger than the denominator. Rows: 2."
    assert refusal(refused.value, rows=["line 4", "line 5", "line 6"]).endswith("Rows: line 5.")
    assert refusal(refused.value, language=welsh) == "Mae'r rhifiadur yn fwy na'r enwadur. Rhesi: 2."
    assert refusal(SpcError("multiply")) == "The setting “multiply” does not fit."


def test_notices_are_said() -> None:
    result = analyse([1, 2, 3], chart="i", x=[3, 1, 1])
    assert notices(result.notices, language=ENGLISH) == (
        "The rows were put in order of date.", "Rows with one date became one point: 1.",
    )  # fmt: skip
