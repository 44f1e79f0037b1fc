"""How long a plan will take, from past runs: the median of each step's last attempts, along the longest path."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from statistics import median

from onboarding.engine.schedule import needs
from onboarding.models import Attempt, ItemState, Verb

LAST = 600  # attempts looked at: one index read, whatever the table has grown to
PEOPLE = frozenset({"name_servers", "submission", "go_live"})  # days of Marketplace and people, not of a run


def expected(slugs: Collection[str] | None = None) -> dict[str, float]:
    """slug -> seconds, of the steps (or of those given) that ended well lately; none for one that nobody has run."""
    rows = Attempt.objects.filter(verb=Verb.PROVISION, outcome=ItemState.DONE).order_by("-pk")
    took: dict[str, list[float]] = defaultdict(list)
    for slug, start, end in rows.values_list("item__slug", "started_at", "ended_at")[:LAST]:
        if start and end and slug not in PEOPLE and (slugs is None or slug in slugs):
            took[slug].append((end - start).total_seconds())
    return {slug: round(median(times), 1) for slug, times in took.items()}


def longest(seconds: Mapping[str, float]) -> float | None:
    """Seconds of the longest chain of these steps, regions side by side; None while no run has timed any of them."""
    if not seconds:
        return None
    ends: dict[str, float] = {}

    def end(slug: str) -> float:
        if slug not in ends:
            before = max((end(need) for need in needs().get(slug, ())), default=0.0)
            ends[slug] = before + seconds.get(slug, 0.0)
        return ends[slug]

    return max(end(slug) for slug in seconds)
