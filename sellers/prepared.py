"""SELECTs that are asked again and again, compiled by Django once a process: that costs more than the database does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID, uuid4

from django.db import connection
from django.db.models import Model, QuerySet, UUIDField
from django.db.models.query import get_related_populators

Value = UUID | str | int | None
_UUID: Any = UUIDField()
M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class _Compiled:
    """A statement, its parameters, which of them are which of the caller's values, and how columns become Python."""

    sql: str
    params: tuple[Any, ...]
    places: tuple[tuple[int, int], ...]
    converters: dict[int, tuple[list[Any], Any]]
    compiler: Any


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
        compiled = self.compiled
        params = list(compiled.params)
        for place, index in compiled.places:
            params[place] = _adapted(values[index])
        with connection.cursor() as cursor:
            cursor.execute(compiled.sql, params)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return [_converted(row, compiled.converters) for row in rows] if compiled.converters else rows

    @property
    def compiled(self) -> _Compiled:
        """The statement for the database in use."""
        return self._compiled.get(connection.vendor) or self._compile()

    def _compile(self) -> _Compiled:
        stand_ins: list[Value] = [uuid4() if kind is UUID else uuid4().hex for kind in self._kinds]
        compiler = self._build(*stand_ins).query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        known = {_adapted(value): index for index, value in enumerate(stand_ins)}
        places = tuple((at, known[param]) for at, param in enumerate(params) if param in known)
        if {index for _, index in places} != set(range(len(stand_ins))):
            raise LookupError(f"Not every value is a parameter of its own in {sql}")
        converters = compiler.get_converters([column for column, _, _ in compiler.select])
        found = self._compiled[connection.vendor] = _Compiled(sql, tuple(params), places, converters, compiler)
        return found


class PreparedModels(Generic[M]):
    """The same of a query that gives models, together with those of its `select_related` and its annotations."""

    def __init__(self, build: Callable[..., QuerySet[M]], *kinds: type[UUID] | type[str]) -> None:
        self._rows = Prepared(build, *kinds)
        self._makers: dict[str, _Maker[M]] = {}

    def __call__(self, *values: Value) -> list[M]:
        """As the query itself would, in a list."""
        rows = self._rows(*values)
        make = self._makers.get(connection.vendor) or self._maker()
        return [make(row) for row in rows]

    def _maker(self) -> _Maker[M]:
        """What `django.db.models.query.ModelIterable` works out again for each query."""
        compiler = self._rows.compiled.compiler
        info, select = compiler.klass_info, compiler.select
        at = info["select_fields"]
        related = get_related_populators(info, select, connection.alias)  # type: ignore[call-arg]  # the stubs are ahead
        found = self._makers[connection.vendor] = _Maker(
            info["model"],
            slice(at[0], at[-1] + 1),
            [select[place][0].target.attname for place in at],
            related,
            compiler.annotation_col_map,
        )
        return found


@dataclass(frozen=True)
class _Maker(Generic[M]):
    """Where in a row a model's own columns are, those of its related models, and its annotations."""

    model: type[M]
    own: slice
    names: list[str]
    related: Sequence[Any]
    annotations: dict[str, int]

    def __call__(self, row: Sequence[Any]) -> M:
        found = self.model.from_db(connection.alias, self.names, row[self.own])
        for one in self.related:
            one.populate(row, found)
        for name, at in self.annotations.items():
            setattr(found, name, row[at])
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
