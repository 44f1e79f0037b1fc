"""A region's Availability Zones (S18). Names differ between accounts, ids (`use1-az1`) do not: both are
kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from onboarding.things.base import Guard, Mark, Seen, State, Thing

if TYPE_CHECKING:
    from onboarding.aws.clients import Door


@dataclass(frozen=True, kw_only=True)
class Zones(Thing):
    """The zones of the region in which we can build. Values: names and ids, in the order of the ids."""

    kind = "zones"
    words = "Availability Zones"
    guard = Guard.READ
    reads = ("ec2:DescribeAvailabilityZones",)

    def find(self, door: Door, mark: Mark) -> list[str]:
        return []

    def make(self, door: Door, mark: Mark) -> Seen:
        answer = door.ec2.describe_availability_zones(
            Filters=[{"Name": "zone-type", "Values": ["availability-zone"]}, {"Name": "state", "Values": ["available"]}]
        )
        pairs = sorted((zone["ZoneId"], zone["ZoneName"]) for zone in answer["AvailabilityZones"])
        values = {"ids": [zone_id for zone_id, _ in pairs], "names": [name for _, name in pairs]}
        if not pairs:
            said = f"AWS lists no Availability Zone for {door.region}."
            return Seen(id=door.region, state=State.WRONG, sentence=said, values=values)
        said = f"{door.region} has {len(pairs)} Availability Zones: {', '.join(values['ids'])}."
        return Seen(id=door.region, sentence=said, values=values)

    @classmethod
    def check(cls, door: Door, wanted: Sequence[tuple[Self, str]]) -> list[Seen]:
        return [thing.make(door, NO_MARK) for thing, _ in wanted]

    def remove(self, door: Door, aws_id: str) -> None:
        """Nothing was made."""


NO_MARK = Mark(item="", token="", label="", tags={})
