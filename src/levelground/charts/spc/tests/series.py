"""Series that these tests draw, one for each status of the verdict."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from levelground.engines.spc import Result, analyse

STEADY = [10, 12, 9, 11, 10, 13, 8, 11, 9, 12, 10, 11, 12, 9, 10, 11, 8, 12, 10, 11]


def months(count: int, year: int = 2024, month: int = 1) -> list[dt.date]:
    return [dt.date(year + (month - 1 + i) // 12, (month - 1 + i) % 12 + 1, 1) for i in range(count)]


def chart(values: list[float | None], **options: Any) -> Result:
    return analyse(values, **{"chart": "i", "x": months(len(values)), **options})


STATUSES: dict[str, Callable[[], Result]] = {
    "no_data": lambda: chart([]),
    "too_few": lambda: chart([3, 4, 5]),
    "stable": lambda: chart(STEADY),
    "earlier_signal": lambda: chart([30, *STEADY], rules="shewhart"),
    "improvement": lambda: chart([*STEADY, 12, 13, 12, 13, 12, 13, 12, 13], direction="increase"),
    "concern": lambda: chart([*STEADY, 12, 13, 12, 13, 12, 13, 12, 13], direction="decrease"),
    "changed_high": lambda: chart([*STEADY, 12, 13, 12, 13, 12, 13, 12, 13]),
    "changed_low": lambda: chart([*STEADY, 9, 8, 9, 8, 9, 8, 9, 8]),
    "pattern": lambda: chart([10, 12, 9, 13, 8, 12] * 4, rules="nelson"),
}
