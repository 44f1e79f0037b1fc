"""A region's Availability Zones (S18). Names differ between accounts, ids (`use1-az1`) do not: both are
kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from onboarding.things.base import Idempotency, Observation, Ownership, State, Thing
from onboarding.things.hcl import Body
from onboarding.things.terraform import Lookup

if TYPE_CHECKING:
    from onboarding.aws.clients import RegionClients
    from onboarding.things.place import Place


@dataclass(frozen=True, kw_only=True)
class Zones(Thing):
    """The zones of the region in which we can build. Values: names and ids, in the order of the ids."""

    kind = "zones"
    words = "Availability Zones"
    idempotency = Idempotency.READ
    reads = ("ec2:DescribeAvailabilityZones",)

    def find(self, door: RegionClients, mark: Ownership) -> list[str]:
        return []

    def make(self, door: RegionClients, mark: Ownership) -> Observation:
        answer = door.ec2.describe_availability_zones(
            Filters=[{"Name": "zone-type", "Values": ["availability-zone"]}, {"Name": "state", "Values": ["available"]}]
        )
        pairs = sorted((zone["ZoneId"], zone["ZoneName"]) for zone in answer["AvailabilityZones"])
        values = {"ids": [zone_id for zone_id, _ in pairs], "names": [name for _, name in pairs]}
        if not pairs:
            said = f"AWS lists no Availability Zone for {door.region}."
            return Observation(id=door.region, state=State.WRONG, sentence=said, values=values)
        said = f"{door.region} has {len(pairs)} Availability Zones: {', '.join(values['ids'])}."
        return Observation(id=door.region, sentence=said, values=values)

    @classmethod
    def check(cls, door: RegionClients, wanted: Sequence[tuple[Self, str]]) -> list[Observation]:
        return [thing.make(door, NO_MARK) for thing, _ in wanted]

    def remove(self, door: RegionClients, aws_id: str) -> None:
        """Nothing was made."""

    def predict(self, place: Place) -> Observation:
        ids, names = [i for i, _ in place.zones], [n for _, n in place.zones]
        return Observation(id=place.region, values={"ids": ids, "names": names})

    def terraform_lookup(self, seen: Observation) -> Lookup | None:
        if not str(seen.values["ids"][0]).startswith("$"):
            return None
        body = {"state": "available", "filter": Body({"name": "zone-type", "values": ["availability-zone"]})}
        return Lookup("aws_availability_zones", seen.id.replace("-", "_"), body)


NO_MARK = Ownership(item="", token="", label="", tags={})
