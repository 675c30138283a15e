"""What a chart says in words: verdict, target, how sure, what next, and the caption that tells the method.

English in the code; other languages by the ``gettext`` of the ``Language``. Codes: ``engines.spc.Verdict``.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from levelground.engines.spc import PhaseSummary, Result, Signal

from .language import ENGLISH, Calendar, Language, Writing, calendar_of, decimals_for
from .phrases import no_points, rule_phrase

SCREENED = {"i", "t", "pp", "up", "ip"}  # charts whose moving ranges may be screened
WITHOUT_LIMITS = {"run"}


@dataclass(frozen=True)
class Words:
    """A chart in words; each is a whole sentence or empty.

    ``status``: the verdict's code, for the tag's tone; ``tag``: one or two words; ``verdict``: the one sentence;
    ``change``: the level of the last two phases; ``target``: whether it will be met; ``sure``: how firm the limits are;
    ``next_step``: what to do; ``caption``: chart, rules, limits, baseline.
    """

    status: str
    tag: str
    verdict: str
    change: str
    target: str
    sure: str
    next_step: str
    caption: str

    @property
    def summary(self) -> str:
        """Everything but the caption, as running text."""
        return " ".join(text for text in (self.verdict, self.change, self.target, self.sure, self.next_step) if text)


@dataclass(frozen=True)
class Teller:
    """A result with what is needed to write its numbers and dates."""

    result: Result
    writing: Writing
    language: Language
    calendar: Calendar
    decimals: int

    @classmethod
    def of(cls, result: Result, writing: Writing, language: Language) -> "Teller":
        decimals = decimals_for(result.value) if writing.decimals is None else writing.decimals
        if writing.format == "share" and writing.decimals is None:
            decimals = max(decimals - 2, 0)
        return cls(result, writing, language, calendar_of(result.x, language.code), decimals)

    def value(self, number: float) -> str:
        """A value of the chart; whole numbers stay whole."""
        return self.writing.full(number, self.places(number))

    def line(self, number: float) -> str:
        """A centre, limit or target: one decimal more than whole values have, unless it is whole itself."""
        return self.writing.full(number, self.line_places(number))

    def places(self, number: float) -> int:
        return 0 if self._is_whole(number) else self.decimals

    def line_places(self, number: float) -> int:
        if self._is_whole(number):
            return 0
        small = math.isfinite(number) and abs(self.writing.shown(number)) < 100
        return max(self.decimals, 1) if small and self.writing.decimals is None else self.decimals

    def _is_whole(self, number: float) -> bool:
        if not math.isfinite(number) or self.writing.decimals is not None:
            return False
        shown = self.writing.shown(number)
        return abs(shown - round(shown)) < 1e-9

    def when(self, x: Any) -> str:
        """A date within a sentence; in Welsh a month is named as one ("mis Mai 2026")."""
        named = self.calendar.long(x)
        return f"mis {named}" if self.language.code == "cy" and self.calendar.kind == "month" else named


def words(result: Result, *, writing: Writing | None = None, language: Language = ENGLISH) -> Words:
    """The verdict and the caption of a result, in the language given."""
    teller = Teller.of(result, writing or Writing(), language)
    status = result.verdict.status
    return Words(
        status=status,
        tag=tag(status, language),
        verdict=_verdict(teller),
        change=_change(teller),
        target=_target(teller),
        sure=_sure(teller),
        next_step=_next_step(result.verdict.next_step, language),
        caption=caption(result, language=language),
    )


def tag(status: str, language: Language = ENGLISH) -> str:
    """The verdict in a word or two."""
    _ = language.gettext
    return {
        "no_data": _("No data"),
        "withheld": _("Small numbers: hidden"),
        "too_few": _("Too few points"),
        "stable": _("Steady"),
        "earlier_signal": _("Steady now"),
        "improvement": _("Improvement"),
        "concern": _("Concern"),
        "changed_high": _("Higher"),
        "changed_low": _("Lower"),
        "pattern": _("Pattern"),
    }[status]


def _verdict(teller: Teller) -> str:
    _ = teller.language.gettext
    verdict = teller.result.verdict
    if verdict.status == "no_data":
        return no_points(teller.language)
    if verdict.status == "withheld":
        return _withheld(teller)
    if verdict.status == "too_few":
        return _("Too early to tell: %(count)s points so far, and it takes 10 to judge.") % {
            "count": f"{verdict.numbers['tested']:.0f}"
        }
    if verdict.status == "stable":
        return _steady(teller)
    signal = carrying(teller.result)
    found = {
        "rule": rule_phrase(signal, teller.result.chart, teller.language),
        "since": teller.when(verdict.since),
        "until": teller.calendar.long(verdict.until),
    }
    if verdict.status == "earlier_signal":
        return _("No sign of change now; there was one earlier (until %(until)s): %(rule)s.") % found
    return _signal_sentence(verdict.status, len(signal.points) == 1, teller.language) % found


def _withheld(teller: Teller) -> str:
    """Of the last phase, as the verdict is."""
    _ = teller.language.gettext
    withheld = [phase for phase in teller.result.phases if phase.withheld]
    phase = withheld[-1] if teller.result.verdict.phase is None else _judged(teller.result)
    found = {"hidden": phase.withheld, "count": phase.withheld + phase.known}
    return _("%(hidden)s of %(count)s numbers are small and hidden: too many to tell chance from change.") % found


def carrying(result: Result) -> Signal:
    """The signal that the verdict rests on. Only where there is one."""
    verdict = result.verdict
    return next(s for s in result.signals if s.rule == verdict.rule and s.points[0] == verdict.since_position)


def _signal_sentence(status: str, alone: bool, language: Language) -> str:
    _ = language.gettext
    if alone:
        return {
            "improvement": _("Improvement at the latest point (%(until)s): %(rule)s, which chance rarely does."),
            "concern": _("Concern at the latest point (%(until)s): %(rule)s, which chance rarely does."),
            "changed_high": _("Higher at the latest point (%(until)s): %(rule)s, which chance rarely does."),
            "changed_low": _("Lower at the latest point (%(until)s): %(rule)s, which chance rarely does."),
            "pattern": _("Not chance alone at the latest point (%(until)s): %(rule)s."),
        }[status]
    return {
        "improvement": _("Improvement since %(since)s: %(rule)s, which chance alone would rarely do."),
        "concern": _("Concern since %(since)s: %(rule)s, which chance alone would rarely do."),
        "changed_high": _("Higher since %(since)s: %(rule)s, which chance alone would rarely do."),
        "changed_low": _("Lower since %(since)s: %(rule)s, which chance alone would rarely do."),
        "pattern": _("Not chance alone since %(since)s: %(rule)s."),
    }[status]


def _steady(teller: Teller) -> str:
    _ = teller.language.gettext
    numbers = teller.result.verdict.numbers
    found = {
        "centre": teller.line(numbers["centre"]),
        "lower": teller.line(numbers["lcl"]),
        "upper": teller.line(numbers["ucl"]),
    }
    if found["lower"] == found["upper"] == found["centre"] != "":
        return _("No sign of change: every point is %(centre)s.") % found
    if len(teller.result.phases) > 1:
        found["since"] = teller.when(teller.result.x[_judged(teller.result).start])
        return _("No sign of change since %(since)s: points vary around %(centre)s as chance would have it.") % found
    if found["lower"] and found["upper"]:
        return (
            _(
                "No sign of change: points vary around %(centre)s as chance would have it, and the next should lie "
                "between %(lower)s and %(upper)s."
            )
            % found
        )
    return _("No sign of change: points vary around %(centre)s as chance would have it.") % found


def _judged(result: Result) -> PhaseSummary:
    """The phase that the verdict is about. Only where there is one."""
    return result.phases[result.verdict.phase or 0]


def _change(teller: Teller) -> str:
    """The level now and before, where the last two phases have one."""
    _ = teller.language.gettext
    phases = [phase for phase in teller.result.phases[: (teller.result.verdict.phase or 0) + 1] if phase.tested]
    if len(phases) < 2:
        return ""
    before, now = phases[-2], phases[-1]
    found = {
        "now": teller.line(_level(teller.result, now.start, now.stop)),
        "before": teller.line(_level(teller.result, before.start, before.stop)),
        "when": teller.when(teller.result.x[now.start]),
    }
    if not found["now"] or not found["before"]:
        return ""
    if teller.result.chart in {"run", "g"}:
        return _("The median is now %(now)s; before %(when)s it was %(before)s.") % found
    return _("The average is now %(now)s; before %(when)s it was %(before)s.") % found


def _level(result: Result, start: int, stop: int) -> float:
    known = result.centre[start:stop]
    known = known[~np.isnan(known)]
    return float(known[-1]) if len(known) else math.nan


def _target(teller: Teller) -> str:
    _ = teller.language.gettext
    result = teller.result
    if result.assurance is None or result.verdict.status in {"withheld", "too_few"}:
        return ""
    sentence = {
        "consistent_pass": _("Unless something changes, the target of %(target)s will be met."),
        "consistent_fail": _("As things are, the target of %(target)s is out of reach."),
        "inconsistent": _("The target of %(target)s will be met at times and missed at times, by chance."),
    }[result.assurance]
    if result.verdict.status not in {"stable", "earlier_signal", "pattern"}:  # the level has moved since
        sentence = {
            "consistent_pass": _("By the limits of the whole time, the target of %(target)s would be met."),
            "consistent_fail": _("By the limits of the whole time, the target of %(target)s is out of reach."),
            "inconsistent": _("By the limits of the whole time, the target of %(target)s would be met at times."),
        }[result.assurance]
    target = float(result.target[-1])
    return sentence % {"target": teller.line(target)} if not math.isnan(target) else ""


def _sure(teller: Teller) -> str:
    _ = teller.language.gettext
    result = teller.result
    if result.verdict.status in {"no_data", "withheld", "too_few"}:
        return ""
    sentence = {
        "weak": _("Take it with care: only %(count)s points in the baseline."),
        "provisional": _("Provisional: %(count)s points in the baseline; 20 make it firm."),
        "firm": _("Firm: %(count)s points in the baseline."),
    }[result.verdict.sureness]
    return sentence % {"count": _judged(result).in_baseline}


def _next_step(code: str, language: Language) -> str:
    _ = language.gettext
    return {
        "add_points": _("Next: add points."),
        "look_wider": _("Next: look at longer times, or at more people together."),
        "keep_watching": _("Next: keep watching."),
        "keep_it": _("Next: find out what made the difference, and keep it."),
        "find_out_why": _("Next: find out why."),
        "ask_what_changed": _("Next: ask what changed."),
        "redesign": _("Next: change the way of working; waiting will not do."),
        "look_for_pattern": _("Next: look for a cause in how the points follow each other."),
    }[code]


# -- the method


def caption(result: Result, *, language: Language = ENGLISH) -> str:
    """How the chart was made: kind, rules, limits, screening, baseline, what was left out."""
    parts = [chart_name(result.chart, language), rules_name(result.settings["rules"], language)]
    parts += [_limits(result, language), _screening(result, language), _baseline(result, language)]
    parts += [_left_out(result, language), _scale(result, language)]
    return " ".join(part for part in parts if part)


def chart_name(chart: str, language: Language = ENGLISH) -> str:
    """The chart's name as a sentence."""
    _ = language.gettext
    return {
        "run": _("Run chart."),
        "i": _("Individuals chart (XmR)."),
        "mr": _("Moving range chart (MR)."),
        "xbar": _("Chart of averages (x̄)."),
        "s": _("Chart of standard deviations (s)."),
        "t": _("Time between events (t chart)."),
        "p": _("Proportions (p chart)."),
        "pp": _("Proportions, large denominators (p′ chart)."),
        "c": _("Counts (c chart)."),
        "u": _("Rates (u chart)."),
        "up": _("Rates, large denominators (u′ chart)."),
        "g": _("Cases between events (g chart)."),
        "ip": _("Individuals with denominators (I′ chart)."),
    }[chart]


