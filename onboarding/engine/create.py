"""Make things side by side: intent, find, make, record. The only place that makes anything in
AWS.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from onboarding.aws.clients import RegionClients
from onboarding.aws.errors import ErrorClass, code_of, read
from onboarding.checklist.step import NeedsAction
from onboarding.engine import waits
from onboarding.engine.inventory import find_tagged, mark_of
from onboarding.engine.signals import RetryLater
from onboarding.engine.work import Work
from onboarding.models import EventKind, Resource, ResourceState
from onboarding.things.base import Idempotency, Observation, State, Thing

ACTED = (ClientError, BotoCoreError)
TOLD_FIRST = {ErrorClass.PERMISSION, ErrorClass.YOURS, ErrorClass.PERMANENT}
# Errors after which we know that nothing was made, so that the next attempt is a first one again.
NOTHING_MADE = TOLD_FIRST | {ErrorClass.NOT_SENT, ErrorClass.THROTTLE, ErrorClass.NOT_FOUND, ErrorClass.CREDENTIALS}


def make_all(work: Work, wanted: Sequence[tuple[int, Thing]]) -> dict[int, Observation]:
    """Make what is wanted, each under its own intent; one Seen for each index. Raises the error that matters most."""
    doubts = [_doubtful(work.inventory.row(thing)) for _, thing in wanted]
    rows = [doubt or work.fresh(thing) for (_, thing), doubt in zip(wanted, doubts, strict=True)]
    for row in rows:
        row.create_attempts += 1
    first = [
        r for (_, t), r, d in zip(wanted, rows, doubts, strict=True) if not d and t.idempotency is not Idempotency.READ
    ]
    work.inventory.write(first, EventKind.INTENT)
    singles = [i for i, (_, thing) in enumerate(wanted) if thing.batch_size == 1]
    sets = _sets([(i, thing) for i, (_, thing) in enumerate(wanted) if thing.batch_size > 1])
    jobs: list[Callable[[], Any]] = [partial(_one, work, wanted[i][1], rows[i], bool(doubts[i])) for i in singles] + [
        partial(_set, work, [wanted[i][1] for i in chunk]) for chunk in sets
    ]
    answers = work.ctx.side_by_side(jobs)
    results: dict[int, Any] = dict(zip(singles, answers, strict=False))
    for chunk, answer in zip(sets, answers[len(singles) :], strict=True):
        results |= zip(chunk, answer if isinstance(answer, list) else [answer] * len(chunk), strict=True)
    return _record(work, wanted, rows, [results[i] for i in range(len(wanted))])


def _sets(things: Sequence[tuple[int, Thing]]) -> list[list[int]]:
    """The indices of things that one call makes together."""
    groups: dict[tuple[Any, ...], list[int]] = {}
    for index, thing in things:
        groups.setdefault((type(thing), thing.role, thing.region, thing.within, thing.batch_size), []).append(index)
    return [
        indices[start : start + key[-1]] for key, indices in groups.items() for start in range(0, len(indices), key[-1])
    ]


def _set(work: Work, things: list[Thing]) -> list[Observation]:
    """Members of a set are set again without a look: twice is the same as once."""
    return type(things[0]).make_together(work.door(things[0]), things)


def _one(work: Work, thing: Thing, row: Resource, doubt: bool) -> Observation:
    door = work.door(thing)
    found = _found(work, thing, row, door, doubt)
    if found is not None:
        return found
    if doubt and (row.lookup_attempts or row.params != thing.params()):
        if row.params != thing.params():
            row.generation, row.params = row.generation + 1, thing.params()
        row.lookup_attempts = 0  # this attempt may end in doubt like the last, and is then looked for as long
        work.inventory.write([row], EventKind.INTENT)
    mark = mark_of(row, work.held)
    try:
        return thing.make(door, mark)
    except ClientError as error:
        if code_of(error) not in thing.duplicate_codes:
            raise
        ids = thing.find(door, mark)
        if ids:
            return thing.check(door, [(thing, ids[0])])[0]
        if row.lookup_attempts >= len(waits.SETTLE):
            raise
        raise _settling(row, f"AWS says that the {thing.words} is there; looks for it again.") from None


def _found(work: Work, thing: Thing, row: Resource, door: RegionClients, doubt: bool) -> Observation | None:
    mark = mark_of(row, work.held)
    if doubt:
        ids = thing.find(door, mark)
        # A changed input changes token and name: then they guard against a second one no longer.
        bare = thing.idempotency is Idempotency.NONE or (
            thing.idempotency is not Idempotency.SET and row.params != thing.params()
        )
        if not ids and bare and row.lookup_attempts < len(waits.SETTLE):
            raise _settling(row, f"Looks whether AWS made the {thing.words} after all.")
    elif thing.idempotency in (Idempotency.NONE, Idempotency.TOKEN) and not thing.tag_type:
        ids = thing.find(door, mark)  # no tag of EC2's: it is asked for itself
    elif thing.idempotency in (Idempotency.NONE, Idempotency.TOKEN):
        bearing = find_tagged(door, work.run.pk, work.ctx.product_id, work.ctx.region)
        ids = sorted(i for kind, i in bearing.get(mark.item, []) if kind == thing.tag_type)
    else:
        return None
    for twin in ids[1:]:
        work.inventory.tell(row, EventKind.TWIN, twin=twin)
        thing.remove(door, twin)
    seen = thing.check(door, [(thing, ids[0])])[0] if ids else None
    return None if seen is None or seen.state is State.GONE else seen


def _settling(row: Resource, sentence: str) -> RetryLater:
    row.lookup_attempts += 1
    return RetryLater(waits.SETTLE[row.lookup_attempts - 1], sentence)


def _record(
    work: Work, wanted: Sequence[tuple[int, Thing]], rows: Sequence[Resource], results: Sequence[Any]
) -> dict[int, Observation]:
    seen: dict[int, Observation] = {}
    made, failed = [], []
    for (index, thing), row, result in zip(wanted, rows, results, strict=True):
        if thing.idempotency is Idempotency.READ and isinstance(result, Observation) and result.state is State.WRONG:
            raise NeedsAction(result.sentence, "Change the input, then retry this step.")
        if isinstance(result, Observation):
            row.managed = thing.idempotency is not Idempotency.READ
            work.inventory.record(row, result, work.run.pk)
            made.append(row)
            seen[index] = result
            continue
        if isinstance(result, ACTED) and read(result).kind in NOTHING_MADE:
            row.create_attempts = 0
        if thing.idempotency is not Idempotency.READ:
            failed.append(row)
    work.inventory.write(made, EventKind.MADE)
    work.inventory.write(failed, EventKind.NOT_MADE)
    broken: list[Exception] = [result for result in results if not isinstance(result, Observation)]
    if broken:
        raise max(broken, key=_weight)
    return seen


def _doubtful(row: Resource | None) -> Resource | None:
    """The row, if an earlier attempt to make its thing has no known end."""
    return row if row is not None and row.create_attempts and row.state == ResourceState.INTENDED else None


def _weight(error: Exception) -> int:
    """Which of several errors is told: a wish or a lost lease, then what a person must mend, then what goes on."""
    if isinstance(error, ACTED):
        return 2 if read(error).kind in TOLD_FIRST else 1
    return 0 if isinstance(error, RetryLater) else 3
