"""Facts that moto's models have no place for, kept per thing by its id or ARN, and the lock over all state."""

from __future__ import annotations

import threading
from collections import defaultdict
from typing import Any

# One lock for all state. moto is not thread-safe, and its services read each other's state (an endpoint
# service reads load balancers, a buyer reads another account). Its handlers never wait for anything, and
# Python runs one of them at a time anyway, so finer locks would win nothing. Latency sleeps outside it.
state_lock = threading.RLock()

# kind -> id -> facts. Each kind belongs to the one module that writes it.
_facts: defaultdict[str, dict[str, Any]] = defaultdict(dict)


def table(kind: str) -> dict[str, Any]:
    """The facts of one kind, by id; the same dict until the world is reset."""
    return _facts[kind]


def forget_all() -> None:
    """Forget all facts; tables that were handed out are emptied too."""
    for facts in _facts.values():
        facts.clear()
