import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMessage

from levelground.accounts.models import User
from levelground.foundation.bilingual import Bilingual
from levelground.foundation.jobs.models import JobRun
from levelground.foundation.notifications import digest, services, tasks
from levelground.foundation.notifications.models import Notification
from tests.factories import UserFactory

SEVEN, EIGHT = dt.time(7), dt.time(20)


def moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).astimezone(dt.UTC)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2027-07-01T12:00+01:00", None),
        ("2027-07-01T19:59+01:00", None),
        ("2027-07-01T20:00+01:00", "2027-07-02T07:00+01:00"),
        ("2027-07-02T03:00+01:00", "2027-07-02T07:00+01:00"),
        ("2027-07-02T06:59+01:00", "2027-07-02T07:00+01:00"),
        ("2027-07-02T07:00+01:00", None),
        # The night in which the clocks change.
        ("2027-03-27T23:00+00:00", "2027-03-28T07:00+01:00"),
    ],
)
def test_quiet_hours_over_midnight(now: str, until: str | None) -> None:
    assert digest.quiet_until(moment(now), EIGHT, SEVEN) == (moment(until) if until else None)


def test_quiet_hours_within_a_day_or_none() -> None:
    noon = moment("2027-01-01T12:00+00:00")
    assert digest.quiet_until(noon, dt.time(11), dt.time(13)) == moment("2027-01-01T13:00+00:00")
    assert digest.quiet_until(noon, dt.time(13), dt.time(14)) is None
    assert digest.quiet_until(noon, dt.time(12), dt.time(12)) is None


def tell(user: User, times: int = 1) -> None:
    for _ in range(times):
        services.notify(user=user, kind="x", text=Bilingual("A secret about Mr Smith", "Cyfrinach"), url="/secret/")


@pytest.mark.django_db
def test_the_digest_counts_and_links_and_says_nothing_else(settings: Any) -> None:
    settings.BASE_URL = "https://mark.example.org"
    user = UserFactory(digest="weekly", name="Alice Morgan")
    tell(user, 2)
    assert digest.send(frequency="weekly") == 1
    (message,) = mail.outbox
    assert message.to == [user.email]
    assert message.subject == "2 new notifications in Levelground"
    text = message.subject + str(message.body)
    assert "There are 2 new notifications for you. In all, 2 are not read yet." in text
    assert "https://mark.example.org/notifications/" in text
    assert "https://mark.example.org/account/you/" in text
    assert "once a week" in text
    for private in ("secret", "Smith", "Alice", "Morgan"):
        assert private not in text
    assert message.extra_headers["List-Unsubscribe"] == "<https://mark.example.org/account/you/>"


@pytest.mark.django_db
def test_the_digest_is_in_the_persons_language() -> None:
    tell(UserFactory(digest="daily", language="cy"))
    digest.send(frequency="daily")
    (message,) = mail.outbox
    assert message.subject == "1 hysbysiad newydd yn Levelground"
    assert "unwaith y dydd" in message.body


@pytest.mark.django_db
def test_each_notification_is_counted_as_new_once() -> None:
    user = UserFactory(digest="daily")
    tell(user)
    assert digest.send(frequency="daily") == 1
    assert digest.send(frequency="daily") == 0
    tell(user)
    assert digest.send(frequency="daily") == 1
    assert "There is 1 new notification for you. In all, 2 are not read yet." in str(mail.outbox[-1].body)


@pytest.mark.django_db
def test_who_gets_no_digest() -> None:
    tell(UserFactory(digest="never"))
    tell(UserFactory(digest="daily"))
    closed = UserFactory(digest="weekly")
    tell(closed)
    User.objects.filter(pk=closed.pk).update(is_active=False)
    reader = UserFactory(digest="weekly")
    tell(reader)
    services.mark_all_read(by=reader)
    UserFactory(digest="weekly")
    assert digest.send(frequency="weekly") == 0
    assert mail.outbox == []


@pytest.mark.django_db
def test_one_bad_address_does_not_keep_the_others_from_theirs(monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = UserFactory(digest="daily", email="bad@test.example"), UserFactory(digest="daily")
    tell(bad)
    tell(good)
    real = EmailMessage.send

    def send(self: EmailMessage, *args: Any) -> int:
        if self.to == [bad.email]:
            raise OSError("mailbox unavailable")
        return real(self, *args)

    monkeypatch.setattr(EmailMessage, "send", send)
    with pytest.raises(digest.NotSent, match="1 digests"):
        digest.send(frequency="daily")
    assert [message.to for message in mail.outbox] == [[good.email]]
    assert Notification.objects.get(user=bad).mailed_at is None
    assert Notification.objects.get(user=good).mailed_at is not None
    monkeypatch.undo()
    assert digest.send(frequency="daily") == 1
    assert mail.outbox[-1].to == [bad.email]


@pytest.mark.django_db
def test_in_quiet_hours_the_digest_waits_for_the_morning() -> None:
    tell(UserFactory(digest="weekly"))
    with time_machine.travel(moment("2027-05-10T22:30+01:00"), tick=False):
        tasks.weekly()
        tasks.weekly()
    assert mail.outbox == []
    run = JobRun.objects.get(name="notifications.digest.weekly")
    assert run.result.run_after == moment("2027-05-11T07:00+01:00")
    with time_machine.travel(run.result.run_after, tick=False):
        tasks.weekly()
    assert len(mail.outbox) == 1


@pytest.mark.django_db
def test_the_database_is_not_asked_more_for_more_notifications(django_assert_max_num_queries: Any) -> None:
    user = UserFactory(digest="daily")
    tell(user, 30)
    with django_assert_max_num_queries(3):
        digest.send(frequency="daily")


@pytest.mark.django_db
def test_what_was_read_a_year_ago_is_forgotten() -> None:
    user = UserFactory()
    with time_machine.travel(moment("2026-01-01T12:00+00:00"), tick=False):
        tell(user, 2)
        services.mark_read(notification=Notification.objects.first())
    with time_machine.travel(moment("2027-01-02T12:00+00:00"), tick=False):
        assert services.tidy(keep_days=366) == 0
        assert services.tidy(keep_days=365) == 1
    assert Notification.objects.get().read_at is None
