"""What a plan is made from, and in words what of it has changed since."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings

from onboarding.models import Item, ItemState, Resource, ResourceState
from sellers.models import Product
from sellers.spec_writer import spec_of

Inputs = Mapping[str, Any]
FACTS = {
    "name": "the name",
    "marketplace_product_id": "the Marketplace product ID",
    "friendly_dns_name": "the user-friendly DNS name",
    "private_dns_name": "the private DNS name",
    "profile": "how buyers find it",
    "listener": "the listener",
}
LEFT_OUT = (ItemState.SKIPPED, ItemState.UNDONE, ItemState.NOT_NEEDED)


def inputs_of(product: Product) -> Inputs:
    """The product's spec, inventory and items as they are now, JSON-native. Raises ValueError as `spec_of`."""
    things = Resource.objects.filter(product=product).exclude(state=ResourceState.GONE)
    items = Item.objects.filter(product=product).order_by("slug", "region")
    return {
        "build": settings.BUILD,
        "spec": spec_of(product).model_dump(mode="json"),
        "inventory": sorted(
            [kind, key, region, aws_id, str(item)]
            for kind, key, region, aws_id, item in things.order_by().values_list(
                "kind", "logical_key", "region", "aws_id", "item_id"
            )
        ),
        "items": [
            [slug, region, state if state in LEFT_OUT else "", (answer or {}).get("values", {})]
            for slug, region, state, answer in items.values_list("slug", "region", "state", "answer")
        ],
    }


def print_of(inputs: Inputs) -> str:
    """The digest of a plan's inputs: equal as long as nothing changed."""
    return hashlib.sha256(json.dumps(inputs, sort_keys=True, default=str).encode()).hexdigest()


def changed(old: Inputs, new: Inputs) -> str:
    """What differs, as a part of a sentence: "region eu-west-1 was added and the listener changed"; "" for nothing."""
    parts = [*_spec(old.get("spec", {}), new.get("spec", {}))]
    if old.get("inventory") != new.get("inventory"):
        parts.append("what the runs made is no longer the same")
    if old.get("items") != new.get("items"):
        parts.append("steps were taken up, answered or skipped")
    if not parts and old.get("build") != new.get("build"):
        parts.append("this service was updated")
    return joined(parts)


def joined(parts: list[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)


def _spec(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    was, now = old.get("regions", {}), new.get("regions", {})
    yield from (f"region {region} was added" for region in now if region not in was)
    yield from (f"region {region} was removed" for region in was if region not in now)
    yield from (f"the choices of {region} changed" for region in now if region in was and was[region] != now[region])
    facts, wanted = old.get("product", {}), new.get("product", {})
    yield from (f"{FACTS.get(key, key)} changed" for key in wanted if facts.get(key) != wanted[key])
    if old.get("connections") != new.get("connections"):
        yield "a connection changed"
    if old.get("buyers") != new.get("buyers"):
        yield "the buyers changed"
