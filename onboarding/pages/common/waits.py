"""A wait as people see it, and how long such waits usually take at this AWS endpoint."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import lru_cache

from django.urls import reverse

from onboarding.engine import waits
from onboarding.models import Item, WaitStat
from onboarding.pages.common.times import Moment, age, moment, span
from onboarding.plan.durations import expected
from onboarding.steps import by_slug

CLOCKED = ("aws", "dns")
LATELY = 30.0  # seconds


def known() -> dict[str, WaitStat]:
    """kind -> what is known of its waits, where enough of them were seen; one query."""
    return {stat.kind: stat for stat in WaitStat.objects.filter(endpoint=waits.endpoint(), seen__gte=waits.FEW)}


@dataclass(frozen=True)
class Usual:
    """The waits by kind, and the seconds that a step usually takes by slug."""

    stats: dict[str, WaitStat]
    seconds: dict[str, float]


def now_known() -> Usual:
    """As it is now; two queries."""
    stats = known()
    return Usual(stats, {**learnt(stats), **expected()})


def lately() -> Usual:
    """As it was within the last half minute: many people poll, and it is learnt over days."""
    return _within(waits.endpoint(), int(time.monotonic() // LATELY))


@lru_cache(maxsize=2)
def _within(_endpoint: str, _half_minute: int) -> Usual:
    return now_known()


def usually(item: Item, stats: dict[str, WaitStat]) -> str:
    """What a waiting item's wait usually takes, in words; "" where it waits for a person."""
    if item.waiting_for not in CLOCKED:
        return ""
    stat = stats.get(item.wait_kind)
    return f"about {span(stat.mean)}, seen {stat.seen} times" if stat else "not known yet"


def learnt(stats: dict[str, WaitStat]) -> dict[str, float]:
    """slug -> seconds that AWS usually takes for the slowest of a step's things, where that is known."""
    found = {
        slug: max((float(stats[kind.kind].mean) for kind in step.kinds if kind.kind in stats), default=0.0)
        for slug, step in by_slug().items()
    }
    return {slug: seconds for slug, seconds in found.items() if seconds}


RECORDS = ("records", "records_by_hand", "delegation")


@dataclass(frozen=True)
class Wait:
    """The waiting card: what for, AWS's word or DNS's, when it looks again, how long this usually takes, when it gives
    up. `dns_url`: the page with the records to copy, if it waits for such.
    """

    sentence: str
    aws_status: str
    whose: str
    dns_url: str
    since: Moment | None
    again: Moment | None
    usual: str
    ends: Moment | None


def by_clock(item: Item) -> bool:
    """Whether a waiting item is looked at by itself: what people do in DNS is seen, too."""
    return item.waiting_for in CLOCKED or item.next_check_at is not None


def wait_of(item: Item, stats: dict[str, WaitStat]) -> Wait:
    """The waiting card of an item that waits; `stats` as `known` gives them. No query."""
    step = by_slug().get(item.slug)
    limit = step.give_up_after if step and item.waiting_for in CLOCKED else None
    ends = item.waiting_since + limit if limit and item.waiting_since else None
    return Wait(
        sentence=item.message,
        aws_status=item.aws_status,
        whose="Found in DNS" if _in_dns(item) else "State at AWS",
        dns_url=reverse("onboarding:dns", args=[item.product_id]) if _in_dns(item) else "",
        since=age(item.waiting_since),
        again=moment(item.next_check_at, how="now"),
        usual=usually(item, stats),
        ends=moment(ends),
    )


def _in_dns(item: Item) -> bool:
    """Whether it waits for records to be served, whoever sets them."""
    return item.wait_kind in RECORDS
