"""Reading a date from a spreadsheet's cell, however it was written there."""

import datetime as dt
import re
from functools import cache
from typing import Any

from babel.dates import get_month_names

_DAY_FIRST = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})$")
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?$")
_WORDS = re.compile(r"(\d{1,2})(?:st|nd|rd|th|af|il|ydd|ed|fed|eg|ain)? (?:o )?([^\W\d_]+)\.? (\d{4})$")
# Spreadsheets count days from here; the numbers stand for the years 2000 to 2099.
_EPOCH, _FIRST, _LAST = dt.date(1899, 12, 30), 36_526, 73_050


def read_date(cell: Any) -> dt.date | None:
    """The date in ``cell``: a date, a spreadsheet's day number, or words such as 14/05/2027, 2027-05-14, 14 May 2027,
    14 Mai 2027. Day comes before month. ``None`` when it is no date between 2000 and 2099."""
    found = _read(cell)
    return found if found and 2000 <= found.year < 2100 else None


def _read(cell: Any) -> dt.date | None:
    match cell:
        case dt.datetime():
            return cell.date()
        case dt.date():
            return cell
        case int() | float():
            return _EPOCH + dt.timedelta(days=int(cell)) if _FIRST <= cell <= _LAST else None
        case _:
            return date_from_words(" ".join(str(cell).replace("\u00a0", " ").split()))


def date_from_words(words: str) -> dt.date | None:
    """The date that a person wrote, of any year."""
    if found := _DAY_FIRST.match(words):
        return _date(found[3], found[2], found[1])
    if found := _YEAR_FIRST.match(words):
        return _date(found[1], found[2], found[3])
    if (found := _WORDS.match(words)) and (month := _months().get(found[2].casefold())):
        return _date(found[3], month, found[1])
    return None


def _date(year: Any, month: Any, day: Any) -> dt.date | None:
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return None


@cache
def _months() -> dict[str, int]:
    """The names of months in English and Welsh, long and short."""
    return {
        name.rstrip(".").casefold(): number
        for locale in ("cy", "en_GB")
        for width in ("wide", "abbreviated")
        for number, name in get_month_names(width, locale=locale).items()
    }
