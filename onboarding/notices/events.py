"""What people are told of, read from the history: the events that matter, and the versions that were sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from onboarding.models import (
    Event,
    EventKind,
    Item,
    ItemState,
    Notice,
    NoticeKind,
    RunState,
    Submission,
    SubmissionState,
)
from onboarding.notices import sentences

BATCH = 500
AGAIN = timedelta(hours=24)
ENDS = (RunState.DONE, RunState.FAILED, RunState.CANCELLED)
DECIDED = (SubmissionState.RETURNED, SubmissionState.LIVE)
# The desk mails the seller of these at once, by itself (onboarding.review).
MAILED = (EventKind.SUBMISSION, EventKind.QUESTION)


@dataclass(frozen=True, kw_only=True)
class NotifiableEvent:
    """One thing to tell. `desk`: to Seller Operations, else to the seller's people. `mails`: by email, too.

    `only` is the one person who is told, by email address; `actor` did it and is not told.
    """

    key: str
    kind: NoticeKind
    at: datetime
    seller_id: UUID
    product_id: UUID
    title: str
    sentence: str = ""
    item_id: UUID | None = None
    submission_id: UUID | None = None
    desk: bool = False
    mails: bool = True
    only: str = ""
    actor: str = ""


def since(floor: datetime) -> list[NotifiableEvent]:
    """What happened since then and was not told yet, the oldest first."""
    return sorted([*_of_events(floor), *_of_versions(floor)], key=lambda cause: cause.at)


def _of_events(floor: datetime) -> list[NotifiableEvent]:
    found: list[NotifiableEvent] = []
    rows = Event.objects.filter(matters(), at__gte=floor, product_id__isnull=False).order_by("id")
    last = 0
    while batch := list(rows.filter(id__gt=last)[:BATCH]):
        past = told([f"event.{event.pk}" for event in batch])
        fresh = [event for event in batch if f"event.{event.pk}" not in past]
        around = sentences.EventLookup.of(fresh)
        found += [cause for event in fresh if not repeats(event) and (cause := _cause(event, around))]
        last = batch[-1].pk
    return found


def matters() -> Q:
    """The events that somebody is told of."""
    waits = Q(after=ItemState.WAITING, data__reason="you")
    asked = Q(after=ItemState.WAITING, data__reason="marketplace", item_id__in=_items("name_servers"))
    live = Q(after=ItemState.DONE, item_id__in=_items("go_live"))
    return (
        Q(waits | asked | live | Q(after=ItemState.FAILED), what=EventKind.ITEM)
        | Q(what=EventKind.RUN, after__in=ENDS)
        | Q(what=EventKind.SUBMISSION, after__in=DECIDED)
        | Q(what=EventKind.QUESTION)
        | Q(what=EventKind.ANSWER, data__has_key="version")
    )


def repeats(event: Event) -> bool:
    """Whether this is no news: nobody but the engine did anything since the same was told, within a day; or it is a
    person's turn because of a return that was told.
    """
    if event.what not in (EventKind.ITEM, EventKind.RUN):
        return False
    of = {"item_id": event.item_id} if event.item_id else {"run_id": event.run_id}
    past = Event.objects.filter(**of, id__lt=event.pk).order_by("-id")
    act = past.exclude(actor="engine").first()
    reason = {"data__reason": event.data["reason"]} if "reason" in event.data else {}
    before = past.filter(what=event.what, after=event.after, **reason).first()
    if (event.what, event.after) == (EventKind.ITEM, ItemState.DONE):  # live again, without a word about a new version
        return before is not None and not past.filter(what=EventKind.ANSWER, id__gt=before.pk).exists()
    if (
        act
        and event.after == ItemState.WAITING
        and (act.what, act.after) == (EventKind.SUBMISSION, SubmissionState.RETURNED)
    ):
        return True
    if before is None or before.run_id != event.run_id or before.at < event.at - AGAIN:
        return False
    return (act is None or act.pk < before.pk) and before.sentence == event.sentence


def _cause(event: Event, around: sentences.EventLookup) -> NotifiableEvent | None:
    """What an event says to whom; None if what it is about is gone."""
    said = around.said(event)
    if said is None or event.product_id is None:
        return None
    return NotifiableEvent(
        key=f"event.{event.pk}",
        kind=said.kind,
        at=event.at,
        seller_id=event.seller_id,
        product_id=event.product_id,
        title=said.title,
        sentence=said.sentence,
        item_id=event.item_id,
        submission_id=said.submission_id,
        desk=said.desk,
        mails=event.what not in MAILED,
        only=said.only,
        actor=event.actor,
    )


def _of_versions(floor: datetime) -> list[NotifiableEvent]:
    """Versions that came in for review."""
    rows = Submission.objects.filter(sent_at__gte=floor).exclude(state=SubmissionState.FROZEN)
    batch = list(rows.select_related("product", "seller"))
    past = told([f"sent.{row.pk}" for row in batch])
    return [
        NotifiableEvent(
            key=f"sent.{row.pk}",
            kind=NoticeKind.ARRIVED,
            at=row.sent_at,
            seller_id=row.seller_id,
            product_id=row.product_id,
            title=f"Version {row.number} came in for review",
            sentence=f"{row.seller.name} sent it for {row.product.name}.",
            submission_id=row.pk,
            desk=True,
            actor=row.sent_by,
        )
        for row in batch
        if row.sent_at and f"sent.{row.pk}" not in past
    ]


def told(keys: Sequence[str]) -> set[str]:
    """Which of these causes have been told."""
    return set(Notice.objects.filter(cause__in=keys).values_list("cause", flat=True))


def _items(slug: str) -> QuerySet[Item, Any]:
    return Item.objects.filter(slug=slug).values("pk")
