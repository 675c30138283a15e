"""Every kind of column comes back from an archive as it was."""

import datetime as dt
import json
import uuid
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models
from django.test.utils import isolate_apps

from levelground.config.backup import kinds, load, tables
from levelground.config.backup.progress import Progress

MOMENT = dt.datetime(2027, 10, 31, 1, 30, 0, 123456, dt.UTC)
VALUES: list[dict[str, Any]] = [
    {
        "number": -(2**62), "words": "Ŵ\n\t\\N '\"%s", "yes": True, "day": dt.date(1, 1, 1), "moment": MOMENT,
        "hour": dt.time(23, 59, 59, 1), "price": Decimal("-1234567.05"), "share": 0.1 + 0.2,
        "mark": uuid.UUID(int=2**127), "span": dt.timedelta(-1, 3), "raw": bytes(range(256)),
        "data": {"é": [1, 1.5, None, "\\u0041"]},
        "address": "2001:db8::1",
    },
    {
        "number": 0, "words": "", "yes": False, "day": dt.date(9999, 12, 31), "moment": MOMENT.replace(microsecond=0),
        "hour": dt.time(0), "price": Decimal("0.10"), "share": -0.0, "span": dt.timedelta(days=400), "raw": b"",
        "mark": uuid.UUID(int=0), "data": [], "address": "127.0.0.1",
    },
    dict.fromkeys(("number", "words", "yes", "day", "moment", "hour", "price", "share", "span", "mark", "raw", "data",
                   "address")),
]  # fmt: skip


@pytest.fixture
def thing(transactional_db: Any) -> Iterator[Any]:
    """A table with a column of every kind."""
    with isolate_apps("levelground.config"):

        class Thing(models.Model):
            number = models.BigIntegerField(null=True)
            words = models.TextField(null=True)
            yes = models.BooleanField(null=True)
            day = models.DateField(null=True)
            moment = models.DateTimeField(null=True)
            hour = models.TimeField(null=True)
            price = models.DecimalField(null=True, max_digits=12, decimal_places=2)
            share = models.FloatField(null=True)
            span = models.DurationField(null=True)
            mark = models.UUIDField(null=True)
            raw = models.BinaryField(null=True)
            data = models.JSONField(null=True)
            address = models.GenericIPAddressField(null=True)

            class Meta:
                app_label = "config"
                db_table = "every_kind"

            def __str__(self) -> str:
                return str(self.pk)

        with connection.schema_editor() as editor:
            editor.create_model(Thing)
        yield Thing
        with connection.schema_editor() as editor:
            editor.delete_model(Thing)


class OneTable:
    """What ``load`` wants of an archive."""

    def __init__(self, table: tables.Table, rows: list[Any]) -> None:
        self.tables = {table.name: {"columns": list(table.columns)}}
        self._rows = rows

    def rows(self, name: str) -> Iterator[list[Any]]:
        return iter(self._rows)


def test_there_and_back(thing: Any) -> None:
    for values in VALUES:
        thing.objects.create(**values)
    table = tables.Table.of(thing)
    packed = json.loads(json.dumps(list(tables.rows(table))))
    before = list(thing.objects.order_by("pk").values())
    assert [{name: row[name] for name in VALUES[0]} for row in before] == VALUES
    thing.objects.all().delete()

    load._put_table(OneTable(table, packed), table, Progress(None))  # type: ignore[arg-type]

    assert list(thing.objects.order_by("pk").values()) == before


def test_an_archive_looks_the_same_from_both_databases(thing: Any) -> None:
    thing.objects.create(**VALUES[0])
    row = dict(zip(tables.Table.of(thing).columns, next(tables.rows(tables.Table.of(thing))), strict=True))
    assert row["moment"] == "2027-10-31 01:30:00.123456"
    assert row["day"] == "0001-01-01"
    assert row["price"] == "-1234567.05"
    assert row["mark"] == "80000000000000000000000000000000"
    assert row["yes"] is True
    assert json.loads(row["data"]) == VALUES[0]["data"]
    assert row["span"] == -86_397_000_000


def test_every_column_of_every_app_has_a_kind() -> None:
    for model in apps.get_models(include_auto_created=True):
        tables.Table.of(model)


def test_a_kind_that_nobody_thought_of_is_told() -> None:
    class Point(models.Field):  # type: ignore[type-arg]
        def get_internal_type(self) -> str:
            return "PointField"

    with pytest.raises(TypeError, match=r"say in .* how a PointField is kept"):
        kinds.kind_of(Point())
