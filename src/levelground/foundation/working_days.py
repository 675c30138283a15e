"""Working days by nation: Monday to Friday, without the bank holidays of that nation of the United Kingdom."""

import datetime as dt
from functools import lru_cache

import holidays

NATIONS = ("ENG", "WLS", "SCT", "NIR")
_DAY = dt.timedelta(days=1)


@lru_cache(maxsize=256)
def _bank_holidays(year: int, nation: str) -> frozenset[dt.date]:
    if nation not in NATIONS:
        raise ValueError(f"{nation!r} is no nation: use one of {', '.join(NATIONS)}.")
    return frozenset(holidays.country_holidays("GB", subdiv=nation, years=year))


def is_bank_holiday(date: dt.date, nation: str) -> bool:
    """Whether ``date`` is a bank holiday in ``nation`` (the substitute day, when the day itself is at a weekend)."""
    return date in _bank_holidays(date.year, nation)


def is_working_day(date: dt.date, nation: str) -> bool:
    """Whether people work on ``date`` in ``nation``: ``ENG``, ``WLS``, ``SCT`` or ``NIR``."""
    holiday = is_bank_holiday(date, nation)
    return date.weekday() < 5 and not holiday


def add_working_days(date: dt.date, n: int, nation: str) -> dt.date:
    """The ``n``-th working day after ``date`` (before it, when ``n`` is negative). The day itself does not count.

    With ``n`` = 0 it is ``date`` itself, or the next working day when nobody works on it.
    """
    if n == 0:
        while not is_working_day(date, nation):
            date += _DAY
        return date
    step = _DAY if n > 0 else -_DAY
    left = abs(n)
    while left:
        date += step
        left -= is_working_day(date, nation)
    return date
