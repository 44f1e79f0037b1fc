"""The crash sweep (engine.md T1-T3): kill -9 at each call and commit; the accounts end as if nothing had happened.

Two products: the spine's (native, TCP), one kill a trial; and one that goes the whole checklist to live, rehearsal and
its clean-up too. That way is long, so a trial of it kills a worker at every twentieth point, twenty trials at all.
"""

from __future__ import annotations

import json
import os
import random
import time
from pathlib import Path

import pytest

from tests.crash.grounds import Grounds
from tests.crash.trial import Point, Reference, disturbed

PLACES = ("mutation", "call", "commit", "twice")
PAIRS = 20  # of random double kills, for each database and way
APART = 20  # points between two kills of one trial of the whole checklist


def trials(place: str, reference: Reference, seed: int, checklist: str) -> list[list[Point]]:
    """The kills of each trial. A read has no effect to lose, so one moment is enough where all calls are counted."""
    if place == "twice":
        chance = random.Random(seed)  # noqa: S311 - chance, not a secret
        return [[_any(chance, reference), _any(chance, reference)] for _ in range(PAIRS)]
    count = {"mutation": reference.mutations, "call": reference.calls, "commit": reference.commits}[place]
    moments = ("before",) if place == "call" else ("before", "after")
    if checklist == "spine":
        return [[Point(place, n, moment)] for n in range(count) for moment in moments]
    return [_again_and_again(place, first, moment, count) for first in range(APART) for moment in moments]


def _again_and_again(place: str, first: int, moment: str, count: int) -> list[Point]:
    """Kills at every APART-th of `count` points from the `first` on. Each is counted from the one before: the call that
    was not made, or whose answer was lost, comes again.
    """
    return [Point(place, first, moment), *(Point(place, APART, moment) for _ in range(first + APART, count, APART))]


def _any(chance: random.Random, reference: Reference) -> Point:
    place = chance.choice(["mutation", "commit"])
    most = reference.mutations if place == "mutation" else reference.commits
    # Of the first half: how often a run looks differs from one to the next, and a point that it never comes to proves
    # nothing. The second kill counts from the first, so both together reach the whole way.
    return Point(place, chance.randrange(max(most // 2, 1)), chance.choice(["before", "after"]))


@pytest.mark.timeout(7200)
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("checklist", ["spine", "whole"])
@pytest.mark.parametrize("verb", ["provision", "teardown"])
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_worker_killed_anywhere_leaves_what_an_undisturbed_one_leaves(
    database: str, verb: str, checklist: str, place: str, extent: tuple[int, int], grounds: Grounds
) -> None:
    every, seed = extent
    here, reference = grounds.world(database, checklist), grounds.reference(database, verb, checklist)
    every_trial = trials(place, reference, seed, checklist)
    chosen = every_trial[seed % every :: every]
    wrong, kills, began = {}, 0, time.monotonic()
    for trial in chosen:
        killed, differs = disturbed(here, verb, reference, trial)
        kills += killed
        if differs:
            wrong[", ".join(map(str, trial))] = differs
    seconds = time.monotonic() - began
    result = {
        "checklist": checklist,
        "every": every,
        "database": database,
        "verb": verb,
        "place": place,
        "trials": len(chosen),
        "kills": kills,
        "unreached": sum(map(len, chosen)) - kills,
        "failed": len(wrong),
        "seconds": seconds,
    }
    print(json.dumps(result))
    if folder := os.environ.get("SWEEP_RESULTS"):
        (Path(folder) / f"{checklist}-{database}-{verb}-{place}.json").write_text(json.dumps(result))
    assert not wrong, json.dumps(wrong, indent=1)
    assert kills > 0 or not chosen, "no worker was killed: the sweep proved nothing"
