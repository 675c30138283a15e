"""A measure of real numbers: how long people are in A&E, as NHS England publishes it."""

import csv
import datetime as dt
from decimal import Decimal
from pathlib import Path

from levelground.accounts.models import User
from levelground.foundation import clock
from levelground.foundation.bilingual import Bilingual
from levelground.measures import services
from levelground.measures.models import Measure
from levelground.measures.services import Number
from levelground.measures.states import Source
from levelground.organisations.models import Network

FILE = Path(__file__).parent / "seed" / "ae-attendances.csv"
DEFINITION = {
    "name": Bilingual("Longer than four hours in A&E", "Mwy na phedair awr yn yr uned frys"),
    "matters": Bilingual(
        "Hours in a bright, loud waiting room are unbearable in a crisis.",
        "Mae oriau mewn ystafell aros olau, swnllyd yn annioddefol mewn argyfwng.",
    ),
    "family": "outcome",
    "aspect": "flow",
    "direction": "down",
    "definition": Bilingual(
        "Of all attendances at the trust's major (type 1) A&E departments in a calendar month, how many lasted longer "
        "than four hours.",
        "O'r holl ymweliadau ag adrannau brys mawr (math 1) yr ymddiriedolaeth mewn mis calendr, faint a barodd fwy na "
        "phedair awr.",
    ),
    "kind": "percent",
    "numerator": "Attendances that lasted longer than four hours",
    "denominator": "All attendances at type 1 departments",
    "is_wait": True,
    "clock_start": "The person arrives",
    "clock_stop": "The person is admitted, transferred or sent home",
    "frequency": "monthly",
    "collector": "NHS England, from the trust RJZ",
    "about_people": False,  # published as they are
}


def _file() -> tuple[str, list[Number]]:
    """Where the numbers come from and under which licence, as the file says; and the numbers."""
    lines = FILE.read_text(encoding="utf-8").splitlines()
    licence, source = (line.removeprefix("# ") for line in lines[:2])
    rows = csv.DictReader(line for line in lines if not line.startswith("#"))
    numbers = [
        Number(dt.date.fromisoformat(row["date"]), "", None, Decimal(row["breaches"]), Decimal(row["attendances"]))
        for row in rows
    ]
    return f"{licence} {source}", numbers


def follow(network: Network, by: User) -> Measure:
    """The network's measure, with the national standard as its target: 95 of 100 within four hours."""
    source, numbers = _file()
    with clock.at(dt.datetime(2019, 4, 15, 10, tzinfo=dt.UTC)):
        measure = services.create_measure(owner=network, definition=DEFINITION | {"source": source}, by=by)
        services.publish(measure=measure, by=by)
        services.set_target(measure=measure, from_date=numbers[0].date, value=Decimal(5), by=by)
        services.save_numbers(measure=measure, numbers=numbers, by=by, source=Source.FILE)
    return measure
