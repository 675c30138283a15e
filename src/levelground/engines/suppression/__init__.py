"""Small numbers: what may be shown, what is hidden, and why (docs/methods/suppression.md)."""

from .flows import Bound, audit
from .releases import Disclosure, Release, differences
from .rules import DEFAULT, HES_1_7, HIDE_1_4, MHSDS_SUBNATIONAL, PROFILES, Reason, Rule, Shown
from .single import Proportion, count, mean, proportion
from .tables import Group, Pattern, group, secondary

__all__ = [
    "DEFAULT",
    "HES_1_7",
    "HIDE_1_4",
    "MHSDS_SUBNATIONAL",
    "PROFILES",
    "Bound",
    "Disclosure",
    "Group",
    "Pattern",
    "Proportion",
    "Reason",
    "Release",
    "Rule",
    "Shown",
    "audit",
    "count",
    "differences",
    "group",
    "mean",
    "proportion",
    "secondary",
]
