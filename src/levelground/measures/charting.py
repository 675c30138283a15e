"""The numbers of measures as control charts: what the engine is asked, and what the page shows of its answer.

The engine is given the numbers as they may be shown, never the exact ones: so nothing that it finds (limits, signals,
words) gives a hidden number away. This module loads NumPy: views import it when a chart is wanted, not before.
"""

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Any

from levelground.charts.spc import Subject, Writing, make_spec, svg
from levelground.engines.spc import Result, analyse
from levelground.foundation.bilingual import Bilingual
from levelground.ui.charts import ChartView, SmallView, chart_view, language_here, wall

from .methods import METHODS, Method
from .models import Measure
from .selectors import Beside, Numbers
from .shown import OVERALL
from .states import Direction, Kind

_GOOD = {Direction.UP: "increase", Direction.DOWN: "decrease", Direction.NONE: "neutral"}


def method_of(measure: Measure, wanted: str) -> Method:
    """The way of looking that was asked for, else the one that fits the kind of number."""
    return METHODS.get(wanted) or METHODS["rare" if measure.kind == Kind.BETWEEN else "nhs"]


def _series(numbers: Numbers, group: str) -> tuple[list[dt.date], list[float | None], frozenset[int]]:
    """Days, figures and the places of those that are hidden, the oldest first."""
    days = sorted((day.date, day.cells[group]) for day in numbers.days if group in day.cells)
    figures = [None if cell.figure.hidden else cell.figure.value for _date, cell in days]
    hidden = frozenset(place for place, (_date, cell) in enumerate(days) if cell.reason is not None)
    return [date for date, _cell in days], figures, hidden


def result_of(measure: Measure, numbers: Numbers, beside: Beside, method: Method, group: str = OVERALL) -> Result:
    """What the engine says of one series, with the measure's phases, baseline, targets and direction of good."""
    dates, figures, _hidden = _series(numbers, group)
    starts = sorted({bisect_left(dates, phase.starts_on) for phase in beside.phases})
    phases = [place for place in starts if 0 < place < len(dates)]
    until = bisect_right(dates, measure.baseline_to) if measure.baseline_to and not phases else 0
    targets = [(one.from_date, float(one.value)) for one in beside.targets if one.value is not None]
    return analyse(
        figures,
        chart=method.chart,
        x=dates,
        phases=phases or None,
        freeze=until if 1 < until < len(dates) else None,
        target=_stepped(dates, targets),
        profile=method.profile,
        rules=method.rules,
        direction=_GOOD[Direction(measure.direction)],
        invalid="gap",
    )


def _stepped(dates: Sequence[dt.date], targets: list[tuple[dt.date, float]]) -> list[tuple[Any, float]] | None:
    """Targets as the engine takes them; one from before the first number counts from that on."""
    if not dates or not targets:
        return None
    before = [one for one in targets if one[0] <= dates[0]]
    later = [one for one in targets if one[0] > dates[0]]
    return [*([(dates[0], before[-1][1])] if before else []), *later] or None


def subject_of(measure: Measure, numbers: Numbers, beside: Beside, group: str = OVERALL) -> Subject:
    dates, _figures, hidden = _series(numbers, group)
    percent = measure.kind == Kind.PERCENT
    inside = [note for note in beside.notes if dates and dates[0] <= note.on <= dates[-1]]
    unit = measure.unit.here() if isinstance(measure.unit, Bilingual) else ""
    return Subject(
        title=measure.name.here(),
        key=f"m{measure.public_id}",
        writing=Writing("percent" if percent else "number", "" if percent else unit),
        notes=[(note.on, note.text) for note in inside],
        hidden=hidden,
    )


def page_chart(measure: Measure, numbers: Numbers, beside: Beside, method: Method) -> ChartView:
    """The chart of everybody for the measure's page."""
    return chart_view(result_of(measure, numbers, beside, method), subject_of(measure, numbers, beside))


def picture(measure: Measure, numbers: Numbers, beside: Beside, method: Method) -> bytes:
    """The same chart as an SVG file of its own."""
    result = result_of(measure, numbers, beside, method)
    spec = make_spec(result, subject_of(measure, numbers, beside), language=language_here())
    return svg(spec, standalone=True).encode()


def small_charts(series: Sequence[tuple[Measure, Numbers, Beside]]) -> list[SmallView]:
    """One small chart for each measure that has numbers, each looked at in its own way."""
    return wall(
        [
            (result_of(one, numbers, beside, method_of(one, "")), subject_of(one, numbers, beside))
            for one, numbers, beside in series
            if numbers.days
        ]
    )
