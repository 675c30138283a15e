"""How dates, moments and numbers are written, in English and in Welsh."""

import datetime as dt
from collections.abc import Callable
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from django.utils import translation

from . import clock
from .bilingual import Bilingual

LONDON = ZoneInfo("Europe/London")


def locale() -> str:
    return "cy" if (translation.get_language() or "").startswith("cy") else "en_GB"


def date(value: dt.date | dt.datetime | None, style: str = "d MMMM y") -> str:
    """``14 May 2027``; a moment is shown as its day in London. ``None`` gives an empty text."""
    if not value:
        return ""
    if isinstance(value, dt.datetime):
        value = value.astimezone(LONDON).date()
    return _written(value, style, locale())


@lru_cache(maxsize=2048)
def _written(value: dt.date, style: str, locale: str) -> str:
    written = format_date(value, style, locale=locale)
    # The names of days stand small inside a Welsh sentence, where we write them.
    return written.replace("Dydd ", "dydd ") if locale == "cy" else written


def short_date(value: dt.date | dt.datetime | None) -> str:
    return date(value, "d MMM y")


def moment(value: dt.datetime | None) -> str:
    """``14 May 2027, 10:42`` in London."""
    return format_datetime(value.astimezone(LONDON), "d MMMM y, HH:mm", locale=locale()) if value else ""


def time_or_date(value: dt.datetime | None) -> str:
    """``10:42`` when it is today, else the date."""
    if not value:
        return ""
    local = value.astimezone(LONDON)
    return local.strftime("%H:%M") if local.date() == clock.today() else short_date(local)


def number(value: Any) -> str:
    return _counted(value, locale()) if type(value) is int else format_decimal(value, locale=locale())


@lru_cache(maxsize=2048)
def _counted(value: int, locale: str) -> str:
    return format_decimal(value, locale=locale)


def filesize(value: int) -> str:
    for unit, size in (("MB", 1_000_000), ("kB", 1_000)):
        if value >= size:
            return f"{format_decimal(round(value / size, 1), locale=locale())} {unit}"
    return f"{value} B"


def here(value: Bilingual | str | None) -> str:
    """The text in the language of the page, or the other language when that is missing."""
    return value.here() if isinstance(value, Bilingual) else (value or "")


def bilingual(value: Any) -> Bilingual:
    """A ``{"en": …, "cy": …}`` mapping from a JSON column as a bilingual value."""
    return Bilingual.of(value)


FILTERS: dict[str, Callable[..., Any]] = {
    "date": date,
    "short_date": short_date,
    "moment": moment,
    "time_or_date": time_or_date,
    "number": number,
    "filesize": filesize,
    "here": here,
    "bilingual": bilingual,
}
