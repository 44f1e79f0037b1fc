"""The engine in one process, without a broker: a heap of what is due and a pool of threads (`--embedded-worker`,
tests).
"""

from __future__ import annotations

import heapq
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import connections
from django.utils import timezone

from onboarding.checklist import graph
from onboarding.engine import delivery, teardown
from onboarding.engine.advance import advance
from onboarding.engine.schedule import needs
from onboarding.engine.signals import DueItem
from onboarding.engine.sweep import sweep
from onboarding.models import Item, ItemState, Resource, Run, RunState
from onboarding.notices import send_notices
from onboarding.steps import by_slug
from sellers.models import Product


class EmbeddedWorker:
    """Runs items side by side until told to stop; `nudge` may be called from any thread."""

    def __init__(self, threads: int = 16, sweep_seconds: float = 5.0) -> None:
        self._pool = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="item")
        self._heap: list[tuple[float, int, UUID]] = []
        self._changed = threading.Condition(threading.RLock())
        self._running: set[Future[None]] = set()
        self._count, self._sweep_seconds = 0, sweep_seconds

    def nudge(self, due: Sequence[DueItem]) -> None:
        """Work on these items when their seconds have passed."""
        with self._changed:
            for one in due:
                self._count += 1
                heapq.heappush(self._heap, (time.monotonic() + one.after, self._count, one.item_id))
            self._changed.notify_all()

    def run(self, finished: Callable[[], bool], every: float = 0.2) -> None:
        """Work until `finished()` says so; it is asked every so many seconds."""
        swept = asked = 0.0
        try:
            while True:
                now = time.monotonic()
                if now - swept >= self._sweep_seconds:
                    sweep(self.nudge)
                    if send_notices():
                        delivery.drain()
                    for item_id in teardown.left():
                        self._submit(partial(teardown.reap, item_id))
                    swept = now
                if now - asked >= every and not self._busy_soon():
                    asked = now
                    if finished():
                        return
                self._start_due(every)
        finally:
            self._pool.shutdown(wait=True)

    def _start_due(self, longest: float) -> None:
        with self._changed:
            now = time.monotonic()
            if not self._heap or self._heap[0][0] > now:
                wait = min(longest, self._heap[0][0] - now) if self._heap else longest
                self._changed.wait(max(wait, 0.001))
            while self._heap and self._heap[0][0] <= time.monotonic():
                _, _, item_id = heapq.heappop(self._heap)
                self._submit(partial(advance, item_id, self.nudge))

    def _submit(self, job: Callable[[], object]) -> None:
        with self._changed:
            future = self._pool.submit(self._closing, job)
            self._running.add(future)
        future.add_done_callback(self._ended)

    def _closing(self, job: Callable[[], object]) -> None:
        try:
            job()
        finally:
            connections.close_all()

    def _ended(self, future: Future[None]) -> None:
        with self._changed:
            self._running.discard(future)
            self._changed.notify_all()

    def _busy_soon(self) -> bool:
        with self._changed:
            return bool(self._running)


EVERY = 0.25


class ProgressPrinter:
    """Says a line whenever an item's state, reason or sentence changed since it was last asked."""

    def __init__(self, run: Run, say: Callable[[str], None]) -> None:
        self._run, self._say, self._told = run, say, dict[object, str]()

    def tell(self) -> None:
        """Say what is new."""
        for item in standing(self._run).items:
            words = line(item)
            if self._told.get(item.pk) != words and (item.state != "todo" or item.pk in self._told):
                self._say(words)
                self._told[item.pk] = words


def work(run: Run, due: Sequence[DueItem], say: Callable[[str], None]) -> None:
    """Run the engine here, without a broker, until the run has ended or only people are awaited."""
    teller, worker = ProgressPrinter(run, say), EmbeddedWorker()
    worker.nudge(due)

    def finished() -> bool:
        teller.tell()
        return ended(run.pk)

    worker.run(finished, every=EVERY)
    teller.tell()


def watch(run: Run, say: Callable[[str], None]) -> None:
    """Watch the workers until the run has ended or only people are awaited."""
    teller = ProgressPrinter(run, say)
    while not ended(run.pk):
        teller.tell()
        time.sleep(EVERY)
    teller.tell()


