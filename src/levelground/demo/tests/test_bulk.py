"""The pieces of a large build: the same from the same seed, and nothing taken for granted about the tables."""

import datetime as dt
import random
from itertools import pairwise

import pytest

from levelground.demo.bulk.days import Days
from levelground.demo.bulk.names import LARGEST, member_name
from levelground.demo.bulk.tables import Table, public_number
from levelground.demo.bulk.years import Wish, calendar, fates
from levelground.organisations.models import Organisation
from levelground.organisations.states import Nation

TODAY = dt.date(2026, 11, 22)


def test_no_two_members_have_one_name() -> None:
    english = {member_name(number, Nation.ENGLAND).slug for number in range(LARGEST)}
    welsh = {member_name(number, Nation.WALES).slug for number in range(LARGEST // 5 + 1)}
    assert len(english | welsh) == LARGEST + LARGEST // 5 + 1


@pytest.mark.parametrize("today", ["2026-01-02", "2026-06-15", "2026-11-22", "2026-12-31", "2028-02-29"])
def test_the_present_cycle_is_open_and_ends_in_some_weeks(today: str) -> None:
    day = dt.date.fromisoformat(today)
    spans = calendar(day)
    assert [span.year for span in spans] == [day.year - 2, day.year - 1, day.year]
    now = spans[-1]
    assert now.opens < -30 < 10 < now.deadline < 60
    assert all((day + dt.timedelta(days=span.deadline)).weekday() == 4 for span in spans)
    assert all(before.deadline < after.opens for before, after in pairwise(spans))


def test_the_same_seed_gives_the_same_fates() -> None:
    days, spans = Days(TODAY), calendar(TODAY)
    wishes = [Wish(-2000, ("on time", "late", "returned"))]

    def once(seed: int) -> list[object]:
        return list(fates(wishes, 200, spans, days, seed=seed, receipts=[0, 0, 0]))

    assert once(7) == once(7) != once(8)


def test_nothing_happens_before_it_can_or_after_today() -> None:
    days, spans = Days(TODAY), calendar(TODAY)
    for fate in fates([], 500, spans, days, seed=3, receipts=[0, 0, 10]):
        for turn in fate.turns:
            if turn is None:
                continue
            order = [turn.span.opens, turn.began, turn.sent, turn.returned, turn.again, turn.decided]
            known = [day for day in order if day is not None]
            assert known == sorted(known)
            assert known[-1] < 0
            assert len(turn.receipts) == len(turn.sendings)
            assert fate.joined < turn.began


@pytest.mark.django_db
def test_a_table_asks_for_what_has_no_default() -> None:
    with pytest.raises(LookupError, match="public_id has to be given"):
        Table(Organisation, "id", "slug", "name", "nation", "size")
    with pytest.raises(LookupError, match="no colour"):
        Table(Organisation, "id", "public_id", "slug", "name", "nation", "size", "colour")


@pytest.mark.django_db
def test_rows_are_numbered_on_from_what_is_there() -> None:
    there = Organisation.objects.create(slug="alder", nation="WLS", size="small")
    table = Table(Organisation, "id", "public_id", "slug", "nation", "size")
    table.add(table.number(), public_number(random.Random(1)), "birch", "ENG", "micro")
    assert table.flush() == 1
    birch = Organisation.objects.get(slug="birch")
    assert (birch.pk, birch.region, birch.version, bool(birch.name)) == (there.pk + 1, "", 0, False)
