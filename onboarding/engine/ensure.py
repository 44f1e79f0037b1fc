"""Ensure things: intent row, find, make, record, check (engine.md section 2). The only place that makes anything in AWS."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from onboarding.aws.door import Door
from onboarding.aws.errors import Kind, code_of, read
from onboarding.engine import stock, waits
from onboarding.engine.inventory import LIVE, Inventory, mark_of, seen_of
from onboarding.engine.signals import LookAgain
from onboarding.models import Resource, ResourceState, Run
from onboarding.steps.base import Context, NotYet, Reason, Step, Wrong
from onboarding.things.base import Guard, Seen, State, Thing

ACTED = (ClientError, BotoCoreError)
# Errors after which we know that nothing was made, so that the next attempt is a first one again.
SETTLING_SECONDS = 600
NOTHING_MADE = {Kind.NOT_SENT, Kind.THROTTLE, Kind.PERMISSION, Kind.YOURS, Kind.NOT_FOUND, Kind.CREDENTIALS, Kind.PERMANENT}  # fmt: skip


@dataclass
class Ensurer:
    """Ensures the things of one item's step, batch by batch; answers from the inventory what it has already."""

    step: Step[Any]
    ctx: Context
    inventory: Inventory
    run: Run
    batch: int = 0
    yielded: list[tuple[Thing, Resource]] = field(default_factory=list)

    def __call__(self, things: Sequence[Thing]) -> list[Seen]:
        """One batch: every thing exists afterwards; one Seen for each, in order."""
        self.batch += 1
        seen: dict[int, Seen] = {}
        for index, thing in enumerate(things):
            row = self.inventory.row(thing)
            if row is not None and row.state in LIVE and self._same(row, thing):
                seen[index] = seen_of(row)
        missing = [(i, t) for i, t in enumerate(things) if i not in seen]
        adopt = [(i, t) for i, t in missing if t.given]
        look_up = [(i, t) for i, t in missing if not t.given and t.guard is Guard.READ]
        make = [(i, t) for i, t in missing if not t.given and t.guard is not Guard.READ]
        if adopt:
            seen |= self._adopt(adopt)
        if look_up:
            seen |= self._make(look_up)
        if make:
            self._refuse_to_write()
            seen |= self._make(make)
        for thing in things:
            row = self.inventory.row(thing)
            if row is not None:
                self.yielded.append((thing, row))
        return [seen[index] for index in range(len(things))]

    def door(self, thing: Thing) -> Door:
        """The door through which a thing is reached: its own role and region, else the step's and the item's."""
        return self.ctx.doors(thing.role or self.step.role, thing.region or self.ctx.region)

    def _refuse_to_write(self) -> None:
        if not self.run.writes:
            raise Wrong("Something that this step needs has not been made yet.", "Start a run to make it.")

    def _same(self, row: Resource, thing: Thing) -> bool:
        """Whether the row's thing is what is wanted. A setting is set anew; anything else is a question to the person."""
        now, was = thing.params(), row.params
        if now == was or thing.guard is Guard.READ or not thing.compare:
            return True
        if thing.guard is Guard.SET:
            return False
        told = "; ".join(f"{n} was {was.get(n)!r} and is now {now[n]!r}" for n in now if now[n] != was.get(n))
        raise Wrong(
            f"The {thing.words} {row.aws_id} was made with other inputs ({told}).",
            "Put the input back, or tear this region down first; nothing that exists is changed silently.",
        )

    def _adopt(self, chosen: Sequence[tuple[int, Thing]]) -> dict[int, Seen]:
        looks = self._check([(thing, thing.given) for _, thing in chosen])
        reasons: list[str] = []
        rows = []
        for (_, thing), seen in zip(chosen, looks, strict=True):
            if seen.state in (State.GONE, State.WRONG):
                reasons.append(seen.sentence)
            reasons += list(thing.judge(seen))
            rows.append(self._fresh(thing))
            self.inventory.record(rows[-1], seen, self.run.pk)
        if reasons:
            for row in rows:
                self.inventory.rows.pop((row.kind, row.logical_key), None)
            raise Wrong(
                " ".join(dict.fromkeys(reasons)), "Choose another existing one, or let us create it."
            )
        self.inventory.write(rows, "adopted")
        return {index: seen for (index, _), seen in zip(chosen, looks, strict=True)}

    def _make(self, wanted: Sequence[tuple[int, Thing]]) -> dict[int, Seen]:
        doubts = [_doubtful(self.inventory.row(thing)) for _, thing in wanted]
        rows = [doubt or self._fresh(thing) for (_, thing), doubt in zip(wanted, doubts, strict=True)]
        for row in rows:
            row.makes += 1
        first = [
            r
            for (_, t), r, d in zip(wanted, rows, doubts, strict=True)
            if not d and t.guard is not Guard.READ
        ]
        self.inventory.write(first, "intent")
        jobs = [partial(self._one, t, r, bool(d)) for (_, t), r, d in zip(wanted, rows, doubts, strict=True)]
        return self._record(wanted, rows, self.ctx.side_by_side(jobs))

    def _fresh(self, thing: Thing) -> Resource:
        door = self.door(thing)
        return self.inventory.fresh(
            thing,
            account=door.account,
            region=door.region,
            role=thing.role or self.step.role,
            batch=self.batch,
        )

    def _one(self, thing: Thing, row: Resource, doubt: bool) -> Seen:
        door = self.door(thing)
        found = self._found(thing, row, door, doubt)
        if found is not None:
            return found
        if doubt and row.params != thing.params():
            row.generation, row.params, row.looks = row.generation + 1, thing.params(), 0
            self.inventory.write([row], "intent")
        mark = mark_of(row, self.inventory.held)
        try:
            return thing.make(door, mark)
        except ClientError as error:
            if code_of(error) not in thing.taken:
                raise
            ids = thing.find(door, mark)
            if ids:
                return thing.check(door, [(thing, ids[0])])[0]
            if row.looks >= len(waits.SETTLE):
                raise
            raise self._settling(row, f"AWS says that the {thing.words} is there; looks for it again.") from None

    def _found(self, thing: Thing, row: Resource, door: Door, doubt: bool) -> Seen | None:
        mark = mark_of(row, self.inventory.held)
        if doubt:
            ids = thing.find(door, mark)
            if not ids and thing.guard is Guard.NONE and row.looks < len(waits.SETTLE):
                raise self._settling(row, f"Looks whether AWS made the {thing.words} after all.")
        elif thing.guard in (Guard.NONE, Guard.TOKEN):
            bearing = stock.bearing(door, self.run.pk, self.ctx.product_id, self.ctx.region)
            ids = sorted(i for _, i in bearing.get(mark.item, []))
        else:
            return None
        for twin in ids[1:]:
            self.inventory.tell(row, "twin", {"twin": twin})
            thing.remove(door, twin)
        seen = thing.check(door, [(thing, ids[0])])[0] if ids else None
        return None if seen is None or seen.state is State.GONE else seen

    def _settling(self, row: Resource, sentence: str) -> LookAgain:
        row.looks += 1
        return LookAgain(waits.SETTLE[row.looks - 1], sentence)

    def _record(
        self, wanted: Sequence[tuple[int, Thing]], rows: Sequence[Resource], results: Sequence[Any]
    ) -> dict[int, Seen]:
        seen: dict[int, Seen] = {}
        made, failed = [], []
        for (index, thing), row, result in zip(wanted, rows, results, strict=True):
            if thing.guard is Guard.READ and isinstance(result, Seen) and result.state is State.WRONG:
                raise Wrong(result.sentence, "Change the input, then retry this step.")
            if isinstance(result, Seen):
                row.managed = thing.guard is not Guard.READ
                self.inventory.record(row, result, self.run.pk)
                made.append(row)
                seen[index] = result
                continue
            if isinstance(result, ACTED) and read(result).kind in NOTHING_MADE:
                row.makes = 0
            if thing.guard is not Guard.READ:
                failed.append(row)
        self.inventory.write(made, "made")
        self.inventory.write(failed, "not made")
        broken: list[Exception] = [result for result in results if not isinstance(result, Seen)]
        if broken:
            raise max(broken, key=_weight)
        return seen

    def look(self) -> None:
        """Check everything yielded that is pending, or was not seen ready in this run. Waits, or says what is wrong."""
        wanted = [(t, r) for t, r in self.yielded if r.pending or r.seen_run != self.run.pk]
        looks = self._check([(thing, row.aws_id) for thing, row in wanted])
        for (_thing, row), seen in zip(wanted, looks, strict=True):
            was_pending = row.pending
            self.inventory.saw(row, seen, self.run.pk)
            if was_pending and seen.state is State.READY and row.made_at:
                waits.learn(row.kind, (self.inventory.held.now() - row.made_at).total_seconds())
        self.inventory.note([row for _, row in wanted])
        for (thing, row), seen in zip(wanted, looks, strict=True):
            if seen.state is State.GONE:
                self._gone(thing, row, seen)
            elif seen.state is State.WRONG:
                raise Wrong(seen.sentence, f"Mend the {thing.words} in AWS, or tear down and begin again; then retry.")
        pending = [(t, r, s) for (t, r), s in zip(wanted, looks, strict=True) if s.state is State.PENDING]
        if pending:
            thing, row, seen = pending[0]
            raise NotYet(Reason.AWS, seen.sentence, kind=row.kind, at_aws=seen.at_aws)

    def _gone(self, thing: Thing, row: Resource, seen: Seen) -> None:
        age = (self.inventory.held.now() - row.made_at).total_seconds() if row.made_at else 1e9
        if age < SETTLING_SECONDS and row.seen_run is None:
            raise LookAgain(min(2 + age / 10, 30), f"AWS does not list the {thing.words} {row.aws_id} yet.")
        row.state, row.pending = ResourceState.GONE, False
        self.inventory.write([row], "gone")
        raise Wrong(
            f"{seen.sentence} It was deleted outside of this product.",
            "Retry this step to make a new one."
            if row.managed
            else "Choose another existing one, then retry.",
        )

    def _check(self, wanted: Sequence[tuple[Thing, str]]) -> list[Seen]:
        groups: dict[tuple[type[Thing], str, str], list[int]] = {}
        for index, (thing, _) in enumerate(wanted):
            groups.setdefault((type(thing), thing.role, thing.region), []).append(index)
        jobs: list[Callable[[], list[Seen]]] = [
            partial(cls.check, self.door(wanted[ids[0]][0]), [wanted[i] for i in ids])
            for (cls, _, _), ids in groups.items()
        ]
        found: dict[int, Seen] = {}
        for ids, result in zip(groups.values(), self.ctx.side_by_side(jobs) if jobs else [], strict=True):
            if isinstance(result, Exception):
                raise result
            found |= dict(zip(ids, result, strict=True))
        return [found[index] for index in range(len(wanted))]


def _doubtful(row: Resource | None) -> Resource | None:
    """The row, if an earlier attempt to make its thing has no known end."""
    return row if row is not None and row.makes and row.state == ResourceState.INTENDED else None


def _weight(error: Exception) -> int:
    """Which of several errors is told: a wish or a lost lease first, then what a person must mend, then what goes on."""
    if isinstance(error, ACTED):
        return 2 if read(error).kind in (Kind.PERMISSION, Kind.YOURS, Kind.PERMANENT) else 1
    return 0 if isinstance(error, LookAgain) else 3
