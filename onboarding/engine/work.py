"""One item in a worker's hands: its step, what the step is told, and the rows of its things."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from onboarding.aws.clients import RegionClients
from onboarding.checklist.step import Context, Step
from onboarding.engine import context
from onboarding.engine.inventory import Inventory
from onboarding.engine.lease import Lease
from onboarding.models import Resource, Run
from onboarding.steps import by_slug
from onboarding.things.base import Observation, Thing


class Retired(Step[None]):
    """Stands in for a step that this version no longer has: its item is shown, and goes nowhere."""

    title, doing, guide, made = "Retired step", "Nothing", (), type(None)

    def things(self, ctx: Context) -> Generator[Sequence[Thing], Sequence[Observation], None]:
        """Nothing."""
        yield from ()


def step_of(held: Lease) -> Step[Any]:
    """The item's step; one that this version no longer has is Retired."""
    return by_slug().get(held.item.slug) or Retired()


@dataclass
class Work:
    """What ensuring, creating, looking and teardown share. `batch` counts the step's yields, and orders the undo."""

    held: Lease
    step: Step[Any]
    ctx: Context
    inventory: Inventory
    batch: int = 0
    yielded: list[tuple[Thing, Resource]] = field(default_factory=list)

    @classmethod
    def on(cls, held: Lease, inventory: type[Inventory] = Inventory) -> Self:
        """The work on a claimed item."""
        return cls(held, step_of(held), context.build(held), inventory(held))

    @property
    def run(self) -> Run:
        """The run that the work belongs to."""
        run = self.held.item.run
        assert run is not None  # noqa: S101 - claim takes no item without a run
        return run

    def door(self, thing: Thing) -> RegionClients:
        """The door through which a thing is reached: its own role and region, else the step's and the item's."""
        return self.ctx.doors(thing.role or self.step.role, thing.region or self.ctx.region)

    def fresh(self, thing: Thing) -> Resource:
        """The thing's row for a first attempt, in memory: a thing that was gone begins a new generation."""
        door = self.door(thing)
        return self.inventory.fresh(
            thing, account=door.account, region=door.region, role=thing.role or self.step.role, batch=self.batch
        )
