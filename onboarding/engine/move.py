"""The one door through which an item's state changes: state, words, counters and event in one transaction.

Returns who is due now: the same transaction finds the items that this change made ready, and the product's counter row,
updated first, keeps two of them from missing each other.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Case, DateTimeField, Value, When
from django.db.models.functions import Now

from onboarding import graph
from onboarding.engine import clock
from onboarding.engine.claim import Held
from onboarding.engine.items import needs
from onboarding.engine.progress import count, shift
from onboarding.engine.signals import CancelSeen, Due, LeaseLost
from onboarding.models import MET, Attempt, AwsCall, Event, Evidence, Failure, Item, ItemState, Run, RunState
from onboarding.models.words import Verb
from onboarding.steps.base import Proof

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
    fields: Mapping[str, Any] = field(default_factory=dict)


def move(held: Held, to: Move, calls: Sequence[AwsCall] = ()) -> list[Due]:
    """Write the move and give the lease back. With nothing written it raises LeaseLost if the lease is not ours any
    more, and CancelSeen if a teardown turned the item round after its last look at the gate.
    """
    item = held.item
    changed = (item.state, item.reason) != (to.to, to.reason)
    with transaction.atomic():
        count(item.product_id, shift((item.state, item.reason), (to.to, to.reason)) if changed else None)
        _write(held, to)
        if changed:
            _event(item, to)
        if to.to in ENDS:
            _attempt(item, to)
        AwsCall.objects.bulk_create(calls)
        Evidence.objects.bulk_create(_evidence(held, to.proofs))
        due = _own(item, to)
        if changed and to.to in (*ENDS, ItemState.UNDOING):
            due += after_change(item.product_id, item.run)
    item.state, item.reason = to.to, to.reason
    return due


def after_change(product_id: Any, run: Run | None) -> list[Due]:
    """Make due what may move now, and close the run when nothing of it moves. The caller holds the product's line."""
    rows = list(
        Item.objects.filter(product_id=product_id).values_list(
            "pk", "slug", "region", "state", "goal", "next_check_at", "run_id"
        )
    )
    states = {(slug, region): state for _, slug, region, state, _, _, _ in rows}
    falling = [(slug, region) for _, slug, region, _, goal, _, _ in rows if goal == "down"]
    free = set(graph.ready(needs(), states)) | set(graph.ready_down(needs(), states, falling))
    start = [
        pk
        for pk, slug, region, state, goal, next_at, run_id in rows
        if (slug, region) in free and next_at is None and (state == "undoing" or goal == "up")
        if run is not None and run_id == run.pk
    ]
    if start:
        Item.objects.filter(pk__in=start, next_check_at__isnull=True).update(next_check_at=Now())
    if run is not None and not start:
        _close(run, [row for row in rows if row[6] == run.pk], free)
    return [Due(pk) for pk in start]


def _close(run: Run, rows: list[Any], free: set[graph.Node]) -> None:
    states = [state for _, _, _, state, _, _, _ in rows]
    if any(state in ("working", "waiting", "undoing") for state in states):
        return
    if any(state == "todo" and (slug, region) in free for _, slug, region, state, _, _, _ in rows):
        return
    end = RunState.DONE
    if "failed" in states:
        end = RunState.FAILED
    elif "cancelled" in states or ("todo" in states and run.verb == Verb.TEARDOWN):
        end = RunState.CANCELLED
    elif "todo" in states:
        end = RunState.FAILED
    if Run.objects.filter(pk=run.pk, state=RunState.OPEN).update(state=end, ended_at=Now()):
        Event.objects.create(
            at=clock.now(), seller_id=run.seller_id, product_id=run.product_id, run_id=run.pk,
            what="run", before=RunState.OPEN, after=end,
        )  # fmt: skip


def _write(held: Held, to: Move) -> None:
    item = held.item
    fields: dict[str, Any] = {
        "state": to.to,
        "reason": to.reason,
        "detail": to.sentence,
        "at_aws": to.at_aws[:120],
        "wait_kind": to.kind,
        "failure": to.failure.dump() if to.failure else None,
        "next_check_at": clock.ahead(to.next_in) if to.next_in is not None else None,
        "lease_owner": None,
        "lease_until": None,
        **to.fields,
    }
    if to.to == ItemState.WAITING:  # somebody asked for a look, or answered, while this one went on
        later = Value(None, DateTimeField()) if to.next_in is None else clock.ahead(to.next_in)
        fields["next_check_at"] = Case(When(check_asked=True, then=Now()), default=later)
    if to.to == ItemState.WAITING:
        fields["looked_at"] = Now()
        if (item.state, item.reason, item.wait_kind) != (to.to, to.reason, to.kind):
            fields["waiting_since"] = Now()
    if to.to in ENDS:
        fields["ended_at"], fields["waiting_since"] = Now(), None
    mine = Item.objects.filter(pk=item.pk, lease_owner=held.owner)
    if not mine.filter(goal=item.goal).update(**fields):
        raise CancelSeen(str(item)) if mine.exists() else LeaseLost(str(item))


def _event(item: Item, to: Move) -> None:
    Event.objects.create(
        at=clock.now(), seller_id=item.seller_id, product_id=item.product_id, item_id=item.pk, run_id=item.run_id,
        what="item", before=item.state, after=to.to, sentence=to.sentence,
        data={"reason": to.reason, **({"code": to.failure.code} if to.failure else {})},
    )  # fmt: skip


def _attempt(item: Item, to: Move) -> None:
    if item.run is None:
        return
    row = Attempt(
        item=item, run=item.run, number=item.attempt, verb=item.run.verb, outcome=to.to, sentence=to.sentence,
        failure=to.failure.dump() if to.failure else None, started_at=item.started_at, ended_at=clock.now(),
        inputs_hash=to.fields.get("inputs_hash", ""),
    )  # fmt: skip
    Attempt.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["item", "number"],
        update_fields=[
            "run",
            "verb",
            "outcome",
            "sentence",
            "failure",
            "started_at",
            "ended_at",
            "inputs_hash",
        ],
    )


def _evidence(held: Held, proofs: Sequence[Proof]) -> list[Evidence]:
    return [
        Evidence(
            item=held.item, run_id=held.item.run_id, check_name=proof.check[:80], outcome=proof.outcome,
            sentence=proof.sentence, facts=dict(proof.facts), at=held.now(), build=settings.BUILD,
            account=str(proof.facts.get("account", ""))[:12],
            sha256=hashlib.sha256(json.dumps(dict(proof.facts), sort_keys=True, default=str).encode()).hexdigest(),
        )
        for proof in proofs
    ]  # fmt: skip


def _own(item: Item, to: Move) -> list[Due]:
    return [Due(item.pk, to.next_in)] if to.next_in is not None and to.to not in ENDS else []
