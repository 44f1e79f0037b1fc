"""The way down: the same inventory in reverse order, only what we made; gone is done; adopted things are let go."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, partial
from itertools import groupby
from uuid import UUID

import structlog
from botocore.exceptions import BotoCoreError, ClientError
from django.db import OperationalError
from django.db.models import QuerySet

from onboarding.aws.clients import RegionClients
from onboarding.aws.errors import ErrorClass, read
from onboarding.aws.gate import passing
from onboarding.checklist.step import NeedsAction
from onboarding.engine.gate import EngineGate
from onboarding.engine.inventory import find_tagged, mark_of, thing_of
from onboarding.engine.lease import give_up, hold
from onboarding.engine.signals import CancelSeen, LeaseLost, RetryLater
from onboarding.engine.waits import SETTLE
from onboarding.engine.work import Work
from onboarding.models import AwsCall, EventKind, ItemState, Resource, ResourceState
from onboarding.things import kinds, tagged_kinds
from onboarding.things.base import Idempotency, State, Thing

LOOK_SECONDS = 2.0
ASKED = "removing"


def take_down(work: Work) -> None:
    """Remove everything that this item made, last batch first, and see it gone. RetryLater while AWS is at it."""
    _adopt_untracked(work)
    remove_all(work, work.inventory.present())


def remove_all(work: Work, rows: Sequence[Resource]) -> None:
    """Remove these rows' things, last batch first, and see them gone; what is adopted is let go."""
    place = _places(rows)
    ordered = sorted(rows, key=lambda row: place[row.pk], reverse=True)
    for _, batch in groupby(ordered, key=lambda row: place[row.pk]):
        _batch(work, list(batch))


def _places(rows: Sequence[Resource]) -> dict[UUID, int]:
    """The batch of each row; what may go in any order goes with the last batch of the others."""
    loose = {row.pk for row in rows if row.kind in kinds() and kinds()[row.kind].any_order}
    last = max((row.batch for row in rows if row.pk not in loose), default=0)
    return {row.pk: last if row.pk in loose else row.batch for row in rows}


def finish(work: Work) -> None:
    """What a cancelled teardown began to remove is removed before one is made again: a spent token makes no second."""
    begun = [row for row in work.inventory.present() if row.state == ResourceState.DELETING]
    begun = [row for row in begun if row.kind in kinds() and (not (k := kinds()[row.kind]).converges or k.temporary)]
    if begun and work.run.writes:
        _batch(work, begun)


def _batch(work: Work, rows: list[Resource]) -> None:
    ctx, inventory, now = work.ctx, work.inventory, work.held.now
    let_go = [row for row in rows if not row.managed or row.kind not in kinds()]
    for row in let_go:
        row.state = ResourceState.GONE
    inventory.write(let_go, EventKind.LET_GO)
    ours = [row for row in rows if row not in let_go]
    doors = {row.pk: ctx.doors(row.role, row.region) for row in ours}
    ours = [row for row in ours if not _never_made(work, row, doors[row.pk])]
    fresh = [row for row in ours if row.state != ResourceState.DELETING]
    for row in fresh:
        row.state, row.deleting_since = ResourceState.DELETING, now()
    inventory.write(fresh, EventKind.REMOVING)
    results = ctx.side_by_side([partial(_remove, row, doors[row.pk]) for row in ours]) if ours else []
    gone = [row for row, result in zip(ours, results, strict=True) if result is True]
    for row in gone:
        row.state, row.pending = ResourceState.GONE, False
    inventory.write(gone, EventKind.REMOVED)
    for result in results:
        if isinstance(result, Exception):
            raise result
    left = [row for row, result in zip(ours, results, strict=True) if result is not True]
    for row in left:
        row.aws_status = ASKED
    inventory.note(left)
    if left:
        thing = thing_of(left[0])
        since = min(row.deleting_since or now() for row in left)
        said = f"AWS is removing the {thing.words} {left[0].aws_id}."
        raise RetryLater(LOOK_SECONDS, said, kind=f"{thing.kind}_removal", since=since)


