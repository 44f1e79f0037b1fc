"""What stands open below the matrix: failed items with their cure, waits with what they wait for and Check now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from onboarding.models import Failure, Item, ItemState, WaitStat
from onboarding.pages.common.states import Mark, mark
from onboarding.pages.common.times import Moment, moment
from onboarding.pages.common.waits import Wait, by_clock, wait_of
from onboarding.steps import place

MOST = 8


@dataclass(frozen=True)
class Failed:
    """A failed item: why, and what may be pressed."""

    pk: UUID
    title: str
    url: str
    mark: Mark
    why: Failure | None
    sentence: str
    attempt: int
    at: Moment | None


@dataclass(frozen=True)
class Waiting:
    """A waiting item with its card. `checked`: it is looked at by the clock, so that looking now makes sense."""

    pk: UUID
    title: str
    url: str
    mark: Mark
    wait: Wait
    checked: bool


@dataclass(frozen=True)
class Open:
    """The first MOST of each kind; `more` counts those that are left out."""

    failed: list[Failed]
    waiting: list[Waiting]
    more_failed: int
    more_waiting: int


def open_items(items: Sequence[Item], stats: dict[str, WaitStat]) -> Open:
    """What stands open, from rows already read; no query. Whom a person can help comes first."""
    failed = [item for item in items if item.state == ItemState.FAILED]
    waiting = sorted((i for i in items if i.state == ItemState.WAITING), key=lambda i: i.waiting_for != "you")
    return Open(
        failed=[_failed(item) for item in failed[:MOST]],
        waiting=[_waiting(item, stats) for item in waiting[:MOST]],
        more_failed=max(len(failed) - MOST, 0),
        more_waiting=max(len(waiting) - MOST, 0),
    )


def _failed(item: Item) -> Failed:
    words, url = place(item.slug, item.region), reverse("onboarding:item", args=[item.pk])
    seen = mark(item.state)
    return Failed(item.pk, words, url, seen, item.why, item.message, item.attempt, moment(item.ended_at))


def _waiting(item: Item, stats: dict[str, WaitStat]) -> Waiting:
    words, url = place(item.slug, item.region), reverse("onboarding:item", args=[item.pk])
    return Waiting(item.pk, words, url, mark(item.state, item.waiting_for), wait_of(item, stats), by_clock(item))
