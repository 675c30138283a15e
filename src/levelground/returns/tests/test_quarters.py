"""The calendar: making a year, changing dates, and a return for every member."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from levelground.foundation import clock
from levelground.foundation.audit.models import AuditEvent
from levelground.foundation.errors import Conflict, IllegalMove, Invalid
from levelground.organisations.models import Affiliation
from levelground.returns import services
from levelground.returns.models import (
    PEOPLE_REACHED,
    QuarterChange,
    QuarterlyReturn,
    QuarterTally,
    ReturnFigure,
    ReturnQuarter,
)
from levelground.returns.tasks import open_returns
from tests.factories import OrganisationFactory

from .conftest import Year, moment

pytestmark = pytest.mark.django_db


def join(year: Year, slug: str, day: dt.date) -> Affiliation:
    return Affiliation.objects.create(
        network=year.cast.network, organisation=OrganisationFactory(slug=slug), joined_on=day
    )


@pytest.mark.requirement("MQM-34", "MQM-05")
def test_a_year_is_made_in_one_step_with_people_reached(year: Year) -> None:
    assert [quarter.quarter for quarter in year.quarters] == [1, 2, 3, 4]
    assert QuarterTally.objects.filter(quarter__in=year.quarters).count() == 4
    figure = ReturnFigure.objects.get(framework=year.framework)
    assert (figure.code, figure.required) == (PEOPLE_REACHED, True)
    assert figure.label.cy


@pytest.mark.parametrize(("given", "field"), [
    ({"year": 2026}, "year"),
    ({"year": 2027, "first_month": 1}, "year"),
    ({"year": 1999}, "year"),
    ({"year": 2027, "first_month": 13}, "year"),
    ({"year": 2027, "on_time": 3, "locked": 2}, "locked"),
    ({"year": 2027, "on_time": 0, "locked": 2}, "locked"),
])  # fmt: skip
def test_a_year_that_does_not_fit_is_refused(year: Year, given: dict, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        services.open_year(framework=year.framework, by=year.cast.nia, **given)
    assert set(refused.value.fields) == {field}
    assert ReturnQuarter.objects.count() == 4


def test_a_calendar_year_is_fine_too(year: Year) -> None:
    quarters = services.open_year(framework=year.framework, year=2028, first_month=1, by=year.cast.nia)
    assert str(quarters[0].starts_on) == "2028-01-01"


def test_the_database_refuses_dates_out_of_order(year: Year) -> None:
    for wrong in ({"on_time_by": dt.date(2026, 6, 30)}, {"locked_on": dt.date(2026, 7, 1)}, {"quarter": 5}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ReturnQuarter.objects.filter(pk=year.first.pk).update(**wrong)


@pytest.mark.requirement("MQM-34")
def test_every_member_gets_a_return_when_the_quarter_is_over(year: Year) -> None:
    with clock.at(moment(6, 30)):
        assert services.open_returns(quarter=year.first) == 0
    with clock.at(moment(7, 1)):
        open_returns()
    rows = QuarterlyReturn.objects.filter(quarter=year.first)
    assert {row.organisation.slug: row.workbook for row in rows} == {
        "alder": year.cast.workbook, "birch": year.cast.birch_workbook,
    }  # fmt: skip
    assert QuarterTally.objects.get(quarter=year.first).owed == 2
    assert not QuarterlyReturn.objects.exclude(quarter=year.first).exists()


def test_members_that_join_later_get_theirs_and_those_after_the_quarter_none(july: Year) -> None:
    join(july, "elm", dt.date(2026, 6, 30))
    join(july, "fir", dt.date(2026, 7, 1))
    assert services.open_returns(quarter=july.first) == 1
    assert services.open_returns(quarter=july.first) == 0
    assert set(july.first.returns.values_list("organisation__slug", flat=True)) == {"alder", "birch", "elm"}
    assert QuarterTally.objects.get(quarter=july.first).owed == 3


def test_who_leaves_before_sending_owes_none_and_who_comes_back_does(july: Year) -> None:
    membership = Affiliation.objects.filter(organisation=july.cast.birch)
    membership.update(left_on=dt.date(2026, 7, 5), left_reason="Merged")
    services.open_returns(quarter=july.first)
    row = july.first.returns.get(organisation=july.cast.birch)
    assert row.released_on == dt.date(2026, 7, 10)
    assert QuarterTally.objects.get(quarter=july.first).owed == 1
    membership.update(left_on=None, left_reason="")
    services.open_returns(quarter=july.first)
    row.refresh_from_db()
    assert row.released_on is None
    assert QuarterTally.objects.get(quarter=july.first).owed == 2


@pytest.mark.requirement("MQM-34")
def test_dates_change_with_a_reason_and_a_history(july: Year) -> None:
    changed = services.change_dates(
        quarter=july.first, on_time_by=dt.date(2026, 8, 14), locked_on=dt.date(2026, 9, 30), reason=" Floods ",
        by=july.cast.nia, seen_version=0,
    )  # fmt: skip
    assert (changed.on_time_by, changed.locked_on, changed.version) == (dt.date(2026, 8, 14), dt.date(2026, 9, 30), 1)
    kept = QuarterChange.objects.get()
    assert (kept.on_time_before, kept.on_time_after, kept.reason) == (
        dt.date(2026, 7, 31), dt.date(2026, 8, 14), "Floods",
    )  # fmt: skip
    assert AuditEvent.objects.get(verb="returns.dates_changed").reason == "Floods"
    for write in (lambda: QuarterChange.objects.update(reason="Other"), lambda: QuarterChange.objects.all().delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            write()


@pytest.mark.parametrize(("on_time", "locked", "reason", "fields"), [
    ("2026-06-30", "2026-09-30", "Why", {"on_time_by"}),
    ("2026-07-09", "2026-09-30", "Why", {"on_time_by"}),
    ("2026-08-14", "2026-08-01", "Why", {"locked_on"}),
    ("2026-08-14", "2026-09-30", "  ", {"reason"}),
    ("2026-08-14", "2026-09-30", "x" * 501, {"reason"}),
])  # fmt: skip
def test_dates_that_do_not_fit_are_refused(july: Year, on_time: str, locked: str, reason: str, fields: set) -> None:
    with pytest.raises(Invalid) as refused:
        services.change_dates(
            quarter=july.first, on_time_by=dt.date.fromisoformat(on_time), locked_on=dt.date.fromisoformat(locked),
            reason=reason, by=july.cast.nia,
        )  # fmt: skip
    assert set(refused.value.fields) == fields
    assert not QuarterChange.objects.exists()


def test_the_second_of_two_officers_sees_both_dates(july: Year) -> None:
    mine = {"quarter": july.first, "locked_on": dt.date(2026, 9, 30), "reason": "Floods", "by": july.cast.nia}
    services.change_dates(**mine, on_time_by=dt.date(2026, 8, 14), seen_version=0)
    with pytest.raises(Conflict) as conflict:
        services.change_dates(**mine, on_time_by=dt.date(2026, 8, 20), seen_version=0)
    assert conflict.value.theirs.on_time_by == dt.date(2026, 8, 14)
    assert conflict.value.yours["on_time_by"] == dt.date(2026, 8, 20)


@pytest.mark.requirement("MQM-34")
def test_a_later_date_excuses_and_an_earlier_one_blames_nobody(july: Year) -> None:
    with clock.at(moment(8, 5)):
        assert july.send().late is True
        dates = {"quarter": july.first, "locked_on": dt.date(2026, 8, 31), "reason": "Floods", "by": july.cast.nia}
        services.change_dates(**dates, on_time_by=dt.date(2026, 8, 5))
    assert july.row().late is False
    assert QuarterTally.objects.get(quarter=july.first).late == 0
    july.first.refresh_from_db()
    with clock.at(moment(7, 20)):
        services.change_dates(**dates, on_time_by=dt.date(2026, 7, 21))
    assert july.row().late is False


def test_a_year_set_by_mistake_is_taken_back_while_nothing_is_written(july: Year) -> None:
    services.open_year(framework=july.framework, year=2027, by=july.cast.nia)
    services.remove_year(framework=july.framework, year=2027, by=july.cast.nia)
    assert set(ReturnQuarter.objects.values_list("year", flat=True)) == {2026}
    july.draft()
    with pytest.raises(IllegalMove):
        services.remove_year(framework=july.framework, year=2026, by=july.cast.nia)
    with pytest.raises(IllegalMove):
        services.remove_year(framework=july.framework, year=1999, by=july.cast.nia)
    assert ReturnQuarter.objects.count() == 4


def test_a_year_with_untouched_returns_can_go_and_one_with_changed_dates_cannot(july: Year) -> None:
    dates = {"on_time_by": dt.date(2026, 11, 10), "locked_on": dt.date(2026, 11, 30), "reason": "Floods"}
    services.change_dates(quarter=july.quarters[1], by=july.cast.nia, **dates)
    with pytest.raises(IllegalMove):
        services.remove_year(framework=july.framework, year=2026, by=july.cast.nia)
    other = services.open_year(framework=july.framework, year=2025, by=july.cast.nia)
    with clock.at(moment(7, 10, 2025)):
        services.open_returns(quarter=other[0])
    assert other[0].returns.count() == 2
    services.remove_year(framework=july.framework, year=2025, by=july.cast.nia)
    assert not QuarterlyReturn.objects.filter(quarter__year=2025).exists()
