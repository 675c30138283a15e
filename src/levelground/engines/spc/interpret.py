"""From signals to meaning: what kind of point each one is, and the two icons of Making Data Count.

Source: docs/methods/spc.md, "Icons"; NHSRplotthedots (MIT) for the labels' order.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .constants import Floats
from .prepare import Bools, Ints
from .rules import Rule, Signal

DIRECTIONS = {"increase": 1, "neutral": 0, "decrease": -1}


def reasons(signals: Sequence[Signal], rules: tuple[Rule, ...], length: int) -> tuple[NDArray[np.object_], Ints]:
    """Per point, the code and direction of the first rule of the set that holds ("" and 0 where none does).

    Of several signals of one rule on a point, the latest tells the direction: a shared peak belongs to the later trend.
    One without a direction (too few crossings) gives way to one with.
    """
    code = np.full(length, "", dtype=object)
    direction = np.zeros(length, dtype=np.int64)
    for rule in reversed(rules):
        named = [signal for signal in signals if signal.rule == rule.code]
        for signal in sorted(named, key=lambda signal: (signal.direction != 0, signal.completes_at)):
            places = list(signal.points)
            code[places], direction[places] = rule.code, signal.direction
    return code, direction


def trend_by_next_point(value: Floats, phase: Ints, in_trend: Bools) -> Ints:
    """The peer's direction of a trend at each point: the step to the next point if that is in a trend too, else the
    step from the one before. Only for the quirk of that name: on a tie it says falling whichever way the trend goes.
    """
    direction = np.zeros(len(value), dtype=np.int64)
    for place in np.flatnonzero(in_trend).tolist():
        after = place + 1
        onwards = after < len(value) and phase[after] == phase[place] and in_trend[after]
        step = value[after] - value[place] if onwards else value[place] - value[place - 1]
        direction[place] = 1 if step > 0 else -1
    return direction


def kind_of(direction: int, good: int) -> str:
    """Point type of a signal's direction, given which direction is good (1, -1, or 0 for neither)."""
    if direction == 0:
        return "pattern"
    if good == 0:
        return "neutral_high" if direction > 0 else "neutral_low"
    return "improvement" if direction == good else "concern"


def point_types(
    signals: Sequence[Signal], reason: NDArray[np.object_], direction: Ints, good: int, conflict: str
) -> NDArray[np.object_]:
    """Type of each point; a signal without a direction (too few crossings) leaves it common cause.

    ``conflict`` decides for a point in an improvement and a concern: "precedence" goes by the rules' order,
    "improvement" lets the improvement win, as Making Data Count's Excel tool does.
    """
    found = np.full(len(reason), "common_cause", dtype=object)
    for place in np.flatnonzero(direction).tolist():
        found[place] = kind_of(int(direction[place]), good)
    if conflict == "improvement" and good:
        for signal in signals:
            if signal.direction == good:
                found[list(signal.points)] = "improvement"
    return found


def variation(point_type: str, good: int) -> str:
    """The variation icon of a point of this type: improvement is high where high is good, concern the other way."""
    if point_type == "improvement":
        return "improvement_high" if good > 0 else "improvement_low"
    if point_type == "concern":
        return "concern_low" if good > 0 else "concern_high"
    return point_type


def assurance(
    target: float, lower: float, upper: float, good: int, *, inclusive: bool, undefined_is_hit_and_miss: bool
) -> str | None:
    """The assurance icon: whether the process, as it is, will meet the target.

    ``inclusive``: a target exactly on a limit counts as beyond it. None where there is no good direction, or no number
    for the target or the limits; the peer calls the latter "inconsistent" (the quirk).
    """
    if good == 0:
        return None
    if math.isnan(target) or math.isnan(lower) or math.isnan(upper):
        return "inconsistent" if undefined_is_hit_and_miss else None
    above = target >= upper if inclusive else target > upper
    below = target <= lower if inclusive else target < lower
    if lower == upper == target and not undefined_is_hit_and_miss:  # every value equals the target: it is met
        return "consistent_pass"
    if above or below:
        return "consistent_fail" if above == (good > 0) else "consistent_pass"
    return "inconsistent"
