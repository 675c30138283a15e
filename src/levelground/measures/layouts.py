"""How a paste for a measure is read: its columns, its groups, what its numbers can be."""

from django.utils import translation

from levelground.foundation import clock

from .cells import fold
from .models import Measure
from .numbers import groups_of
from .paste import DATE, OVERALL, Layout
from .rules import PARTS, columns_of
from .selectors import label_of
from .states import BY_MONTH, Kind
from .wording import column_label, figure_label


def layout_of(measure: Measure, group: str = OVERALL) -> Layout:
    """Lines without a group of their own are ``group``'s."""
    columns = (DATE, *columns_of(measure.kind, about_people=measure.about_people))
    return Layout(
        columns=columns,
        alternative=(DATE, "value") if measure.kind in PARTS or len(columns) == 3 else (),
        groups=_names(measure),
        headings=_headings(measure, columns),
        group=group,
        by_month=measure.frequency in BY_MONTH,
        whole=measure.kind == Kind.COUNT,
        percent=measure.kind == Kind.PERCENT,
        part_of_whole=measure.kind == Kind.PERCENT,
        negative=measure.kind == Kind.AVERAGE,
        today=clock.today(),
    )


def _headings(measure: Measure, columns: tuple[str, ...]) -> dict[str, str]:
    """What this measure's own pages and files call the columns, in either language; its unit and name are the value."""
    found: dict[str, str] = {}
    for language in ("en", "cy"):
        with translation.override(language):
            found |= {fold(column_label(column, measure)): column for column in columns}
            found |= {fold(figure_label(measure)): "value"}
    own = (measure.unit.en, measure.unit.cy, measure.name.en, measure.name.cy)
    return found | {fold(text): "value" for text in own if text}


def _names(measure: Measure) -> dict[str, str]:
    """What people call the groups: label in either language, or code; what two groups are called counts for neither."""
    found: dict[str, str] = {}
    twice: set[str] = set()
    for key, (_list, code) in groups_of(measure).items():
        label = label_of(key)
        for name in {fold(text) for text in (label.en, label.cy, code) if text}:
            if found.setdefault(name, key) != key:
                twice.add(name)
    return {name: key for name, key in found.items() if name not in twice}
