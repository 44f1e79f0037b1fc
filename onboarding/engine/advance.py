"""Carry one item on: claim, ensure, verify, move; then go on with one item that this one made ready and nudge the
others.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import structlog
from django.db import DataError, IntegrityError, InterfaceError, OperationalError
from django.db.models.functions import Now

from onboarding.aws.gate import passing
from onboarding.checklist.step import CheckResult, Context, Input, Outcome, Step, Wait, WaitingFor, dump
from onboarding.engine import delivery, failures, teardown, waits
from onboarding.engine.ensure import Ensurer, drop_surplus
from onboarding.engine.gate import EngineGate
from onboarding.engine.handover import hand_over
from onboarding.engine.lease import Lease, claim
from onboarding.engine.schedule import Settled
from onboarding.engine.signals import CancelSeen, DueItem, LeaseLost, Overtaken
from onboarding.engine.transition import Transition
from onboarding.engine.work import Retired, step_of
from onboarding.models import AwsCall, ItemState, WaitsFor

Nudge = Callable[[Sequence[DueItem]], None]
MOST_SECONDS = 45.0
TOLD = (Outcome.WARN, Outcome.FAIL)  # what a finished item's sentence says of its proofs
log = structlog.get_logger()


def advance(item_id: UUID, nudge: Nudge) -> None:
    """Work on an item, and on what it made ready, for at most 45 s; `nudge` is given everything else that is due."""
    ends = time.monotonic() + MOST_SECONDS
    held = claim(item_id)
    while held is not None:
        going_on = time.monotonic() < ends
        settled = _carried(held, follow=going_on)
        due, held = settled.due, settled.following
        mine = next((one for one in due if not one.after), None) if going_on and held is None else None
        nudge([one for one in due if one is not mine])
        held = claim(mine.item_id) if mine else held


def once(item_id: UUID) -> list[DueItem]:
    """One claim of one item, to its next state. Whatever happens, the item is moved or left to whoever holds it."""
    held = claim(item_id)
    return _carried(held, follow=False).due if held else []


def _carried(held: Lease, *, follow: bool) -> Settled:
    """One item to its next state; with `follow` also the claim of one that this makes ready."""
    gate, waited_for = EngineGate(held), held.item.waiting_for
    try:
        to = _outcome(held, gate)
        moved = _moved(held, to, gate.taken(), follow)
        if waited_for in (WaitsFor.AWS, WaitsFor.DNS):  # how long people take says nothing
            _learn(held, to)
        if to.to in (ItemState.FAILED, ItemState.CANCELLED):
            teardown.reap(held.item.pk)
        return moved
    except Overtaken:
        return Settled()
    except (OperationalError, InterfaceError) as error:  # no fault of the item: its lease runs out, the sweep brings it
        log.warning("item.no_database", item=str(held.item.pk), error=str(error))
        return Settled()


def _learn(held: Lease, to: Transition) -> None:
    """Remember how long the wait took that has just ended well."""
    item = held.item
    over = to.to == ItemState.DONE or (to.to == ItemState.WAITING and to.kind != item.wait_kind)
    if item.wait_kind and item.waiting_since and over:
        low = (item.looked_at - item.waiting_since).total_seconds() if item.looked_at else None
        high = (held.now_at_claim - item.waiting_since).total_seconds()  # not when all that came after it had ended
        waits.learn(item.wait_kind, max(high, low or 0.0), low)


def _outcome(held: Lease, gate: EngineGate) -> Transition:
    step = step_of(held)
    try:
        with passing(gate):
            return _work(held, step)
    except (LeaseLost, OperationalError, InterfaceError):
        raise
    except CancelSeen:
        return _stopped(held)
    except Exception as error:
        return failures.outcome(held, step, error)


def _moved(held: Lease, to: Transition, calls: Sequence[AwsCall], follow: bool) -> Settled:
    try:
        return hand_over(held, to, calls, follow=follow)
    except CancelSeen:
        return hand_over(held, _stopped(held), calls, follow=follow)
    except (DataError, IntegrityError) as error:  # what the step said does not fit its row: never a silent loop
        return hand_over(held, failures.outcome(held, Retired(), error), follow=follow)


def _work(held: Lease, step: Step[Any]) -> Transition:
    """The item's step, all of it: what it stands on exists, what it checks is proven."""
    going_up = held.item.direction == "up"
    if going_up and isinstance(step, Retired):
        return Transition(to=ItemState.NOT_NEEDED, sentence="This version no longer has this step.")
    work = Ensurer.on(held)
    if not going_up:
        teardown.take_down(work)
        return Transition(to=ItemState.UNDONE, sentence="Deleted.", fields={"outputs": None, "direction": "up"})
    ctx = work.ctx
    _asked(step, ctx)
    teardown.finish(work)
    made = work.ready(step)
    drop_surplus(work)
    proofs = step.check(ctx, made)
    sends = step.outbox(ctx, made)
    if unsent := delivery.refused(sends):
        raise unsent
    inputs = json.dumps([[t.kind, t.key, t.params()] for t, _ in work.yielded], sort_keys=True, default=str)
    return Transition(
        to=ItemState.DONE,
        sentence=step.summary(ctx, made, proofs) or _sentence(proofs),
        proofs=proofs,
        sends=sends,
        fields={"outputs": dump(made), "inputs_hash": hashlib.sha256(inputs.encode()).hexdigest()},
    )


def _sentence(proofs: Sequence[CheckResult]) -> str:
    """What the proofs of a finished item come to: their warnings, else the last one's sentence."""
    return " ".join(p.sentence for p in proofs if p.outcome in TOLD) or (proofs[-1].sentence if proofs else "")


def _asked(step: Step[Any], ctx: Context) -> None:
    """A manual choice waits for its ids; the rest of the engine sees it as an existing one."""
    if not step.choice or not ctx.region:
        return
    choice = getattr(ctx.choices, step.choice)
    if choice.mode == "manual":
        raise Wait(WaitingFor.YOU, f"Make it by hand, then give {_listed(step.inputs)}.")


def _listed(asks: Sequence[Input]) -> str:
    return ", ".join(ask.words for ask in asks)


def _stopped(held: Lease) -> Transition:
    """A teardown turns an item that goes up; any other stop keeps what exists, on the way down too."""
    held.item.refresh_from_db(fields=["direction", "run"])
    if held.item.direction == "down" and held.item.state != ItemState.UNDOING:
        fields = {"cancel_asked": False, "attempt": held.item.attempt + 1, "started_at": Now()}
        return Transition(to=ItemState.UNDOING, sentence="Stopped. Deleting next.", fields=fields)
    return Transition(
        to=ItemState.CANCELLED, sentence="Canceled. Existing resources are kept.", fields={"cancel_asked": False}
    )
