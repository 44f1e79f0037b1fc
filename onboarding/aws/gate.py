"""The gate that every AWS call passes: who may call now, and who is told of it.

The engine puts its gate into the running context; clients that are shared between threads find it there. A mutating
call
outside a gate is refused, so nothing can change an account without an intent on record.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Protocol

READ = re.compile(r"^(Describe|Get|List|Simulate|Decode|Test|Search|Lookup|AssumeRole)", re.ASCII)


@dataclass(kw_only=True)
class Call:
    """One AWS call, as people are shown it. `seconds` is None while it runs; `code` is AWS's error code, if any."""

    service: str
    operation: str
    region: str
    account: str
    params: Mapping[str, Any] = field(default_factory=dict)
    dry_run: bool = False
    seconds: float | None = None
    status: int | None = None
    code: str = ""
    message: str = ""
    request_id: str = ""

    @property
    def mutating(self) -> bool:
        """Whether it can change the account."""
        return not self.dry_run and not READ.match(self.operation)


class Gate(Protocol):
    """What stands before AWS. `before` may raise to stop the call; `after` is told how it ended."""

    def before(self, call: Call) -> None: ...
    def after(self, call: Call) -> None: ...


class Refused(RuntimeError):
    """A mutating call was tried where nothing records it."""


class ReadsOnly:
    """The gate of code outside the engine (connection proofs, previews): it lets reads through and keeps them."""

    def __init__(self) -> None:
        self.calls: list[Call] = []

    def before(self, call: Call) -> None:
        if call.mutating:
            raise Refused(f"{call.service}:{call.operation} changes the account and was called outside a run.")

    def after(self, call: Call) -> None:
        self.calls.append(call)


_gate: ContextVar[Gate] = ContextVar("aws_gate")


def current() -> Gate:
    """The gate of the running context; reads only, if none was set."""
    return _gate.get(None) or ReadsOnly()


@contextmanager
def passing(gate: Gate) -> Iterator[None]:
    """Send every AWS call of this context through `gate`."""
    token = _gate.set(gate)
    try:
        yield
    finally:
        _gate.reset(token)
