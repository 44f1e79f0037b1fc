"""The way down: the same inventory in reverse order, only what we made; gone is done; adopted things are let go."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from functools import partial
from itertools import groupby
from uuid import UUID

from botocore.exceptions import ClientError

from onboarding.aws.door import Door
from onboarding.aws.errors import Kind, read
from onboarding.engine import stock
from onboarding.engine.claim import Held
from onboarding.engine.inventory import Inventory, mark_of, thing_of
from onboarding.engine.signals import LookAgain
from onboarding.engine.waits import SETTLE
from onboarding.models import Resource, ResourceState
from onboarding.steps.base import Context
from onboarding.things import kinds
from onboarding.things.base import Guard, Seen, State, Thing

Nothing = Generator[Sequence[Thing], Sequence[Seen], None]
LOOK_SECONDS = 2.0
ASKED = "removing"


def take_down(held: Held, ctx: Context) -> None:
    """Remove everything that this item made, last batch first, and see it gone. Raises LookAgain while AWS is at it."""
    inventory = Inventory(held)
    _strangers(held, ctx, inventory)
    remove_all([row for row in inventory.rows.values() if row.state != ResourceState.GONE], inventory, ctx)


def remove_all(rows: Sequence[Resource], inventory: Inventory, ctx: Context) -> None:
    """Remove these rows' things, last batch first, and see them gone; what is adopted is let go."""
    place = _places(rows)
    ordered = sorted(rows, key=lambda row: place[row.pk], reverse=True)
    for _, batch in groupby(ordered, key=lambda row: place[row.pk]):
        _batch(list(batch), inventory, ctx)


def _places(rows: Sequence[Resource]) -> dict[UUID, int]:
    """The batch of each row; what may go in any order goes with the last batch of the others."""
    loose = {row.pk for row in rows if row.kind in kinds() and kinds()[row.kind].any_order}
    last = max((row.batch for row in rows if row.pk not in loose), default=0)
    return {row.pk: last if row.pk in loose else row.batch for row in rows}


def finish(inventory: Inventory, ctx: Context) -> None:
    """What a cancelled teardown began to remove is removed before one is made anew: a spent token makes no second."""
    held = inventory.held
    begun = [row for row in inventory.rows.values() if row.state == ResourceState.DELETING]
    begun = [row for row in begun if row.kind in kinds() and (not (k := kinds()[row.kind]).converges or k.passing)]
    if begun and held.item.run is not None and held.item.run.writes:
        _batch(begun, inventory, ctx)


def _batch(rows: list[Resource], inventory: Inventory, ctx: Context) -> None:
    let_go = [row for row in rows if not row.managed or row.kind not in kinds()]
    for row in let_go:
        row.state = ResourceState.GONE
    inventory.write(let_go, "let go")
    ours = [row for row in rows if row not in let_go]
    doors = {row.pk: ctx.doors(row.role, row.region) for row in ours}
    ours = [row for row in ours if not _never_made(row, doors[row.pk], inventory)]
    fresh = [row for row in ours if row.state != ResourceState.DELETING]
    for row in fresh:
        row.state, row.deleting_since = ResourceState.DELETING, inventory.held.now()
    inventory.write(fresh, "removing")
    results = ctx.side_by_side([partial(_remove, row, doors[row.pk]) for row in ours]) if ours else []
    gone = [row for row, result in zip(ours, results, strict=True) if result is True]
    for row in gone:
        row.state, row.pending = ResourceState.GONE, False
    inventory.write(gone, "removed")
    for result in results:
        if isinstance(result, Exception):
            raise result
    left = [row for row, result in zip(ours, results, strict=True) if result is not True]
    for row in left:
        row.at_aws = ASKED
    inventory.note(left)
    if left:
        thing = thing_of(left[0])
        since = min(row.deleting_since or inventory.held.now() for row in left)
        said = f"AWS is removing the {thing.words} {left[0].aws_id}."
        raise LookAgain(LOOK_SECONDS, said, kind=f"{thing.kind}_removal", since=since)


def _remove(row: Resource, door: Door) -> bool:
    """True when it is gone; False when AWS still shows it."""
    thing = thing_of(row)
    try:
        if row.at_aws != ASKED:
            thing.remove(door, row.aws_id)
    except ClientError as error:
        # A policy that allows deleting only what bears our tag refuses what is gone, since nothing bears it any more.
        if read(error).kind is not Kind.PERMISSION or not _gone(thing, row, door):
            raise
        return True
    return thing.gone_at_once or _gone(thing, row, door)


def _gone(thing: Thing, row: Resource, door: Door) -> bool:
    return type(thing).check(door, [(thing, row.aws_id)])[0].state is State.GONE


def _never_made(row: Resource, door: Door, inventory: Inventory) -> bool:
    """Whether an intent without a result came to nothing; one that AWS has after all gets its id and is removed."""
    if row.aws_id:
        return False
    thing = thing_of(row)
    ids = thing.find(door, mark_of(row, inventory.held)) if row.makes else []
    if not ids and row.makes and row.looks < len(SETTLE) and thing.guard is not Guard.SET:
        row.looks += 1
        inventory.write([row], "looked")
        raise LookAgain(SETTLE[row.looks - 1], f"Looks whether AWS made the {thing.words} after all.")
    row.aws_id = ids[0] if ids else ""
    row.state = ResourceState.EXISTS if ids else ResourceState.GONE
    inventory.write([row], "found" if ids else "never made")
    return not ids


def _strangers(held: Held, ctx: Context, inventory: Inventory) -> None:
    """Things that bear this item's tag and are in no row (a restored backup): into the inventory, so that they go
    too.
    """
    item = held.item
    regional = {(r.role, r.region) for r in inventory.rows.values() if r.state != ResourceState.GONE}
    known = {row.aws_id for row in inventory.rows.values()}
    prefix = f"{item.product_id}/{item.region or '-'}/{item.slug}/"
    for role, region in regional:
        door = ctx.doors(role, region)
        bearing = stock.bearing(door, item.run_id, item.product_id, item.region)  # type: ignore[arg-type]
        for tag, things in bearing.items():
            for resource_type, aws_id in things:
                kind = stock.KINDS.get(resource_type, "")
                if tag.startswith(prefix) and aws_id not in known and kind in kinds():
                    key = tag.removeprefix(prefix).rpartition("/g")[0]
                    thing = kinds()[kind].load({"key": f"{key}#{aws_id}"})
                    batch = next((r.batch for r in inventory.rows.values() if r.kind == kind), 999)
                    row = inventory.fresh(thing, account=door.account, region=door.region, role=role, batch=batch)
                    row.aws_id, row.state, row.made_at = aws_id, ResourceState.EXISTS, held.now()
                    inventory.write([row], "stranger found")
