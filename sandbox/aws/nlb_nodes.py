"""The nodes of a network load balancer: one interface in each of its subnets."""

from __future__ import annotations

from typing import Any

from moto.ec2.models import ec2_backends

from sandbox.aws import elb_interfaces
from sandbox.state import table


def match_interfaces(backend: Any, balancer: Any) -> None:
    """One interface in each subnet, none elsewhere."""
    enis: dict[str, str] = table("nlb")[balancer.arn]["enis"]
    ec2 = ec2_backends[backend.account_id][backend.region_name]
    wanted = [subnet.id for subnet in balancer.subnets]
    text = "ELB " + balancer.arn.split(":loadbalancer/")[1]
    for subnet_id in wanted:
        if subnet_id not in enis:
            groups = list(balancer.security_groups)
            enis[subnet_id] = elb_interfaces.make(ec2, subnet_id, groups, text, "network_load_balancer")
    gone = [subnet_id for subnet_id in enis if subnet_id not in wanted]
    elb_interfaces.release(ec2, [enis.pop(subnet_id) for subnet_id in gone])


def node_addresses(balancer: Any, account: str, region: str) -> dict[str, str]:
    """The node's private IP in each availability zone (by name)."""
    ec2 = ec2_backends[account][region]
    enis = [ec2.enis[eni] for eni in table("nlb")[balancer.arn]["enis"].values() if eni in ec2.enis]
    return {eni.subnet.availability_zone: str(eni.private_ip_address) for eni in enis}
