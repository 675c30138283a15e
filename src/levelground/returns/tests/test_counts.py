"""Kept counts and totals, and reminders."""

import datetime as dt
from decimal import Decimal

import pytest

from levelground.foundation import clock
from levelground.foundation.bilingual import Bilingual
from levelground.foundation.counts import RECOUNTS
from levelground.foundation.notifications.models import Notification
from levelground.foundation.notifications.reminders import remind
from levelground.organisations.models import Membership
from levelground.returns import services
from levelground.returns.models import FigureTally, QuarterTally
from levelground.returns.selectors import network as selectors
from levelground.returns.services import Chosen

from .conftest import Year, moment

pytestmark = pytest.mark.django_db


def tally(year: Year) -> tuple[int, int, int, int]:
    kept = QuarterTally.objects.get(quarter=year.first)
    return kept.owed, kept.sent, kept.late, kept.significant


def drifts() -> list[object]:
    return list(RECOUNTS["quarterly returns"]())


@pytest.mark.requirement("MQM-05", "MQM-34")
def test_counts_and_totals_follow_each_return(july: Year) -> None:
    july.draft()
    assert tally(july) == (2, 0, 0, 0)
    july.send()
    july.send(
        organisation=july.cast.birch, by=july.cast.bob, values={"people_reached": Decimal(80)},
        significant_change=True, description="We moved.", chosen=[Chosen("1.1.1", True)],
    )  # fmt: skip
    assert tally(july) == (2, 2, 0, 1)
    kept = FigureTally.objects.get(quarter=july.first)
    assert (kept.total, kept.given) == (Decimal(200), 2)
    assert drifts() == []


def test_a_correction_counts_once_and_its_draft_not_at_all(july: Year) -> None:
    july.send()
    services.start_correction(quarter=july.first, organisation=july.cast.alder, by=july.cast.alice)
    july.draft(values={"people_reached": Decimal(500)}, significant_change=True)
    assert FigureTally.objects.get().total == Decimal(120)
    assert drifts() == []
    july.send(
        values={"people_reached": Decimal(90)}, significant_change=True, description="Oh",
        chosen=[Chosen("1.1.1", True)],
    )  # fmt: skip
    assert (FigureTally.objects.get().total, FigureTally.objects.get().given) == (Decimal(90), 1)
    assert tally(july) == (2, 1, 0, 1)
    assert drifts() == []


def test_doctor_sees_a_count_that_is_wrong(july: Year) -> None:
    july.send()
    QuarterTally.objects.filter(quarter=july.first).update(sent=7)
    FigureTally.objects.update(total=Decimal(1))
    assert len(drifts()) == 2


def test_percentages_are_averaged_and_sums_are_not(july: Year) -> None:
    services.add_figure(
        framework=july.framework, label=Bilingual("Share", "Cyfran"), kind="percent", required=False, by=july.cast.nia
    )
    july.send(values={"people_reached": Decimal(100), "share": Decimal(50)})
    july.send(
        organisation=july.cast.birch, by=july.cast.bob, values={"people_reached": Decimal(20), "share": Decimal("61")}
    )
    (reached, sums), (_share, averages) = selectors.totals_by_quarter(july.framework, [july.first])
    assert reached.code == "people_reached"
    assert (sums[0].total, sums[0].given) == (Decimal(120), 2)
    assert averages[0].total == Decimal("55.5")


@pytest.mark.parametrize(
    ("day", "count", "words"),
    [
        (dt.date(2026, 7, 1), 1, "Due soon"), (dt.date(2026, 7, 17), 1, "Due soon"),
        (dt.date(2026, 7, 24), 1, "Due soon"), (dt.date(2026, 7, 30), 1, "Due soon"),
        (dt.date(2026, 8, 1), 1, "Still to send"), (dt.date(2026, 8, 7), 1, "Still to send"),
        (dt.date(2026, 8, 14), 1, "Still to send"), (dt.date(2026, 7, 31), 0, ""), (dt.date(2026, 7, 18), 0, ""),
        (dt.date(2026, 6, 30), 0, ""),
    ],
)  # fmt: skip
@pytest.mark.requirement("MQM-34")
def test_reminders_come_on_the_days_of_the_guide(july: Year, day: dt.date, count: int, words: str) -> None:
    with clock.at(dt.datetime.combine(day, dt.time(6, 30), tzinfo=dt.UTC)):
        remind(days=[day])
        remind(days=[day])
    told = Notification.objects.filter(kind="return.due", user=july.cast.alice)
    assert told.count() == count
    if count:
        assert told.get().text.en.startswith(words)
        assert told.get().url == "/o/alder/returns/mark/2026/q1/"
        assert "ffurflen chwarterol" in told.get().text.cy


def test_nobody_is_reminded_of_what_is_sent_released_or_not_theirs(july: Year) -> None:
    july.send()
    with clock.at(moment(7, 17)):
        remind(days=[dt.date(2026, 7, 17)])
    assert set(Notification.objects.filter(kind="return.due").values_list("user", flat=True)) == {july.cast.bob.pk}
    Notification.objects.all().delete()
    Membership.objects.filter(user=july.cast.bob).update(to_date=dt.date(2026, 7, 20))
    with clock.at(moment(7, 24)):
        remind(days=[dt.date(2026, 7, 24)])
    assert not Notification.objects.filter(kind="return.due").exists()


def test_the_list_and_the_totals_ask_as_little_for_many_members(july: Year, query_budget) -> None:
    with query_budget(6) as few:
        page = selectors.members_with_returns(july.framework, selectors.Search())
        rows = selectors.member_rows(july.framework, selectors.quarters_of(july.framework, 2026), page)
        selectors.totals_by_quarter(july.framework, [july.first])
    assert [row.organisation.slug for row in rows] == ["alder", "birch"]
    assert len(few) <= 6
