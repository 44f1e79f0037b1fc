"""What the database knows of a product, as a dry drive needs it: facts, inventory, answers, results, zones."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from onboarding.checklist.step import Answer, PastResult, restore
from onboarding.engine import clock
from onboarding.engine.context import arn_for
from onboarding.engine.evidence import Evidences
from onboarding.engine.inventory import LIVE
from onboarding.engine.lease import Lease
from onboarding.models import Item, ItemState, Resource
from onboarding.steps import by_slug
from sellers import formats
from sellers.models import Product
from sellers.spec import OnboardSpec
from sellers.spec_writer import spec_of

Node = tuple[str, str]  # (slug, region)
Key = tuple[str, str, str, str]  # (slug, region, kind, logical key)
Zones = Mapping[str, Sequence[tuple[str, str]]]  # region -> (zone id, zone name), by id
Looked = Mapping[Key, str]  # (region, kind, target, name) of a Before -> what a look saw there


@dataclass(frozen=True, kw_only=True)
class Known:
    """A product as it stands. `inventory` are all its rows, by place; `zones` those of the regions that somebody looked
    at; `looked` what a look saw on the things that the seller chose.
    """

    product: Product
    spec: OnboardSpec
    inventory: Mapping[Key, Resource]
    items: Mapping[Node, Item]
    zones: Zones
    evidence: Callable[[str, str], Sequence[PastResult]]
    held: Lease
    outputs: Mapping[Node, Any] = field(default_factory=dict)
    looked: Looked = field(default_factory=dict)

    def live(self, key: Key) -> Resource | None:
        """The row of a thing that exists."""
        row = self.inventory.get(key)
        return row if row is not None and row.state in LIVE else None

    def answer(self, node: Node) -> Answer:
        """What a person supplied for an item."""
        item = self.items.get(node)
        return Answer(**item.answer) if item is not None and item.answer else Answer()

    def skipped(self) -> dict[Node, str]:
        """The items that are left out, with the reason."""
        return {node: item.skip_reason for node, item in self.items.items() if item.state == ItemState.SKIPPED}


def known(product: Product, zones: Zones | None = None, looked: Looked | None = None) -> Known:
    """Read it all: a fixed number of queries. `zones` may tell the zones of regions that nobody has looked at yet, and
    `looked` what stands on the things that the seller chose.

    Raises ValueError if the product has no connection.
    """
    spec = spec_of(product)
    rows = Resource.objects.filter(product=product).select_related("item")
    items = {(item.slug, item.region): item for item in Item.objects.filter(product=product)}
    held = Lease(item=Item(seller_id=product.seller_id, product=product), owner=uuid.uuid4(), now_at_claim=clock.now())
    return Known(
        product=product,
        spec=spec,
        inventory={(row.item.slug, row.item.region, row.kind, row.logical_key): row for row in rows},
        items=items,
        zones={**_zones(product, spec), **(zones or {})},
        evidence=Evidences(held),
        held=held,
        outputs=_outputs(items),
        looked=looked or {},
    )


def _outputs(items: Mapping[Node, Item]) -> dict[Node, Any]:
    """What the steps handed on when they were done last; not what a version that is gone wrote."""
    steps = by_slug()
    return {
        node: restore(steps[node[0]].outputs, item.outputs)
        for node, item in items.items()
        if node[0] in steps and item.outputs is not None and item.state == ItemState.DONE
    }


def _zones(product: Product, spec: OnboardSpec) -> dict[str, list[tuple[str, str]]]:
    """The zones that earlier runs of the seller saw in the account: they are the same for all its products."""
    account = formats.account_of(arn_for(spec, "service"))
    seen = Resource.objects.filter(
        seller_id=product.seller_id, kind="zones", state__in=LIVE, account=account, region__in=list(spec.regions)
    ).order_by("made_at")
    return {
        region: list(zip(values["ids"], values["names"], strict=True))
        for region, values in seen.values_list("region", "values")
    }