def _remove(row: Resource, door: RegionClients) -> bool:
    """True when it is gone; False when AWS still shows it."""
    thing = thing_of(row)
    try:
        if row.aws_status != ASKED:
            thing.remove(door, row.aws_id)
    except ClientError as error:
        # A policy that allows deleting only what bears our tag refuses what is gone, since nothing bears it any more.
        if read(error).kind is not ErrorClass.PERMISSION or not _gone(thing, row, door):
            raise
        return True
    return thing.gone_at_once or _gone(thing, row, door)


def _gone(thing: Thing, row: Resource, door: RegionClients) -> bool:
    return type(thing).check(door, [(thing, row.aws_id)])[0].state is State.GONE


def _never_made(work: Work, row: Resource, door: RegionClients) -> bool:
    """Whether an intent without a result came to nothing; one that AWS has after all gets its id and is removed."""
    if row.aws_id:
        return False
    thing = thing_of(row)
    ids = thing.find(door, mark_of(row, work.held)) if row.create_attempts else []
    if (
        not ids
        and row.create_attempts
        and row.lookup_attempts < len(SETTLE)
        and thing.idempotency is not Idempotency.SET
    ):
        row.lookup_attempts += 1
        work.inventory.write([row], EventKind.LOOKED)
        raise RetryLater(SETTLE[row.lookup_attempts - 1], f"Looks whether AWS made the {thing.words} after all.")
    row.aws_id = ids[0] if ids else ""
    row.state = ResourceState.EXISTS if ids else ResourceState.GONE
    work.inventory.write([row], EventKind.FOUND if ids else EventKind.NEVER_MADE)
    return not ids


def _adopt_untracked(work: Work) -> None:
    """Things that bear this item's tag and are in no row (a restored backup): into the inventory, so that they go
    too.
    """
    item, inventory = work.held.item, work.inventory
    regional = {(row.role, row.region) for row in inventory.present()}
    known = {row.aws_id for row in inventory.rows.values()}
    prefix = f"{item.product_id}/{item.region or '-'}/{item.slug}/"
    for role, region in regional:
        door = work.ctx.doors(role, region)
        bearing = find_tagged(door, work.run.pk, item.product_id, item.region)
        for tag, things in bearing.items():
            for resource_type, aws_id in things:
                cls = tagged_kinds().get(resource_type)
                if tag.startswith(prefix) and aws_id not in known and cls is not None:
                    key = tag.removeprefix(prefix).rpartition("/g")[0]
                    thing = cls.load({"key": f"{key}#{aws_id}"})
                    batch = next((r.batch for r in inventory.rows.values() if r.kind == cls.kind), 999)
                    row = inventory.fresh(thing, account=door.account, region=door.region, role=role, batch=batch)
                    row.aws_id, row.state, row.made_at = aws_id, ResourceState.EXISTS, work.held.now()
                    inventory.write([row], EventKind.UNTRACKED)


log = structlog.get_logger()
ENDED = (ItemState.DONE, ItemState.FAILED, ItemState.CANCELLED, ItemState.SKIPPED)
MOST = 50
LATER = (RetryLater, LeaseLost, CancelSeen, NeedsAction, ClientError, BotoCoreError, OperationalError)


@cache
def passing_kinds() -> tuple[str, ...]:
    """The kinds of things that serve a rehearsal only."""
    return tuple(name for name, kind in kinds().items() if kind.temporary)


def left() -> list[UUID]:
    """Ended items that still hold passing things."""
    rows = _alive().filter(item__state__in=ENDED).order_by("item_id")
    return list(rows.values_list("item_id", flat=True).distinct()[:MOST])


def reap(item_id: UUID) -> bool:
    """Take away what an ended item's rehearsal left; whether all of it is gone. Safe to call at any time, twice too."""
    if not _alive().filter(item_id=item_id, item__state__in=ENDED).exists():
        return True
    held = hold(item_id, ENDED)
    if held is None:
        return False
    gate = EngineGate(held)
    try:
        with passing(gate):
            work = Work.on(held)
            remove_all(work, [row for row in work.inventory.present() if row.kind in passing_kinds()])
        return True
    except LATER as error:
        log.info("reaper.later", item=str(item_id), why=str(error))
        return False
    finally:
        AwsCall.objects.bulk_create(gate.taken())
        give_up(held)


def _alive() -> QuerySet[Resource]:
    return Resource.objects.filter(kind__in=passing_kinds()).exclude(state=ResourceState.GONE)
