"""Ensure the things of a step: what exists is answered from the inventory, the rest adopted, looked up or made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar, cast

from onboarding.engine.inventory import LIVE, seen_of, thing_of
from onboarding.engine.look import check_all, look
from onboarding.engine.make import make_all
from onboarding.engine.work import Work
from onboarding.models import Resource, ResourceState
from onboarding.steps.base import Step, Wrong
from onboarding.things.base import Guard, Seen, State, Thing

M = TypeVar("M")


@dataclass
class Ensurer(Work):
    """Ensures the things of one item's step, batch by batch; answers from the inventory what it has already."""

    def ready(self, step: Step[M]) -> M:
        """Everything that the step yields exists and was seen ready; what it hands to later steps.

        A step that `renews` is asked again after each look that saw something, which may let it yield more.
        """
        made = self.all_of(step)
        while look(self) and step.renews:
            made = self.all_of(step)
        return made

    def all_of(self, step: Step[M]) -> M:
        """Everything that the step yields exists afterwards; what it hands to later steps."""
        build = step.things(self.ctx)
        try:
            batch = next(build)
            while True:
                batch = build.send(self(batch))
        except StopIteration as end:
            return cast("M", end.value)

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
            raise Wrong("Something that this step needs has not been made yet.", "Start a run to make it.")

    def _same(self, row: Resource, thing: Thing) -> bool:
        """Whether the row's thing is what is wanted. A setting is set anew; anything else is a question to the
        person.
        """
        now, was = thing.params(), row.params
        if now == was or thing.guard is Guard.READ or not thing.compare:
            return True
        if thing.guard is Guard.SET or (thing.given and not row.managed) or self._lost(row):
            return False
        told = "; ".join(f"{n} was {was.get(n)!r} and is now {now[n]!r}" for n in now if now[n] != was.get(n))
        raise Wrong(
            f"The {thing.words} {row.aws_id} was made with other inputs ({told}).",
            "Put the input back, or tear this region down first; nothing that exists is changed silently.",
        )

    def _lost(self, row: Resource) -> bool:
        """Whether the one that was made is gone (with what it stood in): then another takes its place."""
        if check_all(self, [(thing_of(row), row.aws_id)])[0].state is not State.GONE:
            return False
        row.state = ResourceState.GONE
        self.inventory.write([row], "gone")
        return True

    def _adopt(self, chosen: Sequence[tuple[int, Thing]]) -> dict[int, Seen]:
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
            raise Wrong(" ".join(dict.fromkeys(reasons)), "Choose another existing one, or let us create it.")
        self.inventory.write(rows, "adopted")
        return {index: seen for (index, _), seen in zip(chosen, looks, strict=True)}
