"""The one door through which an item's state changes: state, words, counters and event in one transaction.

Returns who is due now: the same transaction finds the items that this change made ready, and the product's counter row,
updated first, keeps two of them from missing each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Case, DateTimeField, Value, When
from django.db.models.functions import Now

from onboarding.checklist.step import CheckResult, Email, SubmissionVersion
from onboarding.engine import clock, delivery, rows
from onboarding.engine.counters import delta, touch
from onboarding.engine.history import evidence_rows, news
from onboarding.engine.lease import Lease
from onboarding.engine.schedule import Settled, settle
from onboarding.engine.signals import CancelSeen, DueItem, LeaseLost
from onboarding.models import MET, Attempt, AwsCall, Event, Failure, Item, ItemState, Run

ENDS = MET | {ItemState.FAILED, ItemState.CANCELLED, ItemState.UNDONE}
RECHECK_SECONDS = 15 * 60


@dataclass(frozen=True, kw_only=True)
class Transition:
    """Where an item goes. `next_in` seconds until it is due again (None: not by the clock); `fields` are further
    columns.
    """

    to: str
    waiting_for: str = ""
    sentence: str = ""
    aws_status: str = ""
    kind: str = ""
    next_in: float | None = None
    failure: Failure | None = None
    proofs: Sequence[CheckResult] = ()
    sends: Sequence[Email | SubmissionVersion] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)


def move(held: Lease, to: Transition, calls: Sequence[AwsCall] = ()) -> list[DueItem]:
    """Write the move and give the lease back. With nothing written it raises LeaseLost if the lease is not ours any
    more, and CancelSeen if a teardown turned the item round after its last look at the gate.
    """
    return move_on(held, to, calls, follow=False)[0]


def move_on(
    held: Lease, to: Transition, calls: Sequence[AwsCall] = (), *, follow: bool
) -> tuple[list[DueItem], Lease | None]:
    """As `move`; with `follow` it also claims, in the same transaction, one of the items that it made ready."""
    item, settled = held.item, Settled()
    changed = (item.state, item.waiting_for) != (to.to, to.waiting_for)
    with transaction.atomic():
        touch(item.product_id, delta((item.state, item.waiting_for), (to.to, to.waiting_for)) if changed else None)
        _write(held, to)
        events = [_event(held, to)] if changed else []
        if to.to in ENDS:
            _attempt(held, to)
        rows.insert(calls)
        seen = evidence_rows(held, to.proofs)
        rows.insert(news(held, seen) if to.to == ItemState.WAITING else seen)
        delivery.write(held, to.sends)
        if changed and to.to in (*ENDS, ItemState.UNDOING):
            settled = settle(item.product_id, item.run, held if follow else None)
        rows.insert(events + settled.events)
    item.state, item.waiting_for = to.to, to.waiting_for
    return _own(item, to) + settled.due, settled.following


def after_change(product_id: Any, run: Run | None) -> list[DueItem]:
    """Make due what may move now, and close the run when nothing of it moves. The caller holds the product's line."""
    settled = settle(product_id, run)
    Event.objects.bulk_create(settled.events)
    return settled.due


def _write(held: Lease, to: Transition) -> None:
    item = held.item
    fields: dict[str, Any] = {
        "state": to.to,
        "waiting_for": to.waiting_for,
        "message": to.sentence,
        "aws_status": to.aws_status[:120],
        "wait_kind": to.kind,
        "failure": to.failure.dump() if to.failure else None,
        "next_check_at": held.now() + timedelta(seconds=to.next_in) if to.next_in is not None else None,
        "lease_owner": None,
        "lease_until": None,
        **to.fields,
    }
    if to.to == ItemState.WAITING:  # somebody asked for a look, or answered, while this one went on
        later = Value(None, DateTimeField()) if to.next_in is None else clock.ahead(to.next_in)
        fields["next_check_at"] = Case(When(check_asked=True, then=Now()), default=later)
    if to.to == ItemState.WAITING and (item.state, item.waiting_for, item.wait_kind) == (
        to.to,
        to.waiting_for,
        to.kind,
    ):
        fields["looked_at"] = Now()
    elif to.to == ItemState.WAITING:
        fields["looked_at"], fields["waiting_since"] = None, fields.get("waiting_since") or Now()
    if to.to in ENDS:
        fields["ended_at"], fields["waiting_since"] = held.now(), None
    if not rows.update(Item, {"id": item.pk, "lease_owner": held.owner, "direction": item.direction}, fields):
        mine = Item.objects.filter(pk=item.pk, lease_owner=held.owner)
        raise CancelSeen(str(item)) if mine.exists() else LeaseLost(str(item))


def _event(held: Lease, to: Transition) -> Event:
    item = held.item
    return Event(
        at=held.now(),
        seller_id=item.seller_id,
        product_id=item.product_id,
        item_id=item.pk,
        run_id=item.run_id,
        what="item",
        before=item.state,
        after=to.to,
        sentence=to.sentence,
        data={"reason": to.waiting_for, **({"code": to.failure.code} if to.failure else {})},
    )


def _attempt(held: Lease, to: Transition) -> None:
    item = held.item
    if item.run is None:
        return
    row = Attempt(
        item=item,
        run=item.run,
        number=item.attempt,
        verb=item.run.verb,
        outcome=to.to,
        sentence=to.sentence,
        failure=to.failure.dump() if to.failure else None,
        started_at=item.started_at,
        ended_at=held.now(),
        inputs_hash=to.fields.get("inputs_hash", ""),
    )
    rows.insert([row], unique=("item_id", "number"))


def _own(item: Item, to: Transition) -> list[DueItem]:
    return [DueItem(item.pk, to.next_in)] if to.next_in is not None and to.to not in ENDS else []
