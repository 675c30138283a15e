"""One number of a measure as plain data: what forms, pastes, files and pages hand to each other."""

import datetime as dt
import json
from dataclasses import dataclass
from decimal import Decimal

from django.utils.crypto import salted_hmac

from .codes import by_key
from .models import Measure

Place = tuple[str, dt.date]  # (group, day)
FIELDS = ("value", "numerator", "denominator")


@dataclass(frozen=True)
class Number:
    """What was measured on a day. ``group``: the key of a segment (``ethnicity/2021:4``), or empty for everybody.

    Nothing in any of the three means that there is no number, and takes away one that there was.
    """

    date: dt.date
    group: str = ""
    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None

    @property
    def place(self) -> tuple[str, dt.date]:
        return self.group, self.date

    @property
    def content(self) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
        return self.value, self.numerator, self.denominator

    @property
    def is_empty(self) -> bool:
        return all(part is None for part in self.content)


def groups_of(measure: Measure) -> dict[str, tuple[str, str]]:
    """Every segment that the measure may have numbers of: its key → (list, code), in order."""
    known = by_key()
    return {
        f"{key}:{code.code}": (key, code.code)
        for key in measure.stratified_by
        if key in known
        for code in known[key].codes
    }


def as_texts(content: Number | None) -> dict[str, str | None] | None:
    if content is None or content.is_empty:
        return None
    return {
        name: None if part is None else format(part.normalize(), "f")
        for name, part in zip(FIELDS, content.content, strict=True)
    }


def mark(measure: Measure, place: Place, number: Number | None) -> str:
    """A mark of what stands in a place, which tells nothing of the number itself: pages carry it from look to save."""
    content = as_texts(number)
    said = f"{measure.public_id}:{place[0]}:{place[1]}:{json.dumps(content, sort_keys=True)}"
    return salted_hmac("levelground.measures.seen", said).hexdigest()[:20]
