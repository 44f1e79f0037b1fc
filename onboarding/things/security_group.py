"""A security group (S16, S18). Its name, unique in a VPC and made from the mark, keeps a second one from
being made.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from botocore.exceptions import ClientError

from onboarding.aws.errors import code_of
from onboarding.things.base import Idempotency, Observation, Ownership, Thing, missing, tagged
from onboarding.things.grants import CREATE_ACTION, GROUP, REQUEST, RESOURCE, VPC, Grant
from onboarding.things.hcl import Expr
from onboarding.things.terraform import Block

if TYPE_CHECKING:
    from onboarding.aws.clients import RegionClients
    from onboarding.things.place import Place
    from onboarding.things.terraform import Writer


@dataclass(frozen=True, kw_only=True)
class SecurityGroup(Thing):
    """A group in `vpc_id`; `description` is what the console shows (ASCII, at most 255). Values: vpc_id,
    name.
    """

    kind = "security_group"
    words = "security group"
    idempotency = Idempotency.NAME
    duplicate_codes = ("InvalidGroup.Duplicate",)
    makes = ("ec2:CreateSecurityGroup", "ec2:CreateTags")
    reads = ("ec2:DescribeSecurityGroups", "ec2:DescribeTags")
    removes = ("ec2:DeleteSecurityGroup",)
    grants = (
        Grant("ec2:CreateSecurityGroup", REQUEST, (GROUP,)),
        Grant("ec2:CreateSecurityGroup", RESOURCE, (VPC,)),
        Grant("ec2:CreateTags", CREATE_ACTION, (GROUP,)),
        Grant("ec2:DeleteSecurityGroup", RESOURCE, (GROUP,)),
    )
    tag_type = "security-group"
    id_path = "GroupId"
    named = ("sg", 120)
    terraform_type = "aws_security_group"
    terraform_id = "id"

    vpc_id: str = ""
    description: str = ""

    def find(self, door: RegionClients, mark: Ownership) -> list[str]:
        return tagged(door, mark, "security-group")

    def make(self, door: RegionClients, mark: Ownership) -> Observation:
        name = mark.name(*self.named)
        group_id = door.ec2.create_security_group(
            GroupName=name,
            Description=self.description,
            VpcId=self.vpc_id,
            TagSpecifications=mark.ec2("security-group"),
        )["GroupId"]
        return _seen(group_id, self.vpc_id, name)

    @classmethod
    def check(cls, door: RegionClients, wanted: Sequence[tuple[Self, str]]) -> list[Observation]:
        pages = door.ec2.get_paginator("describe_security_groups").paginate(
            Filters=[{"Name": "group-id", "Values": [aws_id for _, aws_id in wanted]}]
        )
        found = {
            g["GroupId"]: _seen(g["GroupId"], g["VpcId"], g["GroupName"]) for p in pages for g in p["SecurityGroups"]
        }
        return [found.get(aws_id) or missing(aws_id, "Security group") for _, aws_id in wanted]

    def remove(self, door: RegionClients, aws_id: str) -> None:
        try:
            door.ec2.delete_security_group(GroupId=aws_id)
        except ClientError as error:
            if code_of(error) not in ("InvalidGroup.NotFound", "InvalidGroupId.NotFound"):
                raise

    def judge(self, seen: Observation) -> Iterator[str]:
        if seen.values.get("vpc_id") != self.vpc_id:
            yield f"Security group {seen.id} is not in {self.vpc_id}. Choose one of that VPC."

    def predict(self, place: Place) -> Observation:
        return Observation(id=self.chosen_or_new(place), values={"vpc_id": self.vpc_id, "name": ""})

    def terraform(self, plan: Writer) -> list[Block]:
        """AWS lets everything out of a new group; Terraform takes that away unless it's said."""
        name, vpc = plan.name(*self.named), plan.ref(self.vpc_id)
        own = Block({"name": name, "description": self.description, "vpc_id": vpc, "tags": plan.tags})
        if plan.exists:  # and so does that rule
            return [own]
        out = {"security_group_id": Expr(f"{plan.address}.id"), "ip_protocol": "-1", "cidr_ipv4": "0.0.0.0/0"}
        return [own, Block(out, "aws_vpc_security_group_egress_rule", plan.address.partition(".")[2])]


def _seen(group_id: str, vpc_id: str, name: str) -> Observation:
    return Observation(
        id=group_id, sentence=f"Security group {group_id} exists.", values={"vpc_id": vpc_id, "name": name}
    )
