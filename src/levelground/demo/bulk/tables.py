"""Rows on their way into the database: collected in memory, written many at a time, in the quickest way it has."""

import json
from itertools import product
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models
from django.db.models import Max

from levelground.foundation.bilingual import Bilingual
from levelground.foundation.rows import insert

Row = tuple[Any, ...]

# Letters and digits of public numbers (foundation.db): here from a seed, so that each build is the same.
_THREE = list(map("".join, product("23456789abcdefghjkmnpqrstuvwxyz", repeat=3)))[: 1 << 14]


def public_number(dice: Any) -> str:
    """Twelve of them; three at a time, because a large build needs a million."""
    drawn, last = dice.getrandbits(56), (1 << 14) - 1
    return _THREE[drawn & last] + _THREE[drawn >> 14 & last] + _THREE[drawn >> 28 & last] + _THREE[drawn >> 42]


def bilingual(text: Bilingual) -> str:
    """A text in two languages, as its field stores it."""
    return json.dumps(text.as_dict(), ensure_ascii=False, separators=(",", ":"))


class Table:
    """The coming rows of one model. ``columns`` names those that each row gives, the primary key first; the others take
    their field's default."""

    def __init__(self, model: type[models.Model], *columns: str) -> None:
        fields = {field.attname: field for field in model._meta.concrete_fields}
        if unknown := set(columns) - set(fields):
            raise LookupError(f"{model.__name__} has no {', '.join(sorted(unknown))}.")
        rest = [field for name, field in fields.items() if name not in columns]
        self.model = model
        self.columns = [str(fields[name].column) for name in columns] + [str(field.column) for field in rest]
        self._fixed = tuple(_default(field) for field in rest)
        self.rows: list[Row] = []
        self._last = model._default_manager.aggregate(last=Max("pk"))["last"] or 0

    def number(self) -> int:
        """The primary key of the next row."""
        self._last += 1
        return self._last

    def add(self, *values: Any) -> None:
        self.rows.append(values)

    def flush(self) -> int:
        """Write what was collected; how many rows."""
        rows = [row + self._fixed for row in self.rows] if self._fixed else self.rows
        insert(self.model, self.columns, rows)
        self.rows = []
        return len(rows)


def _default(field: Any) -> Any:
    """A default that is the same for every row. A public number is not: it has to be given."""
    if not field.null and (field.unique or not field.has_default()):
        raise LookupError(f"{field.model.__name__}.{field.attname} has to be given.")
    return field.get_db_prep_save(field.get_default(), connection)


class Tables:
    """All tables of a build, in the order in which they are written."""

    def __init__(self) -> None:
        self._all: list[Table] = []

    def table(self, model: type[models.Model], *columns: str) -> Table:
        made = Table(model, *columns)
        self._all.append(made)
        return made

    def flush(self) -> int:
        return sum(table.flush() for table in self._all)

    def finish(self) -> None:
        """Let the database count on from the last row. Where it counts by itself there is nothing to do."""
        self.flush()
        with connection.cursor() as cursor:
            for sql in connection.ops.sequence_reset_sql(no_style(), [table.model for table in self._all]):
                cursor.execute(sql)
            if connection.vendor == "postgresql":
                # It would look at the new rows by itself, but only some minutes later.
                for table in self._all:
                    cursor.execute(f"ANALYZE {connection.ops.quote_name(table.model._meta.db_table)}")
