"""The limit that provisioning is held against: the longest chain of dependent AWS calls and waits, drawn by hand.

Every call takes `latency`; a wait begins when its thing was made. What AWS or the checklist (a step's `needs`)
puts in a row is in a row here; everything else is side by side. Overheads of ours are nowhere in it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class World:
    """How long things take in the simulated AWS, in seconds."""

    latency: float = 0.08
    nlb: float = 3.0
    instance: float = 2.0
    service: float = 1.0
    health: float = 1.0


Links = dict[str, tuple[tuple[str, ...], float]]  # name -> (needs, seconds)


def chain(world: World) -> Links:
    """name -> (needs, seconds) of one region: native, TCP, rehearsal off; regions do not need each other."""
    call = world.latency
    return {
        # access: the role is assumed, its account compared, then regions, permissions and quotas side by side
        "AssumeRole": ((), call),
        "GetCallerIdentity": (("AssumeRole",), call),
        "access checks": (("GetCallerIdentity",), call),
        # network
        "DescribeAvailabilityZones": (("access checks",), call),
        "DescribeTags": (("DescribeAvailabilityZones",), call),
        "CreateVpc": (("DescribeTags",), call),
        "CreateSubnet": (("CreateVpc",), call),
        "CreateSecurityGroup": (("CreateVpc",), call),
        "AuthorizeSecurityGroupIngress": (("CreateSecurityGroup",), call),
        "network checks": (("CreateSubnet", "AuthorizeSecurityGroupIngress"), call),
        # targets
        "DescribeImages": (("network checks",), call),
        "RunInstances": (("DescribeImages",), call),
        "instances run": (("RunInstances",), world.instance),
        "DescribeInstances": (("instances run",), call),
        # load balancer
        "CreateLoadBalancer": (("network checks",), call),
        "balancer settings": (("CreateLoadBalancer",), call),
        "balancer is active": (("CreateLoadBalancer",), world.nlb),
        "DescribeLoadBalancers": (("balancer settings", "balancer is active"), call),
        # listener and reach
        "CreateTargetGroup": (("DescribeLoadBalancers", "DescribeInstances"), call),
        "RegisterTargets": (("CreateTargetGroup",), call),
        "CreateListener": (("CreateTargetGroup",), call),
        "targets are healthy": (("RegisterTargets", "CreateListener"), world.health),
        "DescribeTargetHealth": (("targets are healthy",), call),
        # endpoint service and buyers
        "CreateVpcEndpointServiceConfiguration": (("DescribeLoadBalancers",), call),
        "service is available": (("CreateVpcEndpointServiceConfiguration",), world.service),
        "DescribeVpcEndpointServiceConfigurations": (("service is available",), call),
        "ModifyVpcEndpointServicePermissions": (("DescribeVpcEndpointServiceConfigurations",), call),
        "DescribeVpcEndpointServicePermissions": (("ModifyVpcEndpointServicePermissions",), call),
    }


READS_OF_A_PRODUCT = ("AssumeRole", "GetCallerIdentity", "DescribeRegions", "SimulatePrincipalPolicy")
READS_OF_A_REGION = (
    "DescribeAvailabilityZones",
    "DescribeTags",
    "DescribeImages",
    "DescribeInstanceTypeOfferings",
    "DescribeInstances",
    "DescribeLoadBalancers",
    "DescribeTargetHealth",
    "DescribeVpcEndpointServiceConfigurations",
    "DescribeVpcEndpointServicePermissions",
)


def fewest(regions: int, mutating: int) -> int:
    """The fewest calls that could do it: each mutating call once, each kind of read once, no wait looked at twice.

    The quotas' reads are not in it: a run could do without them.
    """
    return mutating + len(READS_OF_A_PRODUCT) + regions * len(READS_OF_A_REGION)


def limit(world: World) -> float:
    """Seconds of the longest chain."""
    return longest(chain(world))


def longest(links: Links) -> float:
    """Seconds of the longest chain of links, each of which stands after those that it needs."""
    ends: dict[str, float] = {}
    for name, (needs, seconds) in links.items():
        ends[name] = seconds + max((ends[need] for need in needs), default=0.0)
    return max(ends.values())
