import datetime as dt
from typing import Any

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from levelground.foundation.jobs import timetable
from levelground.foundation.jobs.models import JobRun, Slot
from levelground.foundation.jobs.timetable import LONDON, Daily, Hourly, Weekly, schedule, tick
from levelground.foundation.jobs.worker import Worker


def moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).astimezone(dt.UTC)


@pytest.mark.parametrize(
    ("when", "now", "slot"),
    [
        (Hourly(5), "2027-05-14T12:05:00+00:00", "2027-05-14T12:05:00+00:00"),
        (Hourly(5), "2027-05-14T12:04:59+00:00", "2027-05-14T11:05:00+00:00"),
        # 08:00 in London is 07:00 UTC in summer.
        (Daily("08:00"), "2027-07-01T07:00:00+00:00", "2027-07-01T07:00:00+00:00"),
        (Daily("08:00"), "2027-07-01T06:59:59+00:00", "2027-06-30T07:00:00+00:00"),
        (Daily("08:00"), "2027-01-01T08:30:00+00:00", "2027-01-01T08:00:00+00:00"),
        # Just after midnight in London it is still yesterday in UTC.
        (Daily("00:10"), "2027-06-30T23:15:00+00:00", "2027-06-30T23:10:00+00:00"),
        (Weekly(0, "08:00"), "2027-05-14T12:00:00+00:00", "2027-05-10T07:00:00+00:00"),
        (Weekly(0, "08:00"), "2027-05-10T06:59:00+00:00", "2027-05-03T07:00:00+00:00"),
        (Weekly(4, "08:00"), "2027-05-14T07:00:00+00:00", "2027-05-14T07:00:00+00:00"),
        # The night when the clocks go forward has no 01:30.
        (Daily("01:30"), "2027-03-28T12:00:00+00:00", "2027-03-28T01:30:00+00:00"),
    ],
)
def test_the_latest_slot(when: timetable.When, now: str, slot: str) -> None:
    assert when.latest(moment(now)) == moment(slot)


@given(
    st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2040, 1, 1), timezones=st.just(dt.UTC)),
    st.sampled_from([Hourly(0), Hourly(59), Daily("00:00"), Daily("23:59"), Weekly(0, "00:00"), Weekly(6, "20:00")]),
)
def test_the_latest_slot_is_never_ahead_and_never_too_old(now: dt.datetime, when: timetable.When) -> None:
    slot = when.latest(now)
    longest = {Hourly: 1, Daily: 25, Weekly: 7 * 24 + 1}[type(when)]
    assert slot <= now < slot + dt.timedelta(hours=longest)
    if not isinstance(when, Hourly):
        assert slot.astimezone(LONDON).strftime("%H:%M") == when.time


@pytest.mark.django_db
def test_once_per_slot_and_missed_slots_once(remembering: Any, calls: list[Any]) -> None:
    from levelground.foundation.jobs import registry

    job = schedule(Daily("08:00"))(registry.job(name="daily")(lambda: calls.append("daily")))
    with time_machine.travel(moment("2027-05-14T12:00:00+00:00"), tick=False) as time:
        assert tick() == []  # new on the timetable: starts with the next slot
        assert tick() == []
        time.move_to(moment("2027-05-15T07:00:00+00:00"))
        assert tick() == [job.name]
        assert tick() == []
        time.move_to(moment("2027-05-20T12:00:00+00:00"))  # five slots were missed
        assert tick() == [job.name]
        assert tick() == []
        assert Worker().drain() == 2
    assert calls == ["daily", "daily"]
    before = timetable.slot_before("daily", moment("2027-05-20T12:00:00+00:00"))
    assert before == moment("2027-05-15T07:00:00+00:00")


@pytest.mark.django_db
def test_of_two_workers_one_takes_the_slot(remembering: Any, calls: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    schedule(Hourly(0))(remembering)
    start = moment("2027-05-14T12:00:00+00:00")
    assert tick(start) == []
    later = start + dt.timedelta(hours=1)
    Slot.objects.create(name=remembering.name, at=later)
    # This worker looked before the other one wrote.
    real = Slot.objects.get(at=start)
    monkeypatch.setattr("django.db.models.query.QuerySet.first", lambda self: real)
    assert tick(later) == []
    monkeypatch.undo()
    assert not JobRun.objects.exists()


@pytest.mark.django_db
def test_the_real_timetable_names_jobs_without_arguments() -> None:
    import inspect

    assert "jobs.tidy" in timetable.TIMETABLE
    for name, (when, job) in timetable.TIMETABLE.items():
        assert not inspect.signature(job.func).parameters, name
        assert when.latest(moment("2027-05-14T12:00:00+00:00"))
