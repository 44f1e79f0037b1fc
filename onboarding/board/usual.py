"""How long waits usually take, as learnt at this AWS endpoint (ux.md, rule 3)."""

from __future__ import annotations

from onboarding.board.times import span
from onboarding.engine import waits
from onboarding.models import Item, WaitStat
from onboarding.steps import by_slug

CLOCKED = ("aws", "dns")


def known() -> dict[str, WaitStat]:
    """kind -> what is known of its waits, where enough of them were seen; one query."""
    return {stat.kind: stat for stat in WaitStat.objects.filter(endpoint=waits.endpoint(), seen__gte=waits.FEW)}


def usually(item: Item, stats: dict[str, WaitStat]) -> str:
    """What a waiting item's wait usually takes, in words; "" where it waits for a person."""
    if item.reason not in CLOCKED:
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
