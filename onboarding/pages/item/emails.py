"""The emails that an item has sent, as they stand in the outbox."""

from __future__ import annotations

from dataclasses import dataclass

from onboarding.models import Item, ItemState, Outbox
from onboarding.pages.common.states import MARKS, Mark
from onboarding.pages.common.times import Moment, moment

SENT = Mark("Sent", "s-done", "circle-check")
DUE = MARKS[ItemState.TODO]


@dataclass(frozen=True)
class Post:
    """One mail. `at` is when it was sent, or when it is tried."""

    key: str
    subject: str
    to: str
    body: str
    mark: Mark
    at: Moment | None


def letters(item: Item) -> list[Post]:
    """The mails that the item itself wrote, the last first; one query."""
    rows = Outbox.objects.filter(dedupe_key__startswith=Outbox.item_key(item.pk)).order_by("-pk")
    return [
        Post(
            key=f"mail-{row.pk}",
            subject=row.subject,
            to=", ".join(row.to),
            body=row.body,
            mark=SENT if row.sent_at else DUE,
            at=moment(row.sent_at or row.due_at),
        )
        for row in rows
    ]
