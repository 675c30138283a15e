"""What the spreadsheet of a workbook looks like: its columns, its lists, and the hidden notes that let it come back."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from levelground.foundation.exports.text import clean

from ..states import Value

FORMAT = "levelground-workbook/1"
NOTES_SHEET = "levelground"
LISTS_SHEET = "lists"
LANGUAGES = ("en-gb", "cy")


@dataclass(frozen=True)
class Field:
    """One column. People write where ``editable``; a sheet that comes back must have what is ``needed``."""

    key: str
    title: Any
    width: float
    kind: Literal["text", "code", "date"] = "text"
    editable: bool = False
    needed: bool = False


FIELDS = [
    Field("code", _("Code"), 9, "code", needed=True),
    Field("theme", _("Theme"), 18),
    Field("standard", _("Standard"), 30),
    Field("indicator", _("Indicator"), 48),
    Field("guidance", _("Guidance"), 42),
    Field("kind", _("Kind"), 13),
    Field("value", _("Answer"), 15, editable=True, needed=True),
    Field("reason", _("Reason"), 30, editable=True, needed=True),
    Field("title", _("New action"), 34, editable=True),
    Field("due", _("Due date of the new action"), 14, "date", editable=True),
    Field("owner", _("Owner of the new action"), 20, editable=True),
    Field("actions", _("Actions already planned"), 34),
    Field("evidence", _("Evidence"), 28),
]
KEYS = [field.key for field in FIELDS]
READ = ("code", "value", "reason", "title", "due", "owner")


def answer_words() -> Iterator[tuple[str, str]]:
    """(answer, its words) in every language that a sheet may come back in."""
    for language in LANGUAGES:
        with translation.override(language):
            yield from [(value.value, str(value.label)) for value in Value if value]


def tidy(text: Any) -> str:
    """``text`` as it is compared: without what spreadsheet programs add or lose on the way."""
    lines = clean(text).replace("\u00a0", " ").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()


def fold(text: Any) -> str:
    """``text`` as lists are looked up: case, spaces, apostrophes and a full stop at the end make no difference."""
    words = re.sub(r"\s+", " ", clean(text).replace("’", "'").replace("\u00a0", " ")).strip()
    return words.rstrip(".").casefold()


def digest(text: Any) -> str:
    """A short fingerprint of ``text``: shows later whether somebody changed it."""
    return hashlib.sha256(tidy(text).encode()).hexdigest()[:16]
