"""A VPC's DNS attributes (S16, S39): private names of endpoints resolve only with both on. One attribute a
call, no DryRun.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from onboarding.aws.errors import code_of
from onboarding.things.grants import RESOURCE, VPC, Grant
from onboarding.things.setting import PreviousValue, Setting

if TYPE_CHECKING:
    from onboarding.aws.clients import RegionClients

SUPPORT, HOSTNAMES = "enableDnsSupport", "enableDnsHostnames"


@dataclass(frozen=True, kw_only=True)
class VpcAttribute(Setting):
    """`target` is the VPC's id, `name` one of SUPPORT and HOSTNAMES, `value` and `old` "true" or "false"."""

    kind = "vpc_attribute"
    words = "VPC attribute"
    makes = ("ec2:ModifyVpcAttribute",)
    reads = ("ec2:DescribeVpcAttribute",)
    removes = ("ec2:ModifyVpcAttribute",)
    grants = (Grant("ec2:ModifyVpcAttribute", RESOURCE, (VPC,)),)

    @classmethod
    def read(cls, door: RegionClients, target: str, name: str) -> str:
        try:
            if name == SUPPORT:
                found = door.ec2.describe_vpc_attribute(VpcId=target, Attribute="enableDnsSupport")
                return str(found["EnableDnsSupport"]["Value"]).lower()
            found = door.ec2.describe_vpc_attribute(VpcId=target, Attribute="enableDnsHostnames")
            return str(found["EnableDnsHostnames"]["Value"]).lower()
        except ClientError as error:
            if code_of(error) != "InvalidVpcID.NotFound":
                raise
            return ""

    def put(self, door: RegionClients, value: str) -> None:
        wanted = {"Value": value == "true"}
        if self.name == SUPPORT:
            door.ec2.modify_vpc_attribute(VpcId=self.target, EnableDnsSupport=wanted)  # type: ignore[arg-type]
        else:
            door.ec2.modify_vpc_attribute(VpcId=self.target, EnableDnsHostnames=wanted)  # type: ignore[arg-type]


@dataclass(frozen=True, kw_only=True)
class VpcAttributeBefore(PreviousValue):
    """The attribute of an adopted VPC, before we changed it."""

    kind = "vpc_attribute_before"
    words = "earlier VPC attribute"
    reads = ("ec2:DescribeVpcAttribute",)

    def look(self, door: RegionClients) -> str:
        return VpcAttribute.read(door, self.target, self.name)