def rules_name(rules: Any, language: Language = ENGLISH) -> str:
    """Which rules tell chance from change, as a sentence."""
    _ = language.gettext
    if not isinstance(rules, str):
        return _("Rules of our own.")
    return {
        "none": _("No rules."),
        "shewhart": _("Rule: points outside the limits."),
        "making_data_count": _("Making Data Count rules, 7 points."),
        "making_data_count_6": _("Making Data Count rules, 6 points."),
        "making_data_count_2019": _("Making Data Count rules of before 2023, 7 points."),
        "making_data_count_2019_6": _("Making Data Count rules of before 2023, 6 points."),
        "anhoej": _("Anhøj rules."),
        "western_electric": _("Western Electric rules."),
        "nelson": _("Nelson rules."),
        "ihi": _("Run chart rules of the IHI."),
        "wheeler": _("Wheeler rules."),
    }[rules]


def _limits(result: Result, language: Language) -> str:
    _ = language.gettext
    if result.chart in WITHOUT_LIMITS:
        return _("Centre line: the median.")
    if result.chart != "i":
        return _("Limits at 3 sigma.")
    least, last = int(result.settings["minimum_points"]), result.phases[-1] if result.phases else None
    if last is not None and last.stop - last.start < least:
        return _("Limits are drawn from %(count)s points on.") % {"count": least}
    factor = float(result.settings["factor"])
    said = "3 / 1.128" if math.isclose(factor, 3 / 1.128) else f"{factor:.4g}"
    return _("Limits: average ± %(factor)s × the mean moving range.") % {"factor": said}


