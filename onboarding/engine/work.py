"""The work on one item's things: whose they are, through which door they are reached, what was yielded so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from onboarding.aws.clients import RegionClients
from onboarding.checklist.step import Context, Step
from onboarding.engine.inventory import Inventory
from onboarding.models import Resource, Run
from onboarding.things.base import Thing


@dataclass
class Work:
    """What ensuring, making and looking share. `batch` counts the step's yields, and orders the undo."""

    step: Step[Any]
    ctx: Context
    inventory: Inventory
    run: Run
    batch: int = 0
    yielded: list[tuple[Thing, Resource]] = field(default_factory=list)

    def door(self, thing: Thing) -> RegionClients:
        """The door through which a thing is reached: its own role and region, else the step's and the item's."""
        return self.ctx.doors(thing.role or self.step.role, thing.region or self.ctx.region)

    def fresh(self, thing: Thing) -> Resource:
        """The thing's row for a first attempt, in memory: a thing that was gone begins a new generation."""
        door = self.door(thing)
        return self.inventory.fresh(
            thing, account=door.account, region=door.region, role=thing.role or self.step.role, batch=self.batch
        )
