"""The lease: one conditional UPDATE, counted. Whoever changes the one row holds the item: for twenty seconds, and from
its first AWS call on, before which the gate renews it, for sixty.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from onboarding.engine import clock
from onboarding.engine.signals import Overtaken
from onboarding.engine.transition import apply
from onboarding.models import Item, ItemState

FIRST_SECONDS, LEASE_SECONDS = 20, 60
CLAIMABLE = (ItemState.TODO, ItemState.WORKING, ItemState.WAITING, ItemState.UNDOING)


@dataclass
class Lease:
    """A claimed item. `owner` fences every later write: a worker that lost its lease changes no row.

    `never_ran`: nobody ever worked on it, so it can hold no thing yet.
    """

    item: Item
    owner: uuid.UUID
    now_at_claim: datetime
    never_ran: bool = False
    since: float = field(default_factory=time.monotonic)

    def now(self) -> datetime:
        """The database's now, reckoned from the claim."""
        return self.now_at_claim + timedelta(seconds=time.monotonic() - self.since)


def free() -> Q:
    """Items that nobody holds."""
    return Q(lease_until__isnull=True) | Q(lease_until__lt=Now())


def claim(item_id: uuid.UUID) -> Lease | None:
    """Take the item if it is due and free; None if it is not, or somebody else was first.

    A waiting item stays waiting while it is looked at; only one that is to do becomes working, with an event.
    """
    item, now = _read(item_id)
    if item is None or item.state not in CLAIMABLE or item.run_id is None:
        return None
    owner, due = uuid.uuid4(), free() & Q(next_check_at__lte=Now())
    lease = {"lease_owner": owner, "lease_until": clock.ahead(FIRST_SECONDS), "check_asked": False}
    if item.state == ItemState.TODO:
        try:
            with transaction.atomic():
                return _begin(item, owner, now, due, lease)
        except Overtaken:
            return None
    mine = Item.objects.filter(due & _unchanged(item), pk=item_id)
    return Lease(item, owner, now) if mine.update(**lease) else None


def claim_next(before: Lease, item_id: uuid.UUID) -> Lease:
    """Take an item to do that the move of `before` makes ready, inside that move's transaction: one wait for the disk,
    not two.
    """
    last, now, owner = before.item, before.now(), uuid.uuid4()
    item = Item.objects.get(pk=item_id)
    item.run, item.product, item.seller = last.run, last.product, last.seller
    until = now + timedelta(seconds=FIRST_SECONDS)
    lease = {"lease_owner": owner, "lease_until": until, "next_check_at": now, "check_asked": False}
    return _begin(item, owner, now, Q(next_check_at=None), lease)


def hold(item_id: uuid.UUID, states: Collection[str]) -> Lease | None:
    """Take an item of a writing run that is in one of these states and free, without a change of its state."""
    item, now = _read(item_id)
    if item is None or item.run is None or not item.run.writes or item.state not in states:
        return None
    owner, mine = uuid.uuid4(), Item.objects.filter(free() & Q(state=item.state), pk=item_id)
    taken = mine.update(lease_owner=owner, lease_until=clock.ahead(LEASE_SECONDS))
    return Lease(item, owner, now) if taken else None


def give_up(held: Lease) -> None:
    """End a lease without a change of state."""
    Item.objects.filter(pk=held.item.pk, lease_owner=held.owner).update(lease_owner=None, lease_until=None)


def _read(item_id: uuid.UUID) -> tuple[Item | None, Any]:
    """The item with its run, product and seller, and the database's now."""
    rows = Item.objects.filter(pk=item_id).annotate(db_now=Now()).select_related("run", "product", "seller")
    item = rows.defer("run__spec").first()  # read once a process: see engine/context.py
    return item, item and item.db_now


def _unchanged(item: Item) -> Q:
    return Q(state=item.state, run=item.run_id, direction=item.direction, attempt=item.attempt)


def _begin(item: Item, owner: uuid.UUID, now: datetime, fence: Q, lease: dict[str, Any]) -> Lease:
    """Put an item to do to work."""
    never_ran, number = item.attempt == 0, item.attempt + 1
    columns = {
        "attempt": number,
        "error_count": 0,
        "started_at": now,
        "waiting_since": None,
        "ended_at": None,
        "failure": None,
    }
    fence, data = fence & _unchanged(item), {"attempt": number}
    apply([item], ItemState.WORKING, columns={**lease, **columns}, fence=fence, at=now, data=data)
    item.state, item.waiting_for = ItemState.WORKING, ""
    for name, value in columns.items():
        setattr(item, name, value)
    return Lease(item, owner, now, never_ran)
