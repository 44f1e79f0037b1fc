"""Ensure the things of a step: what exists is answered from the inventory, the rest adopted, looked up or made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from onboarding.checklist.run import run
from onboarding.checklist.step import NeedsAction, Step, Wait, WaitingFor
from onboarding.engine.create import make_all
from onboarding.engine.inventory import LIVE, mark_of, seen_of, thing_of
from onboarding.engine.signals import RetryLater
from onboarding.engine.teardown import remove_all
from onboarding.engine.work import Work
from onboarding.models import EventKind, Resource, ResourceState
from onboarding.things import kinds
from onboarding.things.base import Idempotency, Observation, State, Thing

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
            fix = f"Fix the {thing.words} in AWS, or tear it down and start again. Then retry."
            raise NeedsAction(seen.sentence, seen.cure or fix)
    pending = [(t, r, s) for (t, r), s in zip(wanted, looks, strict=True) if s.state is State.PENDING]
    if pending:
        _thing, row, seen = pending[0]
        raise Wait(WaitingFor.AWS, seen.sentence, kind=row.kind, aws_status=seen.aws_status, since=row.made_at)
    for _thing, row in work.yielded:
        if row.pk in fresh:
            raise Wait(WaitingFor.AWS, fresh[row.pk], kind=row.kind, aws_status=row.aws_status, since=row.made_at)
    return bool(wanted)


def _spent(work: Work, row: Resource, seen: Observation) -> None:
    """What nothing mends (a certificate that failed) makes room for another: in a new run, or when a person retries."""
    if not seen.spent or not row.managed or not work.run.writes:
        return
    attempt = work.held.item.attempt
    since = row.values.get("spent_at", attempt)
    if since != attempt or row.seen_run not in (None, work.run.pk):
        remove_all(work, [row])
        raise RetryLater(0.5, f"{seen.sentence} Asks for another one.")
    row.values = {**row.values, "spent_at": attempt}
    work.inventory.note([row])


def _gone(work: Work, thing: Thing, row: Resource, seen: Observation) -> None:
    age = (work.held.now() - row.made_at).total_seconds() if row.made_at else 1e9
    if age < SETTLING_SECONDS and row.seen_run is None:
        raise RetryLater(min(2 + age / 10, 30), f"AWS does not list the {thing.words} {row.aws_id} yet.")
    row.state, row.pending = ResourceState.GONE, False
    work.inventory.write([row], EventKind.GONE)
    raise NeedsAction(
        f"{seen.sentence} It was deleted outside of this product.",
        "Retry this step to make a new one." if row.managed else "Choose another existing one, then retry.",
    )


def check_all(work: Work, wanted: Sequence[tuple[Thing, str]]) -> list[Observation]:
    """Check pairs of thing and id, in as few calls as AWS allows, the kinds side by side; in order."""
    groups: dict[tuple[type[Thing], str, str], list[int]] = {}
    for index, (thing, _) in enumerate(wanted):
        groups.setdefault((type(thing), thing.role, thing.region), []).append(index)
    jobs: list[Callable[[], list[Observation]]] = [
        partial(cls.check, work.door(wanted[ids[0]][0]), [wanted[i] for i in ids])
        for (cls, _, _), ids in groups.items()
    ]
    found: dict[int, Observation] = {}
    for ids, result in zip(groups.values(), work.ctx.side_by_side(jobs) if jobs else [], strict=True):
        if isinstance(result, Exception):
            raise result
        found |= dict(zip(ids, result, strict=True))
    return [found[index] for index in range(len(wanted))]


M = TypeVar("M")


@dataclass
class Ensurer(Work):
    """Ensures the things of one item's step, batch by batch; answers from the inventory what it has already."""

    def ready(self, step: Step[M]) -> M:
        """Everything that the step yields exists and was seen ready; what it hands to later steps.

        A step that `renews` is asked again after each look that saw something, which may let it yield more.
        """
        made = self.all_of(step)
        while look(self) and step.rerun_when_ready:
            made = self.all_of(step)
        return made

    def all_of(self, step: Step[M]) -> M:
        """Everything that the step yields exists afterwards; what it hands to later steps."""
        return run(step.things(self.ctx), self)

    def __call__(self, things: Sequence[Thing]) -> list[Observation]:
        """One batch: every thing exists afterwards; one Seen for each, in order."""
        self.batch += 1
        seen: dict[int, Observation] = {}
        for index, thing in enumerate(things):
            row = self.inventory.row(thing)
            if row is not None and row.state in LIVE and self._same(row, thing):
                seen[index] = seen_of(row)
        missing = [(i, t) for i, t in enumerate(things) if i not in seen]
        adopt = [(i, t) for i, t in missing if t.given]
        look_up = [(i, t) for i, t in missing if not t.given and t.idempotency is Idempotency.READ]
        make = [(i, t) for i, t in missing if not t.given and t.idempotency is not Idempotency.READ]
        if adopt:
            seen |= self._adopt(adopt)
        if look_up:
            seen |= make_all(self, look_up)
        if make:
            self._refuse_to_write()
            seen |= make_all(self, make)
        for thing in things:
            row = self.inventory.row(thing)
            if row is not None:
                self.yielded.append((thing, row))
        return [seen[index] for index in range(len(things))]

    def _refuse_to_write(self) -> None:
        if not self.run.writes:
            raise NeedsAction("Something that this step needs has not been made yet.", "Start a run to make it.")

    def _same(self, row: Resource, thing: Thing) -> bool:
        """Whether the row's thing is what is wanted. A setting is set again; anything else is a question to the
        person.
        """
        now, was = thing.params(), row.params
        if now == was or thing.idempotency is Idempotency.READ or not thing.compare:
            return True
        if thing.idempotency is Idempotency.SET or (thing.given and not row.managed) or self._lost(row):
            return False
        told = "; ".join(f"{n} was {was.get(n)!r} and is now {now[n]!r}" for n in now if now[n] != was.get(n))
        raise NeedsAction(
            f"The {thing.words} {row.aws_id} was made with other inputs ({told}).",
            "Put the input back, or tear this region down first; nothing that exists is changed silently.",
        )

    def _lost(self, row: Resource) -> bool:
        """Whether the one that was made is gone (with what it stood in): then another takes its place."""
        if check_all(self, [(thing_of(row), row.aws_id)])[0].state is not State.GONE:
            return False
        row.state = ResourceState.GONE
        self.inventory.write([row], EventKind.GONE)
        return True

    def _adopt(self, chosen: Sequence[tuple[int, Thing]]) -> dict[int, Observation]:
        looks = check_all(self, [(thing, thing.given) for _, thing in chosen])
        reasons: list[str] = []
        rows = []
        for (_, thing), seen in zip(chosen, looks, strict=True):
            if seen.state in (State.GONE, State.WRONG):
                reasons.append(seen.sentence)
            reasons += list(thing.judge(seen))
            rows.append(self.fresh(thing))
            self.inventory.record(rows[-1], seen, self.run.pk)
        if reasons:
            for row in rows:
                self.inventory.rows.pop((row.kind, row.logical_key), None)
            raise NeedsAction(" ".join(dict.fromkeys(reasons)), "Choose another existing one, or let us create it.")
        self.inventory.write(rows, EventKind.ADOPTED)
        return {index: seen for (index, _), seen in zip(chosen, looks, strict=True)}


