"""Short words of a chart: rules as they were seen, kinds of points, lines, columns."""

from levelground.engines.spc import Signal

from .language import Language

MEDIAN_CHARTS = {"run", "g"}


def centre_name(chart: str, language: Language) -> str:
    """Average, or on run and g charts median."""
    _ = language.gettext
    return _("Median") if chart in MEDIAN_CHARTS else _("Average")


def rule_phrase(signal: Signal, chart: str, language: Language) -> str:
    """What a signal saw, to stand within a sentence. A rule that is not ours is named by its code."""
    _ = language.gettext
    centre = centre_name(chart, language).lower()
    said = _directed(signal, language) if signal.direction else _undirected(signal.rule, language)
    return (said or signal.rule) % {"count": len(signal.points), "centre": centre}


def _directed(signal: Signal, language: Language) -> str:
    _ = language.gettext
    high = {
        "outside_limits": _("a point above the upper limit"),
        "trend": _("%(count)s points that rise one after another"),
        "two_of_three": _("two of three points close to the upper limit"),
        "three_of_four": _("three of four points nearer the upper limit than the %(centre)s"),
        "four_of_five": _("four of five points well above the %(centre)s"),
        "shift": _("%(count)s points in a row above the %(centre)s"),
        "runs": _("%(count)s points in a row above the %(centre)s, an unusually long run"),
    }
    low = {
        "outside_limits": _("a point below the lower limit"),
        "trend": _("%(count)s points that fall one after another"),
        "two_of_three": _("two of three points close to the lower limit"),
        "three_of_four": _("three of four points nearer the lower limit than the %(centre)s"),
        "four_of_five": _("four of five points well below the %(centre)s"),
        "shift": _("%(count)s points in a row below the %(centre)s"),
        "runs": _("%(count)s points in a row below the %(centre)s, an unusually long run"),
    }
    return (high if signal.direction > 0 else low).get(signal.rule, "")


def _undirected(rule: str, language: Language) -> str:
    _ = language.gettext
    return {
        "runs": _("the points cross the %(centre)s unusually seldom"),
        "run_count": _("unusually few or many runs about the %(centre)s"),
        "alternating": _("%(count)s points that rise and fall in turn"),
        "hugging": _("%(count)s points in a row close to the %(centre)s"),
        "avoiding": _("%(count)s points in a row far from the %(centre)s, on both sides"),
    }.get(rule, "")


def kind_name(kind: str, language: Language) -> str:
    """What a mark means, for the legend and in sentences about a point."""
    _ = language.gettext
    return {
        "common": _("No signal"),
        "improvement": _("Improvement"),
        "concern": _("Concern"),
        "neutral": _("Change"),
        "pattern": _("Pattern"),
        "excluded": _("Left out of the limits"),
        "hidden": _("Hidden"),
    }[kind]


def line_name(kind: str, chart: str, language: Language) -> str:
    """The name of a line, for its end."""
    _ = language.gettext
    if kind == "centre":
        return centre_name(chart, language)
    return {
        "upper": _("Upper limit"),
        "lower": _("Lower limit"),
        "limits": _("Limits"),
        "target": _("Target"),
    }[kind]


def hidden_words(fewer_than: int, language: Language) -> str:
    """What is said in place of a number that could point at a person."""
    _ = language.gettext
    return _("hidden, fewer than %(least)s") % {"least": fewer_than}


def no_points(language: Language) -> str:
    """What is said in the middle of a chart without points."""
    _ = language.gettext
    return _("There are no values yet.")


def no_value(language: Language) -> str:
    """What is said of a gap."""
    _ = language.gettext
    return _("no value")


def column_names(chart: str, language: Language) -> dict[str, str]:
    """Heads of the table of points, by field of ``Row``."""
    _ = language.gettext
    return {
        "when": _("Date"),
        "value": _("Value"),
        "denominator": _("Out of"),
        "centre": centre_name(chart, language),
        "lower": _("Lower limit"),
        "upper": _("Upper limit"),
        "target": _("Target"),
        "signal": _("What it shows"),
        "note": _("Note"),
    }
