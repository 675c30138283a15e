"""The numbers of measures as control charts: what the engine is asked, and what the page shows of its answer.

The engine is given the numbers as they may be shown, never the exact ones: so nothing that it finds (limits, signals,
words) gives a hidden number away. This module loads NumPy: views import it when a chart is wanted, not before.
"""

import datetime as dt
import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from levelground.charts.spc import Spec, Subject, Teller, Writing, make_spec, poster, table
from levelground.engines.spc import OptionError, RebaseProposal, Result, analyse, propose_rebase
from levelground.ui.charts import ChartView, SmallView, chart_view, language_here, wall

from .methods import OF_PARTS, Way, way_of
from .models import Measure, MeasurePhase
from .selectors import Beside, Numbers, label_of
from .shown import OVERALL, Cell
from .states import Direction, Kind

_GOOD = {Direction.UP: "increase", Direction.DOWN: "decrease", Direction.NONE: "neutral"}


@dataclass(frozen=True)
class Charted:
    """A measure with what is needed to chart it. ``group``: the key of a segment, or empty for everybody."""

    measure: Measure
    numbers: Numbers
    beside: Beside
    group: str = OVERALL

    def cells(self) -> tuple[list[dt.date], list[Cell]]:
        """Days and what may be shown of each, the oldest first."""
        days = sorted(
            ((day.date, day.cells[self.group]) for day in self.numbers.days if self.group in day.cells),
            key=lambda pair: pair[0],
        )
        return [date for date, _cell in days], [cell for _date, cell in days]

    @property
    def title(self) -> str:
        """The measure's name, and the group's."""
        name = self.measure.name.here()
        return f"{name}: {label_of(self.group).here()}" if self.group else name


def result_of(charted: Charted, way: Way) -> Result:
    """What the engine says of one series, with the measure's phases, baselines, targets and direction of good.

    Raises ``SpcError`` where the way of looking cannot hold the numbers.
    """
    measure, beside = charted.measure, charted.beside
    dates, cells = charted.cells()
    starts = _starts(dates, beside.phases)
    targets = [(one.from_date, math.nan if one.value is None else float(one.value)) for one in beside.targets]
    left_out = {one.date for one in beside.left_out}
    excluded = [place for place, date in enumerate(dates) if date in left_out]
    values, denominators, scale = _inputs(cells, measure, way)
    counted = {place for place, value in enumerate(values) if value is not None} - set(excluded)
    return analyse(
        values,
        chart=way.chart,
        denominators=denominators,
        multiply=scale,
        x=dates,
        phases=[place for place in starts if place] or None,
        baseline=_baseline(dates, starts, measure, counted),
        withheld=_withheld(cells, measure),
        exclude=excluded,
        target=_stepped(dates, targets),
        profile=way.profile,
        rules=way.rules,
        direction=_GOOD[Direction(measure.direction)],
        invalid="gap",
    )


def _inputs(cells: Sequence[Cell], measure: Measure, way: Way) -> tuple[list[Any], list[Any] | None, float]:
    """Values, denominators where the chart needs them, and the scale on which the page shows them."""
    if way.chart not in OF_PARTS:
        return [None if cell.figure.hidden else cell.figure.value for cell in cells], None, 1
    if any(cell.figure.value is not None and cell.numerator is None for cell in cells):
        raise OptionError("denominators_needed")  # a percentage alone: nobody knows of how many
    sides = []
    for name in ("numerator", "denominator"):
        parts = [getattr(cell, name) for cell in cells]
        sides.append([None if part is None or part.hidden else part.value for part in parts])
    return sides[0], sides[1], float(measure.per or 100)


def _withheld(cells: Sequence[Cell], measure: Measure) -> list[int]:
    """The positions that are hidden because the number is small. An average is hidden because few people are behind
    it: that says nothing of its size."""
    if measure.kind == Kind.AVERAGE:
        return []
    return [place for place, cell in enumerate(cells) if cell.reason is not None]


def _starts(dates: Sequence[dt.date], phases: Sequence[MeasurePhase]) -> dict[int, MeasurePhase | None]:
    """The first position of each phase that has numbers, with the phase that begins there (None: the first of all)."""
    found: dict[int, MeasurePhase | None] = {0: None}
    for phase in sorted(phases, key=lambda one: one.starts_on):
        place = bisect_left(dates, phase.starts_on)
        if place < len(dates):
            found[place] = phase
    return found


