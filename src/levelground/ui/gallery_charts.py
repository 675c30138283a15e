"""Sample charts of the component gallery: each kind of mark and line, hidden points, gaps, notes, phases."""

import datetime as dt
from typing import Any

from levelground.charts.spc import ENGLISH, Subject, Writing
from levelground.engines.spc import Result, analyse

from .charts import chart_view, every_icon, wall

DAYS = [46, 48, 44, 48, 51, 48, 54, 42, 46, 42, 42, 45, 47, 48, 49, 57, 37, 28, 35, 32, 32, 39, 33, 26, 35, 33, 29, 30,
        31, 34]  # fmt: skip
SEEN = [41, 45, 43, 38, 40, 44, None, 47, 42, 39, 41, 45, 52, 58, 61, 55, 60, 57, 59, 62]


def _months(count: int, year: int = 2025, month: int = 1) -> list[dt.date]:
    return [dt.date(year + (month - 1 + i) // 12, (month - 1 + i) % 12 + 1, 1) for i in range(count)]


def _waits() -> Result:
    return analyse(
        DAYS, chart="i", x=_months(30, 2024, 7), direction="decrease", target=28, rebase=[dt.date(2025, 11, 1)]
    )


def _seen() -> Result:
    return analyse(SEEN, chart="p", denominators=[80] * 20, x=_months(20), direction="increase", exclude=[3])


def charts_context() -> dict[str, Any]:
    waits = Subject(
        "Days from referral to first contact",
        key="gallery-waits",
        y_label="Days",
        writing=Writing(unit="days"),
        edge_labels={1: "Same-day call back adopted"},
        notes=[(dt.date(2025, 2, 1), "New referral form"), (dt.date(2026, 11, 1), "Winter plan agreed with all teams")],
        hidden=frozenset({4, 20}),
    )
    seen = Subject("People seen within 28 days", key="gallery-seen", y_label="Seen", writing=Writing("share"))
    none = Subject("A measure without values", key="gallery-none")
    series = [(_waits(), waits), (_seen(), seen), (analyse([], chart="i"), none)]
    return {
        "charts": [chart_view(result, subject, language=ENGLISH) for result, subject in series],
        "all_icons": every_icon(),
        "wall_of_charts": wall(
            [(result, Subject(one.title, key=f"{one.key}-small")) for result, one in series], language=ENGLISH
        ),
    }
