"""The measures of the demonstration, lived through by the month: always the same (``measure_lines`` says which)."""

import datetime as dt
import math
import random
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from levelground.foundation import clock
from levelground.foundation.bilingual import Bilingual
from levelground.measures import selectors, services
from levelground.measures.services import Number
from levelground.measures.states import Source
from levelground.organisations.models import Organisation, Team

from .measure_lines import DAYS, GROUPS, LINES, TEAMS, Line
from .measure_words import DRAFTS, MATTERS
from .people import VALLEY, WARD

SEED = 34
AGO = 1100


def follow(places: Mapping[str, Any], people: Mapping[str, Any]) -> None:
    """The teams of the valley come, and follow their measures until the end of last month."""
    valley: Organisation = places[VALLEY]
    teams = {slug: Team.objects.create(organisation=valley, slug=slug, name=name) for slug, name in TEAMS.items()}
    teams[WARD] = Team.objects.get(organisation=valley, slug=WARD)
    for number, line in enumerate(LINES):
        _Follower(line, teams[line.team], people, random.Random(SEED + number)).follow()
    _agree(teams[WARD], people["grace"], people["lead"], people["partner"])
    _agree(teams["community"], people["lead"])


def _agree(team: Team, *who: Any) -> None:
    """These people have read the team's measurement plan and agreed to it."""
    for number, person in enumerate(who):
        with _days_ago(30 - number):
            seen, side = selectors.plan_of(team).fingerprint, selectors.sides_of(person, team)[0]
            services.agree(owner=team, side=side, seen=seen, by=person)


