"""Where the buyer test account creates its endpoint (S36, S49): subnets in zones that the service has, by zone id."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from onboarding.things.base import Idempotency, Observation, Ownership, State, Thing

if TYPE_CHECKING:
    from onboarding.aws.clients import RegionClients
    from onboarding.things.place import Place

NAME_THEM = "Set vpc_id and subnet_ids for the test in this Region."


@dataclass(frozen=True, kw_only=True)
class BuyerNetwork(Thing):
    """The VPC `vpc_id` and its `subnet_ids`, or the account's default VPC; one subnet in each of `zone_ids`.

    Zone names differ between accounts, so ids (`use1-az1`) are compared. Values: account,
    vpc_id, cidrs, subnet_ids, zone_ids, zone_names.
    """

    kind = "buyer_network"
    words = "buyer's network"
    idempotency = Idempotency.READ
    reads = ("ec2:DescribeVpcs", "ec2:DescribeSubnets")
    converges = True
    temporary = True

    role: str = "buyer_test"
    vpc_id: str = ""
    subnet_ids: tuple[str, ...] = ()
    zone_ids: tuple[str, ...] = ()

    def find(self, door: RegionClients, mark: Ownership) -> list[str]:
        return []

    def make(self, door: RegionClients, mark: Ownership) -> Observation:
        vpc = self._vpc(door)
        if vpc is None:
            what = f"has no VPC {self.vpc_id}" if self.vpc_id else "has no default VPC"
            return self._wrong(f"Account {door.account} {what} in {door.region}. {NAME_THEM}")
        subnets = _subnets(door, vpc["VpcId"])
        if problem := self._problem(door, vpc["VpcId"], subnets):
            return self._wrong(problem)
        wanted = [s for s in subnets if not self.subnet_ids or s["SubnetId"] in self.subnet_ids]
        chosen = {s["AvailabilityZoneId"]: s for s in wanted if s["AvailabilityZoneId"] in self.zone_ids}
        if not chosen:
            return self._wrong(
                f"No subnet of {vpc['VpcId']} in account {door.account} is in a zone of the service "
                f"({', '.join(self.zone_ids)}). {NAME_THEM}"
            )
        return _seen(door, vpc, [chosen[zone] for zone in sorted(chosen)])

    @classmethod
    def check(cls, door: RegionClients, wanted: Sequence[tuple[Self, str]]) -> list[Observation]:
        return [thing.make(door, _NO_MARK) for thing, _ in wanted]

    def remove(self, door: RegionClients, aws_id: str) -> None:
        """Nothing was made."""

    def predict(self, place: Place) -> Observation:
        chosen: list[Any] = [{"Name": "vpc-id", "Values": [self.vpc_id]}]
        asked = chosen if self.vpc_id else [{"Name": "is-default", "Values": ["true"]}]
        vpc = self.vpc_id or place.read("buyer vpc", "ec2", "DescribeVpcs", "Vpcs[0].VpcId", Filters=asked)
        cidr = place.read("buyer cidr", "ec2", "DescribeVpcs", "Vpcs[0].CidrBlock", Filters=asked)
        inside: list[Any] = [{"Name": "vpc-id", "Values": [vpc]}]
        subnets = list(self.subnet_ids) or [
            place.read("buyer subnet", "ec2", "DescribeSubnets", "Subnets[0].SubnetId", Filters=inside)
        ]
        values = {"account": place.account, "vpc_id": vpc, "cidrs": [cidr], "subnet_ids": subnets}
        return Observation(id=vpc, values={**values, "zone_ids": [], "zone_names": []})

    def _vpc(self, door: RegionClients) -> Any | None:
        chosen: Any = {"Name": "vpc-id", "Values": [self.vpc_id]}
        default: Any = {"Name": "is-default", "Values": ["true"]}
        found = door.ec2.describe_vpcs(Filters=[chosen if self.vpc_id else default])["Vpcs"]
        return found[0] if found else None

    def _problem(self, door: RegionClients, vpc_id: str, subnets: Sequence[Any]) -> str:
        """What is wrong with the subnets that a person chose; "" if nothing is, or none was chosen."""
        zones = {s["SubnetId"]: s["AvailabilityZoneId"] for s in subnets}
        if strange := [i for i in self.subnet_ids if i not in zones]:
            return f"{', '.join(strange)} is not in {vpc_id} of account {door.account}. Choose subnets of that VPC."
        if outside := [i for i in self.subnet_ids if zones[i] not in self.zone_ids]:
            said = f"{outside[0]} is in {zones[outside[0]]}, where the service is not"
            return f"{said}: it is in {', '.join(self.zone_ids)}. Choose subnets in these zones."
        if len({zones[i] for i in self.subnet_ids}) < len(self.subnet_ids):
            return "Two of the test's subnets are in the same Availability Zone. Choose one subnet per zone."
        return ""

    def _wrong(self, sentence: str) -> Observation:
        return Observation(id=self.vpc_id or "default", state=State.WRONG, sentence=sentence)


def _subnets(door: RegionClients, vpc_id: str) -> list[Any]:
    pages = door.ec2.get_paginator("describe_subnets").paginate(Filters=[{"Name": "vpc-id", "Values": [vpc_id]}])
    return sorted((s for page in pages for s in page["Subnets"]), key=lambda s: str(s["SubnetId"]))


def _seen(door: RegionClients, vpc: Any, subnets: Sequence[Any]) -> Observation:
    zones = [subnet["AvailabilityZoneId"] for subnet in subnets]
    blocks = [block["CidrBlock"] for block in vpc.get("CidrBlockAssociationSet", [])]
    return Observation(
        id=vpc["VpcId"],
        sentence=f"The test endpoint goes into {vpc['VpcId']} of account {door.account}, {', '.join(zones)}.",
        values={
            "account": door.account,
            "vpc_id": vpc["VpcId"],
            "cidrs": sorted({vpc["CidrBlock"], *blocks}),
            "subnet_ids": [subnet["SubnetId"] for subnet in subnets],
            "zone_ids": zones,
            "zone_names": [subnet["AvailabilityZone"] for subnet in subnets],
        },
    )


_NO_MARK = Ownership(item="", token="", label="", tags={})
