"""Reads of the calendar and of returns, shaped for pages and services."""

from .calendar import (
    CalendarRow,
    calendar_of,
    figures_of,
    frameworks_with_returns,
    last_change_of,
    next_return,
    next_to_open,
    row_of,
    values_beside,
)
from .changes import Proposal, digest, moment_since, proposals

__all__ = [
    "CalendarRow",
    "Proposal",
    "calendar_of",
    "digest",
    "figures_of",
    "frameworks_with_returns",
    "last_change_of",
    "moment_since",
    "next_return",
    "next_to_open",
    "proposals",
    "row_of",
    "values_beside",
]
