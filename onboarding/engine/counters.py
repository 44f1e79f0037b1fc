"""The stored counters of a product: the first row that every change of state updates, so the moves of a product queue
up.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db.models import F
from django.db.models.functions import Now

from onboarding.models import Progress

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
    more = {name: F(name) + by for name, by in (change or {}).items() if by}
    if not Progress.objects.filter(pk=product_id).update(version=F("version") + 1, changed_at=Now(), **more):
        Progress.objects.get_or_create(pk=product_id)
        touch(product_id, change)


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
