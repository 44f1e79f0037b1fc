"""A VPC (S16, S39). CreateVpc takes no client token: the mark's tag is what finds a first one again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from botocore.exceptions import ClientError

from onboarding.aws.errors import code_of
from onboarding.things.base import Idempotency, Observation, Ownership, State, Thing, from_state, missing, tagged
from onboarding.things.grants import CREATE_ACTION, REQUEST, RESOURCE, VPC, Grant
from onboarding.things.terraform import Block, Lookup, name_of
from onboarding.things.variables import ANY

if TYPE_CHECKING:
    from onboarding.aws.clients import RegionClients
    from onboarding.things.place import Place
    from onboarding.things.terraform import Writer


@dataclass(frozen=True, kw_only=True)
class Vpc(Thing):
    """`cidr` is the IPv4 block, /16 to /28. Values: cidr, owner, is_default."""

    kind = "vpc"
    words = "VPC"
    idempotency = Idempotency.NONE
    makes = ("ec2:CreateVpc", "ec2:CreateTags")
    reads = ("ec2:DescribeVpcs", "ec2:DescribeTags")
    removes = ("ec2:DeleteVpc",)
    grants = (
        Grant("ec2:CreateVpc", REQUEST, (VPC,)),
        Grant("ec2:CreateTags", CREATE_ACTION, (VPC,)),
        Grant("ec2:DeleteVpc", RESOURCE, (VPC,)),
    )
    tag_type = "vpc"
    id_path = "Vpc.VpcId"
    terraform_type = "aws_vpc"
    terraform_id = "id"

    cidr: str = ""

    def find(self, door: RegionClients, mark: Ownership) -> list[str]:
        return tagged(door, mark, "vpc")

    def make(self, door: RegionClients, mark: Ownership) -> Observation:
        vpc = door.ec2.create_vpc(CidrBlock=self.cidr, TagSpecifications=mark.ec2("vpc"))["Vpc"]
        return from_state(
            vpc["VpcId"],
            vpc["State"],
            ready=["available"],
            pending=["pending"],
            words=self.words,
            values={"cidr": self.cidr, "owner": door.account, "is_default": False},
        )

    @classmethod
    def check(cls, door: RegionClients, wanted: Sequence[tuple[Self, str]]) -> list[Observation]:
        pages = door.ec2.get_paginator("describe_vpcs").paginate(
            Filters=[{"Name": "vpc-id", "Values": [aws_id for _, aws_id in wanted]}]
        )
        found = {vpc["VpcId"]: vpc for page in pages for vpc in page["Vpcs"]}
        return [
            from_state(
                aws_id,
                vpc["State"],
                ready=["available"],
                pending=["pending"],
                words=cls.words,
                values={"cidr": vpc["CidrBlock"], "owner": vpc["OwnerId"], "is_default": vpc["IsDefault"]},
                warnings=("It is the account's default VPC; one of its own is easier to keep apart.",)
                if vpc["IsDefault"]
                else (),
            )
            if (vpc := found.get(aws_id))
            else missing(aws_id, cls.words)
            for _, aws_id in wanted
        ]

    def remove(self, door: RegionClients, aws_id: str) -> None:
        try:
            door.ec2.delete_vpc(VpcId=aws_id)
        except ClientError as error:
            if code_of(error) != "InvalidVpcID.NotFound":
                raise

    def judge(self, seen: Observation) -> Iterator[str]:
        if seen.state is not State.READY:
            yield seen.sentence

    def predict(self, place: Place) -> Observation:
        aws_id, cidr = self.chosen_or_new(place), self.cidr
        if not cidr:
            cidr = place.read("vpc cidr", "ec2", "DescribeVpcs", "Vpcs[0].CidrBlock", VpcIds=[aws_id])
        return Observation(id=aws_id, values={"cidr": cidr, "owner": place.account, "is_default": False})

    def terraform(self, plan: Writer) -> list[Block]:
        return [Block({"cidr_block": self.cidr, "enable_dns_hostnames": True, "tags": plan.tags})]

    def terraform_lookup(self, seen: Observation) -> Lookup | None:
        cidr = str(seen.values["cidr"])
        if not self.given or ANY.search(self.given) or not cidr.startswith("$"):
            return None
        return Lookup("aws_vpc", name_of(cidr), {"id": self.given}, cidr, "cidr_block")
