"""One number at a time: a count, a proportion, a mean."""

from dataclasses import dataclass

from .rules import DEFAULT, Reason, Rule, Shown


@dataclass(frozen=True)
class Proportion:
    """A part of a whole as it may be shown; ``percent`` runs from 0 to 100."""

    numerator: Shown
    denominator: Shown
    percent: Shown


def count(number: int | None, rule: Rule = DEFAULT) -> Shown:
    """A count of people or events, hidden or rounded. ``None`` stays missing; a negative count is a ``ValueError``."""
    if number is None:
        return Shown(None)
    if number < 0:
        raise ValueError("A count cannot be negative.")
    return Shown(None, Reason.SMALL) if rule.hides(number) else Shown(rule.rounded(number))


def proportion(numerator: int | None, denominator: int | None, rule: Rule = DEFAULT) -> Proportion:
    """A part of a whole. The percentage is worked out from the exact numbers, and hidden when either is, when what is
    left over is (``rule.hide_complement``), or when the whole is 0. ``ValueError`` when the part exceeds the whole."""
    if numerator is None or denominator is None:
        return Proportion(count(numerator, rule), count(denominator, rule), Shown(None))
    if not 0 <= numerator <= denominator:
        raise ValueError("The part must lie between 0 and the whole.")
    part, whole = count(numerator, rule), count(denominator, rule)
    # With rules that hide zero, a whole group would be hidden for having no rest; the rest counts from 1.
    rest = denominator - numerator
    if rule.hide_complement and rest and rule.hides(rest) and not part.hidden:
        part = Shown(None, Reason.COMPLEMENT)
    if part.hidden or whole.hidden:
        return Proportion(part, whole, Shown(None, Reason.DERIVED))
    if denominator == 0:
        return Proportion(part, whole, Shown(None))
    return Proportion(part, whole, Shown(_percent(numerator, denominator, rule.percent_places)))


def _percent(numerator: int, denominator: int, places: int | None) -> float:
    """To ``places`` decimal places, a half going up: worked out in whole numbers, so that 0.5 is a half."""
    if places is None:
        return 100 * numerator / denominator
    scale = 10**places
    return (200 * scale * numerator + denominator) // (2 * denominator) / scale


def mean(value: float | None, base: int | None, rule: Rule = DEFAULT) -> Shown:
    """A mean, a median or another figure about ``base`` people, in its own unit: hidden when they are fewer than
    ``rule.mean_base``, or when it is not known how many they are."""
    if value is None:
        return Shown(None)
    if base is None:
        return Shown(None, Reason.UNKNOWN_BASE)
    return Shown(None, Reason.SMALL_BASE) if base < rule.mean_base else Shown(value)
