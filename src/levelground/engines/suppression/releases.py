"""Differencing: two numbers, each safe alone, that give a small one away when one is taken from the other."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from .rules import DEFAULT, Rule


@dataclass(frozen=True)
class Release:
    """A count that was shown exactly, and the units (sites, months, groups) that it is about."""

    units: frozenset[str]
    count: int

    @classmethod
    def of(cls, units: Collection[str], count: int) -> "Release":
        return cls(frozenset(units), count)


@dataclass(frozen=True)
class Disclosure:
    """``releases[minuend]`` less ``releases[subtrahend]`` gives the small ``value`` of ``units``."""

    minuend: int
    subtrahend: int
    units: tuple[str, ...]
    value: int


def differences(releases: Sequence[Release], rule: Rule = DEFAULT) -> list[Disclosure]:
    """Every pair of which one lies within the other and leaves a number that the rule hides. Two filters of a page are
    two releases. Zero is a disclosure only where the rule hides zero."""
    return [
        Disclosure(i, j, tuple(sorted(one.units - other.units)), one.count - other.count)
        for i, one in enumerate(releases)
        for j, other in enumerate(releases)
        if other.units < one.units and rule.hides(one.count - other.count)
    ]
