"""In which Availability Zones AWS offers an instance type (S17): a zone that lacks it is left out of the
targets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from onboarding.things.base import Idempotency, Observation, Ownership, State, Thing
from onboarding.things.zones import NO_MARK

if TYPE_CHECKING:
    from onboarding.aws.clients import RegionClients
    from onboarding.things.place import Place


class EveryZone(tuple[str, ...]):
    """Zones of which each counts as a member: where an instance type is offered, only AWS says."""

    def __contains__(self, zone: object) -> bool:
        return True


@dataclass(frozen=True, kw_only=True)
class InstanceOffer(Thing):
    """Where `instance_type` can be had in the door's region. Values: zone_ids."""

    kind = "instance_offer"
    words = "instance type offer"
    idempotency = Idempotency.READ
    reads = ("ec2:DescribeInstanceTypeOfferings",)

    instance_type: str = ""

    def find(self, door: RegionClients, mark: Ownership) -> list[str]:
        return []

    def make(self, door: RegionClients, mark: Ownership) -> Observation:
        pages = door.ec2.get_paginator("describe_instance_type_offerings").paginate(
            LocationType="availability-zone-id", Filters=[{"Name": "instance-type", "Values": [self.instance_type]}]
        )
        zones = sorted({offer["Location"] for page in pages for offer in page["InstanceTypeOfferings"]})
        if not zones:
            said = f"AWS does not offer {self.instance_type} in {door.region}. Choose another instance type."
            return Observation(id=self.instance_type, state=State.WRONG, sentence=said, values={"zone_ids": []})
        said = f"{self.instance_type} is offered in {', '.join(zones)}."
        return Observation(id=self.instance_type, sentence=said, values={"zone_ids": zones})

    @classmethod
    def check(cls, door: RegionClients, wanted: Sequence[tuple[Self, str]]) -> list[Observation]:
        return [thing.make(door, NO_MARK) for thing, _ in wanted]

    def remove(self, door: RegionClients, aws_id: str) -> None:
        """Nothing was made."""

    def predict(self, place: Place) -> Observation:
        return Observation(id=self.instance_type, values={"zone_ids": EveryZone()})
