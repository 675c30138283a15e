"""What a measure's page shows of its chart: the picture with its words, the ways of looking, what the chart proposes.

It loads NumPy, as ``charting`` does: the view imports it when there are numbers.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from levelground.charts.spc import refusal
from levelground.engines.spc import SpcError
from levelground.foundation.bilingual import Bilingual
from levelground.ui.charts import ChartView, SmallView, language_here

from . import charting
from .charting import Charted
from .methods import CHART_NAMES, CHARTS_OF, LIMIT_NAMES, RULE_NAMES, Way, limits_for, rules_for, way_of
from .selectors import label_of
from .states import Kind
from .wording import day_words


@dataclass(frozen=True)
class Choice:
    """One thing that can be chosen about a chart: its name in the address, its label, (key, words), what is chosen."""

    name: str
    label: Any
    options: tuple[tuple[str, Any], ...]
    chosen: str


@dataclass(frozen=True)
class GroupChart:
    """The small chart of one group. ``key`` opens it large."""

    key: str
    label: Bilingual
    view: SmallView


@dataclass(frozen=True)
class Proposal:
    """A new phase that the chart proposes, in words. ``day`` is what the form sends."""

    day: str
    since: str
    points: int
    above: bool
    before: str
    after: str


@dataclass(frozen=True)
class ChartPage:
    """``refused``: why the way that was asked for cannot be drawn; then the chart is the usual one."""

    chart: ChartView
    way: Way
    refused: str
    choices: tuple[Choice, ...]
    proposal: Proposal | None
    groups: tuple[GroupChart, ...]
    group: str

    @property
    def query(self) -> str:
        """What an address of the same chart carries."""
        return urlencode([*self.way.asked, *([("group", self.group)] if self.group else [])])


def chart_page(charted: Charted, asked: Any, labels: dict[str, Any], *, may_define: bool) -> ChartPage:
    """``labels``: of the choices, by name: chart, rules, limits."""
    way, refused = way_of(charted.measure.kind, asked), ""
    try:
        chart = charting.page_chart(charted, way)
    except SpcError as error:
        dates, _cells = charted.cells()
        rows = [day_words(charted.measure, date) for date in dates]
        refused = refusal(error, language=language_here(), rows=rows)
        way = way_of(charted.measure.kind)
        chart = charting.page_chart(charted, way)
    return ChartPage(
        chart, way, refused, _choices(charted.measure.kind, way, labels),
        _proposal(charted) if may_define and not charted.group else None,
        () if charted.group else _groups(charted), charted.group,
    )  # fmt: skip


def _choices(kind: str, way: Way, labels: dict[str, Any]) -> tuple[Choice, ...]:
    offered = (
        ("chart", CHARTS_OF[Kind(kind)], CHART_NAMES, way.chart),
        ("rules", rules_for(way.chart), RULE_NAMES, way.rules),
        ("limits", limits_for(way.chart), LIMIT_NAMES, way.limits),
    )
    return tuple(
        Choice(name, labels[name], tuple((key, names[key]) for key in keys), chosen)
        for name, keys, names, chosen in offered
        if len(keys) > 1
    )


def _groups(charted: Charted) -> tuple[GroupChart, ...]:
    return tuple(GroupChart(key, label_of(key), view) for key, view in charting.group_charts(charted).items())


def _proposal(charted: Charted) -> Proposal | None:
    proposed = charting.proposal_of(charted)
    if proposed is None:
        return None
    measure, found = charted.measure, proposed.proposal
    day = found.x.astype(object)
    return Proposal(
        day.isoformat(), day_words(measure, day), found.points, found.direction > 0,
        proposed.before, proposed.after,
    )  # fmt: skip
