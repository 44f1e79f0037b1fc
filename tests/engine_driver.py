"""Drives the engine to rest without waiting: when nothing is due, the time columns are shifted, not the tests slowed.

The engine believes the database's clock alone (engine.md, Lease), so a row shifted back by a minute is a minute older.
The simulated world runs on its own, fast clock.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import timedelta
from uuid import UUID

from django.db import connections, models
from django.db.models import F, Q

from onboarding.engine import clock, delivery, sweep, teardown
from onboarding.engine.advance import advance
from onboarding.engine.lease import CLAIMABLE
from onboarding.engine.signals import DueItem
from onboarding.models import Evidence, Heartbeat, Item, ItemState, Outbox, Resource, Run, Throttle, WaitsFor

TRAVELLERS: tuple[type[models.Model], ...] = (Item, Run, Resource, Throttle, Heartbeat, Outbox, Evidence)


def travel(seconds: float) -> None:
    """Everything that the engine remembers becomes so many seconds older."""
    for model in TRAVELLERS:
        names = [f.name for f in model._meta.get_fields() if isinstance(f, models.DateTimeField)]
        model._default_manager.update(**{name: F(name) - timedelta(seconds=seconds) for name in names})


def ahead() -> float | None:
    """Seconds until the next item is due, its lease included; None when nothing is for the clock, or only people's
    waits.
    """
    people = Q(state=ItemState.WAITING, waiting_for__in=(WaitsFor.YOU, WaitsFor.MARKETPLACE, WaitsFor.BUYER))
    rows = Item.objects.filter(state__in=CLAIMABLE, next_check_at__isnull=False).exclude(people)
    times = [max(at, lease or at) for at, lease in rows.values_list("next_check_at", "lease_until") if at]
    return (min(times) - clock.now()).total_seconds() if times else None


def rest(*, threads: int = 6, longest: float = 60.0, told: Callable[[float], None] | None = None) -> float:
    """Work until nothing is due, held or for the clock. Gives the seconds travelled; AssertionError after `longest` s.

    `told` hears of each travel. People's waits are not for the clock, so they are rest.
    """
    running: dict[UUID, Future[None]] = {}
    travelled, ends = 0.0, time.monotonic() + longest
    with ThreadPoolExecutor(threads) as pool:
        while time.monotonic() < ends:
            for pk in [pk for pk, future in running.items() if future.done()]:
                running.pop(pk).result()
            for pk in Item.objects.filter(sweep.due()).exclude(pk__in=running).values_list("pk", flat=True):
                running[pk] = pool.submit(_advance, pk)
            if running:
                wait(running.values(), timeout=0.05, return_when=FIRST_COMPLETED)
                continue
            gap = ahead()
            if gap is None:
                if left := teardown.left():
                    list(pool.map(_reap, left))
                    travel(5)
                    continue
                delivery.drain()
                return travelled
            step = max(gap, 0.0) + 0.01
            travel(step)
            travelled += step
            if told:
                told(step)
    raise AssertionError(f"The engine did not come to rest in {longest:.0f} s:\n{picture()}")


def picture() -> str:
    """Where every item stands, for the message of a failed test."""
    rows = Item.objects.order_by("product_id", "region", "slug")
    return "\n".join(
        f"{i} {i.direction} {i.state} {i.waiting_for} next {i.next_check_at} {i.message}"[:300] for i in rows
    )


def _reap(item_id: UUID) -> None:
    try:
        teardown.reap(item_id)
    finally:
        connections.close_all()


def _advance(item_id: UUID) -> None:
    try:
        advance(item_id, _forget)
    finally:
        connections.close_all()


def _forget(due: Sequence[DueItem]) -> None:
    """Nudges are lost on purpose: the rows alone must carry the run."""
