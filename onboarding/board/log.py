"""The log of an item: its events and AWS calls in the order in which they happened, without secrets (feature 42)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from onboarding.board.history import happened
from onboarding.board.redact import plain
from onboarding.board.words import MARKS
from onboarding.models import AwsCall, Event, Item, ItemState

MOST = 200


@dataclass(frozen=True)
class Entry:
    """One line: the time of day, the exact time, what happened, who did it ("" for the engine)."""

    at: str
    exact: str
    words: str
    who: str
    tone: str
    call: bool


@dataclass(frozen=True)
class Log:
    """The last MOST lines, oldest first. `cut`: there are older ones. `open`: it stands open by itself."""

    entries: list[Entry]
    cut: bool
    open: bool


def log(item: Item) -> Log:
    """The log of an item; two queries. It opens by itself when the item has failed."""
    events = list(Event.objects.filter(item_id=item.pk).order_by("-id")[: MOST + 1])
    calls = list(AwsCall.objects.filter(item=item).order_by("-id")[: MOST + 1])
    lines = [_event(row) for row in events] + [_call(row) for row in calls]
    lines.sort(key=lambda line: line[0])
    cut = len(lines) > MOST
    return Log([entry for _, entry in lines[-MOST:]], cut, item.state == ItemState.FAILED)


def _event(row: Event) -> tuple[datetime, Entry]:
    tone = MARKS[ItemState.FAILED].tone if row.after == ItemState.FAILED else ""
    who = "" if row.actor == "engine" else row.actor
    return row.at, Entry(*_times(row.at), plain(happened(row)), who, tone, call=False)


def _call(row: AwsCall) -> tuple[datetime, Entry]:
    answer = f"{row.code}: {row.message}" if row.code else f"{row.status or 'no answer'}"
    took = f" in {row.ms} ms" if row.ms is not None else ""
    words = f"{row.service}:{row.operation} in {row.region}: {answer}{took}"
    tone = MARKS[ItemState.FAILED].tone if row.code else ""
    return row.at, Entry(*_times(row.at), plain(words), "", tone, call=True)


def _times(at: datetime) -> tuple[str, str]:
    return f"{at:%H:%M:%S}", f"{at:%Y-%m-%d %H:%M:%S.%f}"[:-3] + " UTC"
