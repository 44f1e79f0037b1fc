"""Facts that moto's models have no place for, kept per thing by its id or ARN."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

# kind -> id -> facts. Each kind belongs to the one module that writes it.
_facts: defaultdict[str, dict[str, Any]] = defaultdict(dict)


def table(kind: str) -> dict[str, Any]:
    """The facts of one kind, by id; the same dict until the world is reset."""
    return _facts[kind]


def forget_all() -> None:
    """Forget all facts; tables that were handed out are emptied too."""
    for facts in _facts.values():
        facts.clear()
