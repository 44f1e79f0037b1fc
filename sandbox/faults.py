"""Faults that a person or a test orders: errors, time-outs, cut connections, delays, a killed caller."""

from __future__ import annotations

import random
import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields
from fnmatch import fnmatchcase
from typing import Any, Literal

Moment = Literal["before", "after"]
KINDS = ("error", "error_after", "timeout", "reset", "latency", "kill")


@dataclass
class Rule:
    """One fault. Empty fields match every call; `action` may hold wildcards (`Create*`).

    `skip` matching calls pass first, then at most `times` calls are hit (None: all), each with a chance of
    `pct` percent. `when` says whether the fault strikes before or after the call's effect.
    """

    action: str = "*"
    service: str = ""
    region: str = ""
    account: str = ""
    mutating: bool | None = None
    kind: str = "error"
    when: Moment = "before"
    times: int | None = 1
    skip: int = 0
    pct: float = 100.0
    code: str = "InternalError"
    message: str = "An internal error has occurred."
    status: int = 400
    seconds: float = 60.0
    hits: int = field(default=0)

    def matches(self, service: str, action: str, region: str, account: str, mutating: bool) -> bool:
        """True if the rule speaks of this call."""
        wanted = ((self.service, service), (self.region, region), (self.account, account))
        return (
            fnmatchcase(action, self.action)
            and all(not want or want == have for want, have in wanted)
            and self.mutating in (None, mutating)
        )


_lock = threading.Lock()
_rules: deque[Rule] = deque()


def add(rule: dict[str, Any]) -> Rule:
    """Add a fault given as JSON. ValueError names an unknown key, kind or moment."""
    known = {f.name for f in fields(Rule)} - {"hits"}
    if unknown := sorted(set(rule) - known):
        raise ValueError(f"unknown key {unknown[0]!r} in a fault; known are {', '.join(sorted(known))}.")
    made = Rule(**rule)
    if made.kind not in KINDS:
        raise ValueError(f"kind {made.kind!r} is not a fault; choose one of {', '.join(KINDS)}.")
    if made.when not in ("before", "after"):
        raise ValueError(f"when must be 'before' or 'after'; got {made.when!r}.")
    if made.kind == "error_after":
        made.when = "after"
    with _lock:
        _rules.append(made)
    return made


def clear() -> None:
    """Forget all faults."""
    with _lock:
        _rules.clear()


def take(when: Moment, service: str, action: str, region: str, account: str, mutating: bool) -> tuple[Rule, ...]:
    """The faults that strike this call at this moment; each is counted against its `times`."""
    if not _rules:
        return ()
    with _lock:
        return tuple(
            rule
            for rule in _rules
            if rule.when == when and rule.matches(service, action, region, account, mutating) and _strikes(rule)
        )


def _strikes(rule: Rule) -> bool:
    if rule.times is not None and rule.hits >= rule.times:
        return False
    if rule.skip > 0:
        rule.skip -= 1
        return False
    if rule.pct < 100 and random.uniform(0, 100) >= rule.pct:  # noqa: S311 - chance, not a secret
        return False
    rule.hits += 1
    return True


def list() -> Sequence[dict[str, Any]]:
    """All faults in force, as JSON, with how often each has struck (`hits`)."""
    with _lock:
        return [asdict(rule) for rule in _rules]
