"""Builds the demonstration network: a real framework, invented people and organisations, three years of history."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction
from django.db.models import F

from levelground.accounts.models import User
from levelground.assessments.models import Workbook
from levelground.cycles import services as cycles
from levelground.cycles.models import Cycle
from levelground.foundation import clock
from levelground.foundation.bilingual import Bilingual
from levelground.foundation.jobs.models import JobRun
from levelground.foundation.notifications.models import Notification
from levelground.frameworks import services as frameworks
from levelground.frameworks.models import FrameworkVersion
from levelground.organisations.models import Affiliation, Network, Organisation, Team
from levelground.organisations.states import Nation, Size
from levelground.returns import services as returns
from levelground.returns.models import ReturnQuarter

from . import measures, open_data, stories
from .bulk.build import Bulk
from .bulk.days import Days
from .bulk.names import LARGEST
from .bulk.papers import Library
from .bulk.years import calendar
from .people import NETWORK, PASSWORD, VALLEY, WARD, People
from .words import FIGURES

SEED = Path(__file__).parent / "seed" / "quality-mark.yaml"
MEMBERS = 112
SMALLEST = 6
"""The members that have stories."""
PUBLISHED = 1150
# The scheme's year begins in April (returns.rules).
FIRST_MONTH = 4

__all__ = ["LARGEST", "MEMBERS", "NETWORK", "PASSWORD", "SMALLEST", "build", "quality_mark"]


def quality_mark() -> dict[str, Any]:
    """The demonstration mark as framework data."""
    with SEED.open(encoding="utf-8") as stream:
        # Both loaders are safe; the one in C is ten times quicker.
        return dict(yaml.load(stream, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))  # noqa: S506  # both are safe loaders


def days_ago(days: int) -> Any:
    """Let it be ten in the morning, so many days ago."""
    day = clock.today() - dt.timedelta(days=days)
    return clock.at(dt.datetime.combine(day, dt.time(10), tzinfo=dt.UTC))


@transaction.atomic
def build(members: int = MEMBERS, tell: Callable[[int], None] = lambda done: None) -> None:
    """The whole demonstration in one transaction: a build that is cut short leaves nothing behind."""
    network, people, library = _network(), People(), Library()
    people.come()
    people.take_roles({network.slug: network})
    officer = people["officer"]
    version = _framework(network, officer)
    years, quarters = _cycles(version, officer), _quarters(version, officer)
    bulk = Bulk(
        version=version, cycles=years, quarters=quarters, officer=officer, password=people.password,
        days=Days(clock.today()), library=library,
    )  # fmt: skip
    known = stories.known(people.found, clock.today())
    bulk.build(known, members - SMALLEST, tell)
    places = {one.slug: one for one in Organisation.objects.filter(slug__in=[one.name.slug for one in known])}
    people.take_roles({**places, WARD: _ward(places[VALLEY])})
    measures.follow(places, people.found)
    open_data.follow(network, officer)
    _newcomer(network)
    book = Workbook.objects.select_related("organisation", "version", "framework").get(organisation=places[VALLEY])
    stories.Valley(book, people=people.found, library=library).live(years[-1])
    stories.ask_for_more_time(years[-2], member=places["moorland-matters"], by=officer)
    stories.ask_for_help(network, version, people.found, places)
    for quarter in quarters:
        returns.open_returns(quarter=quarter)
    # What was told long ago was read long ago; what would be told to thousands now is not.
    for waiting in JobRun.objects.filter(name="cycles.news"):
        waiting.result.delete()
    old = Notification.objects.unread().filter(created_at__lt=clock.now() - dt.timedelta(days=14))
    old.update(read_at=F("created_at"))


def _network() -> Network:
    return Network.objects.create(
        slug=NETWORK,
        name=Bilingual("Bright Path Network", "Rhwydwaith Llwybr Disglair"),
        help_label=Bilingual("Quality team of Bright Path", "Tîm ansawdd Llwybr Disglair"),
        help_email="quality@bright-path.example",
        help_phone="01632 960 100",
        help_url="https://hub.example.org/quality-mark",
    )


def _framework(network: Network, officer: User) -> FrameworkVersion:
    """The mark, published before the first cycle and called by that year."""
    with days_ago(PUBLISHED):
        data = quality_mark()
        data["version"]["label"] = str(clock.today().year)
        draft = frameworks.import_version(network=network, data=data, by=officer)
        return frameworks.publish(version=draft, by=officer)


def _cycles(version: FrameworkVersion, officer: User) -> list[Cycle]:
    """Opened on their days, before there is a member: each member comes with its own part in them."""
    made, today = [], clock.today()
    for span in calendar(today):
        with days_ago(-span.opens):
            made.append(cycles.open_cycle(
                framework=version.framework, framework_version=version, year=span.year, opens_on=clock.today(),
                deadline=today + dt.timedelta(days=span.deadline), by=officer,
            ))  # fmt: skip
    return made


def _quarters(version: FrameworkVersion, officer: User) -> list[ReturnQuarter]:
    """Three years of quarters, and what they ask for besides people reached."""
    made = list[ReturnQuarter]()
    newest = clock.today().year - (clock.today().month < FIRST_MONTH)
    for year in (newest - 2, newest - 1, newest):
        with clock.at(dt.datetime(year, FIRST_MONTH, 2, 10, tzinfo=dt.UTC)):
            made += returns.open_year(framework=version.framework, year=year, by=officer)
            if len(made) == 4:
                for label, kind in FIGURES:
                    returns.add_figure(framework=version.framework, label=label, kind=kind, by=officer)
    return made


def _ward(valley: Organisation) -> Team:
    return Team.objects.create(organisation=valley, slug=WARD, name=Bilingual("Day service", "Gwasanaeth dydd"))


def _newcomer(network: Network) -> None:
    """A member that has only just joined: nobody leads quality there yet, and no workbook is open."""
    spring = Organisation.objects.create(
        slug="second-spring", name=Bilingual("Second Spring", "Ail Wanwyn"), nation=Nation.ENGLAND, region="London",
        size=Size.MEDIUM,
    )  # fmt: skip
    joined = clock.today() - dt.timedelta(days=30)
    Affiliation.objects.create(network=network, organisation=spring, joined_on=joined)
