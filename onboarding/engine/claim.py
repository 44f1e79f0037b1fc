"""The lease: one conditional UPDATE, counted. Whoever changes the one row holds the item for sixty seconds."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from onboarding.engine import clock
from onboarding.engine.progress import count
from onboarding.models import Event, Item, ItemState

LEASE_SECONDS = 60
CLAIMABLE = (ItemState.TODO, ItemState.WORKING, ItemState.WAITING, ItemState.UNDOING)


@dataclass
class Held:
    """A claimed item. `owner` fences every later write: a worker that lost its lease changes no row."""

    item: Item
    owner: uuid.UUID
    now_at_claim: datetime
    since: float = field(default_factory=time.monotonic)

    def now(self) -> datetime:
        """The database's now, reckoned from the claim."""
        return self.now_at_claim + timedelta(seconds=time.monotonic() - self.since)


def claim(item_id: uuid.UUID) -> Held | None:
    """Take the item if it is due and free; None if it is not, or somebody else was first.

    A waiting item stays waiting while it is looked at; only one that is to do becomes working, with an event.
    """
    item = Item.objects.filter(pk=item_id).annotate(db_now=Now()).select_related("run", "product", "seller").first()
    if item is None or item.state not in CLAIMABLE or item.run_id is None:
        return None
    owner = uuid.uuid4()
    with transaction.atomic():
        if item.state == ItemState.TODO:
            count(item.product_id, {"todo": -1, "working": 1})
        changes = {"state": ItemState.WORKING} if item.state == ItemState.TODO else {}
        taken = (
            Item.objects.filter(pk=item_id, state=item.state, run_id=item.run_id, goal=item.goal)
            .filter(next_check_at__lte=Now())
            .filter(Q(lease_until__isnull=True) | Q(lease_until__lt=Now()))
            .update(lease_owner=owner, lease_until=clock.ahead(LEASE_SECONDS), check_asked=False, **changes)
        )
        if not taken:
            transaction.set_rollback(True)
            return None
        if item.state == ItemState.TODO:
            _begin(item, item.db_now)
    return Held(item=item, owner=owner, now_at_claim=item.db_now)


def _begin(item: Item, now: datetime) -> None:
    item.attempt, item.tries = item.attempt + 1, 0
    Item.objects.filter(pk=item.pk).update(
        attempt=item.attempt, tries=0, started_at=Now(), waiting_since=None, ended_at=None, failure=None
    )
    Event.objects.create(
        at=now, seller_id=item.seller_id, product_id=item.product_id, item_id=item.pk, run_id=item.run_id,
        what="item", before=ItemState.TODO, after=ItemState.WORKING, data={"attempt": item.attempt},
    )  # fmt: skip
    item.started_at, item.state = now, ItemState.WORKING
