"""Prepared queries give what the queryset gives, and refuse what they cannot do."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Count, Q

from levelground.accounts.models import User
from levelground.foundation import clock
from levelground.foundation.prepared import Prepared
from levelground.organisations.models import Affiliation, Membership, Organisation
from tests.factories import Cast

pytestmark = pytest.mark.django_db

_held = Prepared(
    lambda user, today: (
        Membership.objects.filter(user=user)
        .on(today)
        .select_related("network", "organisation", "team__organisation")
        .order_by("pk")
    )
)


def _plain(row: Any) -> dict[str, Any]:
    return {name: value for name, value in row.__dict__.items() if name != "_state"}


def _refuse(*_args: Any) -> None:
    raise AssertionError("A query too many.")


def test_objects_are_those_of_the_queryset(cast: Cast) -> None:
    compared = 0
    for user in User.objects.all():
        wanted = Membership.objects.filter(user=user).current().select_related("network", "organisation", "team")
        found = _held(user.pk, clock.today())
        assert [_plain(row) for row in found] == [_plain(row) for row in wanted.order_by("pk")]
        for row in found:
            compared += 1
            assert not row._state.adding
            assert row._state.db == "default"
            with connection.execute_wrapper(_refuse):
                assert row.home  # what was selected with it is there without another query
    assert compared > 3


def test_a_row_can_be_changed_and_saved(cast: Cast) -> None:
    person = Prepared(lambda pk: User.objects.filter(pk=pk))
    found = person.first(cast.alice.pk)
    found.name = "Alice Changed"
    found.save()
    assert person.first(cast.alice.pk).name == "Alice Changed"
    assert User.objects.get(pk=cast.alice.pk).name == "Alice Changed"


def test_columns_that_were_left_out_come_later(cast: Cast) -> None:
    found = Prepared(lambda pk: User.objects.filter(pk=pk).only("pk", "name")).first(cast.alice.pk)
    assert "email" not in found.__dict__
    assert found.email == cast.alice.email


def test_tuples_single_values_dates_moments_and_texts(cast: Cast) -> None:
    pairs = Prepared(
        lambda slug, day: Affiliation.objects.filter(organisation__slug=slug, joined_on__lte=day).values_list(
            "organisation__slug", "joined_on"
        )
    )
    joined = Affiliation.objects.get(organisation=cast.alder).joined_on
    assert pairs(cast.alder.slug, joined) == [(cast.alder.slug, joined)]
    assert pairs(cast.alder.slug, joined - dt.timedelta(days=1)) == []
    changed = Prepared(lambda moment: User.objects.filter(last_login__lte=moment).values_list("pk", flat=True))
    now = clock.now()
    User.objects.filter(pk=cast.alice.pk).update(last_login=now)
    assert changed(now) == [cast.alice.pk]
    assert changed(now - dt.timedelta(microseconds=1)) == []
    sums = Prepared(
        lambda user: (
            Membership.objects.filter(user=user)
            .order_by()
            .values("user")
            .annotate(n=Count("pk"))
            .values_list("n", flat=True)
        )
    )
    assert sums.first(cast.alice.pk) == Membership.objects.filter(user=cast.alice).count()
    assert sums.first(0) is None


def test_one_argument_may_be_used_twice(cast: Cast) -> None:
    either = Prepared(lambda word: Organisation.objects.filter(Q(slug=word) | Q(public_id=word)))
    assert either(cast.alder.slug) == either(cast.alder.public_id) == [cast.alder]


def test_hostile_text_is_a_value_and_no_sql(cast: Cast) -> None:
    assert Prepared(lambda slug: Organisation.objects.filter(slug=slug))("x' OR '1'='1") == []


@pytest.mark.parametrize("number", [2**63, 10**20, -(10**20)])
def test_a_number_beyond_every_column_is_in_no_row(number: int) -> None:
    assert Prepared(lambda pk: Organisation.objects.filter(pk=pk)).first(number) is None


def test_a_lock_can_be_taken(cast: Cast) -> None:
    locked = Prepared(lambda pk: Organisation.objects.select_for_update().filter(pk=pk))
    with transaction.atomic():
        assert locked.first(cast.alder.pk) == cast.alder


@pytest.mark.parametrize(
    ("build", "argument", "error"),
    [
        (lambda pk: User.objects.filter(pk=pk), None, TypeError),
        (lambda pk: User.objects.filter(pk=pk), True, TypeError),
        (lambda pk: User.objects.filter(pk__in=pk), [1], TypeError),
        (lambda pk: User.objects.filter(pk=7), 1, ValueError),
        (lambda pk: User.objects.filter(pk=pk).values("pk"), 1, ValueError),
        (lambda pk: User.objects.filter(pk=pk).annotate(n=Count("memberships")), 1, ValueError),
    ],
)
def test_what_cannot_be_prepared_is_refused(build: Any, argument: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        Prepared(build)(argument)
