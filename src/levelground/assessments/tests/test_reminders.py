"""The owner of an action hears of its date 30, 14, 7 and 1 days before, and 1, 7 and 14 days after (guide 4)."""

import datetime as dt

import pytest

from levelground.assessments import services
from levelground.foundation import clock
from levelground.foundation.notifications.models import Notification
from levelground.foundation.notifications.reminders import remind
from levelground.organisations.models import Membership

DUE = dt.date(2027, 6, 30)


@pytest.fixture
def action(cast):
    return services.create_action(
        workbook=cast.workbook, indicator=None, title="Paint it", owner=cast.carys, due_on=DUE, by=cast.carys
    )


def days_told():
    """Every day from two months before to one after; the days until the date on which somebody heard."""
    told = []
    for offset in range(-60, 31):
        day = DUE + dt.timedelta(days=offset)
        before = Notification.objects.count()
        with clock.at(dt.datetime.combine(day, dt.time(8), tzinfo=dt.UTC)):
            remind(days=[day])
            remind(days=[day])
        told += [-offset] * (Notification.objects.count() - before)
    return told


@pytest.mark.requirement("MQM-13")
def test_on_the_days_of_the_guide_once_each(cast, action):
    assert days_told() == [30, 14, 7, 1, -1, -7, -14]
    rows = Notification.objects.filter(kind="action.due").order_by("pk")
    assert {row.user for row in rows} == {cast.carys}
    texts = [str(row.text) for row in rows]
    assert (texts[0], texts[-1]) == ("Due soon: Paint it", "Still to do: Paint it")
    assert rows[0].url == action.get_absolute_url()


def test_a_new_date_starts_the_steps_anew(cast, action):
    assert days_told() == [30, 14, 7, 1, -1, -7, -14]
    services.change_due_dates(
        workbook=cast.workbook, chosen={action.public_id: 0}, due_on=dt.date(2099, 1, 31), reason="Rain", by=cast.alice
    )
    with clock.at(dt.datetime(2099, 1, 1, 8, tzinfo=dt.UTC)):
        assert remind(days=[dt.date(2099, 1, 1)]) == 1


@pytest.mark.parametrize("to", ["done", "cancelled"])
def test_not_of_what_is_over(cast, action, to):
    services.move_action(action=action, to=to, text="Over", by=cast.carys)
    assert days_told() == []


def test_not_to_whoever_has_left(cast, action):
    Membership.objects.filter(user=cast.carys).update(to_date=dt.date(2020, 1, 1))
    assert days_told() == []
