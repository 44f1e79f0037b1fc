"""The lease: one conditional UPDATE, counted. Whoever changes the one row holds the item: for twenty seconds, and from
its first AWS call on, before which the gate renews it, for sixty.
"""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Now

from onboarding.engine import clock, rows
from onboarding.engine.counters import touch
from onboarding.models import Event, Item, ItemState, Run
from sellers.models import Product, Seller
from sellers.prepared import Prepared, columns

FIRST_SECONDS, LEASE_SECONDS = 20, 60
CLAIMABLE = (ItemState.TODO, ItemState.WORKING, ItemState.WAITING, ItemState.UNDOING)
BEGUN = {"todo": -1, "working": 1}
FOLLOWED = (
    "id",
    "seller_id",
    "product_id",
    "region",
    "slug",
    "run_id",
    "direction",
    "state",
    "waiting_for",
    "wait_kind",
    "attempt",
)


@dataclass
class Lease:
    """A claimed item. `owner` fences every later write: a worker that lost its lease changes no row.

    `first`: nobody ever worked on it, so it can hold no thing yet.
    """

    item: Item
    owner: uuid.UUID
    now_at_claim: datetime
    first: bool = False
    since: float = field(default_factory=time.monotonic)

    def now(self) -> datetime:
        """The database's now, reckoned from the claim."""
        return self.now_at_claim + timedelta(seconds=time.monotonic() - self.since)


def claim(item_id: uuid.UUID) -> Lease | None:
    """Take the item if it is due and free; None if it is not, or somebody else was first.

    A waiting item stays waiting while it is looked at; only one that is to do becomes working, with an event.
    """
    item, db_now = _read(item_id)
    if item is None or item.state not in CLAIMABLE or item.run_id is None:
        return None
    first = item.state == ItemState.TODO and item.attempt == 0
    owner, free = uuid.uuid4(), Q(lease_until__isnull=True) | Q(lease_until__lt=Now())
    with transaction.atomic():
        if item.state == ItemState.TODO:
            touch(item.product_id, BEGUN)
        mine = Item.objects.filter(free, pk=item_id, next_check_at__lte=Now(), **_unchanged(item))
        lease = {"lease_owner": owner, "lease_until": clock.ahead(FIRST_SECONDS)}
        if not mine.update(**lease, **_changes(item, Now())):
            transaction.set_rollback(True)
            return None
        if item.state == ItemState.TODO:
            begun(item, db_now).save()
    return Lease(item=item, owner=owner, now_at_claim=db_now, first=first)


def _read(item_id: uuid.UUID) -> tuple[Item | None, Any]:
    """The item with its run, product and seller, and the database's now."""
    found = _ROW(item_id)
    if not found:
        return None, None
    cells, made = iter(found[0]), {}
    for name, (model, names) in _PARTS.items():
        values = [next(cells) for _ in names]
        made[name] = model.from_db(connection.alias, names, values) if values[0] is not None else None
    item: Any = made.pop("")
    for name, one in made.items():
        setattr(item, name, one)
    return item, next(cells)


_PARTS: dict[str, tuple[Any, list[str]]] = {
    "": (Item, columns(Item)),
    "run": (Run, [name for name in columns(Run) if name != "spec"]),  # read once a process: see engine/context.py
    "product": (Product, columns(Product)),
    "seller": (Seller, columns(Seller)),
}
_NAMES = [f"{part}__{name}" if part else name for part, (_, names) in _PARTS.items() for name in names]
_ROW = Prepared(lambda pk: Item.objects.filter(pk=pk).annotate(db_now=Now()).values_list(*_NAMES, "db_now"), uuid.UUID)


def follow(before: Lease, item: Item) -> Lease | None:
    """Take an item to do that the move of `before` makes ready, inside that move's transaction: one wait for the
    disk, not two. `item` was read there, in the columns FOLLOWED. None if it is not as it was read.
    """
    owner, last, now = uuid.uuid4(), before.item, before.now()
    where = {"id": item.pk, "next_check_at": None, **_unchanged(item)}
    lease = {"lease_owner": owner, "lease_until": now + timedelta(seconds=FIRST_SECONDS), "next_check_at": now}
    if not rows.update(Item, where, {**lease, **_changes(item, now)}):
        return None
    touch(item.product_id, BEGUN)
    item.run, item.product, item.seller = last.run, last.product, last.seller
    return Lease(item=item, owner=owner, now_at_claim=now, first=item.attempt == 0)


def _unchanged(item: Item) -> dict[str, Any]:
    return {"state": item.state, "run_id": item.run_id, "direction": item.direction, "attempt": item.attempt}


def _changes(item: Item, now: datetime | Now) -> dict[str, Any]:
    if item.state != ItemState.TODO:
        return {"check_asked": False}
    return {
        "check_asked": False,
        "state": ItemState.WORKING,
        "attempt": item.attempt + 1,
        "error_count": 0,
        "started_at": now,
        "waiting_since": None,
        "ended_at": None,
        "failure": None,
    }


def begun(item: Item, now: datetime) -> Event:
    """The event of an item that was to do and is now worked on, not saved; the item says so, too."""
    item.state, item.attempt, item.error_count = ItemState.WORKING, item.attempt + 1, 0
    item.started_at, item.waiting_since, item.ended_at, item.failure = now, None, None, None
    return Event(
        at=now,
        seller_id=item.seller_id,
        product_id=item.product_id,
        item_id=item.pk,
        run_id=item.run_id,
        what="item",
        before=ItemState.TODO,
        after=ItemState.WORKING,
        data={"attempt": item.attempt},
    )
