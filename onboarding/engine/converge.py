"""What is no longer wanted of a set (allow list, registered targets) is removed by the run that finds it so."""

from __future__ import annotations

from onboarding.engine.ensure import Ensurer
from onboarding.engine.inventory import LIVE, thing_of
from onboarding.models import ResourceState
from onboarding.things import kinds


def drop_surplus(ensure: Ensurer) -> None:
    """Remove the managed rows of converging kinds that the step did not yield this time; intent before each call."""
    wanted = {row.pk for _, row in ensure.yielded}
    inventory = ensure.inventory
    for row in list(inventory.rows.values()):
        kind = kinds().get(row.kind)
        if row.state not in (*LIVE, ResourceState.DELETING) or row.pk in wanted:
            continue
        if kind is None or not kind.converges or not ensure.run.writes:
            continue
        if row.managed:
            row.state = ResourceState.DELETING
            inventory.write([row], "removing")
            thing = thing_of(row)
            thing.remove(ensure.door(thing), row.aws_id)
        row.state = ResourceState.GONE
        inventory.write([row], "removed")
