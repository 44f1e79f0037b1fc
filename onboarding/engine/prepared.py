"""SELECTs of every hand-over, compiled by Django once a process: compiling them costs more than the database does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.db import connection
from django.db.models import Model, QuerySet, UUIDField

Value = UUID | str | int | None
_UUID: Any = UUIDField()


@dataclass(frozen=True)
class _Compiled:
    """A statement, its parameters, which of them are which of the caller's values, and how columns become Python."""

    sql: str
    params: tuple[Any, ...]
    places: tuple[tuple[int, int], ...]
    converters: dict[int, tuple[list[Any], Any]]


def columns(model: type[Model]) -> list[str]:
    """The names of a model's own columns, as `from_db` and `values_list` take them."""
    return [field.attname for field in model._meta.concrete_fields]


class Prepared:
    """A `values_list` query with places for values, such as `lambda pk: Item.objects.filter(pk=pk).values_list("id")`.

    `kinds` are the values' types, UUID or str, in the order of the arguments. Called with values it gives rows, as the
    query itself would.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], *kinds: type[UUID] | type[str]) -> None:
        self._build, self._kinds = build, kinds
        self._compiled: dict[str, _Compiled] = {}

    def __call__(self, *values: Value) -> list[tuple[Any, ...]]:
        compiled = self._compiled.get(connection.vendor) or self._compile()
        params = list(compiled.params)
        for place, index in compiled.places:
            params[place] = _adapted(values[index])
        with connection.cursor() as cursor:
            cursor.execute(compiled.sql, params)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return [_converted(row, compiled.converters) for row in rows] if compiled.converters else rows

    def _compile(self) -> _Compiled:
        stand_ins: list[Value] = [uuid4() if kind is UUID else uuid4().hex for kind in self._kinds]
        compiler = self._build(*stand_ins).query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        known = {_adapted(value): index for index, value in enumerate(stand_ins)}
        places = tuple((at, known[param]) for at, param in enumerate(params) if param in known)
        if {index for _, index in places} != set(range(len(stand_ins))):
            raise LookupError(f"Not every value is a parameter of its own in {sql}")
        converters = compiler.get_converters([column for column, _, _ in compiler.select])
        found = self._compiled[connection.vendor] = _Compiled(sql, tuple(params), places, converters)
        return found


def _adapted(value: Value) -> Any:
    """As a parameter of this database."""
    return _UUID.get_db_prep_value(value, connection) if isinstance(value, UUID) else value


def _converted(row: Sequence[Any], converters: dict[int, tuple[list[Any], Any]]) -> tuple[Any, ...]:
    cells = list(row)
    for at, (convert, column) in converters.items():
        for one in convert:
            cells[at] = one(cells[at], column, connection)
    return tuple(cells)
