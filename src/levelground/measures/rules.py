"""What must hold of a definition and of numbers, and which columns a kind of measure has."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from .codes import by_key
from .states import BY_MONTH, Frequency, Kind

NAME_LIMIT, TEXT_LIMIT, SHORT_LIMIT, REASON_LIMIT, NOTE_LIMIT = 150, 2000, 200, 500, 200
MOST_LISTS = 4
PARTS = frozenset({Kind.PERCENT, Kind.RATE})
# A change of these changes what the numbers mean: it begins a phase, or makes another measure.
MEANING = frozenset(
    {
        "definition", "kind", "unit", "per", "numerator", "denominator", "exclusions", "is_wait", "clock_start",
        "clock_stop", "clock_pauses",
    }
)  # fmt: skip


def problems_with(wanted: Mapping[str, Any]) -> dict[str, str]:
    """What is missing or does not fit in a definition, by field."""
    found: dict[str, str] = {}
    if not wanted["name"]:
        found["name_en"] = _("Give the measure a name, in English or in Welsh.")
    if not wanted["definition"]:
        found["definition_en"] = _("Say exactly what is measured, so that two people who count get the same number.")
    if wanted["kind"] in PARTS:
        if not wanted["numerator"]:
            found["numerator"] = _("Say what is counted above the line.")
        if not wanted["denominator"]:
            found["denominator"] = _("Say out of what it is counted.")
    if wanted["kind"] == Kind.RATE and not wanted["per"]:
        found["per"] = _("Say for each how many, such as 1,000.")
    if wanted["is_wait"]:
        if not wanted["clock_start"]:
            found["clock_start"] = _("Say what starts the clock, such as the day of the referral.")
        if not wanted["clock_stop"]:
            found["clock_stop"] = _("Say what stops the clock, such as the day of the first contact.")
    found |= _dates(wanted["baseline_from"], wanted["baseline_to"])
    known = by_key()
    if any(key not in known for key in wanted["stratified_by"]):
        found["stratified_by"] = _("Choose from the lists that are offered.")
    elif len(wanted["stratified_by"]) > MOST_LISTS:
        found["stratified_by"] = _("Choose at most %(most)d lists.") % {"most": MOST_LISTS}
    return found


def problems_of_publishing(wanted: Mapping[str, Any]) -> dict[str, str]:
    """What a definition lacks that everybody may see: only what people ask for shows improvement (WM-05)."""
    if wanted["matters"]:
        return {}
    return {"matters_en": _("Say which of people's own words or themes the measure answers, in English or in Welsh.")}


def _dates(first: dt.date | None, last: dt.date | None) -> dict[str, str]:
    if bool(first) != bool(last):
        return {"baseline_to" if first else "baseline_from": _("Give both days of the baseline, or neither.")}
    if first and last and last <= first:
        return {"baseline_to": _("Choose a day after the first day of the baseline.")}
    return {}


def problem_with_target(kind: str, value: Decimal | None) -> str:
    """Why a target cannot be; empty where it can."""
    if value is None or kind == Kind.AVERAGE:
        return ""
    if value < 0:
        return _("Aim at 0 or more.")
    return _("A percentage cannot be more than 100.") if kind == Kind.PERCENT and value > 100 else ""


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """The names of what differs between two definitions."""
    return [name for name in after if before[name] != after[name]]


def columns_of(kind: str, *, about_people: bool) -> tuple[str, ...]:
    """Which numbers a row of data has. An average about people says of how many it is, so that it can be shown."""
    if kind in PARTS:
        return ("numerator", "denominator")
    if kind == Kind.AVERAGE and about_people:
        return ("value", "denominator")
    return ("value",)


def day_of(frequency: str, day: dt.date) -> dt.date:
    """The day on which a point is kept: the first of the month where points stand for months."""
    return day.replace(day=1) if frequency in BY_MONTH else day


_SILENT_AFTER = {
    Frequency.DAILY: 14, Frequency.WEEKLY: 28, Frequency.FORTNIGHTLY: 42, Frequency.MONTHLY: 75,
    Frequency.QUARTERLY: 200, Frequency.YEARLY: 550,
}  # fmt: skip


def is_silent(frequency: str, newest: dt.date | None, today: dt.date) -> bool:
    """Whether new numbers should have come by now. Rare events are never late."""
    days = _SILENT_AFTER.get(Frequency(frequency))
    return days is not None and (newest is None or (today - newest).days > days)
