"""Querysets whose SQL is written once.

Django writes the SQL of a queryset anew each time, which takes longer than the database takes to answer a small
question. The few reads that every request makes (who is this, what may they do, which workbook) are prepared instead::

    _person = Prepared(lambda pk: User.objects.filter(pk=pk))
    user = _person.first(7)

The function is called once for each kind of database, with stand-ins that are found again in the SQL. So the number of
parameters is fixed; each is an ``int``, ``str``, ``date`` or ``datetime``; its shape never depends on them:
no lists for ``in``, no ``None``, and no clock inside the function. A number of more than 63 bits, as it may come in an
address, is in no column: there are no rows for it.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model, QuerySet
from django.db.models.base import ModelState
from django.db.models.query import FlatValuesListIterable, ModelIterable, ValuesListIterable, get_related_populators
from django.db.models.signals import post_init, pre_init

# Values that no real query holds. The numbers fit into every integer column that has an index here.
_INTEGER, _DAY = 2_147_480_000, dt.date(1, 1, 1)
_MOMENT = dt.datetime(2, 1, 1, tzinfo=dt.UTC)
_TOO_LARGE = 2**63


def _stand_in(value: Any, place: int) -> Any:
    if isinstance(value, dt.datetime):
        return _MOMENT + dt.timedelta(seconds=place)
    if isinstance(value, dt.date):
        return _DAY + dt.timedelta(days=place)
    if isinstance(value, str):
        return f"\ue000{place}\ue000"
    if isinstance(value, int) and not isinstance(value, bool):
        return _INTEGER + place
    raise TypeError(f"A prepared query takes no {type(value).__name__}.")


def _adapted(value: Any, ops: Any) -> Any:
    if isinstance(value, dt.datetime):
        return ops.adapt_datetimefield_value(value)
    return ops.adapt_datefield_value(value) if isinstance(value, dt.date) else value


@dataclass(frozen=True)
class _Statement:
    """One query, ready: its SQL, where each argument goes, and how a row becomes what the caller gets."""

    sql: str
    parameters: tuple[Any, ...]
    places: tuple[tuple[int, int], ...]
    converters: list[Any]
    of_row: Callable[[Any], Any]

    def run(self, arguments: tuple[Any, ...], connection: Any) -> list[Any]:
        parameters = list(self.parameters)
        for place, argument in self.places:
            value = arguments[argument]
            if type(value) is int and not -_TOO_LARGE <= value < _TOO_LARGE:
                return []  # as Django's own lookups do; SQLite cannot even be asked
            parameters[place] = _adapted(value, connection.ops)
        with connection.cursor() as cursor:
            cursor.execute(self.sql, parameters)
            rows = cursor.fetchall()
        if self.converters:
            rows = [self._converted(list(row), connection) for row in rows]
        return [self.of_row(row) for row in rows]

    def _converted(self, row: list[Any], connection: Any) -> list[Any]:
        for place, converters, expression in self.converters:
            for converter in converters:
                row[place] = converter(row[place], expression, connection)
        return row


def _object_of(compiler: Any) -> Callable[[Any], Any]:
    """What ``ModelIterable`` does with each row, without asking the compiler again."""
    info, select, using = compiler.klass_info, compiler.select, compiler.using
    start, end = info["select_fields"][0], info["select_fields"][-1] + 1
    names = [column[0].target.attname for column in select[start:end]]
    populators_of: Any = get_related_populators  # the types know a later Django
    populators = populators_of(info, select, using)
    model = info["model"]
    # Where nothing listens and nothing is overridden, filling an object is all that from_db() and __init__() would do.
    listened = any(signal.has_listeners(model) for signal in (pre_init, post_init))
    plain = model.__init__ is Model.__init__ and "from_db" not in model.__dict__ and not listened

    def build(row: Any) -> Any:
        if plain:
            found = model.__new__(model)
            found._state = state = ModelState()
            state.adding, state.db = False, using
            found.__dict__.update(zip(names, row[start:end], strict=True))
        else:
            found = model.from_db(using, names, row[start:end])
        for populator in populators:
            populator.populate(row, found)
        return found

    return build


def _prepare(build: Callable[..., QuerySet[Any]], arguments: tuple[Any, ...], using: str) -> _Statement:
    stand_ins = [_stand_in(value, place) for place, value in enumerate(arguments)]
    queryset = build(*stand_ins).using(using)
    compiler = queryset.query.get_compiler(using=using)
    sql, parameters = compiler.as_sql()
    known = {_adapted(value, compiler.connection.ops): place for place, value in enumerate(stand_ins)}
    places = tuple((place, known[value]) for place, value in enumerate(parameters) if value in known)
    if {argument for _place, argument in places} != set(range(len(arguments))):
        raise ValueError("A prepared query must use every one of its parameters as it is.")
    shape: Any = queryset._iterable_class
    of_row: dict[Any, Any] = {ValuesListIterable: tuple, FlatValuesListIterable: lambda row: row[0]}
    if shape is ModelIterable and not compiler.annotation_col_map:
        of_row[shape] = _object_of(compiler)
    if shape not in of_row:
        raise ValueError("A prepared query gives objects without annotations, or values_list().")
    converters = compiler.get_converters([column[0] for column in compiler.select])
    return _Statement(
        sql,
        tuple(parameters),
        places,
        [(place, functions, expression) for place, (functions, expression) in converters.items()],
        of_row[shape],
    )


class Prepared:
    """A read whose SQL is written once. ``build`` gives the queryset for its parameters."""

    def __init__(self, build: Callable[..., QuerySet[Any]]) -> None:
        self._build = build
        self._ready: dict[tuple[str, ...], _Statement] = {}

    def __call__(self, *arguments: Any, using: str = DEFAULT_DB_ALIAS) -> list[Any]:
        """All rows, as objects or as tuples."""
        connection = connections[using]
        key = (using, connection.vendor, *(type(value).__name__ for value in arguments))
        statement = self._ready.get(key)
        if statement is None:
            statement = self._ready[key] = _prepare(self._build, arguments, using)
        return statement.run(arguments, connection)

    def first(self, *arguments: Any) -> Any:
        """The first row, or ``None``."""
        rows = self(*arguments)
        return rows[0] if rows else None