def _baseline(
    dates: Sequence[dt.date], starts: dict[int, MeasurePhase | None], measure: Measure, counted: set[int]
) -> list[int] | None:
    """The positions that limits are worked out from: a phase's own baseline, else what of the measure's lies in it.
    ``counted``: the positions that count at all; of fewer than two of them nothing follows, and the phase has all its
    numbers."""
    chosen: list[int] = []
    ends = [*sorted(starts)[1:], len(dates)]
    for (first, phase), end in zip(sorted(starts.items(), key=lambda item: item[0]), ends, strict=True):
        start, until = measure.baseline_from, measure.baseline_to
        if phase is not None and phase.baseline_to is not None:
            start, until = phase.starts_on, phase.baseline_to
        if start is None or until is None:
            continue
        span = range(max(first, bisect_left(dates, start)), min(end, bisect_right(dates, until)))
        chosen += span if len(counted.intersection(span)) > 1 else ()
    return chosen or None


def _stepped(dates: Sequence[dt.date], targets: list[tuple[dt.date, float]]) -> list[tuple[Any, float]] | None:
    """Targets as the engine takes them; one from before the first number counts from that on."""
    if not dates or not targets:
        return None
    before = [one for one in targets if one[0] <= dates[0]]
    later = [one for one in targets if one[0] > dates[0]]
    return [*([(dates[0], before[-1][1])] if before else []), *later] or None


def subject_of(charted: Charted, key: str = "") -> Subject:
    """``key``: unique on the page; the measure's own if none is given."""
    measure = charted.measure
    dates, cells = charted.cells()
    percent = measure.kind == Kind.PERCENT
    inside = [note for note in charted.beside.notes if dates and dates[0] <= note.on <= dates[-1]]
    return Subject(
        title=charted.title,
        key=key or f"m{measure.public_id}",
        writing=Writing("percent" if percent else "number", "" if percent else measure.unit.here()),
        notes=[(note.on, note.text) for note in inside],
        hidden=frozenset(place for place, cell in enumerate(cells) if cell.reason is not None),
        targeted=charted.beside.target is not None and charted.beside.target.value is not None,
    )


def page_chart(charted: Charted, way: Way) -> ChartView:
    """The chart for the measure's page."""
    return chart_view(result_of(charted, way), subject_of(charted))


def spec_of(charted: Charted, way: Way) -> Spec:
    """The chart as a spec, for files. Raises ``SpcError`` where the way of looking cannot hold the numbers."""
    return make_spec(result_of(charted, way), subject_of(charted), language=language_here())


def picture(charted: Charted, spec: Spec) -> str:
    """A chart with its words as an SVG file of its own."""
    where = charted.measure.source.strip()
    return poster(spec, source=f"{gettext('Source')}: {where}" if where else "")


def points_file(charted: Charted, spec: Spec) -> list[list[Any]]:
    """The points of the chart as rows: heads, then day, value, denominator, lines, target (unrounded), signal, note."""
    dates, _cells = charted.cells()
    words = table(spec).rows
    rows: list[list[Any]] = [[head for _name, head in spec.columns]]
    for date, point, said in zip(dates, spec.points, words, strict=True):
        lines = (point.value, point.denominator, point.centre, point.lower, point.upper, point.target)
        value, *rest = [None if math.isnan(line) else f"{line:.10g}" for line in lines]
        hidden = "*" if point.kind == "hidden" else None
        cells = {"when": date.isoformat(), "value": value or hidden, "signal": said.signal, "note": said.note}
        cells |= dict(zip(("denominator", "centre", "lower", "upper", "target"), rest, strict=True))
        rows.append([cells[name] for name, _head in spec.columns])
    return rows


def small_charts(series: Sequence[Charted]) -> list[SmallView]:
    """One small chart for each measure that has numbers, each looked at in the way that suits it."""
    return wall([(result_of(one, way_of(one.measure.kind)), subject_of(one)) for one in series if one.numbers.days])


def group_charts(charted: Charted) -> dict[str, SmallView]:
    """One small chart for each group that has numbers, by the group's key."""
    way = way_of(charted.measure.kind)
    groups = [group for group in charted.numbers.groups if group]
    each = [Charted(charted.measure, charted.numbers, charted.beside, group) for group in groups]
    views = wall([
        (result_of(one, way), subject_of(one, f"m{one.measure.public_id}-{place}")) for place, one in enumerate(each)
    ])  # fmt: skip
    return dict(zip(groups, views, strict=True))


@dataclass(frozen=True)
class Proposed:
    """A new phase that the numbers suggest, with the levels before and after as the chart writes them."""

    proposal: RebaseProposal
    before: str
    after: str


def proposal_of(charted: Charted) -> Proposed | None:
    """The phase that the chart proposes, seen in the way that suits the numbers. A person decides, and says why."""
    result = result_of(charted, way_of(charted.measure.kind))
    found = propose_rebase(result)
    if found is None:
        return None
    teller = Teller.of(result, subject_of(charted).writing, language_here())
    return Proposed(found, teller.line(found.centre_before), teller.line(found.centre_after))
