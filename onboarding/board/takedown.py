"""The preview of a teardown: what will be deleted, in order, and what is kept, and why (ux.md; engine.md P10)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache

from onboarding.board.history import thing_words
from onboarding.board.words import place
from onboarding.engine.inventory import thing_of
from onboarding.engine.items import needs
from onboarding.models import Resource, ResourceState
from onboarding.things import kinds
from onboarding.things.base import Guard
from sellers.models import Product


@dataclass(frozen=True)
class Goes:
    """One thing that will be deleted, or one setting that is put back to `back`."""

    words: str
    aws_id: str
    where: str
    back: str = ""


@dataclass(frozen=True)
class Group:
    """The things of one item, in the order in which they go."""

    title: str
    things: list[Goes]


@dataclass(frozen=True)
class Stays:
    """One thing that is left alone, and why."""

    words: str
    aws_id: str
    where: str
    why: str


@dataclass(frozen=True)
class Takedown:
    """What a teardown of the product, or of one of its regions, would do."""

    regions: list[str]
    region: str
    goes: list[Group]
    stays: list[Stays]
    count: int


GIVEN = "It existed before; you chose it. Only our settings on it are put back."


def takedown(product: Product, region: str = "") -> Takedown:
    """The preview, from the inventory alone: nothing is asked of AWS. An unknown region previews nothing."""
    rows = list(Resource.objects.filter(product=product).exclude(state=ResourceState.GONE).select_related("item"))
    regions = list(dict.fromkeys(row.item.region for row in rows if row.item.region))
    rows = [row for row in rows if not region or row.item.region == region]
    going = {row.aws_id for row in rows if row.managed and row.aws_id}
    ours = sorted((row for row in rows if _goes(row, going)), key=_last_first)
    groups: dict[str, list[Goes]] = {}
    for row in ours:
        thing = Goes(thing_words(row.kind), row.aws_id or "looked for first", _where(row), _back(row))
        groups.setdefault(place(row.item.slug, row.item.region), []).append(thing)
    return Takedown(
        regions=sorted(regions),
        region=region,
        goes=[Group(title, things) for title, things in groups.items()],
        stays=[
            Stays(thing_words(row.kind), row.aws_id, _where(row), GIVEN)
            for row in rows
            if not row.managed and row.aws_id and _guard(row) is not Guard.READ
        ],
        count=sum(not _back(row) for row in ours),
    )


@cache
def depths() -> Mapping[str, int]:
    """How many steps a step stands on, at most: what stands highest goes first."""
    found: dict[str, int] = {}

    def depth(slug: str) -> int:
        if slug not in found:
            found[slug] = 1 + max((depth(need) for need in needs().get(slug, ())), default=0)
        return found[slug]

    for slug in needs():
        depth(slug)
    return found


def _guard(row: Resource) -> Guard | None:
    return kinds()[row.kind].guard if row.kind in kinds() else None


def _goes(row: Resource, going: Collection[str]) -> bool:
    """Whether teardown does something about it: a setting of what goes itself needs no putting back, an entry in what
    stays (a DNS record in a zone, a principal on the allow list of a service that was there before) is taken away.
    """
    made = row.managed and bool(row.aws_id or row.makes)
    return made and (_guard(row) is not Guard.SET or bool(_back(row)) or _left_over(row, going))


def _left_over(row: Resource, going: Collection[str]) -> bool:
    """Whether the set that holds this entry outlives it."""
    whole = thing_of(row).within or row.params.get("group_id", "")
    return bool(whole) and whole not in going


def _back(row: Resource) -> str:
    old = row.params.get("old", "") if _guard(row) is Guard.SET else ""
    return str(old) if old and old != row.params.get("value") else ""


def _last_first(row: Resource) -> tuple[str, int, str, int, str]:
    return (row.item.region, -depths().get(row.item.slug, 0), row.item.slug, -row.batch, row.kind)


def _where(row: Resource) -> str:
    return f"{row.region} · {row.account}"
