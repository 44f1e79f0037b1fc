"""A subnet (S16, S18): one in each Availability Zone. Its CIDR is its natural guard against a twin."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from botocore.exceptions import ClientError

from onboarding.aws.errors import code_of
from onboarding.things.base import Idempotency, Observation, Ownership, State, Thing, from_state, missing, tagged
from onboarding.things.grants import CREATE_ACTION, REQUEST, RESOURCE, SUBNET, VPC, Grant
from onboarding.things.hcl import Expr
from onboarding.things.terraform import Block

if TYPE_CHECKING:
    from onboarding.aws.clients import RegionClients
    from onboarding.things.place import Place
    from onboarding.things.terraform import Writer

FEWEST_FREE = 8  # a load balancer wants eight free addresses in each of its subnets


@dataclass(frozen=True, kw_only=True)
class Subnet(Thing):
    """`cidr` in the zone `zone_id` (`use1-az1`) of `vpc_id`. Values: vpc_id, zone_id, zone_name, cidr, free
    (addresses).
    """

    kind = "subnet"
    words = "subnet"
    idempotency = Idempotency.NAME
    duplicate_codes = ("InvalidSubnet.Conflict",)
    makes = ("ec2:CreateSubnet", "ec2:CreateTags")
    reads = ("ec2:DescribeSubnets", "ec2:DescribeTags")
    removes = ("ec2:DeleteSubnet",)
    grants = (
        Grant("ec2:CreateSubnet", REQUEST, (SUBNET,)),
        Grant("ec2:CreateSubnet", RESOURCE, (VPC,)),
        Grant("ec2:CreateTags", CREATE_ACTION, (SUBNET,)),
        Grant("ec2:DeleteSubnet", RESOURCE, (SUBNET,)),
    )
    tag_type = "subnet"
    id_path = "Subnet.SubnetId"
    terraform_type = "aws_subnet"
    terraform_id = "id"

    vpc_id: str = ""
    cidr: str = ""
    zone_id: str = ""

    def find(self, door: RegionClients, mark: Ownership) -> list[str]:
        return tagged(door, mark, "subnet")

    def make(self, door: RegionClients, mark: Ownership) -> Observation:
        return _seen(
            door.ec2.create_subnet(
                VpcId=self.vpc_id,
                CidrBlock=self.cidr,
                AvailabilityZoneId=self.zone_id,
                TagSpecifications=mark.ec2("subnet"),
            )["Subnet"]
        )

    @classmethod
    def check(cls, door: RegionClients, wanted: Sequence[tuple[Self, str]]) -> list[Observation]:
        pages = door.ec2.get_paginator("describe_subnets").paginate(
            Filters=[{"Name": "subnet-id", "Values": [aws_id for _, aws_id in wanted]}]
        )
        found = {subnet["SubnetId"]: subnet for page in pages for subnet in page["Subnets"]}
        return [_seen(found[i]) if i in found else missing(i, cls.words) for _, i in wanted]

    def remove(self, door: RegionClients, aws_id: str) -> None:
        try:
            door.ec2.delete_subnet(SubnetId=aws_id)
        except ClientError as error:
            if code_of(error) not in ("InvalidSubnetID.NotFound", "InvalidSubnetId.NotFound"):
                raise

    def judge(self, seen: Observation) -> Iterator[str]:
        if seen.state is not State.READY:
            yield seen.sentence
        elif seen.values["vpc_id"] != self.vpc_id:
            yield (f"Subnet {seen.id} is in {seen.values['vpc_id']}, not in {self.vpc_id}. Choose subnets of one VPC.")
        elif seen.values["free"] < FEWEST_FREE:
            yield (
                f"Subnet {seen.id} has {seen.values['free']} free addresses and a load balancer wants "
                f"{FEWEST_FREE}. Free some, or choose another subnet of the zone."
            )

    def predict(self, place: Place) -> Observation:
        aws_id, names = self.chosen_or_new(place), dict(place.zones)
        # Of a chosen subnet the zone is not known; subnets of one choice stand in zones of their own.
        zone = self.zone_id or f"zone-of-{aws_id}"
        place.zone_of[aws_id] = names.get(zone, zone)
        values = {"vpc_id": self.vpc_id, "zone_id": zone, "zone_name": place.zone_of[aws_id], "cidr": self.cidr}
        return Observation(id=aws_id, values={**values, "free": 0})

    def terraform(self, plan: Writer) -> list[Block]:
        if not plan.each:
            body = {"cidr_block": self.cidr, "availability_zone_id": self.zone_id}
            return [Block({"vpc_id": plan.ref(self.vpc_id), **body, "tags": plan.tags})]
        region = plan.region.replace("-", "_")
        whole = ipaddress.IPv4Network(plan.outputs(self.vpc_id)["cidr"]).prefixlen
        more = ipaddress.IPv4Network(self.cidr).prefixlen - whole
        number = 'tonumber(regex("[0-9]+$", each.value)) - 1'
        body = {
            "for_each": Expr(f"toset(data.aws_availability_zones.{region}.zone_ids)"),
            "vpc_id": plan.ref(self.vpc_id),
            "cidr_block": Expr(f"cidrsubnet({plan.whole(self.vpc_id)}.cidr_block, {more}, {number})"),
            "availability_zone_id": Expr("each.value"),
        }
        return [Block({**body, "tags": plan.tags})]


def _seen(subnet: Any) -> Observation:
    public = subnet.get("MapPublicIpOnLaunch", False)
    return from_state(
        subnet["SubnetId"],
        subnet["State"],
        ready=["available"],
        pending=["pending"],
        words="Subnet",
        values={
            "vpc_id": subnet["VpcId"],
            "zone_id": subnet["AvailabilityZoneId"],
            "zone_name": subnet["AvailabilityZone"],
            "cidr": subnet["CidrBlock"],
            "free": subnet["AvailableIpAddressCount"],
        },
        warnings=(f"Subnet {subnet['SubnetId']} gives instances public addresses; a private one is enough.",)
        if public
        else (),
    )
