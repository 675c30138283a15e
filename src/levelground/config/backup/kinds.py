"""A column's value as the database gives it, as an archive holds it, and as a database takes it.

An archive holds what JSON can say, the same whichever database it came from: moments as text in UTC, JSON columns as
their text, bytes as base64. So an archive of SQLite can be restored into PostgreSQL and the other way round.
"""

import base64
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Field

Turn = Callable[[Any], Any]


def _moment(value: dt.datetime) -> str:
    # SQLite gives moments without a zone, in UTC.
    return str(value.astimezone(dt.UTC).replace(tzinfo=None) if value.tzinfo else value)


def _span(value: Any) -> int:
    return value // dt.timedelta(microseconds=1) if isinstance(value, dt.timedelta) else int(value)


@dataclass(frozen=True)
class Kind:
    """``pack``: from a database into the archive. ``unpack``: into a database, by its vendor. Without one: as it is."""

    pack: Turn | None = None
    to_sqlite: Turn | None = None
    to_postgresql: Turn | None = None

    def unpack(self, vendor: str) -> Turn | None:
        return self.to_sqlite if vendor == "sqlite" else self.to_postgresql


_PLAIN = Kind()
_DAY = Kind(pack=lambda value: value.isoformat())
_KINDS = {
    **dict.fromkeys(("AutoField", "BigAutoField", "SmallAutoField"), _PLAIN),
    **dict.fromkeys(("IntegerField", "BigIntegerField", "SmallIntegerField"), _PLAIN),
    **dict.fromkeys(("PositiveIntegerField", "PositiveBigIntegerField", "PositiveSmallIntegerField"), _PLAIN),
    **dict.fromkeys(("CharField", "TextField", "SlugField", "EmailField", "URLField", "FileField"), _PLAIN),
    "JSONField": _PLAIN,
    "GenericIPAddressField": Kind(pack=str),
    "BooleanField": Kind(pack=bool),
    "FloatField": _PLAIN,
    "DateField": _DAY,
    "TimeField": _DAY,
    "DateTimeField": Kind(pack=_moment, to_postgresql=lambda text: f"{text}+00"),
    "UUIDField": Kind(pack=lambda value: getattr(value, "hex", value)),
    "DurationField": Kind(pack=_span, to_postgresql=lambda microseconds: f"{microseconds} microseconds"),
    "BinaryField": Kind(
        pack=lambda value: base64.b64encode(bytes(value)).decode(),
        to_sqlite=base64.b64decode,
        to_postgresql=base64.b64decode,
    ),
}


def _decimal(places: int) -> Kind:
    # SQLite keeps decimals as floating point: the places of the column make them exact again.
    one = Decimal(1).scaleb(-places)
    return Kind(pack=lambda value: str(Decimal(str(value)).quantize(one)))


def kind_of(field: Field[Any, Any]) -> Kind:
    """The kind of a column; a foreign key is of the kind of what it points to."""
    while field.remote_field is not None:
        field = field.target_field  # type: ignore[attr-defined]  # only foreign keys come here
    name = field.get_internal_type()
    if name == "DecimalField":
        return _decimal(field.decimal_places)  # type: ignore[attr-defined]  # only decimals come here
    if name not in _KINDS:
        raise TypeError(f"{field}: say in {__name__} how a {name} is kept in a backup.")
    return _KINDS[name]
