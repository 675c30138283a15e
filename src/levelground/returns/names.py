"""What quarters, months and numbers are called."""

from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from levelground.foundation import formats

from .models import ReturnQuarter
from .rules import month_on
from .states import FigureKind


def year_name(quarter: ReturnQuarter) -> str:
    """``2026``, or ``2026–27`` when the year does not begin in January."""
    first = month_on(quarter.starts_on, -3 * (quarter.quarter - 1))
    return str(quarter.year) if first.month == 1 else f"{quarter.year}–{(quarter.year + 1) % 100:02d}"


def months(quarter: ReturnQuarter) -> str:
    """``April to June 2026``."""
    one_year = quarter.starts_on.year == quarter.ends_on.year
    return pgettext("months", "%(first)s to %(last)s") % {
        "first": formats.date(quarter.starts_on, "MMMM" if one_year else "MMMM y"),
        "last": formats.date(quarter.ends_on, "MMMM y"),
    }


def quarter_name(quarter: ReturnQuarter) -> str:
    """``Quarter 1, April to June 2026``."""
    return _("Quarter %(number)s, %(months)s") % {"number": quarter.quarter, "months": months(quarter)}


def short_name(quarter: ReturnQuarter) -> str:
    """``Quarter 1 of 2026–27``."""
    return _("Quarter %(number)s of %(year)s") % {"number": quarter.quarter, "year": year_name(quarter)}


def amount(kind: str, value: Any) -> str:
    """A figure's value as people write it: ``1,234``, ``£1,234.50``, ``12.5%``; empty for none."""
    if value is None or value == "":
        return ""
    number = Decimal(str(value))
    if kind == FigureKind.MONEY:
        pattern = "#,##0" if number == number.to_integral_value() else "#,##0.00"
        return f"£{format_decimal(number, pattern, locale=formats.locale())}"
    text = formats.number(number)
    return f"{text}%" if kind == FigureKind.PERCENT else text
