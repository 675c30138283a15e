"""All measures of a place as one table: what the chart of each says, without drawing any.

Each row asks the engine as the chart's page does, so the two never differ. Loads NumPy: import it where it is used.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from levelground.charts.spc import Subject
from levelground.engines.spc import Result
from levelground.organisations.models import Network, Organisation
from levelground.ui.charts import BriefView, SmallView, brief_view, wall

from . import selectors
from .charting import Charted, result_of, subject_of
from .methods import way_of
from .models import Measure
from .selectors import Beside, Listed, Numbers
from .shown import OVERALL, Cell
from .table_asked import Asked, owners_of_list
from .wording import day_words, plain_figure, shown_figure

# How much attention a row needs: concern, change; then what is steady and will miss its target; then the rest.
_RANKS = {"concern": 0, "changed": 1, "improvement": 3, "common": 4, "few": 5}
_STUCK = 2
_TARGETS = {"fail": 0, "at_times": 1, "unsaid": 2, "pass": 3, "none": 4}


@dataclass(frozen=True)
class Row:
    """A measure in the table. ``latest``: the newest number as it may be shown, ``newest`` its day."""

    measure: Measure
    newest: dt.date | None
    latest: Cell | None
    silent: bool
    target: str
    view: BriefView
    result: Result
    subject: Subject

    @property
    def is_draft(self) -> bool:
        return self.measure.published_at is None

    @property
    def latest_words(self) -> str:
        """The figure with its unit; ``*`` when it is hidden."""
        if self.latest is None:
            return ""
        figure, unit = shown_figure(self.latest.figure, self.measure.kind), self.subject.writing.unit
        return f"{figure} {unit}" if unit and figure not in ("", "*") else figure

    @property
    def newest_words(self) -> str:
        return day_words(self.measure, self.newest) if self.newest else ""

    @property
    def since(self) -> dt.date | None:
        """The first day of the signal that holds now."""
        since = self.view.brief.since
        return None if since is None else since.astype("datetime64[D]").astype(object)

    @property
    def rank(self) -> tuple[Any, ...]:
        icons = self.view.icons
        variation, assurance = icons.variation.group, icons.assurance.group
        stuck = variation == "common" and assurance == "fail"
        return _STUCK if stuck else _RANKS[variation], _TARGETS[assurance], *self.by_name

    @property
    def by_name(self) -> tuple[str, int]:
        return self.measure.name.here().casefold(), self.measure.pk


@dataclass(frozen=True)
class MeasureTable:
    """The rows that were asked for, of how many there are; ``drafts``: how many drafts there are, asked for or not;
    ``owners``: whose there are, key → name."""

    place: Network | Organisation
    asked: Asked
    rows: list[Row]
    of: int
    drafts: int
    with_numbers: int
    owners: dict[str, str]

    @property
    def has_drafts(self) -> bool:
        return any(row.is_draft for row in self.rows)

    def without_drafts(self) -> "MeasureTable":
        """To take to a meeting: drafts are for those who work on measures there."""
        return replace(self, rows=[row for row in self.rows if not row.is_draft], of=self.of - self.drafts)

    @property
    def said(self) -> list[str]:
        return self.asked.said(self.owners)


def table_of(user: Any, place: Network | Organisation, asked: Asked) -> MeasureTable:
    """The live measures of a place that the person may see and that ``asked`` asks for."""
    listed = [one for one in selectors.measures_of(user, place) if one.measure.archived_at is None]
    owners = owners_of_list(listed)
    asked = asked.among(owners)
    rows = _rows([one for one in listed if asked.fits(one.measure)])
    kept = [row for row in rows if _fits(row, asked)]
    kept.sort(key=(lambda row: row.by_name) if asked.order == "name" else (lambda row: row.rank))
    return MeasureTable(
        place=place,
        asked=asked,
        rows=kept,
        of=len(listed),
        drafts=sum(one.measure.published_at is None for one in listed),
        with_numbers=sum(one.points > 0 for one in listed),
        owners=owners,
    )


def _fits(row: Row, asked: Asked) -> bool:
    icons = row.view.icons
    return asked.variation in ("", icons.variation.group) and asked.assurance in ("", icons.assurance.group)


def _rows(listed: Sequence[Listed]) -> list[Row]:
    measures = [one.measure for one in listed]
    numbers, beside = selectors.numbers_of_each(measures), selectors.beside_each(measures)
    return [_row(one, numbers[one.measure.pk], beside[one.measure.pk]) for one in listed]


def _row(one: Listed, numbers: Numbers, beside: Beside) -> Row:
    measure = one.measure
    charted = Charted(measure, numbers, beside)
    result, subject = result_of(charted, way_of(measure.kind)), subject_of(charted)
    aimed = beside.target.value if beside.target else None
    view = brief_view(result, subject.writing, targeted=aimed is not None)
    newest = numbers.days[0] if numbers.days else None
    return Row(
        measure=measure,
        newest=newest.date if newest else None,
        latest=newest.cells[OVERALL] if newest else None,
        silent=one.silent and newest is not None,
        target=view.brief.texts["target"] or plain_figure(aimed, measure.kind),
        view=view,
        result=result,
        subject=subject,
    )


def charts_of(rows: Sequence[Row]) -> list[SmallView]:
    """A small chart for each row that has numbers."""
    return wall([(row.result, row.subject) for row in rows if row.newest])
