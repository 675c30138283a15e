"""What a table of many measures says of one chart: level, limits, target, and the rule that fired. Nothing is drawn."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from levelground.engines.spc import Result

from .language import ENGLISH, Language, Writing
from .phrases import rule_phrase
from .words import Teller, carrying, chart_name, rules_name


@dataclass(frozen=True)
class Brief:
    """``numbers``: centre, lower, upper, target where the verdict is judged (None: there is none); ``texts``: the same
    as the chart writes them (empty: none). ``rule`` and ``since``: of the signal that holds now, in words and as x;
    empty and None when none does. ``method``: chart and rules."""

    numbers: dict[str, float | None]
    texts: dict[str, str]
    rule: str
    since: Any
    since_words: str
    method: str


def brief(result: Result, *, writing: Writing | None = None, language: Language = ENGLISH) -> Brief:
    teller = Teller.of(result, writing or Writing(), language)
    verdict = result.verdict
    found = {name: verdict.numbers[key] for name, key in (("centre", "centre"), ("lower", "lcl"), ("upper", "ucl"))}
    found["target"] = float(result.target[-1]) if len(result.target) else np.nan
    now = bool(verdict.rules) and verdict.rule is not None and verdict.rule in verdict.rules
    signal = carrying(result) if now else None
    return Brief(
        numbers={name: None if np.isnan(number) else float(number) for name, number in found.items()},
        texts={name: teller.writing.bare(number, teller.line_places(number)) for name, number in found.items()},
        rule=rule_phrase(signal, result.chart, language) if signal else "",
        since=result.x[signal.points[0]] if signal else None,
        since_words=teller.when(result.x[signal.points[0]]) if signal else "",
        method=f"{chart_name(result.chart, language)} {rules_name(result.settings['rules'], language)}",
    )
