"""The worker of the hand-over benchmark: `celery -A benchmarks.trivial_worker worker`, a checklist that calls no AWS.

The product knows nothing of it. Two variables of the environment, read only here: BENCHMARK_STEPS, how long a chain is,
and BENCHMARK_TIMES, the file that takes one line for each beginning and end of a step's own work.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from celery import shared_task

from config.celery import app
from onboarding.checklist.step import Build, CheckResult, Context, Scope, Step

__all__ = ["app", "bare", "install"]


@dataclass(frozen=True)
class Made:
    """What a trivial step leaves for the next one."""

    number: int


class Trivial(Step[Made]):
    """A step that needs the one before it and does nothing but write down when."""

    title, doing, guide, outputs = "Trivial", "Nothing", (), Made
    scope = Scope.PRODUCT
    number: int

    def things(self, ctx: Context) -> Build[Made]:
        """No thing; begins the step's work."""
        mark("engine", ctx.product_id, self.number, "begin")
        yield from ()
        return Made(self.number)

    def check(self, ctx: Context, outputs: Made) -> tuple[CheckResult, ...]:
        """No proof; ends the step's work."""
        mark("engine", ctx.product_id, outputs.number, "end")
        return ()


@shared_task(name="benchmarks.bare")
def bare(chain: str, number: int) -> None:
    """One link of a bare Celery chain: nothing is recorded."""
    mark("bare", chain, number, "begin")
    mark("bare", chain, number, "end")


@cache
def _times() -> int:
    return os.open(os.environ["BENCHMARK_TIMES"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)


def mark(*what: object) -> None:
    """Append a line with the machine's monotonic clock, which all its processes share."""
    os.write(_times(), (" ".join(map(str, what)) + f" {time.monotonic():.6f}\n").encode())


def chain_of(count: int) -> list[Step[Any]]:
    """So many trivial steps, each standing on the one before."""
    steps: list[Step[Any]] = []
    for number in range(count):
        needs = (type(steps[-1]),) if steps else ()
        cls = cast("type[Trivial]", type(f"Trivial{number}", (Trivial,), {"number": number, "needs": needs}))
        cls.slug = f"trivial-{number:03}"
        steps.append(cls())
    return steps


def install(count: int) -> None:
    """Put the trivial checklist in the place of the real one, in this process only."""
    from onboarding.engine import schedule
    from onboarding.steps import by_slug

    steps = chain_of(count)
    schedule.checklist = lambda: tuple(steps)  # type: ignore[assignment,attr-defined]  # a benchmark's own checklist
    schedule.needs.cache_clear()
    by_slug().clear()
    by_slug().update({step.slug: step for step in steps})


@app.on_after_finalize.connect
def _ready(**_: object) -> None:
    if "BENCHMARK_STEPS" in os.environ:
        install(int(os.environ["BENCHMARK_STEPS"]))
