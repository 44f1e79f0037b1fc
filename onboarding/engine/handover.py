"""The end of a claim: the item's new state with its attempt, calls, evidence and mails, and the claim of the next item,
in one transaction.

The same transaction finds the items that the change made ready; the product's counters, updated first, keep two of them
from missing each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Case, DateTimeField, Q, Value, When
from django.db.models.functions import Now

from onboarding.engine import clock, delivery
from onboarding.engine.evidence import evidence_rows, news
from onboarding.engine.lease import Lease
from onboarding.engine.schedule import Settled, settle
from onboarding.engine.signals import CancelSeen, DueItem, LeaseLost, Overtaken
from onboarding.engine.transition import ENDS, Transition, apply
from onboarding.models import Attempt, AwsCall, Evidence, Item, ItemState

OUTCOME = ("run", "verb", "outcome", "sentence", "failure", "started_at", "ended_at", "inputs_hash")


def hand_over(held: Lease, to: Transition, calls: Sequence[AwsCall] = (), *, follow: bool = False) -> Settled:
    """Write the item's new state and give the lease back; with `follow` also claim one of the items made ready.

    With nothing written it raises LeaseLost if the lease is not ours any more, and CancelSeen if a teardown turned the
    item round after its last look at the gate.
    """
    item, settled = held.item, Settled()
    changed = (item.state, item.waiting_for) != (to.to, to.waiting_for)
    with transaction.atomic():
        _write(held, to)
        if to.to in ENDS:
            _attempt(held, to)
        AwsCall.objects.bulk_create(calls)
        seen = evidence_rows(held, to.proofs)
        Evidence.objects.bulk_create(news(held, seen) if to.to == ItemState.WAITING else seen)
        delivery.write(held, to.sends)
        if changed and to.to in (*ENDS, ItemState.UNDOING):
            settled = settle(item.product_id, item.run, held if follow else None)
    item.state, item.waiting_for = to.to, to.waiting_for
    if to.next_in is not None and to.to not in ENDS:
        settled.due.insert(0, DueItem(item.pk, to.next_in))
    return settled


def _write(held: Lease, to: Transition) -> None:
    item = held.item
    fence = Q(lease_owner=held.owner, direction=item.direction)
    data = {"reason": to.waiting_for, **({"code": to.failure.code} if to.failure else {})}
    try:
        apply(
            [item],
            to.to,
            waiting_for=to.waiting_for,
            columns=_columns(held, to),
            fence=fence,
            at=held.now(),
            sentence=to.sentence,
            data=data,
        )
    except Overtaken:
        mine = Item.objects.filter(pk=item.pk, lease_owner=held.owner)
        raise (CancelSeen(str(item)) if mine.exists() else LeaseLost(str(item))) from None


def _columns(held: Lease, to: Transition) -> dict[str, Any]:
    columns: dict[str, Any] = {
        "message": to.sentence,
        "aws_status": to.aws_status[:120],
        "wait_kind": to.kind,
        "failure": to.failure.dump() if to.failure else None,
        "next_check_at": held.now() + timedelta(seconds=to.next_in) if to.next_in is not None else None,
        "lease_owner": None,
        "lease_until": None,
        **to.fields,
    }
    if to.to == ItemState.WAITING:
        return columns | _waiting(held.item, to)
    return columns | ({"ended_at": held.now(), "waiting_since": None} if to.to in ENDS else {})


def _waiting(item: Item, to: Transition) -> dict[str, Any]:
    """When it is looked at next: at once, if somebody asked for a look, or answered, while this one went on."""
    later = Value(None, DateTimeField()) if to.next_in is None else clock.ahead(to.next_in)
    due = {"next_check_at": Case(When(check_asked=True, then=Now()), default=later)}
    if (item.state, item.waiting_for, item.wait_kind) == (to.to, to.waiting_for, to.kind):
        return {**due, "looked_at": Now()}
    return {**due, "looked_at": None, "waiting_since": to.fields.get("waiting_since") or Now()}


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
    Attempt.objects.bulk_create([row], update_conflicts=True, unique_fields=["item", "number"], update_fields=OUTCOME)
