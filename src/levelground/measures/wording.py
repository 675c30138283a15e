"""The words for what is wrong with a line, for columns, and for numbers."""

from collections.abc import Callable
from typing import Any

from babel.numbers import format_decimal
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from levelground.engines.suppression import Reason, Shown
from levelground.foundation import formats

from .cells import Trouble
from .models import Measure
from .states import BY_MONTH, Kind

_TROUBLES: dict[Trouble, Callable[[], str]] = {
    Trouble.NO_DATE: lambda: _("The date is missing."),
    Trouble.NOT_A_DATE: lambda: _("“%(what)s” is not a date. Write the day first, such as 14/05/2027."),
    Trouble.YEAR_NEEDED: lambda: _("“%(what)s” has no year. Write it with the year, such as May 2027."),
    Trouble.DAY_NEEDED: lambda: _("“%(what)s” has no day. Write the whole date, such as 14/05/2027."),
    Trouble.YEAR_OUT_OF_RANGE: lambda: _("“%(what)s” is too long ago or too far ahead."),
    Trouble.FUTURE: lambda: _("“%(what)s” has not come yet."),
    Trouble.NOT_A_NUMBER: lambda: _("“%(what)s” is not a number."),
    Trouble.UNCLEAR_COMMA: lambda: _("“%(what)s”: it is not clear what the comma means. Write 1,234 or 12.5."),
    Trouble.HIDDEN_NUMBER: lambda: _("“%(what)s” is a number that somebody has hidden. Leave the cell empty."),
    Trouble.NOT_WHOLE: lambda: _("“%(what)s” is not a whole number."),
    Trouble.NEGATIVE: lambda: _("“%(what)s” is less than 0."),
    Trouble.TOO_LARGE: lambda: _("“%(what)s” is too large."),
    Trouble.NOT_A_PERCENTAGE: lambda: _("“%(what)s”: this measure is not a percentage."),
    Trouble.OVER_HUNDRED: lambda: _("A percentage cannot be more than 100."),
    Trouble.PART_OVER_WHOLE: lambda: _("The numerator is more than the denominator."),
    Trouble.MIXED_FRACTION: lambda: _("“%(what)s” has no percent sign, and others have. Write it with one."),
    Trouble.NO_VALUE: lambda: _("The number itself is missing."),
    Trouble.HALF: lambda: _("Numerator and denominator belong together, and one of them is missing."),
    Trouble.REPEATED: lambda: _("Line %(what)s is for the same date and group already."),
    Trouble.UNKNOWN_GROUP: lambda: _("The group “%(what)s” is not known. Write it as this page does."),
    Trouble.TOO_MANY_CELLS: lambda: _("There are %(what)s cells, which is more than expected."),
    Trouble.FORMULA: lambda: _("There is a formula. Paste the value instead."),
}


def trouble_words(trouble: Trouble, detail: str = "") -> str:
    return _TROUBLES[trouble]() % {"what": detail}


def column_label(column: str, measure: Measure) -> str:
    """What a column of numbers is called."""
    if column == "numerator":
        return _("Numerator")
    if column == "denominator":
        return _("Of how many people") if measure.kind == Kind.AVERAGE else _("Denominator")
    if column == "date":
        return _("Month") if measure.frequency in BY_MONTH else _("Date")
    return figure_label(measure)


def figure_label(measure: Measure) -> str:
    """What the figure itself is called: its unit, or what kind it is."""
    if measure.kind == Kind.PERCENT:
        return _("Percentage")
    if measure.kind == Kind.RATE:
        return _("For each %(per)s") % {"per": formats.number(measure.per or 1)}
    unit = measure.unit.here()
    return unit[:1].upper() + unit[1:] if unit else _("Number")


def day_words(measure: Measure, day: Any) -> str:
    """``April 2026`` where points stand for months, else ``14 April 2026``."""
    return formats.date(day, "MMMM y") if measure.frequency in BY_MONTH else formats.date(day)


def plain_figure(value: Any, kind: str) -> str:
    """A figure as people write it, with at most two decimal places."""
    if value is None:
        return ""
    text = format_decimal(value, "#,##0.##", locale=formats.locale())
    return f"{text}%" if kind == Kind.PERCENT else text


def shown_figure(shown: Shown | None, kind: str) -> str:
    """The same for what may be shown; ``*`` for what is hidden."""
    if shown is None:
        return ""
    return "*" if shown.hidden else plain_figure(shown.value, kind)


_REASONS: dict[Reason, Callable[[], str]] = {
    Reason.SMALL: lambda: _("Hidden: fewer than 8 people."),
    Reason.COMPLEMENT: lambda: _("Hidden: fewer than 8 people are left over."),
    Reason.SECONDARY: lambda: _("Hidden: it would give another hidden number away."),
    Reason.DERIVED: lambda: _("Hidden: it comes from a hidden number."),
    Reason.SMALL_BASE: lambda: _("Hidden: it is of fewer than 8 people."),
    Reason.UNKNOWN_BASE: lambda: _("Hidden: it is not known of how many people it is."),
}


def reason_words(reason: Reason | None) -> str:
    return _REASONS[reason]() if reason else ""


def everybody() -> str:
    return pgettext("numbers of", "Everybody")
