"""The rows of one item's things, and every write to them: intents before, results after, only while we hold the
lease. Beside them the one read of tags per account, Region, and run: what AWS has of a product whose row was lost.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from cachetools import LRUCache, cached
from django.db import transaction

from onboarding.aws.clients import RegionClients
from onboarding.engine.history import new_event
from onboarding.engine.lease import Lease
from onboarding.engine.signals import LeaseLost
from onboarding.models import Event, EventKind, Item, Resource, ResourceState
from onboarding.things import kinds
from onboarding.things.base import Observation, Ownership, State, Thing

LIVE = (ResourceState.EXISTS, ResourceState.ADOPTED)
WRITTEN = (
    "aws_id",
    "state",
    "managed",
    "params",
    "values",
    "warnings",
    "aws_status",
    "generation",
    "batch",
    "create_attempts",
    "lookup_attempts",
    "pending",
    "seen_run",
    "made_at",
    "deleting_since",
    "role",
    "account",
    "region",
)

NOTED = ("values", "warnings", "aws_status", "pending", "seen_run")


class Inventory:
    """What the database says of an item's things, by (kind, logical key)."""

    def __init__(self, held: Lease) -> None:
        self.held = held
        self.fresh_pending: dict[UUID, str] = {}  # made in this claim, and what AWS said: not looked at again at once
        found = () if held.never_ran else Resource.objects.filter(item=held.item)
        self.rows = {(r.kind, r.logical_key): r for r in found}

    def row(self, thing: Thing) -> Resource | None:
        """The row of a thing, if there is one."""
        return self.rows.get((thing.kind, thing.key))

    def present(self) -> list[Resource]:
        """The rows of everything that is not gone."""
        return [row for row in self.rows.values() if row.state != ResourceState.GONE]

    def fresh(self, thing: Thing, *, account: str, region: str, role: str, batch: int) -> Resource:
        """The thing's row, made or renewed in memory: a thing that is gone begins a new generation."""
        row = self.row(thing)
        if row is None:
            item = self.held.item
            row = Resource(
                seller_id=item.seller_id, product_id=item.product_id, item=item, kind=thing.kind, logical_key=thing.key
            )
            self.rows[thing.kind, thing.key] = row
        elif row.state == ResourceState.GONE:
            row.generation, row.create_attempts, row.aws_id = row.generation + 1, 0, ""
            row.made_at, row.pending, row.values = None, False, {}
        row.state, row.params, row.batch, row.lookup_attempts = ResourceState.INTENDED, thing.params(), batch, 0
        row.account, row.region, row.role, row.managed = account, region, role, not thing.given
        return row

    def write(self, rows: Iterable[Resource], what: EventKind) -> None:
        """Save rows with an event each, in one transaction that fails if the lease is lost."""
        rows = list(rows)
        if not rows:
            return
        held = self.held
        with transaction.atomic():
            mine = Item.objects.select_for_update().filter(pk=held.item.pk, lease_owner=held.owner)
            if not mine.order_by().values_list("pk", flat=True):
                raise LeaseLost(str(held.item))
            now = held.now()
            Resource.objects.bulk_create(rows, update_conflicts=True, unique_fields=["id"], update_fields=WRITTEN)
            Event.objects.bulk_create(self._event(row, what, now) for row in rows)

    def tell(self, row: Resource, what: EventKind, **data: str) -> None:
        """One event about a row, before something is done that the row does not hold."""
        self._event(row, what, self.held.now(), **data).save()

    def _event(self, row: Resource, what: EventKind, at: datetime, **more: str) -> Event:
        data = {"kind": row.kind, "key": row.logical_key, "id": row.aws_id, "generation": row.generation, **more}
        return new_event(self.held.item, what, at=at, after=row.state, data=data)

    def note(self, rows: Sequence[Resource]) -> None:
        """Save what a look saw; no event, since nothing was done."""
        Resource.objects.bulk_create(rows, update_conflicts=True, unique_fields=["id"], update_fields=NOTED)

    def record(self, row: Resource, seen: Observation, run_id: object) -> None:
        """Put what was seen of a made or found thing into its row (not saved yet)."""
        row.aws_id = seen.id
        row.state = ResourceState.EXISTS if row.managed else ResourceState.ADOPTED
        row.lookup_attempts = 0
        if row.managed and seen.state is State.PENDING:
            self.fresh_pending[row.pk] = seen.sentence
        row.made_at = row.made_at or self.held.now()
        self.saw(row, seen, run_id)

    def saw(self, row: Resource, seen: Observation, run_id: object) -> None:
        """Put a later look into the row (not saved yet)."""
        row.values, row.warnings, row.aws_status = (
            {**row.values, **seen.values, **_old(row)},
            list(seen.warnings),
            seen.aws_status[:120],
        )
        row.pending = seen.state is State.PENDING
        if seen.state is State.READY:
            row.seen_run = run_id  # type: ignore[assignment]


def _old(row: Resource) -> dict[str, object]:
    """The value that a setting had before we first changed it is never overwritten."""
    return {"old": row.values["old"]} if "old" in row.values else {}


def thing_of(row: Resource) -> Thing:
    """The thing of an inventory row, rebuilt from its fields."""
    return kinds()[row.kind].load({"key": row.logical_key, **row.params})


def seen_of(row: Resource) -> Observation:
    """What the row remembers of its thing."""
    state = State.PENDING if row.pending else State.READY
    return Observation(
        id=row.aws_id, state=state, aws_status=row.aws_status, values=row.values, warnings=tuple(row.warnings)
    )


def mark_of(row: Resource, held: Lease) -> Ownership:
    """The tags, token and name of a row's thing: the same at every attempt of one generation, also after a lost row."""
    item = held.item
    where = f"{item.product_id}/{item.region or '-'}/{item.slug}/{row.logical_key}/g{row.generation}"
    return Ownership(
        item=where,
        token=str(uuid5(NAMESPACE_URL, f"plc:{row.kind}:{where}")),
        label=item.product.slug,
        tags={
            "plc:owner": str(item.seller_id),
            "plc:product": str(item.product_id),
            "plc:item": where,
            "Name": f"{item.product.slug} {row.logical_key}"[:255],
        },
    )


def _tags_key(door: RegionClients, run_id: UUID, product_id: object, region: str) -> tuple[UUID, str, str, str]:
    return run_id, door.account, door.region, region


@cached(LRUCache(128), key=_tags_key, condition=threading.Condition())
def find_tagged(door: RegionClients, run_id: UUID, product_id: object, region: str) -> dict[str, list[tuple[str, str]]]:
    """`plc:item` value -> [(resource type, id)], of one product in the door's account and region, read once per run."""
    found: dict[str, list[tuple[str, str]]] = {}
    pattern = f"{product_id}/{region or '-'}/*"
    pages = door.ec2.get_paginator("describe_tags").paginate(
        Filters=[{"Name": "key", "Values": ["plc:item"]}, {"Name": "value", "Values": [pattern]}]
    )
    for page in pages:
        for tag in page["Tags"]:
            found.setdefault(tag["Value"], []).append((str(tag["ResourceType"]), tag["ResourceId"]))
    return found
