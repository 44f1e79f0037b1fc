"""The one tag read per account, region and run: which things of this product AWS already has (a lost row, a restored
backup).

It serves first attempts; an attempt in doubt looks for itself (engine.md, ensure step 2).
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from uuid import UUID

from onboarding.aws.clients import Door

MOST = 128


class _Slot:
    def __init__(self) -> None:
        self.lock, self.ids = threading.Lock(), dict[str, list[tuple[str, str]]]()
        self.read = False


_slots: OrderedDict[tuple[UUID, str, str, str], _Slot] = OrderedDict()
_lock = threading.Lock()

# EC2's resource types as our kinds, for what a teardown finds by tag alone.
KINDS = {
    "vpc": "vpc",
    "subnet": "subnet",
    "security-group": "security_group",
    "instance": "instance",
    "vpc-endpoint-service": "endpoint_service",
    "vpc-endpoint": "endpoint",
}


def bearing(door: Door, run_id: UUID, product_id: object, region: str) -> dict[str, list[tuple[str, str]]]:
    """`plc:item` value -> [(resource type, id)], of one product in the door's account and region, read once per run."""
    with _lock:
        key = (run_id, door.account, door.region, region)
        slot = _slots.setdefault(key, _Slot())
        _slots.move_to_end(key)
        while len(_slots) > MOST:
            _slots.popitem(last=False)
    with slot.lock:
        if not slot.read:
            slot.ids = _read(door, f"{product_id}/{region or '-'}/*")
            slot.read = True
    return slot.ids


def _read(door: Door, pattern: str) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    pages = door.ec2.get_paginator("describe_tags").paginate(
        Filters=[{"Name": "key", "Values": ["plc:item"]}, {"Name": "value", "Values": [pattern]}]
    )
    for page in pages:
        for tag in page["Tags"]:
            found.setdefault(tag["Value"], []).append((str(tag["ResourceType"]), tag["ResourceId"]))
    return found
