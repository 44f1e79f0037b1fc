"""What Seller Operations and the seller did with each other: from the request for name servers to live (S22-S31)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from onboarding.checklist.words import counted
from onboarding.models import Item, ItemState, Submission, SubmissionState
from onboarding.pages.common.states import MARKS, Mark, mark
from onboarding.pages.common.times import Moment, moment

DONE, TODO = MARKS[ItemState.DONE], MARKS[ItemState.TODO]
RETURNED = Mark("Returned", "s-you", "user-exclamation")


@dataclass(frozen=True)
class Stop:
    """One step of the tracker; `detail` says who or what, `at` when."""

    words: str
    mark: Mark
    detail: str = ""
    at: Moment | None = None


def tracker(items: Mapping[str, Item], versions: Sequence[Submission]) -> list[Stop]:
    """The seven stops. `items` are the product's own items by slug, `versions` the newest first; no query."""
    sent = next((row for row in versions if row.sent_at), None)
    return [
        _requested(items.get("name_servers")),
        _received(items.get("name_servers")),
        _item("Delegated", items.get("delegation")),
        _sent(sent),
        *_taken_up(sent),
        _verified(sent, items.get("go_live")),
        _item("Live", items.get("go_live")),
    ]


def _requested(item: Item | None) -> Stop:
    stop = _item("Names requested", item)
    if item and item.state == ItemState.WAITING and item.waiting_for == "marketplace":
        return replace(stop, mark=DONE, detail="by email", at=moment(item.waiting_since))
    return replace(stop, detail="", at=moment(item.waiting_since)) if item and stop.mark is DONE else stop


def _received(item: Item | None) -> Stop:
    stop = _item("Name servers received", item)
    servers = (item.outputs or {}).get("servers", ()) if item else ()
    return replace(stop, detail=counted(len(servers), "name server")) if servers and stop.mark is DONE else stop


def _sent(row: Submission | None) -> Stop:
    if row is None:
        return Stop("Package sent", TODO)
    return Stop("Package sent", DONE, f"version {row.number}, {row.sent_by}", moment(row.sent_at))


def _taken_up(row: Submission | None) -> list[Stop]:
    taken = row is not None and row.acknowledged_at is not None
    stops = [Stop("Acknowledged", TODO)]
    if row is not None and taken:
        stops = [Stop("Acknowledged", DONE, row.acknowledged_by, moment(row.acknowledged_at))]
    if row is not None and row.state == SubmissionState.RETURNED:
        stops.append(Stop(f"Version {row.number} returned", RETURNED, row.reason, moment(row.decided_at)))
    return stops


def _verified(row: Submission | None, live: Item | None) -> Stop:
    """Confirmed at the review desk, or by the engineer out of their mail."""
    if row is not None and row.state == SubmissionState.LIVE:
        return Stop("Name verified", DONE, row.decided_by, moment(row.decided_at))
    if live is not None and live.state == ItemState.WAITING and live.waiting_for == "marketplace":
        return Stop("Name verified", mark(live.state, live.waiting_for))  # what was said of an earlier version is over
    if live is not None and (live.given().get("confirmed") or live.state == ItemState.DONE):
        return Stop("Name verified", DONE, str((live.answer or {}).get("by", "")))
    return Stop("Name verified", TODO)


def _item(words: str, item: Item | None) -> Stop:
    if item is None:
        return Stop(words, TODO)
    if item.state in (ItemState.DONE, ItemState.SKIPPED):
        return Stop(words, mark(item.state), item.skip_reason, moment(item.ended_at))
    shown = mark(item.state, item.waiting_for)
    return Stop(words, shown, item.message if item.state in (ItemState.WAITING, ItemState.FAILED) else "")
