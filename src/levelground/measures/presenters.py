"""Wording and shape of what the pages of measures show."""

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from levelground.foundation import formats
from levelground.foundation.bilingual import Bilingual
from levelground.foundation.errors import Conflict
from levelground.organisations.models import Team

from .codes import by_key
from .models import Measure, MeasureVersion, PointChange
from .numbers import Number
from .selectors import Listed, Plan, label_of
from .states import Aspect, Direction, Family, Frequency, Kind, PlanState, Side
from .wording import column_label, day_words, everybody, plain_figure

_CHOICES: dict[str, Any] = {
    "family": Family, "aspect": Aspect, "kind": Kind, "frequency": Frequency, "direction": Direction,
}  # fmt: skip


def list_name(key: str) -> str:
    found = by_key().get(key)
    return found.name.here() if found else key


def part_labels() -> dict[str, str]:
    """What the parts of a definition are called, in the order in which they are read."""
    return {
        "name": _("Name"),
        "matters": _("What matters to people"),
        "family": _("Family"),
        "aspect": _("About"),
        "definition": _("Exactly what is measured"),
        "kind": _("Kind of number"),
        "unit": _("Unit"),
        "numerator": _("Numerator"),
        "denominator": _("Denominator"),
        "per": _("For each"),
        "exclusions": _("Left out"),
        "is_wait": _("Measures a wait"),
        "clock_start": _("Clock starts"),
        "clock_stop": _("Clock stops"),
        "clock_pauses": _("Clock pauses"),
        "direction": _("Which way is better"),
        "source": _("Source"),
        "collector": _("Collected by"),
        "frequency": _("How often"),
        "baseline_from": _("Baseline from"),
        "baseline_to": _("Baseline to"),
        "about_people": _("Small numbers hidden"),
        "stratified_by": _("Groups looked at apart"),
    }


def part_words(name: str, value: Any) -> str:
    """One part of a definition in words; empty for none."""
    if name in _CHOICES:
        return str(_CHOICES[name](value).label) if value in _CHOICES[name].values else str(value)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return _plain_words(value)


def _plain_words(value: Any) -> str:
    if isinstance(value, dt.date):
        return formats.date(value)
    if isinstance(value, Bilingual):
        return value.here()
    if isinstance(value, int):
        return formats.number(value)
    return ", ".join(list_name(key) for key in value) if isinstance(value, list) else str(value or "")


def definition_rows(row: Measure | MeasureVersion) -> list[tuple[str, str]]:
    """The definition as (label, words), without what is empty; the name stands above it."""
    labels = part_labels()
    rows = [(labels[name], part_words(name, getattr(row, name))) for name in labels if name != "name"]
    return [(label, words) for label, words in rows if words]


def version_rows(version: MeasureVersion, before: MeasureVersion | None) -> list[dict[str, str]]:
    """What a version changed: (label, before, after)."""
    if before is None:
        return []
    return [
        {"label": label, "before": old, "after": new}
        for name, label in part_labels().items()
        for old, new in [(_both(getattr(before, name), name), _both(getattr(version, name), name))]
        if old != new
    ]


def _both(value: Any, name: str) -> str:
    """Both languages of a text, so that a change of either shows."""
    return " / ".join(filter(None, (value.en, value.cy))) if isinstance(value, Bilingual) else part_words(name, value)


def both_definitions(error: Conflict) -> dict[str, Any]:
    """What stands now beside what was sent, for the second of two editors."""
    rows = [
        {"label": label, "theirs": theirs, "yours": yours}
        for name, label in part_labels().items()
        for theirs, yours in [(_both(getattr(error.theirs, name), name), _both(error.yours[name], name))]
        if theirs != yours
    ]
    return {"message": str(error), "rows": rows}


def both_notes(error: Conflict) -> dict[str, Any]:
    rows = [
        {"label": _("When"), "theirs": formats.date(error.theirs.on), "yours": formats.date(error.yours["on"])},
        {"label": _("What happened"), "theirs": error.theirs.text, "yours": error.yours["text"]},
    ]
    return {"message": str(error), "rows": [row for row in rows if row["theirs"] != row["yours"]]}


def both_numbers(error: Conflict, measure: Measure, *, readable: bool) -> dict[str, Any]:
    """Two entries of the same numbers; what stands stays hidden from whoever may not read it."""
    rows = [
        {
            "label": f"{day_words(measure, place[1])}, {group_words(place[0])}",
            "theirs": number_words(error.theirs[place], measure)
            if readable
            else _("Another number, entered meanwhile"),
            "yours": number_words(number, measure),
        }
        for place, number in error.yours.items()
    ]
    return {"message": str(error), "rows": rows}


def group_words(group: str) -> str:
    return label_of(group).here() if group else everybody()


def number_words(number: Number | None, measure: Measure) -> str:
    """A number exactly: ``45 of 90``, ``32.5``, ``32.5 (of 40)``."""
    if number is None or number.is_empty:
        return ""
    if number.numerator is not None:
        words = {"part": plain_figure(number.numerator, ""), "whole": plain_figure(number.denominator, "")}
        return _("%(part)s of %(whole)s") % words
    figure = plain_figure(number.value, measure.kind)
    if number.denominator is None:
        return figure
    return f"{figure} ({column_label('denominator', measure).lower()}: {plain_figure(number.denominator, '')})"


def change_words(change: PointChange, measure: Measure, side: str) -> str:
    """One side of a change in the history."""
    content: Mapping[str, str | None] | None = getattr(change, side)
    if content is None:
        return ""
    parts = {name: None if text is None else Decimal(text) for name, text in content.items()}
    return number_words(Number(change.date, "", **parts), measure)


def what_happened(change: PointChange) -> str:
    if change.before is None:
        return _("came")
    return _("was taken away") if change.after is None else _("was changed")


def by_owner(listed: Iterable[Listed]) -> list[dict[str, Any]]:
    """The list under its owners: what is of the whole place first, then each team's."""
    found: dict[Any, list[Listed]] = {}
    for one in listed:
        found.setdefault(one.measure.scope, []).append(one)
    return [{"owner": owner, "rows": rows} for owner, rows in found.items()]


def plan_key(owner: Any) -> str:
    """How an address names whose plan it is."""
    return owner.public_id if isinstance(owner, Team) else "whole"


def plan_tag(plan: Plan) -> tuple[str, str]:
    """How far a plan is agreed, in words, and the tone of its tag."""
    tones = {PlanState.AGREED: "good", PlanState.CHANGED: "needs", PlanState.HALF: "go", PlanState.OPEN: "plain"}
    return str(plan.state.label), tones[plan.state]


def plan_side(plan: Plan, side: Side) -> dict[str, Any]:
    """One side of a plan: who has agreed to it, and who to an earlier one."""
    return {"side": side, "standing": plan.standing(side), "earlier": plan.earlier(side)}


def plan_changes(plan: Plan) -> list[str]:
    """What is other than what was agreed, one sentence for each measure."""
    labels = part_labels() | {"targets": _("Target")}
    said = {
        "came": _("%(measure)s: new in the plan"),
        "went": _("%(measure)s: no longer in the plan"),
        "changed": _("%(measure)s: changed (%(parts)s)"),
    }
    return [
        said[one.kind] % {"measure": one.name.here(), "parts": ", ".join(labels[part] for part in one.parts)}
        for one in plan.changes
    ]
