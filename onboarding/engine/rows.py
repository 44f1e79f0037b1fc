"""The conditional UPDATE of one row, written without Django's query compiler: that cost more than the database did.

Every hand-over makes two of it (the item that is moved, the one that is claimed next); docs/performance.md has figures.
"""

from __future__ import annotations

from collections.abc import Mapping
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
