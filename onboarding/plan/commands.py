"""The AWS CLI commands of a thing that is planned: what its own `make` or `remove` would call, written down instead."""

from __future__ import annotations

import structlog

from onboarding.aws import cli
from onboarding.engine.inventory import mark_of, thing_of
from onboarding.engine.lease import Lease
from onboarding.models import Item, Resource
from onboarding.plan.dry_run import Yielded
from onboarding.plan.facts import Known
from onboarding.plan.recorder import Noted, Recorder
from onboarding.things.base import Ownership
from onboarding.things.variables import Variables

log = structlog.get_logger()


def mark(known: Known, one: Yielded, *, ours: bool = True) -> Ownership:
    """The mark that a run gives the thing. With `ours` False a person makes it: it bears no tag that says it is ours,
    so that no teardown takes it away.
    """
    product = known.product
    item = Item(seller_id=product.seller_id, product=product, slug=one.slug, region=one.region)
    generation = _generation(known.inventory.get(one.key))
    row = Resource(kind=one.thing.kind, logical_key=one.thing.key, generation=generation)
    found = mark_of(row, Lease(item=item, owner=known.held.owner, now_at_claim=known.held.now_at_claim))
    if ours:
        return found
    return Ownership(item=found.item, token=found.token, label=found.label, tags={"Name": found.tags["Name"]})


def making(known: Known, one: Yielded, names: Variables, *, ours: bool = True) -> tuple[str, ...]:
    """The commands that make the thing, each after the look-ups of what it needs, one that gives an id as
    `NAME=$(command)`.
    """
    recorder = Recorder(one.account, one.where)
    try:
        one.thing.make(recorder, mark(known, one, ours=ours))
    except ValueError as error:  # the plan is still right without its commands
        log.warning("plan.no_command", kind=one.thing.kind, error=str(error))
        return ()
    query = one.thing.id_path
    told: dict[str, None] = {}
    for call in recorder.changes:
        line = _line(call, one.where, names, query)
        for need in names.needed(line):
            told[need] = None
        told[_kept(one.seen.id, line) if query else line] = None
    return tuple(told)


def _kept(aws_id: str, line: str) -> str:
    """The command that keeps the new id in its variable: the whole of it, or what stands after the last slash."""
    whole, _, name = aws_id.rpartition("$")
    cut = " | sed 's|.*/||'" if whole else ""
    return f"{name}=$({line}{cut})"


def removing(row: Resource) -> tuple[str, ...]:
    """The commands that take away what the inventory holds."""
    thing = thing_of(row)
    recorder = Recorder(row.account, row.region, thing.standing(row.aws_id))
    thing.remove(recorder, row.aws_id)
    return tuple(_line(call, row.region, Variables(), "") for call in recorder.changes)


def _line(call: Noted, region: str, names: Variables, query: str) -> str:
    return cli.command(call.service, call.operation, call.params, region, names.lookups, query)


def _generation(row: Resource | None) -> int:
    """The number of the one that would be made: another one after one that is gone."""
    if row is None:
        return 1
    return row.generation + (1 if row.state == "gone" else 0)
