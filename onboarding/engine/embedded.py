"""The engine in one process, without a broker: a heap of what is due and a pool of threads (`--embedded-worker`,
tests).
"""

from __future__ import annotations

import heapq
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from uuid import UUID

from django.db import connections

from onboarding.engine import reap
from onboarding.engine.advance import advance
from onboarding.engine.signals import Due
from onboarding.engine.sweep import sweep


class EmbeddedWorker:
    """Runs items side by side until told to stop; `nudge` may be called from any thread."""

    def __init__(self, threads: int = 16, sweep_seconds: float = 5.0) -> None:
        self._pool = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="item")
        self._heap: list[tuple[float, int, UUID]] = []
        self._changed = threading.Condition(threading.RLock())
        self._running: set[Future[None]] = set()
        self._count, self._sweep_seconds = 0, sweep_seconds

    def nudge(self, due: Sequence[Due]) -> None:
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
                    for item_id in reap.left():
                        self._submit(partial(reap.reap, item_id))
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
