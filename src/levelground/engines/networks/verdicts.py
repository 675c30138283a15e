"""Icons and verdicts of many series at once, as small codes: ``engines.spc.interpret`` and ``verdict``, in columns."""

from dataclasses import dataclass

import numpy as np

from levelground.engines.spc import Rule, Settings
from levelground.engines.spc.constants import Floats
from levelground.engines.spc.verdict import ENOUGH_FOR_LIMITS, ENOUGH_TO_BE_FIRM, ENOUGH_TO_JUDGE, LASTING, NEXT_STEP

from .exact import Bools
from .signals import Ints
from .spans import Numbers

STATUS = (
    "no_data", "too_few", "stable", "earlier_signal", "improvement", "concern", "changed_high", "changed_low",
    "pattern",
)  # fmt: skip
SURENESS = ("weak", "provisional", "firm")
NEXT = (*dict.fromkeys(NEXT_STEP.values()), "redesign")
TYPES = ("common_cause", "improvement", "concern", "neutral_high", "neutral_low")
VARIATION = (
    "common_cause", "improvement_high", "improvement_low", "concern_high", "concern_low", "neutral_high", "neutral_low",
)  # fmt: skip
ASSURANCE = ("consistent_pass", "consistent_fail", "inconsistent")
NONE = -1  # a code that stands for nothing


@dataclass(frozen=True, eq=False)
class Verdicts:
    """Codes (positions in the tuples above, -1: none) of shape (series,); ``now``: which rules hold at the last point.

    ``rule``: number of the rule that carries the verdict; ``since`` and ``until``: rows of the judged span.
    """

    status: Ints
    rule: Ints
    now: Bools
    since: Ints
    until: Ints
    sureness: Ints
    next_step: Ints
    variation: Ints
    assurance: Ints


def kind_of(direction: Ints, good: Ints) -> Ints:
    """Place in TYPES of a point with a signal of this direction; 0 without a direction."""
    neutral = np.where(direction > 0, 3, 4)
    valued = np.where(direction == good, 1, 2)
    return np.where(direction == 0, 0, np.where(good == 0, neutral, valued))


def assurance_of(target: Floats, lower: Floats, upper: Floats, good: Ints, inclusive: bool) -> Ints:
    """Whether the process will meet its target (places in ASSURANCE), from the limits at the last point."""
    above = target >= upper if inclusive else target > upper
    below = target <= lower if inclusive else target < lower
    beyond = np.where(above == (good > 0), 1, 0)
    found = np.where((lower == upper) & (lower == target), 0, np.where(above | below, beyond, 2))
    return np.where((good == 0) | np.isnan(target) | np.isnan(lower) | np.isnan(upper), NONE, found)


def give(
    judged: Numbers, length: Ints, assurance: Ints, good: Ints, settings: Settings, *, tested: tuple[Rule, ...]
) -> Verdicts:
    """The verdict of each series from its judged span (the last with a value), of ``length`` points."""
    last, rules = judged.last, len(judged.count)
    has = last >= 0
    if not rules:
        nothing = np.full((1, len(last)), NONE, dtype=np.int64)
        judged = Numbers(
            **{**vars(judged), "count": nothing * 0, "end": nothing, "first": nothing, "direction": nothing * 0}
        )
    now = (judged.end == last) & has
    any_now, here = now.any(axis=0), (judged.count > 0).any(axis=0) & has
    columns = np.arange(len(last))
    told = now.argmax(axis=0)  # the first rule of the set that holds
    way = np.where(any_now, judged.direction[told, columns], 0)
    if settings.conflict == "improvement":
        way = np.where((now & (judged.direction == good) & (good != 0)).any(axis=0), good, way)
    carrying = _carrying(now, judged, way, tested)
    earlier = judged.end.argmax(axis=0)
    carried = judged.direction[carrying, columns]
    status = np.where(
        any_now,
        np.where(carried == 0, 8, np.where(good == 0, np.where(carried > 0, 6, 7), np.where(carried == good, 4, 5))),
        np.where(here, 3, 2),
    )
    status = np.where(~has, 0, np.where(judged.known < ENOUGH_TO_JUDGE, 1, status))
    rule = np.where(status >= 4, carrying, np.where(status == 3, earlier, NONE))
    since, until = (np.where(rule >= 0, of[rule, columns], NONE) for of in (judged.first, judged.end))
    sureness = np.where(judged.known < ENOUGH_FOR_LIMITS, 0, np.where(judged.known >= ENOUGH_TO_BE_FIRM, 2, 1))
    step = np.array([NEXT.index(NEXT_STEP[name]) for name in STATUS])[status]
    step = np.where(((status == 2) | (status == 3)) & (assurance == 1), NEXT.index("redesign"), step)
    shown = has & (length >= settings.minimum_points)
    variation = np.where(shown, _variation(kind_of(way, good), good), NONE)
    now = now[:rules] & (status > 1)
    return Verdicts(status, rule, now, since, until, np.where(has, sureness, 0), step, variation, assurance)


def _carrying(now: Bools, judged: Numbers, way: Ints, rules: tuple[Rule, ...]) -> Ints:
    """Of the signals on the last point, those of its type; the oldest tells since when, of two a lasting one."""
    fitting = now & (judged.direction == way) & (way != 0)
    among = np.where(fitting.any(axis=0), fitting, now)
    age = 2 * judged.first + np.resize([rule.code not in LASTING for rule in rules] or [False], (len(now), 1))
    return np.where(among, age, np.iinfo(np.int64).max).argmin(axis=0)


def _variation(kind: Ints, good: Ints) -> Ints:
    """Improvement is high where high is good, concern the other way round."""
    return np.select(
        [kind == 0, kind == 1, kind == 2, kind == 3],
        [np.zeros_like(kind), np.where(good > 0, 1, 2), np.where(good > 0, 4, 3), np.full_like(kind, 5)],
        6,
    )
