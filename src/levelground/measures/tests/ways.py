"""Measures for tests that need some."""

import datetime as dt
from decimal import Decimal
from typing import Any

from levelground.foundation import clock
from levelground.foundation.bilingual import Bilingual
from levelground.measures import services
from levelground.measures.models import Measure
from levelground.measures.numbers import Number
from levelground.measures.states import Source
from levelground.organisations.models import Network, Organisation, Team


def definition(**more: Any) -> dict[str, Any]:
    """A plain monthly count of falls."""
    return {
        "name": Bilingual("Falls", "Cwympiadau"),
        "matters": Bilingual("I want to feel safe on the ward", "Rydw i eisiau teimlo'n ddiogel ar y ward"),
        "family": "outcome",
        "definition": Bilingual("Falls of inpatients on the ward, witnessed or reported."),
        "kind": "count",
        "frequency": "monthly",
        "direction": "down",
        **more,
    }


def percentage(**more: Any) -> dict[str, Any]:
    return definition(
        name=Bilingual("Seen within a week", "Wedi'u gweld o fewn wythnos"), kind="percent", direction="up",
        numerator="People seen within seven days", denominator="People referred", **more,
    )  # fmt: skip


def wait(**more: Any) -> dict[str, Any]:
    return definition(
        name=Bilingual("Days to first contact", ""), kind="average", unit=Bilingual("days", "diwrnod"), is_wait=True,
        clock_start="The day of the referral", clock_stop="The day of the first contact", **more,
    )  # fmt: skip


def make(owner: Network | Organisation | Team, by: Any, *, published: bool = True, **more: Any) -> Measure:
    made = services.create_measure(owner=owner, definition=definition(**more), by=by)
    return services.publish(measure=made, by=by) if published else made


def month(year: int, number: int) -> dt.date:
    return dt.date(year, number, 1)


def enter(measure: Measure, by: Any, rows: dict[dt.date, Any], group: str = "") -> services.Entered:
    """``rows``: by day a number, or (numerator, denominator), or for averages (value, of how many) as a dict."""
    numbers = []
    for day, given in rows.items():
        if isinstance(given, tuple):
            numbers.append(Number(day, group, None, *(Decimal(part) for part in given)))
        elif isinstance(given, dict):
            numbers.append(Number(day, group, **{name: Decimal(part) for name, part in given.items()}))
        else:
            numbers.append(Number(day, group, None if given is None else Decimal(given)))
    return services.save_numbers(measure=measure, numbers=numbers, by=by, source=Source.FORM)


def write_measure(team: Team, by: Any) -> Measure:
    """A measure with one of everything."""
    measure = make(team, by)
    today = clock.today()
    enter(measure, by, {today.replace(day=1): 12})
    services.set_target(measure=measure, from_date=today, value=Decimal(5), by=by)
    services.start_phase(measure=measure, starts_on=today, reason="A new ward", by=by)
    services.leave_out(measure=measure, date=today, reason="Records were lost", by=by)
    services.add_note(measure=measure, on=today, text="Moved", by=by)
    return measure
