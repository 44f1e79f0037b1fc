"""The one tag read per account, region and run: which things of this product AWS already has (a lost row, a restored
backup).

It serves first attempts; an attempt in doubt looks for itself.
"""

from __future__ import annotations

import threading
from uuid import UUID

from cachetools import LRUCache, cached

from onboarding.aws.clients import RegionClients

MOST = 128


def _key(door: RegionClients, run_id: UUID, product_id: object, region: str) -> tuple[UUID, str, str, str]:
    return run_id, door.account, door.region, region


@cached(LRUCache(MOST), key=_key, condition=threading.Condition())
def find_tagged(door: RegionClients, run_id: UUID, product_id: object, region: str) -> dict[str, list[tuple[str, str]]]:
    """`plc:item` value -> [(resource type, id)], of one product in the door's account and region, read once per run."""
    found: dict[str, list[tuple[str, str]]] = {}
    pattern = f"{product_id}/{region or '-'}/*"
    pages = door.ec2.get_paginator("describe_tags").paginate(
        Filters=[{"Name": "key", "Values": ["plc:item"]}, {"Name": "value", "Values": [pattern]}]
    )
    for page in pages:
        for tag in page["Tags"]:
            found.setdefault(tag["Value"], []).append((str(tag["ResourceType"]), tag["ResourceId"]))
    return found
