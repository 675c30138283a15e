"""Settings of the method, their defaults, and the profiles: named sets of settings, nothing more.

A profile can be printed (``PROFILES["qicharts2"]``) and any of its settings overridden in the call.
Source: docs/methods/spc.md, "Where peers disagree" and "Profiles".
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Any

import numpy as np

from .constants import FACTOR_EXACT, FACTOR_NHS
from .errors import OptionError
from .interpret import DIRECTIONS
from .limits import CHARTS, QUIRKS
from .prepare import AGGREGATES
from .rules import RULE_SETS, Rule
from .runs import METHODS


@dataclass(frozen=True)
class Settings:
    """How to analyse a series; each is an argument of ``analyse``. None: by the chart (``factor``, ``rules``).

    ``screen``: leave out freak moving ranges once (Nelson 1982). ``factor``: limits of an I or t chart at 3 sigma, in
    mean moving ranges. ``rules``: name of a rule set, or rules. ``method``: runs test (anhoej, bestbox, cutbox).
    ``direction``: what is good (increase, decrease, neutral). ``aggregate``: what run, i, mr, t, g, ip charts make of
    values that share an x and have no denominator (mean, median, sum, sd). ``invalid``: impossible values are an
    "error", a "gap" with a notice, or taken ("accept"). ``order``, ``repeats``: "sort" and "pool", or "error".
    ``test_excluded``: rules see excluded points beyond the limits. ``conflict``: see ``interpret.point_types``.
    ``minimum_points``: a phase with fewer shows no limits and no icons. ``minimum_baseline``: ``fix_after`` below it is
    refused. ``negative_limits``: False raises lower limits to 0, after the tests, when no value is negative.
    ``inclusive_target``: a target on a limit counts as beyond it. ``quirks``: accidents of peers (``limits.QUIRKS``).
    """

    screen: bool = True
    factor: float | None = None
    rules: str | tuple[Rule, ...] | None = None
    method: str = "anhoej"
    direction: str = "neutral"
    aggregate: str = "mean"
    invalid: str = "error"
    order: str = "sort"
    repeats: str = "pool"
    test_excluded: bool = False
    conflict: str = "precedence"
    minimum_points: int = 0
    minimum_baseline: int = 0
    negative_limits: bool = True
    inclusive_target: bool = False
    quirks: frozenset[str] = frozenset()


PROFILES: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        # NHS England's Excel tool, as its users describe it (the tool itself is not public).
        "making_data_count": MappingProxyType(
            {
                "screen": False,
                "factor": FACTOR_NHS,
                "rules": "making_data_count",
                "conflict": "improvement",
                "minimum_points": 13,
            }
        ),
        # NHSRplotthedots 0.2.2, for chart="i".
        "plotthedots": MappingProxyType(
            {
                "screen": True,
                "factor": FACTOR_NHS,
                "rules": "making_data_count_2019",
                "direction": "increase",
                "repeats": "error",
                "minimum_baseline": 12,
                "quirks": frozenset(
                    {
                        "constant_series_has_no_limits",
                        "trend_direction_by_next_point",
                        "trend_over_gap_refused",
                        "undefined_is_hit_and_miss",
                        "missing_last_is_common_cause",
                    }
                ),
            }
        ),
        # qicharts2 0.8.1 attached with library(); screen=False is qicharts2::qic without attaching.
        "qicharts2": MappingProxyType(
            {
                "screen": True,
                "factor": FACTOR_EXACT,
                "rules": "anhoej",
                "invalid": "accept",
                "test_excluded": True,
                "quirks": frozenset(
                    {
                        "constant_series_has_no_limits",
                        "ip_sigma_from_all_points",
                        "empty_subgroup_counts_minus_one",
                        "t_lower_limit_always_drawn",
                        "t_known_centre_is_transformed",
                        "sum_of_nothing_is_zero",
                    }
                ),
            }
        ),
        # Run charts as the Institute for Healthcare Improvement teaches them: Perla, Provost & Murray 2011.
        "ihi": MappingProxyType({"rules": "ihi"}),
    }
)

NHS_RULES = {name for name in RULE_SETS if name.startswith("making_data_count")}
DEFAULT_RULES = {"run": "ihi", "mr": "shewhart"}

CHOICES = {
    "method": METHODS, "direction": DIRECTIONS, "aggregate": AGGREGATES, "invalid": ("error", "gap", "accept"),
    "order": ("sort", "error"), "repeats": ("pool", "error"), "conflict": ("precedence", "improvement"),
}  # fmt: skip


def settle(chart: str, profile: str | None, given: Mapping[str, Any]) -> Settings:
    """The settings of a call: what was given (None: not given), else the profile's, else the defaults.

    Raises OptionError, whose code names the argument that does not fit.
    """
    if chart not in CHARTS:
        raise OptionError("chart")
    if profile is not None and profile not in PROFILES:
        raise OptionError("profile")
    chosen = {**(PROFILES[profile] if profile else {}), **{k: v for k, v in given.items() if v is not None}}
    if "quirks" in chosen:
        chosen["quirks"] = frozenset(chosen["quirks"])
    settings = Settings(**chosen)
    for name, choices in CHOICES.items():
        if getattr(settings, name) not in choices:
            raise OptionError(name)
    if settings.quirks - QUIRKS:
        raise OptionError("quirks")
    if isinstance(settings.rules, str) and settings.rules not in RULE_SETS:
        raise OptionError("rules")
    rules = settings.rules if settings.rules is not None else DEFAULT_RULES.get(chart, "making_data_count")
    factor = settings.factor
    if factor is None:
        factor = FACTOR_NHS if chart == "i" and rules in NHS_RULES else FACTOR_EXACT
    if not (isinstance(factor, int | float | np.number) and 0 < factor < math.inf):
        raise OptionError("factor")
    if not isinstance(rules, str) and not (isinstance(rules, tuple) and all(isinstance(r, Rule) for r in rules)):
        raise OptionError("rules")
    return Settings(**{**_as_dict(settings), "rules": rules, "factor": float(factor)})


def _as_dict(settings: Settings) -> dict[str, Any]:
    return {field.name: getattr(settings, field.name) for field in fields(settings)}