def _screening(result: Result, language: Language) -> str:
    _ = language.gettext
    if result.chart not in SCREENED:
        return ""
    return _("Freak ranges are left out.") if result.settings["screen"] else _("Ranges are not screened.")


def _baseline(result: Result, language: Language) -> str:
    _ = language.gettext
    if not len(result):
        return ""
    if len(result.phases) > 1:
        return _baselines(result, language)
    if result.baseline.all():
        return _("Baseline: all points.")
    found: dict[str, Any] = {"count": int(result.baseline.sum())}
    if _from_the_first(result):
        return _("Baseline: the first %(count)s points.") % found
    calendar, places = calendar_of(result.x, language.code), np.flatnonzero(result.baseline)
    found |= {"first": calendar.long(result.x[places[0]]), "last": calendar.long(result.x[places[-1]])}
    return _("Baseline: %(count)s points from %(first)s to %(last)s.") % found


def _baselines(result: Result, language: Language) -> str:
    _ = language.gettext
    found = {"count": len(result.phases)}
    if result.baseline.all():
        return _("Limits anew in each of %(count)s phases.") % found
    if _from_the_first(result):
        return _("Limits anew in each of %(count)s phases, from its first points.") % found
    return _("Limits anew in each of %(count)s phases, from chosen points.") % found


def _from_the_first(result: Result) -> bool:
    """Whether every phase's baseline is its first points."""
    spans = [result.baseline[phase.start : phase.stop] for phase in result.phases]
    return all((np.diff(span.astype(np.int8)) <= 0).all() for span in spans)


def _left_out(result: Result, language: Language) -> str:
    _ = language.gettext
    count, small = int((~result.included).sum()), sum(phase.withheld for phase in result.phases)
    said = [_("Points left out: %(count)s.") % {"count": count}] if count else []
    said += [_("Hidden, and so left out: %(count)s small numbers.") % {"count": small}] if small else []
    return " ".join(said)


def _scale(result: Result, language: Language) -> str:
    _ = language.gettext
    multiply = float(result.settings["multiply"])
    if multiply == 1:
        return ""
    return _("Rates per %(number)s.") % {"number": f"{multiply:,g}"}
