"""The few statements of every hand-over, written without Django's query compiler: that cost more than the database did.

A conditional UPDATE of one row (the item that is moved, the one that is claimed next) and an INSERT of rows whose ids
nobody asks for (events, attempts); docs/performance.md has figures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection, models


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


def insert(made: Sequence[models.Model], *, unique: Sequence[str] = ()) -> None:
    """Save new rows of one model, which has a serial id. One that is there already, by the columns `unique`, takes the
    new one's values.
    """
    if not made:
        return
    fields: list[Any] = [one for one in made[0]._meta.concrete_fields if not one.primary_key]
    quote = connection.ops.quote_name
    columns = [quote(one.column) for one in fields]
    params = [one.get_db_prep_save(one.pre_save(row, add=True), connection) for row in made for one in fields]
    places = ", ".join([f"({', '.join(['%s'] * len(fields))})"] * len(made))
    sql = f"INSERT INTO {quote(made[0]._meta.db_table)} ({', '.join(columns)}) VALUES {places}"  # noqa: S608
    if unique:
        again = ", ".join(f"{column} = EXCLUDED.{column}" for column in columns)
        sql += f" ON CONFLICT ({', '.join(quote(name) for name in unique)}) DO UPDATE SET {again}"
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
