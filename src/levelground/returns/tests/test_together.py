"""Two people at the same moment. SQLite has one writer at a time; PostgreSQL needs our locks."""

import datetime as dt
import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connection

from levelground.foundation import clock
from levelground.returns import services, upkeep
from levelground.returns.models import QuarterlyReturn
from levelground.returns.services import sending
from tests.factories import Cast

from .ways import set_quarters

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
]


def _wait_until_blocked():
    for _try in range(200):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    raise AssertionError("Nobody waits.")


def test_an_officer_who_moves_the_dates_and_a_member_who_sends_wait_in_one_order(monkeypatch):
    """The member corrects a late return, while the officer excuses the late ones."""
    cast = Cast.make()
    _last, quarter = set_quarters(cast.version.framework, cast.nia)
    when = dt.datetime.combine(quarter.on_time_by + dt.timedelta(days=3), dt.time(12), tzinfo=dt.UTC)
    content = {"quarter": quarter, "organisation": cast.alder, "by": cast.alice}
    written = {"values": {"people_reached": Decimal(3)}, "significant_change": False, "description": "", "chosen": []}

    def move_the_dates():
        try:
            with clock.at(when):
                services.change_dates(
                    quarter=quarter, on_time_by=quarter.locked_on, locked_on=quarter.locked_on, reason="The portal",
                    by=cast.nia,
                )  # fmt: skip
        finally:
            connection.close()

    with clock.at(when), ThreadPoolExecutor(1) as pool:
        services.save_draft(**content, **written)
        assert services.send_return(**content).late is True
        services.start_correction(**content)
        begun = []

        def meanwhile(*_what):
            begun.append(pool.submit(move_the_dates))
            _wait_until_blocked()

        monkeypatch.setattr(sending, "_require_whole", meanwhile)
        services.send_return(**content)
        begun[0].result(timeout=60)
    assert QuarterlyReturn.objects.get(quarter=quarter, organisation=cast.alder).late is False
    assert list(upkeep.drifts()) == []
