"""Reading one cell of a paste or a spreadsheet: a day, a number. Pure; what is not clear is refused with a reason."""

import datetime as dt
import re
import unicodedata
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cache
from typing import Any

from babel.dates import get_month_names

LONGEST = 100
FIRST_YEAR, LAST_YEAR = 1990, 2099
LARGEST = Decimal(10) ** 9  # with six decimal places as many figures as every database keeps exactly
_SIX_PLACES = Decimal("0.000001")


class Trouble(StrEnum):
    """What is wrong with a line."""

    NOT_A_DATE = "not_a_date"
    NO_DATE = "no_date"
    YEAR_NEEDED = "year_needed"
    DAY_NEEDED = "day_needed"
    YEAR_OUT_OF_RANGE = "year_out_of_range"
    FUTURE = "future"
    NOT_A_NUMBER = "not_a_number"
    UNCLEAR_COMMA = "unclear_comma"
    HIDDEN_NUMBER = "hidden_number"
    NOT_WHOLE = "not_whole"
    NEGATIVE = "negative"
    TOO_LARGE = "too_large"
    NOT_A_PERCENTAGE = "not_a_percentage"
    OVER_HUNDRED = "over_hundred"
    PART_OVER_WHOLE = "part_over_whole"
    MIXED_FRACTION = "mixed_fraction"
    NO_VALUE = "no_value"
    HALF = "half"
    REPEATED = "repeated"
    UNKNOWN_GROUP = "unknown_group"
    TOO_MANY_CELLS = "too_many_cells"
    FORMULA = "formula"


class Unclear(Exception):
    """A cell that cannot be read."""

    def __init__(self, trouble: Trouble, detail: str = ""):
        super().__init__(trouble, detail)
        self.trouble, self.detail = trouble, detail


def words(cell: Any) -> str:
    """A cell as text on one line, without what cannot be seen."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(" ")
    text = str(cell)[: LONGEST * 4]
    return " ".join("".join(c for c in text if unicodedata.category(c) != "Cf").split())


def fold(text: str) -> str:
    """For comparing names: lower case, accents and closing marks off."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return " ".join(plain.split()).strip(" :.")


# ---------------------------------------------------------------- days
_DAY_FIRST = re.compile(r"([0-9]{1,2})[/.\- ]([0-9]{1,2})[/.\- ]([0-9]{4}|[0-9]{2})")
_YEAR_FIRST = re.compile(r"([0-9]{4})[/.\-]([0-9]{1,2})[/.\-]([0-9]{1,2})")
_MONTH = re.compile(r"([0-9]{1,2})[/.\-]([0-9]{4})")
_YEAR_MONTH = re.compile(r"([0-9]{4})[/.\-]([0-9]{1,2})")
_DAY_WORDS = re.compile(
    r"([0-9]{1,2})(?:st|nd|rd|th|af|il|ydd|ed|fed|eg|ain)?[ \-]+(?:o )?([^\W\d_]+)\.?[ \-,]+([0-9]{4}|[0-9]{2})"
)
_MONTH_WORDS = re.compile(r"([^\W\d_]+)\.?[ \-/’']*([0-9]{4}|[0-9]{2})")
_NO_YEAR = re.compile(r"[0-9]{1,2}[/.\- ][0-9]{1,2}|[0-9]{1,2}[ \-]+[^\W\d_]+|[^\W\d_]+")
_WEEKDAY = re.compile(r"^[^\W\d_]+,? (?=[0-9])")
_CLOCK = re.compile(r"[T ][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?$")
_SERIAL = re.compile(r"[0-9]{5}")
# Spreadsheets count days from here.
_EPOCH = dt.date(1899, 12, 30)


def read_day(cell: Any, *, by_month: bool) -> dt.date:
    """The day in ``cell``, the day before the month: 31/3/2027, 31.3.27, 2027-03-31, 31 March 2027, 31 Mawrth 2027, and
    a spreadsheet's own dates and day numbers. With ``by_month`` also Mar 2027, 03/2027, 2027-03, Maw-27; and the answer
    is the first of the month. ``Unclear`` says what is wrong."""
    found = _typed_day(cell) or _written_day(words(cell), by_month=by_month)
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise Unclear(Trouble.YEAR_OUT_OF_RANGE, words(cell))
    return found.replace(day=1) if by_month else found


def _typed_day(cell: Any) -> dt.date | None:
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    return None


def _written_day(text: str, *, by_month: bool) -> dt.date:
    if not text:
        raise Unclear(Trouble.NO_DATE)
    if len(text) > LONGEST:
        raise Unclear(Trouble.NOT_A_DATE, text)
    if text.startswith(("=", "+", "@")):
        raise Unclear(Trouble.FORMULA, text)
    plain = _CLOCK.sub("", text)
    if not _MONTH_WORDS.fullmatch(plain):
        plain = _WEEKDAY.sub("", plain, count=1)
    if _SERIAL.fullmatch(plain):
        return _EPOCH + dt.timedelta(days=int(plain))
    found = _day_of(plain)
    if found:
        return _date(text, *found)
    month = _month_of(plain)
    if month and not by_month:
        raise Unclear(Trouble.DAY_NEEDED, text)
    if month:
        return _date(text, *month, "1")
    raise Unclear(Trouble.YEAR_NEEDED if _lacks_a_year(plain) else Trouble.NOT_A_DATE, text)