def item_of(product_id: UUID, slug: str, region: str) -> Item | None:
    """The product's item of that step, in that region; the only one, if no region is given."""
    found = list(Item.objects.filter(product_id=product_id, slug=slug))
    if region:
        found = [item for item in found if item.region == region]
    return found[0] if len(found) == 1 else None


PEOPLE = ("you", "marketplace", "buyer")
DONE, FAILED, BAD, PEOPLE_AWAITED = 0, 1, 2, 3


@dataclass(frozen=True)
class Standing:
    """Where a product's items stand: whether anything moves by itself, and what of it failed or waits for people."""

    items: list[Item]

    @property
    def moving(self) -> bool:
        """Whether a worker or AWS has something to do: then a report is not final."""
        states = {(item.slug, item.region): item.state for item in self.items}
        free = set(graph.ready(needs(), states))
        return any(
            item.state in (ItemState.WORKING, ItemState.UNDOING)
            or (item.state == ItemState.WAITING and (item.waiting_for not in PEOPLE or _looked_at(item)))
            or (item.slug, item.region) in free
            for item in self.items
        )

    @property
    def failed(self) -> bool:
        return any(item.state == ItemState.FAILED for item in self.items)

    @property
    def awaited(self) -> list[Item]:
        """The items that wait for a person or for Marketplace."""
        return [i for i in self.items if i.state == ItemState.WAITING and i.waiting_for in PEOPLE]

    @property
    def code(self) -> int:
        """The exit code: 1 something failed, 3 only people are awaited, 0 done."""
        return FAILED if self.failed else PEOPLE_AWAITED if self.awaited else DONE


def standing(run: Run) -> Standing:
    """The items of one run, in the order of the checklist."""
    order = {slug: index for index, slug in enumerate(by_slug())}
    found = list(Item.objects.filter(run=run))
    return Standing(sorted(found, key=lambda item: (order.get(item.slug, 99), item.region)))


def ended(run_id: UUID) -> bool:
    """Whether a run is closed, or nothing of it moves without a person."""
    run = Run.objects.get(pk=run_id)
    return run.state != RunState.OPEN or not standing(run).moving


def _looked_at(item: Item) -> bool:
    """Whether a wait for a person is being looked at: it was answered, or the clock says so."""
    return item.next_check_at is not None and item.next_check_at <= timezone.now()


def line(item: Item) -> str:
    """One line for a terminal: where, what, state, and the sentence."""
    step = by_slug().get(item.slug)
    where = item.region or "product"
    words = f"{item.state} ({item.waiting_for})" if item.waiting_for else item.state
    return f"{where:<16} {step.title if step else item.slug:<24} {words:<16} {item.message}".rstrip()


def report(product: Product, run: Run) -> dict[str, Any]:
    """The JSON report of `manage.py onboard` and `teardown` (issue text and docs/command-line.md give its form)."""
    now = standing(run)
    made: dict[UUID, list[dict[str, Any]]] = {}
    for row in Resource.objects.filter(product=product).exclude(state="gone").exclude(aws_id=""):
        made.setdefault(row.item_id, []).append(
            {"kind": row.kind, "key": row.logical_key, "id": row.aws_id, "account": row.account, "managed": row.managed}
        )
    return {
        "product": {"id": str(product.pk), "slug": product.slug, "seller": product.seller.slug},
        "run": {"id": str(run.pk), "number": run.number, "verb": run.verb, "state": run.state},
        "items": [
            {
                "slug": item.slug,
                "region": item.region,
                "state": item.state,
                "reason": item.waiting_for,
                "detail": item.message,
                "seconds": _seconds(item.started_at, item.ended_at),
                "made": made.get(item.pk, []),
            }
            for item in now.items
        ],
        "waiting_for": [
            {"slug": item.slug, "region": item.region, "whom": item.waiting_for, "what": item.message}
            for item in now.awaited
        ],
    }


def _seconds(began: datetime | None, ended: datetime | None) -> float | None:
    if began is None:
        return None
    return round(((ended or timezone.now()) - began).total_seconds(), 3)
