"""The preview of a teardown: what will be deleted, in order, and what is kept, and why."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from onboarding.checklist import graph
from onboarding.engine.inventory import thing_of
from onboarding.engine.schedule import needs
from onboarding.models import Item, ItemState, Resource, ResourceState, Run, Verb
from onboarding.steps import place
from onboarding.things import kinds, thing_words
from onboarding.things.base import Idempotency
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
    """What a teardown of the product, of one of its regions, or of what one `run` made would do."""

    regions: list[str]
    region: str
    goes: list[Group]
    stays: list[Stays]
    count: int
    run: Run | None = None
    items: frozenset[UUID] | None = None  # those that go, where not all do
    services: tuple[str, ...] = ()  # endpoint services that are deleted

    @property
    def what(self) -> str:
        """What goes down, in words."""
        return self.region or (f"what run {self.run.number} made" if self.run else "the product")

    @property
    def press(self) -> str:
        """The words of the button."""
        if self.run:
            return f"Delete what run {self.run.number} created"
        return f"Tear down {self.region or 'the whole product'}"


GIVEN = "It existed before; you chose it. Only our settings on it are put back."


EARLIER = "An earlier run made it, or a step that stays stands on it."


def takedown(product: Product, region: str = "", run: Run | None = None) -> Takedown:
    """The preview, from the inventory alone: nothing is asked of AWS. An unknown region previews nothing."""
    items = made_by(run) if run else None
    rows = list(Resource.objects.filter(product=product).exclude(state=ResourceState.GONE).select_related("item"))
    regions = list(dict.fromkeys(row.item.region for row in rows if row.item.region))
    rows = [row for row in rows if not region or row.item.region == region]
    older = [row for row in rows if items is not None and row.item_id not in items]
    rows = [row for row in rows if items is None or row.item_id in items]
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
            if not row.managed and row.aws_id and _guard(row) is not Idempotency.READ
        ]
        + [
            Stays(thing_words(row.kind), row.aws_id, _where(row), EARLIER)
            for row in older
            if row.managed and row.aws_id and _guard(row) not in (Idempotency.READ, Idempotency.SET)
        ],
        count=sum(not _back(row) for row in ours),
        run=run,
        items=items,
        services=tuple(row.aws_id for row in ours if row.kind == "endpoint_service"),
    )


def made_by(run: Run) -> frozenset[UUID]:
    """The items of a run of which everything was made in it, and on which nothing stands that stays: what undoing it
    takes down.
    """
    nodes = {(item.slug, item.region): item for item in Item.objects.filter(product_id=run.product_id)}
    rows = Resource.objects.filter(product_id=run.product_id, managed=True).exclude(state=ResourceState.GONE)
    older = {row.item_id for row in rows.filter(made_at__lt=run.started_at)}
    going = {
        item.pk
        for item in nodes.values()
        if item.run_id == run.pk and item.pk not in older and item.state not in (ItemState.NOT_NEEDED, ItemState.UNDONE)
    }
    holding = set(rows.values_list("item_id", flat=True))
    states = {node: str(item.state) for node, item in nodes.items()}
    stay = [node for node, item in nodes.items() if item.pk in holding and item.pk not in going]
    while stay:  # what stays keeps what it stands on
        under = [nodes[other] for other in graph.needed(stay.pop(), needs(), states)]
        stay += [(item.slug, item.region) for item in under if item.pk in going]
        going -= {item.pk for item in under}
    return frozenset(going)


def run_of(product: Product, asked: str) -> Run | None:
    """The product's building run of this id, as it stands in an address; None for anything else."""
    try:
        pk = UUID(asked)
    except ValueError:
        return None
    return Run.objects.filter(product=product, pk=pk, verb=Verb.PROVISION).first()


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


def _guard(row: Resource) -> Idempotency | None:
    return kinds()[row.kind].idempotency if row.kind in kinds() else None


def _goes(row: Resource, going: Collection[str]) -> bool:
    """Whether teardown does something about it: a setting of what goes itself needs no putting back, an entry in what
    stays (a DNS record in a zone, a principal on the allow list of a service that was there before) is taken away.
    """
    made = row.managed and bool(row.aws_id or row.create_attempts)
    return made and (_guard(row) is not Idempotency.SET or bool(_back(row)) or _left_over(row, going))


def _left_over(row: Resource, going: Collection[str]) -> bool:
    """Whether the set that holds this entry outlives it."""
    whole = thing_of(row).within or row.params.get("group_id", "")
    return bool(whole) and whole not in going


def _back(row: Resource) -> str:
    old = row.params.get("old", "") if _guard(row) is Idempotency.SET else ""
    return str(old) if old and old != row.params.get("value") else ""


def _last_first(row: Resource) -> tuple[str, int, str, int, str]:
    return (row.item.region, -depths().get(row.item.slug, 0), row.item.slug, -row.batch, row.kind)


def _where(row: Resource) -> str:
    return f"{row.region} · {row.account}"
