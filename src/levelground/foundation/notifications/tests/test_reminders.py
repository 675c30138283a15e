import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from levelground.accounts.models import User
from levelground.foundation.bilingual import Bilingual
from levelground.foundation.jobs.models import Slot
from levelground.foundation.notifications import reminders, tasks
from levelground.foundation.notifications.models import Notification
from levelground.foundation.notifications.reminders import Reminder, deadlines_due, due
from tests.factories import UserFactory

TODAY = dt.date(2027, 5, 14)
STEPS: dict[str, Any] = {"before": (30, 14, 7, 1), "after": (1, 7, 14)}
TEXT = Bilingual("Due", "I'w wneud")


def day(offset: int) -> dt.date:
    return TODAY + dt.timedelta(days=offset)


@pytest.mark.parametrize(
    ("offset", "step"),
    [(30, 30), (14, 14), (7, 7), (1, 1), (-1, -1), (-7, -7), (-14, -14), (0, None), (2, None), (31, None), (-30, None)],
)
def test_the_steps_of_the_guide(offset: int, step: int | None) -> None:
    assert due(TODAY, day(offset), **STEPS) == step


@given(st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1)))
def test_each_deadline_gets_seven_reminders_in_all(deadline: dt.date) -> None:
    steps = [due(deadline + dt.timedelta(days=n), deadline, **STEPS) for n in range(-40, 40)]
    assert [step for step in steps if step is not None] == [30, 14, 7, 1, -1, -7, -14]


def test_the_deadlines_of_a_day_follow_the_settings(settings: Any) -> None:
    assert deadlines_due(TODAY) == [day(30), day(14), day(7), day(1), day(-1), day(-7), day(-14)]
    settings.REMINDERS_BEFORE, settings.REMINDERS_AFTER = [3], []
    assert deadlines_due(TODAY) == [day(3)]


@pytest.fixture
def providers(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    found: list[Any] = []
    monkeypatch.setattr(reminders, "PROVIDERS", found)
    yield found


def give(user: User, *deadlines: dt.date) -> Any:
    return lambda _day: [Reminder(user, "action.due", f"action:{d}", d, TEXT, "/x/") for d in deadlines]


@pytest.mark.django_db
def test_only_what_falls_on_the_day_and_once(providers: list[Any]) -> None:
    user = UserFactory()
    reminders.provider(give(user, day(7), day(6), day(-1)))
    assert reminders.remind(days=[TODAY]) == 2
    assert reminders.remind(days=[TODAY]) == 0
    assert set(Notification.objects.values_list("key", flat=True)) == {
        f"action:{day(7)}:{day(7)}:7",
        f"action:{day(-1)}:{day(-1)}:-1",
    }
    assert reminders.remind(days=[day(6)]) == 2  # the next steps of the two nearest deadlines


@pytest.mark.django_db
def test_a_deadline_that_moved_reminds_anew(providers: list[Any]) -> None:
    user = UserFactory()
    thing = "action:1"
    providers.append(lambda _day: [Reminder(user, "due", thing, day(7), TEXT)])
    assert reminders.remind(days=[TODAY]) == 1
    providers[:] = [lambda _day: [Reminder(user, "due", thing, day(14), TEXT)]]
    assert reminders.remind(days=[TODAY]) == 1


@pytest.mark.django_db
def test_a_provider_that_goes_wrong_does_not_stop_the_others(providers: list[Any]) -> None:
    def broken(_day: dt.date) -> list[Reminder]:
        raise LookupError("no table")

    user = UserFactory()
    providers += [broken, give(user, day(1))]
    with pytest.raises(ExceptionGroup) as refusal:
        reminders.remind(days=[TODAY])
    assert isinstance(refusal.value.exceptions[0], LookupError)
    assert Notification.objects.filter(user=user).count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(("slots", "made"), [([0], 1), ([0, -1], 1), ([0, -3], 3), ([0, -60], 8)])
def test_days_on_which_no_worker_ran_are_made_up_for(providers: list[Any], slots: list[int], made: int) -> None:
    user = UserFactory()
    providers.append(lambda d: [Reminder(user, "due", f"of {d}", d + dt.timedelta(days=7), TEXT)])
    slot = dt.datetime(2027, 5, 14, 5, 30, tzinfo=dt.UTC)
    for offset in slots:
        Slot.objects.create(name="notifications.reminders", at=slot + dt.timedelta(days=offset))
    with time_machine.travel(dt.datetime(2027, 5, 14, 9, tzinfo=dt.UTC), tick=False):
        tasks.reminders()
    assert Notification.objects.count() == made
