"""The ways in which a measure can be looked at: a chart, its rules, and how its limits are worked out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from .states import Kind

# What fits the kind of number; the first is the one that a measure is looked at by.
CHARTS_OF = {
    Kind.COUNT: ("i", "c", "run"),
    Kind.PERCENT: ("i", "p", "pp", "run"),
    Kind.RATE: ("i", "u", "up", "run"),
    Kind.AVERAGE: ("i", "run"),
    Kind.BETWEEN: ("t", "run"),
}
OF_PARTS = frozenset({"p", "pp", "u", "up"})  # they are worked out from numerators and denominators

CHART_NAMES: dict[str, Any] = {
    "i": _("Control chart (XmR)"),
    "p": _("Control chart of proportions (p)"),
    "pp": _("Control chart of proportions, large denominators (p′)"),
    "u": _("Control chart of rates (u)"),
    "up": _("Control chart of rates, large denominators (u′)"),
    "c": _("Control chart of counts (c)"),
    "t": _("Time between rare events (t)"),
    "run": _("Run chart, with the median"),
}
RULE_NAMES: dict[str, Any] = {
    "making_data_count": _("Making Data Count, 7 points"),
    "making_data_count_6": _("Making Data Count, 6 points"),
    "making_data_count_2019": _("Making Data Count of before 2023"),
    "ihi": _("Run chart rules of the IHI"),
    "anhoej": _("Anhøj: unusually long runs, few crossings"),
    "western_electric": _("Western Electric"),
    "nelson": _("Nelson"),
    "wheeler": _("Wheeler"),
    "shewhart": _("Only points outside the limits"),
}
LIMIT_NAMES: dict[str, Any] = {
    "making_data_count": _("As Making Data Count does: nothing left out"),
    "screened": _("Freak ranges left out"),
    "plotthedots": _("As NHSRplotthedots does"),
    "qicharts2": _("As qicharts2 does: 3 / 1.128, freak ranges left out"),
}
_PROFILES = {"making_data_count": "making_data_count", "plotthedots": "plotthedots", "qicharts2": "qicharts2"}
_OF_RUNS = ("ihi", "anhoej")


@dataclass(frozen=True)
class Way:
    """One way of looking. ``rules`` and ``limits`` are keys of the names above; ``asked`` is what differs from the way
    that suits the kind of number: what an address carries."""

    chart: str
    rules: str
    limits: str
    asked: tuple[tuple[str, str], ...] = ()

    @property
    def profile(self) -> str | None:
        return _PROFILES.get(self.limits)

    @property
    def name(self) -> str:
        return f"{CHART_NAMES[self.chart]} · {RULE_NAMES[self.rules]}"


def rules_for(chart: str) -> tuple[str, ...]:
    """The rules that can be asked of a chart. A median without limits has only those of runs."""
    return _OF_RUNS if chart == "run" else tuple(name for name in RULE_NAMES if name != "ihi")


def limits_for(chart: str) -> tuple[str, ...]:
    """How the limits can be worked out; of other charts there is one way only."""
    return tuple(LIMIT_NAMES) if chart == "i" else ()


def way_of(kind: str, asked: Mapping[str, str] | None = None) -> Way:
    """The way of looking that was asked for, as far as it fits the kind of number; else the one that suits it."""
    wanted = asked or {}
    charts = CHARTS_OF[Kind(kind)]
    chart = _one_of(charts, wanted.get("chart", ""))
    limits = _one_of(limits_for(chart), wanted.get("limits", ""))
    usual = {"qicharts2": "anhoej", "plotthedots": "making_data_count_2019"}.get(limits, rules_for(chart)[0])
    rules = wanted.get("rules", "") if wanted.get("rules") in rules_for(chart) else usual
    differs = [("chart", chart)] if chart != charts[0] else []
    differs += [("limits", limits)] if limits and limits != limits_for(chart)[0] else []
    differs += [("rules", rules)] if rules != usual else []
    return Way(chart, rules, limits, tuple(differs))


def _one_of(known: tuple[str, ...], wanted: str) -> str:
    return wanted if wanted in known else known[0] if known else ""
