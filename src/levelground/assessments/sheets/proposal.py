"""The proposal between upload and confirm: it travels signed and packed in the page, and is not kept on the server.

It is bound to the person and the workbook, and is good for two hours.
"""

import datetime as dt
from dataclasses import astuple, replace
from typing import Any

from django.core import signing
from django.utils.translation import gettext as _

from levelground.foundation.errors import Invalid, TooLarge

from ..models import Workbook
from .difference import Change, Difference, Kind, Known, NewAction, Refusal
from .layout import fold, tidy

MAX_AGE = 2 * 60 * 60
# Well below DATA_UPLOAD_MAX_MEMORY_SIZE, which counts the form's field.
MAX_SIZE = 1_500_000


def _salt(workbook: Workbook, by: Any) -> str:
    return f"levelground.workbook-import:{workbook.public_id}:{by.public_id}"


def pack(difference: Difference, *, workbook: Workbook, by: Any) -> str:
    """``difference`` as signed text for a hidden field."""
    data = {
        "changes": [astuple(change) for change in difference.changes],
        "actions": [
            [a.code, a.title, a.due.isoformat() if a.due else "", a.owner, a.owner_name] for a in difference.actions
        ],
        "refused": [astuple(refusal) for refusal in difference.refused],
        "same": difference.same,
    }
    packed = signing.dumps(data, salt=_salt(workbook, by), compress=True)
    if len(packed) > MAX_SIZE:
        raise TooLarge(_("There are too many changes for one go. Bring the spreadsheet back in two or more parts."))
    return packed


def unpack(packed: str, *, workbook: Workbook, by: Any) -> Difference:
    """What ``pack`` made for the same person and workbook; ``Invalid`` when it is too old or was changed."""
    try:
        data = signing.loads(packed, salt=_salt(workbook, by), max_age=MAX_AGE)
    except signing.BadSignature as error:
        raise Invalid(_("This page is more than two hours old. Choose the spreadsheet again.")) from error
    return Difference(
        changes=[Change(*change) for change in data["changes"]],
        actions=[
            NewAction(code, title, dt.date.fromisoformat(due) if due else None, owner, name)
            for code, title, due, owner, name in data["actions"]
        ],
        refused=[Refusal(*refusal) for refusal in data["refused"]],
        same=data["same"],
    )


def afresh(difference: Difference, known: Known) -> Difference:
    """``difference`` against what stands in the workbook now: what a colleague has changed since becomes a conflict."""
    changes, same = [], difference.same
    for change in difference.changes:
        now = known.rows.get(change.code)
        if now is None or (now.value, tidy(now.reason)) == (change.value, change.reason):
            same += 1
        elif now.version != change.seen_version:
            changes.append(replace(change, kind=Kind.CONFLICT.value, seen_version=now.version))
        else:
            changes.append(change)
    actions = [a for a in difference.actions if a.code in known.rows and fold(a.title) not in known.rows[a.code].plans]
    return Difference(changes, actions, difference.refused, same)
