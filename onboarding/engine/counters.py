"""The stored counters of a product: the first row that every change of state updates, so the moves of a product queue
up.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import cast
from uuid import UUID

from django.db import connection
from django.db.models import F
from django.db.models.functions import Now
from django.db.models.sql import UpdateQuery

from onboarding.models import Item, Progress

FIELDS = (
    "todo",
    "working",
    "waiting",
    "done",
    "failed",
    "skipped",
    "cancelled",
    "undoing",
    "undone",
    "not_needed",
    "on_you",
    "on_marketplace",
)


def touch(product_id: UUID, change: Mapping[str, int] | None = None) -> None:
    """Bump the version and add to the counters; takes the product's place in the line until the transaction ends."""
    changes = {name: by for name, by in (change or {}).items() if by}
    params = [1, *changes.values(), Progress._meta.pk.get_db_prep_value(product_id, connection)]
    with connection.cursor() as cursor:
        cursor.execute(_statement(connection.vendor, tuple(changes)), params)
        missing = cursor.rowcount == 0
    if missing:
        Progress.objects.get_or_create(pk=product_id)
        touch(product_id, change)


@cache
def _statement(_vendor: str, names: tuple[str, ...]) -> str:
    """The UPDATE that adds to these counters, compiled once: every change of state makes one or two of it.

    Its parameters are 1 (for the version), what each counter gains, and the product.
    """
    query = cast("UpdateQuery", Progress.objects.filter(pk=UUID(int=0)).query.chain(UpdateQuery))
    query.add_update_values({"version": F("version") + 1, "changed_at": Now(), **{n: F(n) + 1 for n in names}})
    return str(query.get_compiler(connection=connection).as_sql()[0])


def columns(state: str, reason: str) -> list[str]:
    """The counters in which an item of this state and reason stands."""
    more = {"you": ["on_you"], "marketplace": ["on_marketplace"], "buyer": ["on_marketplace"]}
    return [state, *(more.get(reason, []) if state == "waiting" else [])]


def delta(before: tuple[str, str], after: tuple[str, str]) -> dict[str, int]:
    """What the counters gain and lose when an item goes from one (state, reason) to another."""
    change: dict[str, int] = {}
    for name in columns(*before):
        change[name] = change.get(name, 0) - 1
    for name in columns(*after):
        change[name] = change.get(name, 0) + 1
    return change


def recount(product_id: UUID) -> None:
    """Set the counters from the items, after a verb changed many at once; the caller holds the line (`count`)."""
    totals = dict.fromkeys(FIELDS, 0)
    for state, reason in Item.objects.filter(product_id=product_id).values_list("state", "waiting_for"):
        for name in columns(state, reason):
            totals[name] += 1
    Progress.objects.filter(pk=product_id).update(**totals)
