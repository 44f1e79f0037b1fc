"""The few statements of every hand-over, written without Django's query compiler: that cost more than the database did.

A conditional UPDATE or lock of one row (the item that is moved, claimed next, or whose lease is kept) and an INSERT of
rows (the inventory, events, attempts, calls, evidence); docs/performance.md has figures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, models


def update(model: type[models.Model], where: Mapping[str, Any], values: Mapping[str, Any]) -> int:
    """As `model.objects.filter(**where).update(**values)` for plain values and equalities; None is NULL in both.

    An expression among the values goes Django's way. Returns how many rows there were.
    """
    if any(hasattr(value, "resolve_expression") for value in values.values()):
        known = {f"{name}__isnull" if value is None else name: value is None or value for name, value in where.items()}
        return model._default_manager.filter(**known).update(**values)
    fields: dict[str, Any] = {name: model._meta.get_field(name) for name in (*where, *values)}
    quote = connection.ops.quote_name
    columns = {name: quote(one.column) for name, one in fields.items()}
    given = [(name, value) for name, value in where.items() if value is not None]
    changes = ", ".join(f"{columns[name]} = %s" for name in values)
    tests = " AND ".join(f"{columns[name]} {'IS NULL' if value is None else '= %s'}" for name, value in where.items())
    params = [fields[name].get_db_prep_save(value, connection) for name, value in (*values.items(), *given)]
    # Names come from the model, values are parameters.
    sql = f"UPDATE {quote(model._meta.db_table)} SET {changes} WHERE {tests}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return int(cursor.rowcount)


def insert(made: Sequence[models.Model], *, unique: Sequence[str] = (), again: Sequence[str] = ()) -> None:
    """Save new rows of one model; serial ids are the database's. One that is there already, by the columns `unique`,
    takes the new one's values: of the columns `again`, or of all.
    """
    if not made:
        return
    fields = _written(type(made[0]))
    here = connections[DEFAULT_DB_ALIAS]  # `connection` looks it up at each of a row's hundred uses
    quote = here.ops.quote_name
    columns = [quote(one.column) for one in fields]
    params = [one.get_db_prep_save(one.pre_save(row, add=True), here) for row in made for one in fields]
    places = ", ".join([f"({', '.join(['%s'] * len(fields))})"] * len(made))
    sql = f"INSERT INTO {quote(made[0]._meta.db_table)} ({', '.join(columns)}) VALUES {places}"  # noqa: S608
    if unique:
        taken = [quote(one.column) for one in fields if one.name in again] or columns
        values = ", ".join(f"{column} = EXCLUDED.{column}" for column in taken)
        sql += f" ON CONFLICT ({', '.join(quote(name) for name in unique)}) DO UPDATE SET {values}"
    with here.cursor() as cursor:
        cursor.execute(sql, params)
    for row in made:
        row._state.adding, row._state.db = False, here.alias


@cache
def _written(model: type[models.Model]) -> list[Any]:
    """The fields that a new row is saved with."""
    return [one for one in model._meta.concrete_fields if not isinstance(one, models.AutoField)]


def locked(model: type[models.Model], where: Mapping[str, Any]) -> bool:
    """Whether there is such a row; it stays locked to the end of the transaction (SQLite locks all of them anyway)."""
    quote = connection.ops.quote_name
    fields: list[Any] = [model._meta.get_field(name) for name in where]
    tests = " AND ".join(f"{quote(one.column)} = %s" for one in fields)
    params = [one.get_db_prep_save(value, connection) for one, value in zip(fields, where.values(), strict=True)]
    tail = " FOR UPDATE" if connection.features.has_select_for_update else ""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {quote(model._meta.db_table)} WHERE {tests}{tail}", params)  # noqa: S608
        return cursor.fetchone() is not None
