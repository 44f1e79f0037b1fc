"""Which items a product has, the steps that apply over each of its regions, and which of them may move now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import NamedTuple
from uuid import UUID

from django.db.models import F
from django.db.models.functions import Now

from onboarding.checklist import graph
from onboarding.checklist.step import Scope
from onboarding.engine.counters import touch
from onboarding.engine.history import record_event
from onboarding.engine.lease import Lease, claim_next
from onboarding.engine.signals import DueItem
from onboarding.engine.transition import apply
from onboarding.models import EventKind, Item, ItemState, Run, RunState
from onboarding.models.choices import Verb
from onboarding.steps import checklist
from sellers.spec import OnboardSpec

IDLE = (ItemState.TODO, ItemState.UNDONE, ItemState.CANCELLED)


@cache
def needs() -> dict[str, tuple[str, ...]]:
    """slug -> the slugs that it stands on, from the steps' classes."""
    return {step.slug: tuple(need.slug for need in step.needs) for step in checklist()}


def nodes(spec: OnboardSpec) -> list[tuple[str, str]]:
    """(slug, region) of every item that a product with this spec has, in the order of the checklist."""
    found = []
    for step in checklist():
        if step.applies(spec):
            found += [(step.slug, r) for r in (spec.regions if step.scope is Scope.REGION else [""])]
    return found


def lay_out(run: Run, spec: OnboardSpec) -> list[Item]:
    """The product's items, the missing ones created, in no run yet. One that no longer applies becomes not needed,
    unless it holds things.
    """
    wanted = nodes(spec)
    kept = {(item.slug, item.region): item for item in Item.objects.filter(product_id=run.product_id)}
    new = [
        Item(seller_id=run.seller_id, product_id=run.product_id, slug=slug, region=region)
        for slug, region in wanted
        if (slug, region) not in kept
    ]
    Item.objects.bulk_create(new)
    touch(run.product_id, {ItemState.TODO: len(new)})
    gone = [item for node, item in kept.items() if node not in set(wanted) and item.state in IDLE]
    for item in gone:
        item.run = run
    apply(gone, ItemState.NOT_NEEDED, columns={"next_check_at": None})
    return [kept[node] for node in wanted if node in kept] + new


class Row(NamedTuple):
    """What is read of every item of the product."""

    id: UUID
    slug: str
    region: str
    run_id: UUID | None
    direction: str
    state: str
    next_check_at: datetime | None
    fingerprint: str | None


@dataclass
class Settled:
    """Who is due, and the item that was claimed with the change."""

    due: list[DueItem] = field(default_factory=list)
    following: Lease | None = None


def settle(product_id: UUID, run: Run | None, before: Lease | None = None) -> Settled:
    """Make due what may move now, and close the run when nothing of it moves. The caller holds the product's line.

    With `before`, the item that is moved in this transaction, the first one to do is claimed, too.
    """
    if run is None:
        return Settled()
    items = Item.objects.filter(product=product_id).annotate(fingerprint=F("run__fingerprint"))
    rows = [Row(*row) for row in items.order_by("region", "slug").values_list(*Row._fields)]
    free = _free(rows)
    own = [row for row in rows if row.run_id == run.pk]
    start = [r for r in own if (r.slug, r.region) in free and r.next_check_at is None and _wanted(r)]
    if not start:
        _close(run, own, free)
        return Settled()
    following = claim_next(before, start.pop(0).id) if before and _follows(before, start[0]) else None
    others = [row.id for row in start]
    Item.objects.filter(pk__in=others, next_check_at__isnull=True).update(next_check_at=Now())
    return Settled([DueItem(pk) for pk in others], following)


def _free(rows: Sequence[Row]) -> set[graph.Node]:
    states = {(row.slug, row.region): row.state for row in rows}
    falling = [(row.slug, row.region) for row in rows if row.direction == "down"]
    return set(graph.ready(needs(), states)) | set(graph.ready_down(needs(), states, falling))


def _wanted(row: Row) -> bool:
    return row.state == ItemState.UNDOING or row.direction == "up"


def _follows(before: Lease, row: Row) -> bool:
    """Whether it is to do, and its run's inputs are those that `before` was claimed with."""
    run = before.item.run
    return run is not None and row.fingerprint == run.fingerprint and row.state == ItemState.TODO


def _close(run: Run, own: Sequence[Row], free: set[graph.Node]) -> None:
    states = {row.state for row in own}
    if states & {ItemState.WORKING, ItemState.WAITING, ItemState.UNDOING}:
        return
    if any(row.state == ItemState.TODO and (row.slug, row.region) in free for row in own):
        return
    end = _end(run, states)
    if Run.objects.filter(pk=run.pk, state=RunState.OPEN).update(state=end, ended_at=Now()):
        record_event(run, EventKind.RUN, before=RunState.OPEN, after=end)


def _end(run: Run, states: set[str]) -> RunState:
    if ItemState.FAILED in states:
        return RunState.FAILED
    if ItemState.CANCELLED in states or (ItemState.TODO in states and run.verb == Verb.TEARDOWN):
        return RunState.CANCELLED
    return RunState.FAILED if ItemState.TODO in states else RunState.DONE
