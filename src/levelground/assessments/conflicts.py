"""Two people changed the same thing: what stands now beside what was sent, for the second of them to choose."""

import datetime as dt
from typing import Any

from django import forms

from levelground.foundation import formats
from levelground.foundation.errors import Conflict


def both_versions(conflict: Conflict, form: forms.Form) -> dict[str, Any]:
    """The fields that differ, with the label that they have in ``form``, and the sentence that says what happened.

    ``conflict.yours`` maps names of fields to values; the row in ``conflict.theirs`` has attributes of the same names.
    """
    rows = []
    for name, yours in conflict.yours.items():
        theirs = getattr(conflict.theirs, name)
        if theirs != yours:
            field = form.fields[name]
            rows.append({"label": field.label, "theirs": _words(theirs, field), "yours": _words(yours, field)})
    return {"message": str(conflict), "rows": rows}


def _words(value: Any, field: forms.Field) -> str:
    if isinstance(value, dt.date):
        return formats.date(value)
    number = getattr(value, "public_id", None)
    if number is not None:
        return str(value.name)
    choices = dict(getattr(field, "choices", ()))
    return str(choices.get(value or "", value or ""))
