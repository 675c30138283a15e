"""Days and moments as the database keeps them, counted from the day of the build: -1 is yesterday."""

import datetime as dt
from functools import cache

FIRST, LAST = -8000, 1000


class Days:
    """A table of dates, because making each anew would take most of the time of a large build."""

    def __init__(self, today: dt.date) -> None:
        self.today = today
        dates = [today + dt.timedelta(days=n) for n in range(FIRST, LAST)]
        self._text = [date.isoformat() for date in dates]
        # To each day the working day that it is, or the last one before it.
        self._working = [n - max(0, date.weekday() - 4) for n, date in zip(range(FIRST, LAST), dates, strict=True)]

    def date(self, day: int) -> str:
        return self._text[day - FIRST]

    def moment(self, day: int, minute: int) -> str:
        """``minute`` counts from eight in the morning, UTC. The database's text for it, to which "+00:00" belongs."""
        return f"{self._text[day - FIRST]} {_time(minute)}"

    def working(self, day: int) -> int:
        return self._working[day - FIRST]

    def number(self, date: dt.date) -> int:
        return (date - self.today).days


@cache
def _time(minute: int) -> str:
    return f"{8 + minute // 60:02}:{minute % 60:02}:00"


def as_moment(text: str) -> dt.datetime:
    """The moment of a database text."""
    return dt.datetime.fromisoformat(f"{text}+00:00")