def _day_of(text: str) -> tuple[str, str, str] | None:
    """(year, month, day) of a whole date."""
    if found := _DAY_FIRST.fullmatch(text):
        return found[3], found[2], found[1]
    if found := _YEAR_FIRST.fullmatch(text):
        return found[1], found[2], found[3]
    if (found := _DAY_WORDS.fullmatch(text)) and (month := _months().get(fold(found[2]))):
        return found[3], str(month), found[1]
    return None


def _month_of(text: str) -> tuple[str, str] | None:
    """(year, month) of a month."""
    if found := _MONTH.fullmatch(text):
        return found[2], found[1]
    if found := _YEAR_MONTH.fullmatch(text):
        return found[1], found[2]
    if (found := _MONTH_WORDS.fullmatch(text)) and (month := _months().get(fold(found[1]))):
        return found[2], str(month)
    return None


def _lacks_a_year(text: str) -> bool:
    names = [part for part in re.split(r"[\W\d_]+", text) if part]
    return bool(_NO_YEAR.fullmatch(text)) and all(fold(name) in _months() for name in names)


def _date(text: str, year: str, month: str, day: str) -> dt.date:
    """A year of two figures is one of this century."""
    try:
        return dt.date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
    except ValueError:
        raise Unclear(Trouble.NOT_A_DATE, text) from None


@cache
def _months() -> dict[str, int]:
    """The names of months in English and Welsh, long and short."""
    found = {
        fold(name): number
        for locale in ("cy", "en_GB")
        for width in ("wide", "abbreviated")
        for number, name in get_month_names(width, locale=locale).items()
    }
    return found | {"sep": 9, "sept": 9}


# ---------------------------------------------------------------- numbers
_PLAIN = re.compile(r"[0-9]+(?:\.[0-9]+)?|\.[0-9]+")
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:([, \u2019'])[0-9]{3})(?:\1[0-9]{3})*(?:\.[0-9]+)?")
_HIDDEN = re.compile(r"\*+|<\s?[0-9]+|c|\[c\]|suppressed|hidden|wedi'i guddio", re.IGNORECASE)
BLANKS = {
    "",
    "-",
    "–",
    "—",
    "n/a",
    "na",
    "#n/a",
    ".",
    "..",
    "...",
    "null",
    "none",
    "blank",
    "dim data",
    "no data",
    "amh",
}


def read_number(cell: Any, *, percent: bool, whole: bool, negative: bool) -> tuple[Decimal | None, bool]:
    """The number in ``cell``, to six decimal places, and whether it came with a % sign; ``None`` for a blank.

    ``percent``: a % sign may stand behind it. ``whole``: only whole numbers. ``negative``: below zero is possible.
    """
    if isinstance(cell, bool | dt.date):
        raise Unclear(Trouble.NOT_A_NUMBER, words(cell))
    text = repr(cell) if isinstance(cell, float) else words(cell)
    if text.casefold() in BLANKS:
        return None, False
    if len(text) > LONGEST:
        raise Unclear(Trouble.NOT_A_NUMBER, text)
    signed = text.endswith("%")
    if signed and not percent:
        raise Unclear(Trouble.NOT_A_PERCENTAGE, text)
    number = _decimal(cell, text.removesuffix("%").strip())
    if abs(number) >= LARGEST:
        raise Unclear(Trouble.TOO_LARGE, text)
    if number < 0 and not negative:
        raise Unclear(Trouble.NEGATIVE, text)
    number = number.quantize(_SIX_PLACES)
    if whole and number != number.to_integral_value():
        raise Unclear(Trouble.NOT_WHOLE, text)
    return number + 0, signed  # without the sign of a negative zero


def _decimal(cell: Any, text: str) -> Decimal:
    if isinstance(cell, int | float):
        return _exact(text)
    if _HIDDEN.fullmatch(text):
        raise Unclear(Trouble.HIDDEN_NUMBER, text)
    if text.startswith(("=", "+", "@")):
        raise Unclear(Trouble.FORMULA, text)
    body = text.replace("−", "-")
    minus = body.startswith("-")
    body = body.removeprefix("-").strip().removeprefix("£").strip()
    if _PLAIN.fullmatch(body):
        return _exact(f"-{body}" if minus else body)
    if _THOUSANDS.fullmatch(body):
        body = re.sub(r"[, \u2019']", "", body)
        return _exact(f"-{body}" if minus else body)
    if re.fullmatch(r"[0-9.]+,[0-9]+|[0-9,.]*,[0-9,.]*", body):
        raise Unclear(Trouble.UNCLEAR_COMMA, text)
    raise Unclear(Trouble.NOT_A_NUMBER, text)


def _exact(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise Unclear(Trouble.NOT_A_NUMBER, text) from None
    if not number.is_finite():
        raise Unclear(Trouble.NOT_A_NUMBER, text)
    return number
