"""What is no longer wanted (of the allow list, of the registered targets, of a rehearsal) is removed by the run that
finds it so.
"""

from __future__ import annotations

from collections.abc import Sequence

from onboarding.engine.ensure import Ensurer
from onboarding.engine.inventory import LIVE, mark_of, thing_of
from onboarding.engine.undo import remove_all
from onboarding.models import Resource, ResourceState
from onboarding.things import kinds
from onboarding.things.base import Guard


def drop_surplus(ensure: Ensurer) -> None:
    """Remove the rows of converging kinds that the step did not yield this time, last batch first; intent before each
    call. Raises LookAgain while AWS is at it.
    """
    wanted = {row.pk for _, row in ensure.yielded}
    surplus = [row for row in ensure.inventory.rows.values() if row.pk not in wanted and _surplus(row)]
    if ensure.run.writes:
        remove_all(surplus, ensure.inventory, ensure.ctx)
        _settle([row for row in ensure.inventory.rows.values() if row.pk not in wanted and _open(row)], ensure)


def _open(row: Resource) -> bool:
    """A setting that a killed worker was about to make, and that the step now finds made."""
    kind = kinds().get(row.kind)
    return row.state == ResourceState.INTENDED and kind is not None and kind.guard is Guard.SET


def _settle(rows: Sequence[Resource], ensure: Ensurer) -> None:
    """Each of these was made, and then it exists, or it was not, and then there is nothing."""
    for row in rows:
        thing = thing_of(row)
        ids = thing.find(ensure.door(thing), mark_of(row, ensure.inventory.held)) if row.makes else []
        row.state, row.aws_id = (ResourceState.EXISTS, ids[0]) if ids else (ResourceState.GONE, "")
        row.made_at = row.made_at or (ensure.inventory.held.now() if ids else None)
        ensure.inventory.write([row], "found" if ids else "never made")


def _surplus(row: Resource) -> bool:
    kind = kinds().get(row.kind)
    if kind is None or not kind.converges:
        return False
    return row.state in (*LIVE, ResourceState.DELETING) or (kind.passing and row.state == ResourceState.INTENDED)
