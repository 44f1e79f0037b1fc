"""The append-only history: one row for each change of state and each intent, in the change's own transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from onboarding.engine import clock
from onboarding.models import Event, EventKind, Item, Run, Submission
from sellers.models import Connection, Product, User

About = Item | Run | Submission | Product | Connection


def record_event(about: About, what: EventKind, **told: Any) -> None:
    """Write one event; as `new_event`."""
    new_event(about, what, **told).save()


def new_event(
    about: About,
    what: EventKind,
    *,
    by: User | None = None,
    at: datetime | None = None,
    before: str = "",
    after: str = "",
    sentence: str = "",
    data: Mapping[str, Any] | None = None,
) -> Event:
    """An event, not saved. Without `by` the engine itself did it, without `at` it is now."""
    item = about if isinstance(about, Item) else None
    run_id = about.pk if isinstance(about, Run) else item.run_id if item else None
    return Event(
        at=at or clock.now(),
        seller_id=about.seller_id,
        product_id=about.pk if isinstance(about, Product) else getattr(about, "product_id", None),
        item_id=item.pk if item else None,
        run_id=run_id,
        actor=by.email if by else "engine",
        what=what,
        before=before,
        after=after,
        sentence=sentence,
        data=dict(data or {}),
    )
