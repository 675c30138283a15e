"""Between looking and saving: what was understood travels signed in the page, and is not kept on the server.

It is bound to the person and the measure, and is good for two hours. It holds what the person brought, and of what
stands only marks that tell nothing (``numbers.mark``).
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core import signing
from django.utils.translation import gettext as _

from levelground.foundation.errors import Invalid, TooLarge

from .models import Measure
from .numbers import FIELDS, Number, Place, as_texts, mark
from .paste import Row, Understood
from .presenters import group_words, number_words
from .rules import day_of
from .states import Source
from .wording import column_label, day_words, trouble_words

MAX_AGE = 2 * 60 * 60
MAX_SIZE = 1_500_000


@dataclass(frozen=True)
class Change:
    """One number of a paste beside what stands: ``kind`` is ``new``, ``changed`` or ``same``."""

    line: int
    number: Number
    before: Number | None
    kind: str


@dataclass(frozen=True)
class Proposal:
    """What would be written, with the marks of what stood when it was looked at."""

    numbers: list[Number]
    seen: dict[Place, str]
    source: Source


def compare(measure: Measure, rows: Iterable[Row | Number], standing: Mapping[Place, Number]) -> list[Change]:
    """What each understood row would do, the changes first, then by line. A day stands for its period: where two lines
    fall on the same one, the parser has refused the second."""
    found = []
    for row in rows:
        number = Number(day_of(measure.frequency, row.date), row.group, row.value, row.numerator, row.denominator)
        before = standing.get(number.place)
        kind = "new" if before is None else "same" if before.content == number.content else "changed"
        found.append(Change(getattr(row, "line", 0), number, before, kind))
    return sorted(found, key=lambda one: (["changed", "new", "same"].index(one.kind), one.line))


SHOWN = 200


def check_context(measure: Measure, understood: Understood, changes: list[Change]) -> dict[str, Any]:
    """What the page of changes shows. What stands is told only where small numbers need no hiding."""
    counts = Counter(one.kind for one in changes)
    return {
        "understood": understood,
        "counts": {kind: counts[kind] for kind in ("new", "changed", "same")},
        "rows": [
            {
                "line": one.line,
                "day": day_words(measure, one.number.date),
                "group": group_words(one.number.group),
                "before": _before(one, measure),
                "after": number_words(one.number, measure),
                "tag": "unchanged" if one.kind == "same" else one.kind,
            }
            for one in changes[:SHOWN]
        ],
        "more": max(0, len(changes) - SHOWN),
        "bad": [
            {"line": bad.line, "text": bad.text, "why": trouble_words(bad.trouble, bad.detail)}
            for bad in understood.bad[:SHOWN]
        ],
        "more_bad": max(0, len(understood.bad) - SHOWN),
        "notices": {notice.value for notice in understood.notices},
        "columns": [column_label(name, measure) if name in _ROLES else name for name in understood.columns],
    }


_ROLES = ("date", *FIELDS)


def _before(one: Change, measure: Measure) -> str:
    if one.before is None:
        return ""
    return _("A number stands") if measure.about_people else number_words(one.before, measure)


def _salt(measure: Measure, by: Any) -> str:
    return f"levelground.measures.paste:{measure.public_id}:{by.public_id}"


def pack(changes: Iterable[Change], source: Source, *, measure: Measure, by: Any) -> str:
    """What would be written, as signed text for a hidden field. What stays the same is left out."""
    rows = []
    for one in changes:
        if one.kind != "same":
            texts = as_texts(one.number) or {}
            seen = mark(measure, one.number.place, one.before)
            rows.append([one.number.group, one.number.date.isoformat(), *texts.values(), seen])
    packed = signing.dumps({"rows": rows, "source": source}, salt=_salt(measure, by), compress=True)
    if len(packed) > MAX_SIZE:
        raise TooLarge(_("These are too many numbers for one go. Bring them in two or more parts."))
    return packed


def unpack(packed: str, *, measure: Measure, by: Any) -> Proposal:
    """What ``pack`` made for the same person and measure; ``Invalid`` when it is too old or was changed."""
    try:
        data = signing.loads(packed, salt=_salt(measure, by), max_age=MAX_AGE)
    except signing.BadSignature as error:
        raise Invalid(_("This page is more than two hours old. Bring your numbers again.")) from error
    numbers, seen = [], {}
    for group, day, value, numerator, denominator, was in data["rows"]:
        parts = [None if text is None else Decimal(text) for text in (value, numerator, denominator)]
        number = Number(dt.date.fromisoformat(day), group, *parts)
        numbers.append(number)
        seen[number.place] = was
    return Proposal(numbers, seen, Source(data["source"]))
