"""The database's clock, the only one the engine believes: workers' clocks may differ, and a test moves rows, not
time.

The one place with SQL of its own: a query set always reads a table, and the time stands in none.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection
from django.db.models import DateTimeField, ExpressionWrapper
from django.db.models.expressions import Combinable
from django.db.models.functions import Now


def ahead(seconds: float) -> Combinable:
    """The database's now plus some seconds (less, if negative), as an expression."""
    return ExpressionWrapper(Now() + timedelta(seconds=seconds), output_field=DateTimeField())


def now() -> datetime:
    """The database's now."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT statement_timestamp()")
            moment: datetime = cursor.fetchone()[0]
            return moment
        cursor.execute("SELECT strftime('%Y-%m-%d %H:%M:%f', 'now')")
        (text,) = cursor.fetchone()
        return datetime.fromisoformat(f"{text}+00:00")
