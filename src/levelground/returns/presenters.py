"""Wording and shape of what the pages show."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from levelground.assessments.states import Value
from levelground.foundation import formats
from levelground.foundation.bilingual import Bilingual
from levelground.foundation.errors import Conflict, DomainError, IllegalMove, Invalid

from .forms import Listed
from .models import QuarterlyReturn, ReturnFigure, ReturnQuarter
from .names import amount, year_name
from .rules import is_fall
from .selectors import CalendarRow
from .selectors.drafts import content_of
from .states import Standing

Done = TypeVar("Done")
TONES = {
    Standing.NOT_OPEN: "calm", Standing.OPEN: "go", Standing.DRAFT: "go", Standing.OVERDUE: "needs",
    Standing.ON_TIME: "good", Standing.LATE: "plain", Standing.NOT_SENT: "needs",
}  # fmt: skip


def value_words(value: str) -> str:
    return str(Value(value).label) if value in Value.values else value


def attempt(form: forms.Form, act: Callable[[], Done]) -> Done | None:
    """Do one domain call; what a rule says against it stands beside the field, and what was typed stays."""
    try:
        return act()
    except (Invalid, IllegalMove) as error:
        put_beside_fields(form, error)
        return None


def put_beside_fields(form: forms.Form, error: DomainError) -> None:
    """A field of the page that is none of the form's, such as a tick, keeps its error under its own name."""
    if not error.fields:
        form.add_error(None, str(error))
    for name, text in error.fields.items():
        if name in form.fields:
            form.add_error(name, str(text))
        else:
            form.errors[name] = form.error_class([str(text)])


def renew(form: forms.Form, version: int) -> None:
    """What was typed stays; sent once more, it counts as a knowing choice."""
    data: Any = form.data.copy()  # type: ignore[attr-defined]  # a form that was sent holds a QueryDict
    data["version"] = version
    form.data = data


def extra_errors(form: forms.Form) -> list[tuple[str, str]]:
    """The errors that belong to no field of the form, with where on the page they are put right."""
    return [
        (str(text), f"#{name}")
        for name, texts in form.errors.items()
        if name not in form.fields and name != "__all__"
        for text in texts
    ]


def anchor(name: str) -> str:
    """Where a field, a tick or a note stands on the page of the form."""
    return name if name == "ticked" or name.startswith("note-") else f"id_{name}"


def whole(text: str) -> int | None:
    """A number as it comes in an address or a form; nothing for what is not one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def by_year(rows: Iterable[CalendarRow]) -> list[dict[str, Any]]:
    """The calendar's rows under their years, each framework's on its own; the first quarter first in its year."""
    found: dict[tuple[int, int], list[CalendarRow]] = {}
    for row in rows:
        found.setdefault((row.quarter.framework_id, row.quarter.year), []).append(row)
    return [
        {"framework": group[0].quarter.framework, "name": year_name(group[0].quarter), "rows": group[::-1]}
        for group in found.values()
    ]


def quarters_by_year(quarters: Iterable[ReturnQuarter]) -> list[dict[str, Any]]:
    """The quarters under their years, the newest year first."""
    found: dict[int, list[ReturnQuarter]] = {}
    for quarter in quarters:
        found.setdefault(quarter.year, []).append(quarter)
    return [{"year": year, "name": year_name(group[0]), "quarters": group} for year, group in reversed(found.items())]


def next_words(row: CalendarRow) -> str:
    """When the next return is due, and how long that is."""
    words = {"day": formats.date(row.quarter.on_time_by), "days": abs(row.days_left)}
    if row.days_left > 1:
        return _("It is due by %(day)s: %(days)s days from now.") % words
    if row.days_left == 1:
        return _("It is due tomorrow, %(day)s.") % words
    if row.days_left == 0:
        return _("It is due today.")
    return _("It was due by %(day)s. You can still send it until %(last)s.") % {
        **words,
        "last": formats.date(row.quarter.locked_on),
    }


def both_versions(error: Conflict, figures: Iterable[ReturnFigure]) -> dict[str, Any]:
    """What stands now beside what was sent, for the second of two editors."""
    figures = list(figures)
    stands: QuarterlyReturn = error.theirs
    theirs, yours = content_of(stands, figures), error.yours
    rows = [
        {
            "label": figure.label.here(),
            "theirs": amount(figure.kind, theirs["values"][figure.code]),
            "yours": amount(figure.kind, yours["values"][figure.code]),
        }
        for figure in figures
    ]
    rows.append(
        {
            "label": _("Has anything changed significantly?"),
            "theirs": yes_or_no(theirs["significant_change"]),
            "yours": yes_or_no(yours["significant_change"]),
        }
    )
    rows.append({"label": _("Indicators"), "theirs": _named(theirs["changes"]), "yours": _named(yours["changes"])})
    rows.append({"label": _("What has changed?"), "theirs": theirs["description"], "yours": yours["description"]})
    return {
        "message": str(error),
        "who": str(stands.changed_by or ""),
        "when": stands.changed_at,
        "rows": [row for row in rows if row["theirs"] != row["yours"]],
    }


def _named(changes: list[list[Any]]) -> str:
    """The ticked indicators of a content, with the words beside them."""
    return "\n".join(f"{code}: {note}" if note else code for code, _from, _to, included, note in changes if included)


def yes_or_no(answer: bool | None) -> str:
    if answer is None:
        return ""
    # Welsh answers with the verb of the question.
    return pgettext("has it changed", "Yes") if answer else pgettext("has it changed", "No")


def frozen_view(payload: dict[str, Any]) -> dict[str, Any]:
    """A return as it was sent, in the words of the page."""
    changes = [
        {
            **change,
            "text": Bilingual.of(change["text"]),
            "from_words": value_words(change["from"]),
            "to_words": value_words(change["to"]),
            "fell": is_fall(change["from"], change["to"]),
        }
        for change in payload["changes"]
    ]
    return {
        "figures": [
            {"label": Bilingual.of(one["label"]), "amount": amount(one["kind"], one["value"])}
            for one in payload["figures"]
        ],
        "significant_change": payload["significant_change"],
        "answer": yes_or_no(payload["significant_change"]),
        "description": payload["description"],
        "significant": [change for change in changes if change["significant"]],
        "listed": [change for change in changes if not change["significant"]],
    }


def grouped(listed: Iterable[Listed]) -> dict[str, list[Listed]]:
    """The indicators of the form: met no longer, changed otherwise, answered for the first time, added by hand."""
    found: dict[str, list[Listed]] = {"fell": [], "moved": [], "first": [], "added": []}
    for one in listed:
        name = "fell" if one.fell else "added" if not one.moved else "first" if one.first_answer else "moved"
        found[name].append(one)
    return found
