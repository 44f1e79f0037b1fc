"""Whether a load balancer's security groups judge PrivateLink traffic (S18): off, for buyers' private
addresses say nothing.

The gates of PrivateLink are the allow list and acceptance; with enforcement on, a buyer's own address range
would decide.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from onboarding.things.base import Observation
from onboarding.things.grants import BALANCER, RESOURCE, Grant
from onboarding.things.load_balancer import described
from onboarding.things.setting import PreviousValue, Setting

if TYPE_CHECKING:
    from onboarding.aws.clients import RegionClients
    from onboarding.things.place import Place

NAME = "enforcement of inbound rules on PrivateLink traffic"


@dataclass(frozen=True, kw_only=True)
class PrivateLinkRules(Setting):
    """`target` is the load balancer's ARN; `group_ids` its groups, which the call must repeat; `value`
    "off" or "on".
    """

    kind = "privatelink_rules"
    words = "Load balancer"
    makes = ("elasticloadbalancing:SetSecurityGroups", "ec2:DescribeSecurityGroups")
    reads = ("elasticloadbalancing:DescribeLoadBalancers",)
    removes = ("elasticloadbalancing:SetSecurityGroups",)
    grants = (Grant("elasticloadbalancing:SetSecurityGroups", RESOURCE, (BALANCER,)),)

    name: str = NAME
    group_ids: tuple[str, ...] = ()

    @classmethod
    def read(cls, door: RegionClients, target: str, name: str) -> str:
        return next(
            (
                str(balancer.get("EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic") or "on")
                for balancer in described(door, LoadBalancerArns=[target]).values()
            ),
            "",
        )

    def put(self, door: RegionClients, value: str) -> None:
        door.elbv2.set_security_groups(
            LoadBalancerArn=self.target,
            SecurityGroups=list(self.group_ids),
            EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic="on" if value == "on" else "off",
        )


@dataclass(frozen=True, kw_only=True)
class PrivateLinkRulesBefore(PreviousValue):
    """The enforcement of an adopted load balancer, before we changed it."""

    kind = "privatelink_rules_before"
    words = "earlier enforcement"
    reads = ("elasticloadbalancing:DescribeLoadBalancers",)

    name: str = NAME

    def look(self, door: RegionClients) -> str:
        return PrivateLinkRules.read(door, self.target, self.name)

    def predict(self, place: Place) -> Observation:
        return self._remembered("on")  # AWS's default
