"""Numbers: written in one go, with their history."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from levelground.foundation import clock
from levelground.foundation.db import public_id
from levelground.foundation.errors import Conflict, Invalid

from .. import rules
from ..codes import by_key
from ..models import Measure, Point, PointChange, Segment, Series
from ..numbers import FIELDS, Number, Place, as_texts, groups_of, mark
from ..states import Kind, Source
from .common import lock, record

MOST = 50_000


@dataclass(frozen=True)
class Entered:
    """What one entry did."""

    new: int = 0
    changed: int = 0
    removed: int = 0
    same: int = 0

    @property
    def written(self) -> int:
        return self.new + self.changed + self.removed


def standing(measure: Measure) -> dict[Place, Number]:
    """Every number that stands, by group and day."""
    rows = Point.objects.filter(series__measure=measure).select_related("series__segment")
    found = {}
    for point in rows:
        group = point.series.segment.key if point.series.segment else ""
        found[group, point.date] = Number(point.date, group, point.value, point.numerator, point.denominator)
    return found


@transaction.atomic
def save_numbers(
    *, measure: Measure, numbers: Iterable[Number], by: Any, source: Source,
    seen: Mapping[Place, str] | None = None,
) -> Entered:  # fmt: skip
    """Write numbers, all of them or none, and keep what stood before. The same number again changes nothing.

    ``seen``: the marks (``mark``) of what stood when the person looked. Where something else stands now, and it is not
    what is wanted either, ``Conflict`` tells: ``theirs`` are the numbers that stand there, ``yours`` those sent.
    """
    found = lock(measure)
    wanted = _checked(found, list(numbers))
    points = {
        (point.series.segment.key if point.series.segment else "", point.date): point
        for point in Point.objects.select_for_update(of=("self",))
        .filter(series__measure=found, date__in={number.date for number in wanted})
        .select_related("series__segment")
    }
    now = {place: _number(place, point) for place, point in points.items()}
    _agree(found, wanted, now, seen or {})
    done: Counter[str] = Counter()
    entry = _Entry(found, by, Source(source))
    for number in wanted:
        done[entry.write(number, points.get(number.place))] += 1
    entry.keep()
    result = Entered(**{name: done[name] for name in ("new", "changed", "removed", "same")})
    if result.written:
        record(
            found, "numbers_entered", by,
            after={"new": result.new, "changed": result.changed, "removed": result.removed, "source": source},
        )  # fmt: skip
    return result


def _number(place: tuple[str, dt.date], point: Point) -> Number:
    return Number(place[1], place[0], point.value, point.numerator, point.denominator)


def _agree(measure: Measure, wanted: list[Number], now: Mapping[Place, Number], seen: Mapping[Place, str]) -> None:
    """Refuse to write over what the person has not seen."""
    moved = [
        number for number in wanted
        if number.place in seen and mark(measure, number.place, now.get(number.place)) != seen[number.place]
        and (now.get(number.place) or Number(number.date, number.group)).content != number.content
    ]  # fmt: skip
    if moved:
        raise Conflict(
            _("A colleague changed some of these numbers while you were looking. Nothing is saved yet: look again."),
            theirs={number.place: now.get(number.place) for number in moved},
            yours={number.place: number for number in moved},
        )


def _checked(measure: Measure, numbers: list[Number]) -> list[Number]:
    """The numbers on the days where they are kept; ``Invalid`` when one cannot be."""
    if len(numbers) > MOST:
        raise Invalid(_("These are too many numbers for one go. Bring them in two or more parts."))
    groups = groups_of(measure)
    found = []
    for number in numbers:
        if number.group and number.group not in groups:
            raise Invalid(_("This measure is not looked at by this group."))
        if problem := problem_with(measure, number):
            raise Invalid(problem)
        day = rules.day_of(measure.frequency, number.date)
        found.append(Number(day, number.group, number.value, number.numerator, number.denominator))
    if len({number.place for number in found}) < len(found):
        raise Invalid(_("Two numbers are for the same day and group."))
    return found


def problem_with(measure: Measure, number: Number) -> str:
    """Why a number cannot be of this measure; nothing when it can."""
    if number.is_empty:
        return ""
    if number.date > clock.today():
        return _("This day has not come yet.")
    parts = [part for part in (number.numerator, number.denominator) if part is not None]
    if any(part < 0 or part != part.to_integral_value() for part in parts):
        return _("Numerators and denominators are whole numbers, 0 or more.")
    return _problem_in_parts(measure, number) if measure.kind in rules.PARTS else _problem_in_value(measure, number)


def _problem_in_parts(measure: Measure, number: Number) -> str:
    value, numerator, denominator = number.content
    if value is None and (numerator is None or denominator is None):
        return _("Give both the numerator and the denominator.")
    if value is not None and numerator is not None:
        return _("Give one number.")
    if measure.kind == Kind.PERCENT and numerator is not None and numerator > (denominator or 0):
        return _("The numerator cannot be more than the denominator.")
    if value is not None and (value < 0 or (measure.kind == Kind.PERCENT and value > 100)):
        return _("A percentage lies between 0 and 100, and a rate is not less than 0.")
    return ""


def _problem_in_value(measure: Measure, number: Number) -> str:
    value = number.value
    if value is None or number.numerator is not None:
        return _("Give one number.")
    if value < 0 and measure.kind != Kind.AVERAGE:
        return _("The number cannot be less than 0.")
    if measure.kind == Kind.COUNT and value != value.to_integral_value():
        return _("A count is a whole number.")
    return ""


class _Entry:
    """What is written in one go."""

    def __init__(self, measure: Measure, by: Any, source: Source):
        self.measure, self.by, self.source = measure, by, source
        self.at, self.number = clock.now(), public_id()
        self.series: dict[str, Series] = {
            one.segment.key if one.segment else "": one
            for one in Series.objects.filter(measure=measure).select_related("segment")
        }
        self.made: list[Point] = []
        self.moved: list[Point] = []
        self.gone: list[int] = []
        self.changes: list[PointChange] = []

    def write(self, number: Number, point: Point | None) -> str:
        """Take one number in; what became of it."""
        before = _number(number.place, point) if point else None
        if (before or Number(number.date)).content == number.content:
            return "same"
        series = self._series(number.group)
        self.changes.append(
            PointChange(
                series=series, date=number.date, before=as_texts(before), after=as_texts(number), by=self.by,
                at=self.at, source=self.source, entry=self.number,
            )
        )  # fmt: skip
        if point is None:
            fields = dict(zip(FIELDS, number.content, strict=True))
            self.made.append(Point(series=series, date=number.date, changed_at=self.at, **fields))
            return "new"
        if number.is_empty:
            self.gone.append(point.pk)
            return "removed"
        for name, part in zip(FIELDS, number.content, strict=True):
            setattr(point, name, part)
        point.changed_at = self.at
        self.moved.append(point)
        return "changed"

    def keep(self) -> None:
        Point.objects.bulk_create(self.made, batch_size=500)
        Point.objects.bulk_update(self.moved, [*FIELDS, "changed_at"], batch_size=200)
        Point.objects.filter(pk__in=self.gone).delete()
        PointChange.objects.bulk_create(self.changes, batch_size=500)

    def _series(self, group: str) -> Series:
        if group not in self.series:
            segment = keep_segment(group) if group else None
            self.series[group], _new = Series.objects.get_or_create(measure=self.measure, segment=segment)
        return self.series[group]


def keep_segment(key: str) -> Segment:
    """The row of a code, made from its list (``codes.py``) when it is first used."""
    list_key, _colon, wanted = key.rpartition(":")
    found = by_key()[list_key]
    place, code = next((n, one) for n, one in enumerate(found.codes) if one.code == wanted)
    segment, _new = Segment.objects.get_or_create(
        characteristic=found.characteristic, edition=found.edition, code=code.code,
        defaults={"label": code.label, "kind": code.kind, "position": place},
    )  # fmt: skip
    return segment
