"""Which items a product has: the steps that apply, over each of its regions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import F, QuerySet
from django.db.models.functions import Now

from onboarding.checklist import graph
from onboarding.checklist.step import Scope
from onboarding.engine import clock
from onboarding.engine.lease import FOLLOWED, Lease, begun, follow
from onboarding.engine.signals import DueItem
from onboarding.models import Event, Item, ItemState, Run, RunState
from onboarding.models.choices import Verb
from onboarding.steps import checklist
from sellers.prepared import Prepared
from sellers.spec import OnboardSpec


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
    _retire(run, [item for node, item in kept.items() if node not in set(wanted)])
    return [kept[node] for node in wanted if node in kept] + new


def _retire(run: Run, items: Iterable[Item]) -> None:
    idle = [item for item in items if item.state in (ItemState.TODO, ItemState.UNDONE, ItemState.CANCELLED)]
    Item.objects.filter(pk__in=[item.pk for item in idle]).update(state=ItemState.NOT_NEEDED, next_check_at=None)
    Event.objects.bulk_create(
        Event(
            at=run.started_at,
            seller_id=run.seller_id,
            product_id=run.product_id,
            item_id=item.pk,
            run_id=run.pk,
            what="item",
            before=item.state,
            after=ItemState.NOT_NEEDED,
        )
        for item in idle
    )


class Row(NamedTuple):
    """What is read of every item of the product: the columns FOLLOWED, its time, and its run's inputs."""

    id: UUID
    seller_id: UUID
    product_id: UUID
    region: str
    slug: str
    run_id: UUID | None
    direction: str
    state: str
    waiting_for: str
    wait_kind: str
    attempt: int
    next_check_at: datetime | None
    inputs: str | None


@dataclass
class Settled:
    """Who is due, what is to be told (not saved), and the item that was claimed with the change."""

    due: list[DueItem] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    following: Lease | None = None


def settle(product_id: UUID, run: Run | None, before: Lease | None = None) -> Settled:
    """Make due what may move now, and close the run when nothing of it moves. The caller holds the product's line.

    With `before`, the item that is moved in this transaction, the first one to do is claimed, too.
    """
    if run is None:
        return Settled()
    rows = [Row(*row) for row in _ROWS(product_id)]
    free = _free(rows)
    own = [row for row in rows if row.run_id == run.pk]
    start = [r for r in own if (r.slug, r.region) in free and r.next_check_at is None and _wanted(r)]
    if not start:
        return Settled(events=_close(run, own, free))
    following = _follow(before, start[0]) if before else None
    others = [row.id for row in start[1 if following else 0 :]]
    if others:
        Item.objects.filter(pk__in=others, next_check_at__isnull=True).update(next_check_at=Now())
    events = [begun(following.item, following.now_at_claim)] if following else []
    return Settled([DueItem(pk) for pk in others], events, following)


def _rows(product_id: UUID) -> QuerySet[Item, tuple[Any, ...]]:
    found = Item.objects.filter(product_id=product_id).annotate(inputs=F("run__fingerprint"))
    return found.order_by("region", "slug").values_list(*Row._fields)


_ROWS = Prepared(_rows, UUID)


def _free(rows: Sequence[Row]) -> set[graph.Node]:
    states = {(row.slug, row.region): row.state for row in rows}
    falling = [(row.slug, row.region) for row in rows if row.direction == "down"]
    return set(graph.ready(needs(), states)) | set(graph.ready_down(needs(), states, falling))


def _wanted(row: Row) -> bool:
    return row.state == ItemState.UNDOING or row.direction == "up"


def _follow(before: Lease, row: Row) -> Lease | None:
    """The claimed item; None if it is not to do, or if the run's inputs have changed since `before` was claimed."""
    run = before.item.run
    if run is None or row.run_id != run.pk or row.inputs != run.fingerprint or row.state != ItemState.TODO:
        return None
    return follow(before, Item.from_db(before.item._state.db, FOLLOWED, row[: len(FOLLOWED)]))


def _close(run: Run, own: Sequence[Row], free: set[graph.Node]) -> list[Event]:
    states = {row.state for row in own}
    if states & {ItemState.WORKING, ItemState.WAITING, ItemState.UNDOING}:
        return []
    if any(row.state == ItemState.TODO and (row.slug, row.region) in free for row in own):
        return []
    end = _end(run, states)
    if not Run.objects.filter(pk=run.pk, state=RunState.OPEN).update(state=end, ended_at=Now()):
        return []
    event = Event(
        at=clock.now(),
        seller_id=run.seller_id,
        product_id=run.product_id,
        run_id=run.pk,
        what="run",
        before=RunState.OPEN,
        after=end,
    )
    return [event]


def _end(run: Run, states: set[str]) -> RunState:
    if ItemState.FAILED in states:
        return RunState.FAILED
    if ItemState.CANCELLED in states or (ItemState.TODO in states and run.verb == Verb.TEARDOWN):
        return RunState.CANCELLED
    return RunState.FAILED if ItemState.TODO in states else RunState.DONE
