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

from onboarding.checklist.step import Letter, Paper, Proof
from onboarding.engine import clock, delivery, rows
from onboarding.engine.counters import count, shift
from onboarding.engine.history import evidence_rows, news
from onboarding.engine.lease import Held
from onboarding.engine.schedule import Settled, settle
from onboarding.engine.signals import CancelSeen, Due, LeaseLost
from onboarding.models import MET, Attempt, AwsCall, Event, Failure, Item, ItemState, Run

ENDS = MET | {ItemState.FAILED, ItemState.CANCELLED, ItemState.UNDONE}
RECHECK_SECONDS = 15 * 60


@dataclass(frozen=True, kw_only=True)
class Move:
    """Where an item goes. `next_in` seconds until it is due again (None: not by the clock); `fields` are further
    columns.
    """

    to: str
    reason: str = ""
    sentence: str = ""
    at_aws: str = ""
    kind: str = ""
    next_in: float | None = None
    failure: Failure | None = None
    proofs: Sequence[Proof] = ()
    sends: Sequence[Letter | Paper] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)


def move(held: Held, to: Move, calls: Sequence[AwsCall] = ()) -> list[Due]:
    """Write the move and give the lease back. With nothing written it raises LeaseLost if the lease is not ours any
    more, and CancelSeen if a teardown turned the item round after its last look at the gate.
    """
    return move_on(held, to, calls, follow=False)[0]


def move_on(held: Held, to: Move, calls: Sequence[AwsCall] = (), *, follow: bool) -> tuple[list[Due], Held | None]:
    """As `move`; with `follow` it also claims, in the same transaction, one of the items that it made ready."""
    item, settled = held.item, Settled()
    changed = (item.state, item.reason) != (to.to, to.reason)
    with transaction.atomic():
        count(item.product_id, shift((item.state, item.reason), (to.to, to.reason)) if changed else None)
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
    item.state, item.reason = to.to, to.reason
    return _own(item, to) + settled.due, settled.following


def after_change(product_id: Any, run: Run | None) -> list[Due]:
    """Make due what may move now, and close the run when nothing of it moves. The caller holds the product's line."""
    settled = settle(product_id, run)
    Event.objects.bulk_create(settled.events)
    return settled.due


def _write(held: Held, to: Move) -> None:
    item = held.item
    fields: dict[str, Any] = {
        "state": to.to,
        "reason": to.reason,
        "detail": to.sentence,
        "at_aws": to.at_aws[:120],
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
    if to.to == ItemState.WAITING and (item.state, item.reason, item.wait_kind) == (to.to, to.reason, to.kind):
        fields["looked_at"] = Now()
    elif to.to == ItemState.WAITING:
        fields["looked_at"], fields["waiting_since"] = None, fields.get("waiting_since") or Now()
    if to.to in ENDS:
        fields["ended_at"], fields["waiting_since"] = held.now(), None
    if not rows.update(Item, {"id": item.pk, "lease_owner": held.owner, "goal": item.goal}, fields):
        mine = Item.objects.filter(pk=item.pk, lease_owner=held.owner)
        raise CancelSeen(str(item)) if mine.exists() else LeaseLost(str(item))


def _event(held: Held, to: Move) -> Event:
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
        data={"reason": to.reason, **({"code": to.failure.code} if to.failure else {})},
    )


def _attempt(held: Held, to: Move) -> None:
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


def _own(item: Item, to: Move) -> list[Due]:
    return [Due(item.pk, to.next_in)] if to.next_in is not None and to.to not in ENDS else []
