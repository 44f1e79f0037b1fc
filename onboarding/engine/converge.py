"""What is no longer wanted (of the allow list, of the registered targets, of a rehearsal) is removed by the run that
finds it so.
"""

from __future__ import annotations

from onboarding.engine.ensure import Ensurer
from onboarding.engine.inventory import LIVE
from onboarding.engine.undo import remove_all
from onboarding.models import Resource, ResourceState
from onboarding.things import kinds


def drop_surplus(ensure: Ensurer) -> None:
    """Remove the rows of converging kinds that the step did not yield this time, last batch first; intent before each
    call. Raises LookAgain while AWS is at it.
    """
    wanted = {row.pk for _, row in ensure.yielded}
    surplus = [row for row in ensure.inventory.rows.values() if row.pk not in wanted and _surplus(row)]
    if surplus and ensure.run.writes:
        remove_all(surplus, ensure.inventory, ensure.ctx)


def _surplus(row: Resource) -> bool:
    kind = kinds().get(row.kind)
    if kind is None or not kind.converges:
        return False
    return row.state in (*LIVE, ResourceState.DELETING) or (kind.passing and row.state == ResourceState.INTENDED)
