"""What may be shown of the numbers of a measure: the one place where small numbers are hidden.

Everything that leaves the server passes here: tables, charts, tooltips, files, the API. For one day, the numbers of
everybody and of all segments are looked at together, whichever of them a page shows, so that two pages side by side
give nothing away (docs/methods/suppression.md).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from levelground.engines.suppression import DEFAULT, Reason, Rule, Shown, count, group, mean, proportion

from .numbers import Number
from .rules import PARTS
from .states import Kind

OVERALL = ""


@dataclass(frozen=True)
class Cell:
    """One number as it may be shown: the figure itself, and what it was worked out from."""

    figure: Shown
    numerator: Shown | None = None
    denominator: Shown | None = None

    @property
    def reason(self) -> Reason | None:
        """Why the figure is hidden, from its cause: not "worked out from a hidden number" but why that is hidden."""
        for part in (self.numerator, self.denominator):
            if part is not None and part.hidden:
                return part.reason
        return self.figure.reason


def cells(
    numbers: Mapping[str, Number], *, kind: str, about_people: bool, per: int | None = None,
    lists: Collection[Collection[str]] = (), rule: Rule | None = DEFAULT,
) -> dict[str, Cell]:  # fmt: skip
    """The numbers of one day, by group, as they may be shown. ``lists`` are the groups of each code list: the groups
    of one list make up everybody. Without a ``rule``, or when the numbers are not about people, all are exact."""
    if rule is None or not about_people or kind == Kind.BETWEEN:
        return {key: _exact(number, per) for key, number in numbers.items()}
    if kind == Kind.COUNT:
        counts = _together({key: _whole(number.value) for key, number in numbers.items()}, {}, lists, rule)
        return {key: Cell(shown) for key, shown in counts.items()}
    if kind in PARTS:
        return _parts(numbers, kind, per, lists, rule)
    bases = {key: _whole(number.denominator) for key, number in numbers.items()}
    shown = _together(bases, {}, lists, rule)
    return {key: _average(number, bases[key], shown[key], rule) for key, number in numbers.items()}


def _whole(value: Decimal | None) -> int | None:
    return None if value is None else int(value)


def _exact(number: Number, per: int | None) -> Cell:
    numerator, denominator = (
        None if part is None else Shown(float(part)) for part in (number.numerator, number.denominator)
    )
    return Cell(Shown(figure_of(number, per)), numerator, denominator)


def figure_of(number: Number, per: int | None) -> float | None:
    """The exact figure: the value, or numerator over denominator times 100 (or ``per``); none over 0."""
    if number.value is not None:
        return float(number.value)
    if number.numerator is None or not number.denominator:
        return None
    return float(number.numerator * (per or 100) / number.denominator)


def _parts(
    numbers: Mapping[str, Number], kind: str, per: int | None, lists: Collection[Collection[str]], rule: Rule
) -> dict[str, Cell]:
    tops = {key: _whole(number.numerator) for key, number in numbers.items()}
    bottoms = {key: _whole(number.denominator) for key, number in numbers.items()}
    rests: dict[str, Reason] = {}
    if kind == Kind.PERCENT:
        for key, number in numbers.items():
            if number.numerator is not None:
                why = proportion(tops[key], bottoms[key], rule).numerator.reason
                if why is Reason.COMPLEMENT:
                    rests[key] = why
    above, below = _together(tops, rests, lists, rule), _together(bottoms, {}, lists, rule)
    # Beside a hidden part the exact counts of the others must not be worked out: their difference would be that part.
    open_day = not any(shown.hidden for shown in [*above.values(), *below.values()])
    found = {}
    for key, number in numbers.items():
        parts = above[key], below[key]
        if number.numerator is None:  # a percentage alone: nobody knows of how many
            found[key] = Cell(Shown(None, Reason.UNKNOWN_BASE))
        elif kind == Kind.PERCENT and open_day:
            found[key] = Cell(proportion(tops[key], bottoms[key], rule).percent, *parts)
        else:
            found[key] = Cell(_ratio(*parts, scale=per or 100, places=1 if per else 0), *parts)
    return found


def _ratio(above: Shown, below: Shown, *, scale: int, places: int) -> Shown:
    """A percentage or rate from its parts as they are shown: it tells no more than they do."""
    if above.hidden or below.hidden:
        return Shown(None, Reason.DERIVED)
    if above.value is None or not below.value:
        return Shown(None)
    return Shown(round(above.value * scale / below.value, places))


def _average(number: Number, base: int | None, shown: Shown, rule: Rule) -> Cell:
    figure = mean(None if number.value is None else float(number.value), base, rule)
    if shown.hidden and not figure.hidden:
        figure = Shown(None, Reason.DERIVED)
    return Cell(figure, None, shown if base is not None else None)


def _together(
    counts: Mapping[str, int | None], already: Mapping[str, Reason], lists: Collection[Collection[str]], rule: Rule
) -> dict[str, Shown]:
    """Counts of everybody and of groups, hidden so that none can be worked out from the others in any of the lists."""
    shown = {key: Shown(None, already[key]) if key in already else count(value, rule) for key, value in counts.items()}
    for groups in lists:
        keys = [key for key in groups if key in counts]
        reasons = [shown[key].reason for key in keys]
        total_why = shown[OVERALL].reason if OVERALL in shown else None
        found = group(
            [counts[key] for key in keys], counts.get(OVERALL), rule, already=reasons, total_already=total_why
        )
        shown |= dict(zip(keys, found.parts, strict=True))
        if OVERALL in counts:
            shown[OVERALL] = found.total
    return shown