def drop_surplus(ensure: Ensurer) -> None:
    """Remove the rows of converging kinds that the step did not yield this time, last batch first; intent before each
    call. Raises RetryLater while AWS is at it.
    """
    wanted = {row.pk for _, row in ensure.yielded}
    surplus = [row for row in ensure.inventory.rows.values() if row.pk not in wanted and _surplus(row)]
    if ensure.run.writes:
        remove_all(ensure, surplus)
        _settle([row for row in ensure.inventory.rows.values() if row.pk not in wanted and _open(row)], ensure)


def _open(row: Resource) -> bool:
    """A setting that a killed worker was about to make, and that the step now finds made."""
    kind = kinds().get(row.kind)
    return row.state == ResourceState.INTENDED and kind is not None and kind.idempotency is Idempotency.SET


def _settle(rows: Sequence[Resource], ensure: Ensurer) -> None:
    """Each of these was made, and then it exists, or it was not, and then there is nothing."""
    for row in rows:
        thing = thing_of(row)
        ids = thing.find(ensure.door(thing), mark_of(row, ensure.held)) if row.create_attempts else []
        row.state, row.aws_id = (ResourceState.EXISTS, ids[0]) if ids else (ResourceState.GONE, "")
        row.made_at = row.made_at or (ensure.held.now() if ids else None)
        ensure.inventory.write([row], EventKind.FOUND if ids else EventKind.NEVER_MADE)


def _surplus(row: Resource) -> bool:
    kind = kinds().get(row.kind)
    if kind is None or not kind.converges:
        return False
    return row.state in (*LIVE, ResourceState.DELETING) or (kind.temporary and row.state == ResourceState.INTENDED)
