"""Everything that a database holds and keeps to, read without the backup's own code: run by its name, it prints it."""

import json
import sys
from typing import Any

from django.apps import apps
from django.db import connection

_POSTGRES = """
    SELECT 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) || convalidated
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT 'trigger ' || tgenabled::text || ' ' || pg_get_triggerdef(oid)
    FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT 'column ' || table_name || ' ' || column_name || ' ' || data_type || ' ' || is_nullable
    FROM information_schema.columns WHERE table_schema = 'public'
"""


def _plain(value: Any) -> Any:
    return value.hex() if isinstance(value, bytes | memoryview) else repr(value)


def rows() -> dict[str, Any]:
    """Each table with its rows, in the order of their keys."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        held = list(model._base_manager.order_by("pk").values())
        found[model._meta.db_table] = json.loads(json.dumps(held, default=_plain, sort_keys=True))
    return found


def assert_equal(after: dict[str, Any], before: dict[str, Any]) -> None:
    """Told table by table: all of them at once would be too much to read."""
    assert after.keys() == before.keys()
    for table, held in before.items():
        assert after[table] == held, table


def schema() -> list[str]:
    """Every table, key, index and trigger, as the database itself tells them."""
    with connection.cursor() as cursor:
        cursor.execute(_POSTGRES if connection.vendor == "postgresql" else "SELECT sql FROM sqlite_master")
        return sorted(row[0] for row in cursor.fetchall() if row[0])


if __name__ == "__main__":
    import django

    django.setup()
    json.dump({"rows": rows(), "schema": schema()}, sys.stdout)
