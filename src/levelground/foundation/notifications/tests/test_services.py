import datetime as dt

import pytest
import time_machine

from levelground.foundation.bilingual import Bilingual
from levelground.foundation.notifications import selectors, services
from levelground.foundation.notifications.models import Notification
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
TEXT = Bilingual("An action is due", "Mae cam gweithredu i'w wneud")


def test_a_person_is_told_once_for_each_key() -> None:
    user, other = UserFactory(), UserFactory()
    assert services.notify(user=user, kind="due", text=TEXT, url="/x/", key="action:1")
    assert services.notify(user=user, kind="due", text=TEXT, url="/x/", key="action:1") is None
    assert services.notify(user=user, kind="due", text=TEXT, key="action:2")
    assert services.notify(user=user, kind="late", text=TEXT, key="action:1")
    assert services.notify(user=other, kind="due", text=TEXT, key="action:1")
    assert (selectors.unread_count(user), selectors.unread_count(other)) == (3, 1)


def test_without_a_key_each_call_tells() -> None:
    user = UserFactory()
    for _ in range(2):
        services.notify(user=user, kind="hello", text=TEXT)
    assert selectors.unread_count(user) == 2


def test_two_processes_at_once_tell_once(monkeypatch: pytest.MonkeyPatch) -> None:
    user = UserFactory()
    services.notify(user=user, kind="due", text=TEXT, key="k")
    # This process looked before the other one wrote.
    monkeypatch.setattr("django.db.models.query.QuerySet.exists", lambda self: False)
    assert services.notify(user=user, kind="due", text=TEXT, key="k") is None
    monkeypatch.undo()
    assert Notification.objects.count() == 1


def test_a_closed_account_is_told_nothing() -> None:
    user = UserFactory(is_active=False)
    assert services.notify(user=user, kind="due", text=TEXT) is None
    assert not Notification.objects.exists()


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"])
def test_a_notification_never_leads_away_from_the_site(url: str) -> None:
    with pytest.raises(ValueError, match="path of this site"):
        services.notify(user=UserFactory(), kind="due", text=TEXT, url=url)


def test_reading_keeps_the_first_moment() -> None:
    user = UserFactory()
    one = services.notify(user=user, kind="due", text=TEXT)
    assert one
    with time_machine.travel(dt.datetime(2027, 1, 1, tzinfo=dt.UTC), tick=False):
        services.mark_read(notification=one)
    services.mark_read(notification=one)
    one.refresh_from_db()
    assert one.read_at == dt.datetime(2027, 1, 1, tzinfo=dt.UTC)
    assert services.mark_all_read(by=user) == 0