class _Follower:
    """Makes one measure and lives through its months."""

    def __init__(self, line: Line, team: Team, people: Mapping[str, Any], chance: random.Random):
        self.line, self.team, self.chance = line, team, chance
        self.lead, self.entering = people["lead"], people["grace" if line.team == WARD else "colleague"]
        self.today = clock.today()
        self.turn = int(line.months * 0.6)

    def follow(self) -> None:
        with _days_ago(AGO):
            self.measure = services.create_measure(owner=self.team, definition=self._definition(), by=self.lead)
            if self.line.en not in DRAFTS:
                services.publish(measure=self.measure, by=self.lead)
            if self.line.target is not None:
                first = self._month(0) if self.line.months <= 36 else self._month(12)
                target = Decimal(str(self.line.target))
                services.set_target(measure=self.measure, from_date=first, value=target, by=self.lead)
        numbers = list(self._rare() if self.line.story == "rare" else self._monthly())
        known = clock.today() - dt.timedelta(days=40)
        with _days_ago(40):
            self._save([number for number in numbers if number.date <= known])
        with _days_ago(3):
            self._save([number for number in numbers if number.date > known])
            if self.line.story in ("improved", "worsened"):
                self._note()

    def _definition(self) -> dict[str, Any]:
        line = self.line
        rare = line.kind == "between"
        often = ("each on its day", "pob un ar ei ddiwrnod") if rare else ("by calendar month", "fesul mis calendr")
        found: dict[str, Any] = {
            "name": Bilingual(line.en, line.cy), "matters": MATTERS.get(line.en, Bilingual()),
            "family": line.family, "aspect": line.aspect, "kind": line.kind,
            "definition": Bilingual(
                f"{line.en}, for everybody whom the team works with, {often[0]}.",
                f"{line.cy}, i bawb y mae'r tîm yn gweithio gyda nhw, {often[1]}.",
            ),
            "unit": Bilingual(*line.unit), "direction": line.better, "collector": "Team administrator",
            "frequency": "events" if rare else "monthly", "source": "The team's own records",
            "stratified_by": [line.by] if line.by else [], "about_people": line.en != "Overtime hours",
        }  # fmt: skip
        if line.kind in ("percent", "rate"):
            found |= {"numerator": line.en, "denominator": "Everybody whom it could be true of in the month"}
        if line.kind == "rate":
            found["per"] = 1000
        if line.unit == DAYS and line.kind == "average" and line.aspect == "flow":
            found |= {"is_wait": True, "clock_start": "The day on which the referral comes",
                      "clock_stop": "The day of the first contact face to face or by video"}  # fmt: skip
        return found

    def _save(self, numbers: list[Number]) -> None:
        services.save_numbers(measure=self.measure, numbers=numbers, by=self.entering, source=Source.PASTE)

    def _note(self) -> None:
        words = "A new way of working adopted" if self.line.story == "improved" else "Two posts left empty"
        services.add_note(measure=self.measure, on=self._month(self.turn), text=words, by=self.entering)

    def _month(self, number: int) -> dt.date:
        """The month of that number; the last one is the one before this."""
        months = self.today.year * 12 + self.today.month - 2 - (self.line.months - 1 - number)
        return dt.date(months // 12, months % 12 + 1, 1)

    def _mean(self, number: int, month: dt.date) -> float:
        """What chance plays around."""
        level = self.line.level
        good = 1 if self.line.better == "up" else -1
        if self.line.story == "seasonal":
            return level * (1 + 0.25 * math.cos(2 * math.pi * (month.month - 1) / 12))
        if number < self.turn or self.line.story not in ("improved", "worsened"):
            return level
        way = good if self.line.story == "improved" else -good
        return min(level * (1 + 0.32 * way), 0.97 if self.line.kind == "percent" else math.inf)

    def _monthly(self) -> Iterator[Number]:
        for number in range(self.line.months):
            month = self._month(number)
            mean = self._mean(number, month)
            if not self.line.by:
                yield self._number(month, "", mean, self.line.people)
                continue
            parts = [
                self._number(
                    month, f"{self.line.by}:{code}", self._of_group(mean, factor, number), self.line.people * share
                )
                for code, share, factor in GROUPS[self.line.by]
            ]
            yield from parts
            tops, wholes = (sum(getattr(part, side) for part in parts) for side in ("numerator", "denominator"))
            yield Number(month, "", None, Decimal(tops), Decimal(wholes))

    def _of_group(self, mean: float, factor: float, number: int) -> float:
        """Where groups drift apart, who was behind falls further behind."""
        drift = 0.25 * number / self.line.months if self.line.story == "unequal" else 0
        return min(0.98, mean * (factor + (factor - 1) * drift * 4))

    def _number(self, month: dt.date, group: str, mean: float, people: float) -> Number:
        chance = self.chance
        if self.line.kind == "count":
            return Number(month, group, Decimal(self._poisson(mean)))
        if self.line.kind == "average":
            value = chance.gauss(mean, mean * 0.1)
            return Number(month, group, Decimal(str(round(value, 1))), None, Decimal(self._poisson(people)))
        whole = max(1, self._poisson(people))
        if self.line.kind == "rate":
            return Number(month, group, None, Decimal(self._poisson(mean * whole / 1000)), Decimal(whole))
        part = sum(chance.random() < mean for _ in range(whole))
        return Number(month, group, None, Decimal(part), Decimal(whole))

    def _poisson(self, mean: float) -> int:
        if mean > 40:
            return max(0, round(self.chance.gauss(mean, math.sqrt(mean))))
        product, count, limit = self.chance.random(), 0, math.exp(-mean)
        while product > limit:
            product, count = product * self.chance.random(), count + 1
        return count

    def _rare(self) -> Iterator[Number]:
        """Each event on its day, with the days since the one before."""
        day, last = self._month(0), clock.today() - dt.timedelta(days=4)
        while True:
            wait = max(1, round(self.chance.expovariate(1 / self.line.level)))
            day += dt.timedelta(days=wait)
            if day > last:
                return
            yield Number(day, "", Decimal(wait))


def _days_ago(days: int) -> Any:
    day = clock.today() - dt.timedelta(days=days)
    return clock.at(dt.datetime.combine(day, dt.time(10), tzinfo=dt.UTC))
