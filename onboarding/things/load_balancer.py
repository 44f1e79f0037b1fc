"""An internal network load balancer in every zone (S18, S40), known by its name. Security groups at
creation or never.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from botocore.exceptions import ClientError

from onboarding.aws.errors import code_of
from onboarding.things.base import Idempotency, Observation, Ownership, State, Thing, from_state, missing
from onboarding.things.grants import BALANCER, CREATE_ACTION, REQUEST, RESOURCE, SERVICE, Grant
from onboarding.things.terraform import Block

if TYPE_CHECKING:
    from onboarding.aws.clients import RegionClients
    from onboarding.things.place import Place
    from onboarding.things.terraform import Writer


@dataclass(frozen=True, kw_only=True)
class NetworkLoadBalancer(Thing):
    """In one subnet a zone, under `group_ids`. `vpc_id` is where a given one must be. The id is its ARN.

    Values: name, dns_name, type, scheme, vpc_id, zone_names, subnet_ids, group_ids, enforce ("on", "off" or
    "").
    """

    kind = "load_balancer"
    words = "network load balancer"
    idempotency = Idempotency.NAME
    duplicate_codes = ("DuplicateLoadBalancerName",)
    makes = (
        "elasticloadbalancing:CreateLoadBalancer",
        "elasticloadbalancing:AddTags",
        "iam:CreateServiceLinkedRole",
        "ec2:DescribeAccountAttributes",
        "ec2:DescribeInternetGateways",
        "ec2:DescribeSubnets",
        "ec2:DescribeVpcs",
        "ec2:DescribeSecurityGroups",
    )
    reads = ("elasticloadbalancing:DescribeLoadBalancers",)
    removes = ("elasticloadbalancing:DeleteLoadBalancer",)
    grants = (
        Grant("elasticloadbalancing:CreateLoadBalancer", REQUEST, (BALANCER,)),
        Grant("elasticloadbalancing:AddTags", CREATE_ACTION, (BALANCER,)),
        Grant("elasticloadbalancing:DeleteLoadBalancer", RESOURCE, (BALANCER,)),
        Grant(
            "iam:CreateServiceLinkedRole", SERVICE, ("iam:role/aws-service-role/elasticloadbalancing.amazonaws.com/*",)
        ),
    )
    id_path = "LoadBalancers[0].LoadBalancerArn"
    named = ("nlb", 32)
    terraform_type = "aws_lb"
    terraform_id = "arn"

    vpc_id: str = ""
    subnet_ids: tuple[str, ...] = ()
    group_ids: tuple[str, ...] = ()

    def find(self, door: RegionClients, mark: Ownership) -> list[str]:
        return sorted(described(door, Names=[mark.name(*self.named)]))

    def make(self, door: RegionClients, mark: Ownership) -> Observation:
        made = door.elbv2.create_load_balancer(
            Name=mark.name(*self.named),
            Type="network",
            Scheme="internal",
            IpAddressType="ipv4",
            Subnets=list(self.subnet_ids),
            SecurityGroups=list(self.group_ids),
            Tags=mark.pairs(),
        )
        return _seen(made["LoadBalancers"][0])

    @classmethod
    def check(cls, door: RegionClients, wanted: Sequence[tuple[Self, str]]) -> list[Observation]:
        found = by_arn(door, [aws_id for _, aws_id in wanted])
        return [_seen(found[arn]) if arn in found else missing(arn, "Load balancer") for _, arn in wanted]

    def remove(self, door: RegionClients, aws_id: str) -> None:
        try:
            door.elbv2.delete_load_balancer(LoadBalancerArn=aws_id)
        except ClientError as error:
            if code_of(error) != "LoadBalancerNotFound":
                raise

    def judge(self, seen: Observation) -> Iterator[str]:
        if seen.state is State.GONE:
            yield seen.sentence
        elif seen.values["type"] != "network":
            yield (f"{seen.id} is of type {seen.values['type']}. An endpoint service takes a network load balancer.")
        elif seen.state is not State.READY:
            yield f"{seen.sentence} Choose an active one, or wait until it is."
        elif self.vpc_id and seen.values["vpc_id"] != self.vpc_id:
            yield (
                f"Load balancer {seen.values['name']} is in {seen.values['vpc_id']}, not in {self.vpc_id}. "
                "Choose the network that it stands in, or another load balancer."
            )

    def predict(self, place: Place) -> Observation:
        zones = [place.zone_of.get(subnet, "") for subnet in self.subnet_ids] or [name for _, name in place.zones]
        values = {
            "name": "",
            "dns_name": "",
            "type": "network",
            "scheme": "internal",
            "vpc_id": self.vpc_id,
            "zone_names": zones,
            "subnet_ids": list(self.subnet_ids),
            "group_ids": list(self.group_ids),
            "enforce": "",
        }
        return Observation(id=self.chosen_or_new(place), values=values)

    def terraform(self, plan: Writer) -> list[Block]:
        body = {
            "name": plan.name(*self.named),
            "load_balancer_type": "network",
            "internal": True,
            "subnets": plan.ref(self.subnet_ids),
            "security_groups": plan.ref(self.group_ids),
            "enable_cross_zone_load_balancing": True,
            "enforce_security_group_inbound_rules_on_private_link_traffic": "off",
            "tags": plan.tags,
        }
        return [Block(body)]


def described(door: RegionClients, **chosen: Any) -> dict[str, Any]:
    """ARN -> load balancer, for Names or LoadBalancerArns; none when AWS says that one of them is not
    there.
    """
    try:
        return {lb["LoadBalancerArn"]: lb for lb in door.elbv2.describe_load_balancers(**chosen)["LoadBalancers"]}
    except ClientError as error:
        if code_of(error) != "LoadBalancerNotFound":
            raise
        return {}


def by_arn(door: RegionClients, arns: Sequence[str]) -> dict[str, Any]:
    """ARN -> load balancer. One missing ARN fails the whole call, so then each is asked for alone; 20 at
    most a call.
    """
    found: dict[str, Any] = {}
    for start in range(0, len(arns), 20):
        batch = list(arns[start : start + 20])
        found |= described(door, LoadBalancerArns=batch)
        if len(batch) > 1 and not set(batch) & set(found):
            for arn in batch:
                found |= described(door, LoadBalancerArns=[arn])
    return found


def _seen(balancer: Any) -> Observation:
    state, arn = balancer["State"], balancer["LoadBalancerArn"]
    zones = balancer.get("AvailabilityZones", [])
    values = {
        "name": balancer["LoadBalancerName"],
        "dns_name": balancer["DNSName"],
        "type": balancer["Type"],
        "scheme": balancer.get("Scheme", "internal"),
        "vpc_id": balancer["VpcId"],
        "zone_names": [zone["ZoneName"] for zone in zones],
        "subnet_ids": [zone["SubnetId"] for zone in zones],
        "group_ids": balancer.get("SecurityGroups", []),
        "enforce": balancer.get("EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic", ""),
    }
    return from_state(
        arn,
        state["Code"],
        ready=["active", "active_impaired"],
        pending=["provisioning"],
        words="Load balancer",
        why=state.get("Reason", ""),
        values=values,
        warnings=tuple(_warnings(state["Code"], values)),
    )


def _warnings(state: str, values: dict[str, Any]) -> Iterator[str]:
    if state == "active_impaired":
        yield "AWS reports the load balancer as impaired: it routes traffic, and cannot scale for now."
    if values["scheme"] != "internal":
        yield "The load balancer faces the Internet; an internal one keeps traffic on Amazon's network."
    if not values["group_ids"]:
        yield "The load balancer has no security group, and none can be added later."
