"""The rules for small numbers as data, and what a rule makes of a number."""

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Why a number is hidden."""

    SMALL = "small"  # it lies in the range that the rule hides
    COMPLEMENT = "complement"  # what is left over (the whole less this) lies in that range
    SECONDARY = "secondary"  # it would give another hidden number away
    DERIVED = "derived"  # it is worked out from a hidden number
    SMALL_BASE = "small_base"  # a mean over too few
    UNKNOWN_BASE = "unknown_base"  # a mean over nobody knows how many


@dataclass(frozen=True)
class Rule:
    """What is small, and how the rest is rounded.

    ``hide_from`` to ``hide_to`` (both included) are hidden. Other counts are rounded to the nearest ``round_to``
    (1: not at all; a half goes up). A mean over fewer than ``mean_base`` is hidden. Percentages keep
    ``percent_places`` decimal places (``None``: all of them). ``hide_complement`` treats the rest of a proportion (the
    whole less the part) like the part. ``min_width`` is how far apart the least and the greatest possible value of a
    hidden cell must stay when exact totals are shown.
    """

    hide_from: int = 1
    hide_to: int = 7
    round_to: int = 5
    mean_base: int = 8
    percent_places: int | None = 0
    hide_complement: bool = True
    min_width: int = 3

    def __post_init__(self) -> None:
        if not 0 <= self.hide_from <= self.hide_to:
            raise ValueError("hide_from and hide_to must be a range of counts that are not negative.")
        if self.round_to < 1 or self.mean_base < 0 or self.min_width < 0:
            raise ValueError("round_to must be 1 or more, mean_base and min_width 0 or more.")

    def hides(self, number: int) -> bool:
        return self.hide_from <= number <= self.hide_to

    def rounded(self, number: int) -> int:
        return (2 * number + self.round_to) // (2 * self.round_to) * self.round_to


# What English hospital statistics do below the national level: 0 shown, 1-7 hidden, the rest to the nearest 5.
HES_1_7 = Rule()
# What English mental health statistics do: 0-4 hidden, the rest to the nearest 5.
MHSDS_SUBNATIONAL = Rule(hide_from=0, hide_to=4, mean_base=5, hide_complement=False)
HIDE_1_4 = Rule(hide_from=1, hide_to=4, round_to=1, mean_base=5, percent_places=None, hide_complement=False)
DEFAULT = HES_1_7
PROFILES = {"hes_1_7": HES_1_7, "mhsds_subnational": MHSDS_SUBNATIONAL, "hide_1_4": HIDE_1_4}


@dataclass(frozen=True)
class Shown:
    """A number as it may be shown. ``value`` is ``None`` when there is none, or when it is hidden for a ``reason``."""

    value: float | None
    reason: Reason | None = None

    @property
    def hidden(self) -> bool:
        return self.reason is not None

    @property
    def text(self) -> str:
        """``*`` for a hidden number, nothing for a missing one."""
        return "*" if self.hidden else "" if self.value is None else f"{self.value:.15g}"
