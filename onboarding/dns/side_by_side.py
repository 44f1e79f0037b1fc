"""Several questions side by side, and none of them twice."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import Any, TypeVar

AT_ONCE = 16
S = TypeVar("S")
T = TypeVar("T")


def side_by_side(call: Callable[[S], T], items: Sequence[S]) -> list[T]:
    """`call` of each item, in their order, up to AT_ONCE at a time; each caller has its own pool, so none waits."""
    if len(items) < 2:
        return [call(item) for item in items]
    with ThreadPoolExecutor(min(AT_ONCE, len(items)), thread_name_prefix="dns") as pool:
        return list(pool.map(call, items))


def both(first: Callable[[], S], second: Callable[[], T]) -> tuple[S, T]:
    """Two calls side by side."""
    with ThreadPoolExecutor(1, thread_name_prefix="dns") as pool:
        later = pool.submit(second)
        return first(), later.result()


class Once:
    """Remembers the result of a call by its key; a thread that comes while another works waits for its result."""

    def __init__(self) -> None:
        self._results: dict[Hashable, Future[Any]] = {}
        self._lock = Lock()

    def __call__(self, key: Hashable, call: Callable[[], T]) -> T:
        with self._lock:
            first = key not in self._results
            future: Future[T] = self._results.setdefault(key, Future())
        if first:
            try:
                future.set_result(call())
            except BaseException as error:
                future.set_exception(error)
                raise
        return future.result()
