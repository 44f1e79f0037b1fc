"""The one writer of an item's state, for workers and commands alike: state, counters and event in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q

from onboarding.checklist.step import CheckResult, Email, SubmissionVersion
from onboarding.engine import clock
from onboarding.engine.counters import delta, touch
from onboarding.engine.history import new_event
from onboarding.engine.signals import Overtaken
from onboarding.models import MET, Event, EventKind, Failure, Item, ItemState
from sellers.models import User

ENDS = MET | {ItemState.FAILED, ItemState.CANCELLED, ItemState.UNDONE}
RECHECK_SECONDS = 15 * 60


@dataclass(frozen=True, kw_only=True)
class Transition:
    """Where a worker takes an item. `next_in` seconds until it is due again (None: not by the clock); `fields` are
    further columns.
    """

    to: str
    waiting_for: str = ""
    sentence: str = ""
    aws_status: str = ""
    kind: str = ""
    next_in: float | None = None
    failure: Failure | None = None
    proofs: Sequence[CheckResult] = ()
    sends: Sequence[Email | SubmissionVersion] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)


def apply(
    items: Sequence[Item],
    to: str,
    *,
    waiting_for: str = "",
    columns: Mapping[str, Any],
    fence: Q | None = None,
    what: EventKind = EventKind.ITEM,
    by: User | None = None,
    at: datetime | None = None,
    sentence: str = "",
    data: Mapping[str, Any] | None = None,
) -> None:
    """Write a state to items of one product, with further columns, an event for each that changes, and the counters.

    Call it in a transaction. Overtaken, which must roll that back, if `fence` does not hold for all of them.
    """
    if not items:
        return
    changed = [item for item in items if (item.state, item.waiting_for) != (to, waiting_for)]
    change: Counter[str] = Counter()
    for item in changed:
        change.update(delta((item.state, item.waiting_for), (to, waiting_for)))
    touch(items[0].product_id, change)  # first: it puts the changes of one product in a line
    mine = Item.objects.filter(fence or Q(), pk__in=[item.pk for item in items])
    if mine.update(state=to, waiting_for=waiting_for, **columns) != len(items):
        raise Overtaken(", ".join(str(item) for item in items))
    at = at or (clock.now() if changed else None)
    Event.objects.bulk_create(
        new_event(item, what, at=at, by=by, before=item.state, after=to, sentence=sentence, data=data)
        for item in changed
    )
