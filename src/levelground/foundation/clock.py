"""The only place that asks for the time. Dates are London dates; moments are UTC."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from zoneinfo import ZoneInfo

_LONDON = ZoneInfo("Europe/London")
_elsewhen: ContextVar[dt.datetime | None] = ContextVar("elsewhen", default=None)


def now() -> dt.datetime:
    """The present moment, aware, in UTC."""
    return _elsewhen.get() or dt.datetime.now(dt.UTC)


def today() -> dt.date:
    """Today's date in London."""
    return now().astimezone(_LONDON).date()


@contextmanager
def at(moment: dt.datetime) -> Iterator[None]:
    """Let it be ``moment`` (aware) inside the block: how the demonstration and tests write history."""
    token = _elsewhen.set(moment.astimezone(dt.UTC))
    try:
        yield
    finally:
        _elsewhen.reset(token)
