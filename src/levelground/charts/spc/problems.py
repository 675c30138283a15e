"""What the engine refuses, and what it thinks the reader should know, as sentences."""

from collections.abc import Sequence

from levelground.engines.spc import Notice, SpcError

from .language import ENGLISH, Language

NAMED_ROWS = 5


def refusal(error: SpcError, *, language: Language = ENGLISH, rows: Sequence[str] = ()) -> str:
    """Why a series cannot be charted, as a sentence that names the rows.

    ``rows``: what each row of the input is called ("12", "line 14"); without, rows are counted from 1.
    """
    _ = language.gettext
    said = _refusals(language).get(error.code) or _option(error.code, language)
    if not error.positions:
        return said
    names = [rows[place] if place < len(rows) else str(place + 1) for place in error.positions[:NAMED_ROWS]]
    more = "…" if len(error.positions) > NAMED_ROWS else ""
    where = _("Rows: %(rows)s.") % {"rows": ", ".join(names) + more}
    return f"{said} {where}"


def _refusals(language: Language) -> dict[str, str]:
    _ = language.gettext
    return {
        "different_lengths": _("Every row needs an entry in every column."),
        "not_numeric": _("A value is not a number."),
        "not_finite": _("A value is infinite."),
        "too_large": _("A value is too large to reckon with."),
        "events_without_denominator": _("There are events, but the denominator is 0."),
        "more_than_denominator": _("The numerator is larger than the denominator."),
        "negative_count": _("A count is less than 0."),
        "negative_denominator": _("A denominator is less than 0."),
        "not_above_zero": _("A time between events is not more than 0."),
        "unsorted": _("The dates are not in order."),
        "repeated": _("A date stands there more than once."),
        "x_type": _("Dates, numbers and words are mixed in one column, or a time has a time zone."),
        "denominators_needed": _("This chart needs denominators."),
        "trend_over_gap": _("The profile cannot judge a trend across a missing value."),
        "phases_given_twice": _("Give the phases in one way only."),
        "baseline_given_twice": _("Give the baseline in one way only."),
        "rebase": _("The start of a phase is not of the kind that the dates are."),
        "fix_after_too_short": _("The baseline of a phase is too short for this profile."),
    }


def _option(code: str, language: Language) -> str:
    _ = language.gettext
    return _("The setting “%(name)s” does not fit.") % {"name": code}


def notices(found: Sequence[Notice], *, language: Language = ENGLISH) -> tuple[str, ...]:
    """What the reader should know about the data, one sentence each; an unknown notice is passed over."""
    _ = language.gettext
    known = {
        "rows_without_x_dropped": _("Rows without a date were left out: %(count)s."),
        "sorted": _("The rows were put in order of date."),
        "pooled": _("Rows with one date became one point: %(count)s."),
        "denominators_ignored": _("This chart does not use the denominators."),
        "phase_not_in_data": _("Phases that start at no point of the data were left out: %(count)s."),
        "freeze_ignored": _("With phases, the frozen baseline is not used."),
        "baseline_not_in_data": _("Points of the baseline that do not exist: %(count)s."),
        "exclude_not_in_data": _("Points to leave out that do not exist: %(count)s."),
        **_refusals(language),
    }
    return tuple(known[one.code] % {"count": len(one.positions)} for one in found if one.code in known)
