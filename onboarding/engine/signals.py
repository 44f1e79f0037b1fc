"""What may end the work on an item before it is finished."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class DueItem:
    """An item that should be looked at in so many seconds. A message about it may be lost, doubled or late."""

    item_id: UUID
    after: float = 0.0


class Overtaken(Exception):
    """Somebody else changed the item first: nothing of this change is written."""


class LeaseLost(Overtaken):
    """Another worker holds the item: stop, write nothing, call AWS no more."""


class CancelSeen(Exception):
    """A person cancelled, or tears down, what this worker is doing."""


class RetryLater(Exception):
    """Nothing is wrong; the item is looked at again in `after` seconds (a settle time, a rate, a throttled account).

    `kind` and `since` (when it began) name a wait whose usual time is learnt.
    """

    def __init__(
        self, after: float, sentence: str, *, counted: bool = False, kind: str = "", since: datetime | None = None
    ) -> None:
        super().__init__(sentence)
        self.kind, self.since = kind, since
        self.after, self.sentence, self.counted = after, sentence, counted


class Blocked(Exception):
    """The verb cannot be done now; the sentence says why and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
