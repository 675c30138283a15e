"""Reads of measures and of their numbers, shaped for pages, files and charts."""

from .listing import Listed, measures_of, owners_of, seen_in, without_balance
from .numbers import Day, Numbers, Step, changes_of, groups_by_list, label_of, numbers_of, numbers_of_each, standing_on
from .plans import Plan, plan_of, plans_in, sides_of
from .reading import Beside, beside, beside_each

__all__ = [
    "Beside",
    "Day",
    "Listed",
    "Numbers",
    "Plan",
    "Step",
    "beside",
    "beside_each",
    "changes_of",
    "groups_by_list",
    "label_of",
    "measures_of",
    "numbers_of",
    "numbers_of_each",
    "owners_of",
    "plan_of",
    "plans_in",
    "seen_in",
    "sides_of",
    "standing_on",
    "without_balance",
]
