"""Look at what a step yielded: what is pending is waited for, what is gone or wrong is said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from onboarding.engine.signals import LookAgain
from onboarding.engine.undo import remove_all
from onboarding.engine.work import Work
from onboarding.models import Resource, ResourceState
from onboarding.steps.base import NotYet, Reason, Wrong
from onboarding.things.base import Seen, State, Thing

SETTLING_SECONDS = 600


def look(work: Work) -> bool:
    """Check everything yielded that is pending, or was not seen ready in this run: whether there was any. Waits, or
    says what is wrong.
    """
    fresh = work.inventory.fresh_pending
    wanted = [(t, r) for t, r in work.yielded if (r.pending or r.seen_run != work.run.pk) and r.pk not in fresh]
    looks = check_all(work, [(thing, row.aws_id) for thing, row in wanted])
    for (_thing, row), seen in zip(wanted, looks, strict=True):
        work.inventory.saw(row, seen, work.run.pk)
    work.inventory.note([row for _, row in wanted])
    for (thing, row), seen in zip(wanted, looks, strict=True):
        if seen.state is State.GONE:
            _gone(work, thing, row, seen)
        elif seen.state is State.WRONG:
            _spent(work, row, seen)
            mend = f"Mend the {thing.words} in AWS, or tear down and begin again; then retry."
            raise Wrong(seen.sentence, seen.cure or mend)
    pending = [(t, r, s) for (t, r), s in zip(wanted, looks, strict=True) if s.state is State.PENDING]
    if pending:
        _thing, row, seen = pending[0]
        raise NotYet(Reason.AWS, seen.sentence, kind=row.kind, at_aws=seen.at_aws, since=row.made_at)
    for _thing, row in work.yielded:
        if row.pk in fresh:
            raise NotYet(Reason.AWS, fresh[row.pk], kind=row.kind, at_aws=row.at_aws, since=row.made_at)
    return bool(wanted)


def _spent(work: Work, row: Resource, seen: Seen) -> None:
    """What nothing mends (a certificate that failed) makes room for another: in a new run, or when a person retries."""
    if not seen.spent or not row.managed or not work.run.writes:
        return
    attempt = work.inventory.held.item.attempt
    since = row.values.get("spent_at", attempt)
    if since != attempt or row.seen_run not in (None, work.run.pk):
        remove_all([row], work.inventory, work.ctx)
        raise LookAgain(0.5, f"{seen.sentence} Asks for another one.")
    row.values = {**row.values, "spent_at": attempt}
    work.inventory.note([row])


def _gone(work: Work, thing: Thing, row: Resource, seen: Seen) -> None:
    age = (work.inventory.held.now() - row.made_at).total_seconds() if row.made_at else 1e9
    if age < SETTLING_SECONDS and row.seen_run is None:
        raise LookAgain(min(2 + age / 10, 30), f"AWS does not list the {thing.words} {row.aws_id} yet.")
    row.state, row.pending = ResourceState.GONE, False
    work.inventory.write([row], "gone")
    raise Wrong(
        f"{seen.sentence} It was deleted outside of this product.",
        "Retry this step to make a new one." if row.managed else "Choose another existing one, then retry.",
    )


def check_all(work: Work, wanted: Sequence[tuple[Thing, str]]) -> list[Seen]:
    """Check pairs of thing and id, in as few calls as AWS allows, the kinds side by side; in order."""
    groups: dict[tuple[type[Thing], str, str], list[int]] = {}
    for index, (thing, _) in enumerate(wanted):
        groups.setdefault((type(thing), thing.role, thing.region), []).append(index)
    jobs: list[Callable[[], list[Seen]]] = [
        partial(cls.check, work.door(wanted[ids[0]][0]), [wanted[i] for i in ids])
        for (cls, _, _), ids in groups.items()
    ]
    found: dict[int, Seen] = {}
    for ids, result in zip(groups.values(), work.ctx.side_by_side(jobs) if jobs else [], strict=True):
        if isinstance(result, Exception):
            raise result
        found |= dict(zip(ids, result, strict=True))
    return [found[index] for index in range(len(wanted))]
