"""The language of a chart: whose words, which month names, which way of writing numbers. No Django: it is handed in."""

import datetime as dt
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import numpy as np
from babel.dates import get_month_names


def _as_it_is(text: str) -> str:
    return text


@dataclass(frozen=True)
class Language:
    """``code``: en or cy, for names of months; ``gettext``: English text to text of the language."""

    code: str = "en"
    gettext: Callable[[str], str] = _as_it_is


ENGLISH = Language()


@dataclass(frozen=True)
class Writing:
    """How the numbers of a chart are written.

    ``format``: "number", "percent" (values are per hundred) or "share" (values from 0 to 1, written as a percentage);
    ``unit``: follows the number ("days"); ``decimals``: of values, None for what the spread of the values asks for.
    """

    format: str = "number"
    unit: str = ""
    decimals: int | None = None

    def shown(self, value: float) -> float:
        """The number as it is written: a share becomes a percentage."""
        return value * 100 if self.format == "share" else value

    def bare(self, value: float, decimals: int) -> str:
        """Number with thousands separators and percent sign, without unit; an empty text for no number."""
        if math.isnan(value):
            return ""
        number = round(self.shown(value), decimals) + 0.0  # no -0
        text = f"{number:,.{decimals}f}".replace("-", "\N{MINUS SIGN}")
        return text if self.format == "number" else f"{text}%"

    def full(self, value: float, decimals: int) -> str:
        """The number with its unit."""
        text = self.bare(value, decimals)
        return f"{text} {self.unit}" if self.unit and text else text


def decimals_for(values: np.ndarray[Any, Any]) -> int:
    """Decimals that tell values apart: about three figures of their spread."""
    known = values[np.isfinite(values)]
    if not len(known):
        return 0
    spread = float(known.max() - known.min()) or abs(float(known[0])) or 1.0
    return min(max(1 - math.floor(math.log10(spread) + 0.01), 0), 6)


@lru_cache(maxsize=4)
def _months(width: Literal["abbreviated", "wide"], code: str) -> tuple[str, ...]:
    names = get_month_names(width, locale="cy" if code == "cy" else "en_GB")
    return tuple(names[month] for month in range(1, 13))


@dataclass(frozen=True)
class Calendar:
    """How the x of a series is said. ``kind``: number, word, month, day, moment."""

    kind: str
    code: str = "en"

    def short(self, value: Any) -> str:
        """For the axis: Apr 2024."""
        return self._say(value, "abbreviated")

    def long(self, value: Any) -> str:
        """For sentences: April 2024."""
        return self._say(value, "wide")

    def _say(self, value: Any, width: Literal["abbreviated", "wide"]) -> str:
        if self.kind == "word":
            return str(value)
        if self.kind == "number":
            return f"{float(value):.12g}"
        moment = value.astype("datetime64[us]").astype(dt.datetime)
        month = _months(width, self.code)[moment.month - 1]
        if self.kind == "month":
            return f"{month} {moment.year}"
        day = f"{moment.day} {month} {moment.year}"
        return f"{day}, {moment:%H:%M}" if self.kind == "moment" else day


def calendar_of(x: np.ndarray[Any, Any], code: str) -> Calendar:
    """Months where no two points share one and each stands on the same day, or on the last of its month."""
    if x.dtype.kind != "M":
        return Calendar("word" if x.dtype.kind in "US" else "number", code)
    days = x.astype("datetime64[D]")
    if (days.astype(x.dtype) != x).any():
        return Calendar("moment", code)
    months = days.astype("datetime64[M]")
    in_month = (days - months.astype("datetime64[D]")).astype(int)
    last = (days + 1).astype("datetime64[M]") != months
    alone = len(np.unique(months)) == len(months)
    monthly = alone and len(months) > 1 and (len(set(in_month.tolist())) == 1 or bool(last.all()))
    return Calendar("month" if monthly else "day", code)
