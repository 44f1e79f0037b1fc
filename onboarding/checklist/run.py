"""Runs what a step asks for: the one place that knows that it's a generator."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from onboarding.checklist.step import Build
from onboarding.things.base import Observation, Thing

T = TypeVar("T")


@dataclass(frozen=True)
class Finished(Generic[T]):
    """A build's end, with what it returned."""

    result: T


def advance(build: Build[T], answers: Sequence[Observation] | None = None) -> Sequence[Thing] | Finished[T]:
    """The next batch after the answers to the last one; None starts the build."""
    try:
        return next(build) if answers is None else build.send(answers)
    except StopIteration as end:
        return Finished(end.value)


def run(build: Build[T], answer: Callable[[Sequence[Thing]], Sequence[Observation]]) -> T:
    """What the build returns, with each of its batches answered."""
    batch = advance(build)
    while not isinstance(batch, Finished):
        batch = advance(build, answer(batch))
    return batch.result


def abreast(builds: Sequence[Build[T]]) -> Build[list[T]]:
    """Several builds as one, batch beside batch, so that Regions don't wait for each other; their results in order."""
    found = [advance(build) for build in builds]
    while any(not isinstance(batch, Finished) for batch in found):
        seen = iter((yield [thing for batch in found if not isinstance(batch, Finished) for thing in batch]))
        for index, batch in enumerate(found):
            if not isinstance(batch, Finished):
                found[index] = advance(builds[index], [next(seen) for _ in batch])
    return [batch.result for batch in found if isinstance(batch, Finished)]
