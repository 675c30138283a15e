"""The numbers of a measure, as they may be shown."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from levelground.engines.suppression import DEFAULT
from levelground.foundation.bilingual import Bilingual

from ..codes import by_key
from ..models import Measure, Point, PointChange
from ..numbers import Number
from ..shown import OVERALL, Cell, cells

PER_PAGE = 60


@dataclass(frozen=True)
class Day:
    """The numbers of one day, by group."""

    date: dt.date
    cells: dict[str, Cell]


@dataclass(frozen=True)
class Numbers:
    """Numbers by day, the newest first, of everybody and of the groups of one list."""

    groups: list[str]
    days: list[Day]
    exact: bool
    hidden: int

    @property
    def is_empty(self) -> bool:
        return not self.days


def groups_by_list(measure: Measure) -> dict[str, list[str]]:
    """The keys of the groups of each list by which the measure is looked at."""
    known = by_key()
    return {key: [f"{key}:{code.code}" for code in known[key].codes] for key in measure.stratified_by if key in known}


def label_of(group: str) -> Bilingual:
    """What a group is called; empty for everybody."""
    list_key, _colon, code = group.rpartition(":")
    found = by_key().get(list_key)
    return next((one.label for one in found.codes if one.code == code), Bilingual(code)) if found else Bilingual()


def numbers_of(measure: Measure, *, by: str = "", exact: bool = False, oldest_first: bool = False) -> Numbers:
    """All numbers of everybody and of the groups of the list ``by`` (its key), small ones hidden unless ``exact``."""
    read = _read(Point.objects.filter(series__measure=measure))
    return _numbers(measure, (number for _id, number in read), by=by, exact=exact, oldest_first=oldest_first)


def numbers_of_each(measures: Iterable[Measure]) -> dict[int, Numbers]:
    """The numbers of everybody of many measures, by the measure's id: one query, however many there are."""
    known = list(measures)
    held: dict[int, list[Number]] = {one.pk: [] for one in known}
    for measure_id, number in _read(Point.objects.filter(series__measure__in=list(held))):
        held[measure_id].append(number)
    return {one.pk: _numbers(one, held[one.pk]) for one in known}


_SEGMENT = tuple(f"series__segment__{name}" for name in ("characteristic", "edition", "code"))


def _read(points: QuerySet[Point]) -> Iterator[tuple[int, Number]]:
    """The measure's id and the number of each point. Plain values: a page of many measures reads thousands, and to make
    a row, its series and its segment of each took three times as long."""
    rows = points.values_list("series__measure_id", "date", "value", "numerator", "denominator", *_SEGMENT)
    for measure_id, date, value, numerator, denominator, characteristic, edition, code in rows:
        group = OVERALL if code is None else f"{characteristic}/{edition}:{code}"
        yield measure_id, Number(date, group, value, numerator, denominator)


def _numbers(
    measure: Measure, found: Iterable[Number], *, by: str = "", exact: bool = False, oldest_first: bool = False
) -> Numbers:
    lists = groups_by_list(measure)
    shown = [OVERALL, *lists.get(by, [])]
    by_day: dict[dt.date, dict[str, Number]] = {}
    for number in found:
        by_day.setdefault(number.date, {})[number.group] = number
    days, hidden, used = [], 0, set()
    for date, numbers in sorted(by_day.items(), reverse=not oldest_first):
        seen = cells(
            numbers, kind=measure.kind, about_people=measure.about_people, per=measure.per,
            lists=list(lists.values()), rule=None if exact else DEFAULT,
        )  # fmt: skip
        kept = {group: seen[group] for group in shown if group in seen}
        if kept:
            days.append(Day(date, kept))
            used |= set(kept)
            hidden += sum(cell.reason is not None for cell in kept.values())
    groups = [group for group in shown if group in used or group == OVERALL]
    return Numbers(groups, days, exact or not measure.about_people, hidden)


def standing_on(measure: Measure, day: dt.date) -> dict[str, Number]:
    """The exact numbers that stand on a day, by group: for the form, which decides what it shows of them."""
    rows = Point.objects.filter(series__measure=measure, date=day).select_related("series__segment")
    found = {}
    for point in rows:
        group = point.series.segment.key if point.series.segment else OVERALL
        found[group] = Number(day, group, point.value, point.numerator, point.denominator)
    return found


def page_of(numbers: Numbers, number: str | None) -> Page[Day]:
    return Paginator(numbers.days, PER_PAGE).get_page(number)


@dataclass(frozen=True)
class Step:
    """What was written in one go: who, when, how, and the numbers concerned."""

    who: str
    at: dt.datetime
    source: str
    changes: list[PointChange]


def changes_of(measure: Measure, number: str | None) -> tuple[Page[PointChange], list[Step]]:
    """The history of the numbers, the newest first, gathered by entry."""
    rows = PointChange.objects.filter(series__measure=measure).select_related("by", "series__segment")
    page = Paginator(rows, 2 * PER_PAGE).get_page(number)
    return page, _steps(page)


def _steps(changes: Iterable[PointChange]) -> list[Step]:
    found: dict[str, Step] = {}
    for one in changes:
        step = found.setdefault(one.entry, Step(str(one.by or ""), one.at, one.get_source_display(), []))
        step.changes.append(one)
    return list(found.values())
