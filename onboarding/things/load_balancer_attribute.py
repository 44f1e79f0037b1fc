"""A load balancer's attribute (S18): cross-zone balancing, off by default, so that every zone reaches every
target.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from onboarding.aws.errors import code_of
from onboarding.things.grants import BALANCER, RESOURCE, Grant
from onboarding.things.setting import PreviousValue, Setting

if TYPE_CHECKING:
    from onboarding.aws.clients import RegionClients

CROSS_ZONE = "load_balancing.cross_zone.enabled"


@dataclass(frozen=True, kw_only=True)
class LoadBalancerAttribute(Setting):
    """`target` is the load balancer's ARN, `name` AWS's key of the attribute, `value` and `old` its text."""

    kind = "load_balancer_attribute"
    words = "Load balancer attribute"
    makes = ("elasticloadbalancing:ModifyLoadBalancerAttributes",)
    reads = ("elasticloadbalancing:DescribeLoadBalancerAttributes",)
    removes = ("elasticloadbalancing:ModifyLoadBalancerAttributes",)
    grants = (Grant("elasticloadbalancing:ModifyLoadBalancerAttributes", RESOURCE, (BALANCER,)),)

    @classmethod
    def read(cls, door: RegionClients, target: str, name: str) -> str:
        try:
            found = door.elbv2.describe_load_balancer_attributes(LoadBalancerArn=target)["Attributes"]
        except ClientError as error:
            if code_of(error) != "LoadBalancerNotFound":
                raise
            return ""
        return next((a["Value"] for a in found if a["Key"] == name), "false")

    def put(self, door: RegionClients, value: str) -> None:
        door.elbv2.modify_load_balancer_attributes(
            LoadBalancerArn=self.target, Attributes=[{"Key": self.name, "Value": value}]
        )


@dataclass(frozen=True, kw_only=True)
class LoadBalancerAttributeBefore(PreviousValue):
    """The attribute of an adopted load balancer, before we changed it."""

    kind = "load_balancer_attribute_before"
    words = "earlier load balancer attribute"
    reads = ("elasticloadbalancing:DescribeLoadBalancerAttributes",)

    def look(self, door: RegionClients) -> str:
        return LoadBalancerAttribute.read(door, self.target, self.name)
