"""How an event is said to people: its kind, a title and a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from onboarding.models import (
    Event,
    EventKind,
    Item,
    ItemState,
    NoticeKind,
    Run,
    RunState,
    Submission,
    SubmissionState,
    Verb,
)
from onboarding.steps import place

LONGEST = 1000
VERBS = {Verb.PROVISION: "Run", Verb.TEARDOWN: "Teardown", Verb.VERIFY: "Verification"}
ENDS = {
    RunState.DONE: "has finished",
    RunState.FAILED: "has stopped: something failed",
    RunState.CANCELLED: "was canceled",
}
SAID: dict[str, tuple[NoticeKind, str]] = {
    EventKind.QUESTION: (NoticeKind.QUESTION, "Seller Operations asks about version {}"),
    EventKind.ANSWER: (NoticeKind.ANSWERED, "A question about version {} was answered"),
    SubmissionState.RETURNED: (NoticeKind.RETURNED, "Version {} was returned"),
    SubmissionState.LIVE: (NoticeKind.LIVE, "Seller Operations confirm that version {} is live"),
}


@dataclass(frozen=True, kw_only=True)
class Said:
    """What one event says. `only`: the one person it is for, by email address."""

    kind: NoticeKind
    title: str
    sentence: str = ""
    submission_id: UUID | None = None
    desk: bool = False
    only: str = ""


@dataclass(frozen=True)
class EventLookup:
    """The rows that some events name: items, runs, and versions by product and number."""

    items: dict[UUID, Item]
    runs: dict[UUID, Run]
    versions: dict[tuple[UUID, int], UUID]

    @classmethod
    def of(cls, events: Sequence[Event]) -> EventLookup:
        """Three queries, however many events there are; none without events."""
        if not events:
            return cls({}, {}, {})
        items = Item.objects.filter(pk__in={event.item_id for event in events if event.item_id}).only("slug", "region")
        runs = Run.objects.filter(pk__in={event.run_id for event in events if event.what == EventKind.RUN})
        told = {event.product_id for event in events if event.product_id and "version" in event.data}
        versions = Submission.objects.filter(product_id__in=told).values_list("product_id", "number", "pk")
        return cls(
            {item.pk: item for item in items},
            {run.pk: run for run in runs.select_related("by")},
            {(product, number): pk for product, number, pk in versions},
        )

    def said(self, event: Event) -> Said | None:
        """An event in words; None if its rows are gone."""
        match event.what:
            case EventKind.ITEM:
                return self._item(event)
            case EventKind.RUN:
                return self._run(event)
        return self._version(event)

    def _item(self, event: Event) -> Said | None:
        item = self.items.get(event.item_id) if event.item_id else None
        if item is None:
            return None
        where, sentence = place(item.slug, item.region), event.sentence[:LONGEST]
        if event.after == ItemState.FAILED:
            return Said(kind=NoticeKind.FAILED, title=f"{where} failed", sentence=sentence)
        if event.after == ItemState.DONE:
            return Said(kind=NoticeKind.LIVE, title="The product is live", sentence=sentence)
        if event.data.get("reason") == "marketplace":
            said = "The seller asks for the name servers of the product's DNS name."
            return Said(kind=NoticeKind.ARRIVED, title="Name servers are asked for", sentence=said, desk=True)
        return Said(kind=NoticeKind.TURN, title=f"Action required: {where}", sentence=sentence)

    def _run(self, event: Event) -> Said | None:
        run = self.runs.get(event.run_id) if event.run_id else None
        if run is None:
            return None
        end, only = ENDS[RunState(event.after)], ""
        if run.verb == Verb.VERIFY and event.after == RunState.FAILED:
            end = "found differences"
        elif run.verb == Verb.VERIFY:
            if run.by is None:
                return None
            end, only = "found everything as it was made", run.by.email
        return Said(kind=NoticeKind.FINISHED, title=f"{VERBS[Verb(run.verb)]} {run.number} {end}", only=only)

    def _version(self, event: Event) -> Said | None:
        kind, title = SAID[SubmissionState(event.after) if event.what == EventKind.SUBMISSION else event.what]
        number = int(event.data.get("version", 0))
        found = self.versions.get((event.product_id, number)) if event.product_id else None
        return Said(
            kind=kind,
            title=title.format(number),
            sentence=event.sentence[:LONGEST],
            submission_id=found,
            desk=kind is NoticeKind.ANSWERED,
        )
