"""Network: a VPC with DNS attributes, one subnet an Availability Zone, and the two security groups (S16,
S39).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from onboarding.checklist.step import Build, CheckResult, Context, Input, NeedsAction, Outcome, Step, each
from onboarding.steps.access import Access
from onboarding.things.base import Observation
from onboarding.things.security_group import SecurityGroup
from onboarding.things.security_rule import SecurityRule
from onboarding.things.subnet import Subnet
from onboarding.things.vpc import Vpc
from onboarding.things.vpc_attribute import HOSTNAMES, SUPPORT, VpcAttribute, VpcAttributeBefore
from onboarding.things.zones import Zones
from sellers import formats

BALANCER = "Load balancer of a PrivateLink product"
TARGETS = "Targets of a PrivateLink product"


@dataclass(frozen=True, kw_only=True)
class NetworkOutputs:
    """What the network hands on. Zone ids are AWS's `use1-az1`, equal in every account; names are this
    account's.
    """

    vpc_id: str
    cidr: str
    subnet_ids: tuple[str, ...]
    zone_ids: tuple[str, ...]
    zone_names: tuple[str, ...]
    region_zone_ids: tuple[str, ...]
    region_zone_names: tuple[str, ...]
    balancer_group_id: str
    target_group_id: str

    def ids_of(self, zone_names: Sequence[str]) -> tuple[str, ...]:
        """The zone ids of these names of this account; a name that the region does not list is left out."""
        ids = dict(zip(self.region_zone_names, self.region_zone_ids, strict=True))
        return tuple(sorted({ids[name] for name in zone_names if name in ids}))


class Network(Step[NetworkOutputs]):
    """Create: VPC, subnets, groups. Existing: the given VPC and subnets, whose DNS attributes are switched
    on if they are off and put back on undo. A group is made only for what we make ourselves.
    """

    slug = "network"
    title = "Network"
    doing = "Creating the VPC, subnets, and security groups"
    guide = ("S16", "S39")
    needs = (Access,)
    choice = "network"
    inputs = (
        Input(field="vpc_id", words="the VPC's id", parse=formats.vpc_id),
        Input(field="subnet_ids", words="one subnet id for each Availability Zone", parse=formats.subnet_id, many=True),
    )
    kinds = (Zones, Vpc, VpcAttribute, VpcAttributeBefore, Subnet, SecurityGroup, SecurityRule)
    outputs = NetworkOutputs

    def things(self, ctx: Context) -> Build[NetworkOutputs]:
        if ctx.choices.network.mode == "create":
            zones, vpc, subnets, groups = yield from _build(ctx)
        else:
            zones, vpc, subnets, groups = yield from _adopt(ctx)
        outputs = NetworkOutputs(
            vpc_id=vpc.id,
            cidr=vpc.values["cidr"],
            subnet_ids=tuple(seen.id for seen in subnets),
            zone_ids=tuple(seen.values["zone_id"] for seen in subnets),
            zone_names=tuple(seen.values["zone_name"] for seen in subnets),
            region_zone_ids=tuple(zones.values["ids"]),
            region_zone_names=tuple(zones.values["names"]),
            balancer_group_id=groups.get("balancer", ""),
            target_group_id=groups.get("targets", ""),
        )
        yield from each(list(_rules(ctx, outputs)))
        return outputs

    def check(self, ctx: Context, outputs: NetworkOutputs) -> Sequence[CheckResult]:
        left = sorted(set(outputs.region_zone_ids) - set(outputs.zone_ids))
        facts = {"vpc_id": outputs.vpc_id, "zone_ids": list(outputs.zone_ids), "left_out": left}
        if left:
            said = f"The network has no subnet in {', '.join(left)}; buyers there cannot place an endpoint."
            return [CheckResult(check="zones", outcome=Outcome.WARN, sentence=said, facts=facts)]
        said = (
            f"{outputs.vpc_id} has a subnet in every Availability Zone of {ctx.region}: {', '.join(outputs.zone_ids)}."
        )
        return [CheckResult(check="zones", outcome=Outcome.PASS, sentence=said, facts=facts)]


Parts = tuple[Observation, Observation, Sequence[Observation], dict[str, str]]


def _build(ctx: Context) -> Build[Parts]:
    cidr = ctx.choices.network.cidr
    if not cidr:
        raise NeedsAction(
            f"{ctx.region} has no CIDR for its VPC.", "Give the region's network a cidr, such as 10.20.0.0/16."
        )
    zones, vpc = yield from each([Zones(key="zones"), Vpc(key="vpc", cidr=cidr)])
    subnets = [
        Subnet(key=f"subnet-{zone_id}", vpc_id=vpc.id, cidr=block, zone_id=zone_id)
        for zone_id, block in blocks(cidr, zones.values["ids"]).items()
    ]
    # DNS support is on in every new VPC; host names are not.
    names = VpcAttribute(key=HOSTNAMES, target=vpc.id, name=HOSTNAMES, value="true")
    groups = _groups(ctx, vpc.id)
    seen = yield from each([names, *subnets, *groups])
    return zones, vpc, seen[1 : 1 + len(subnets)], _ids(groups, seen[1 + len(subnets) :])


def _adopt(ctx: Context) -> Build[Parts]:
    choice = ctx.choices.network
    vpc_id = choice.vpc_id or ""
    given = [Subnet(key=f"given-{i}", given=i, vpc_id=vpc_id) for i in choice.subnet_ids]
    zones, vpc, *subnets = yield from each([Zones(key="zones"), Vpc(key="vpc", given=vpc_id), *given])
    _judge(subnets)
    # Asked for only once the VPC is known to be there.
    before = yield from each([VpcAttributeBefore(key=n, target=vpc.id, name=n) for n in (SUPPORT, HOSTNAMES)])
    changes = [
        VpcAttribute(key=name, target=vpc.id, name=name, value="true", old=seen.values["value"])
        for name, seen in zip((SUPPORT, HOSTNAMES), before, strict=True)
        if seen.values["value"] != "true"
    ]
    groups = _groups(ctx, vpc.id)
    seen = yield from each([*changes, *groups])
    return zones, vpc, subnets, _ids(groups, seen[len(changes) :])


def _judge(subnets: Sequence[Observation]) -> None:
    zones = [seen.values["zone_id"] for seen in subnets]
    twice = sorted({zone for zone in zones if zones.count(zone) > 1})
    if twice:
        raise NeedsAction(
            f"Two of the subnets are in {', '.join(twice)}.", "Choose one subnet for each Availability Zone."
        )
    if len(zones) < 2:
        raise NeedsAction(
            "The subnets cover only one Availability Zone.", "Choose subnets in two or more, best in all."
        )


def _groups(ctx: Context, vpc_id: str) -> list[SecurityGroup]:
    outputs = {"balancer": (ctx.choices.load_balancer.mode, BALANCER), "targets": (ctx.choices.targets.mode, TARGETS)}
    return [
        SecurityGroup(key=key, vpc_id=vpc_id, description=words)
        for key, (mode, words) in outputs.items()
        if mode == "create"
    ]


def _ids(groups: Sequence[SecurityGroup], seen: Sequence[Observation]) -> dict[str, str]:
    return {group.key: look.id for group, look in zip(groups, seen, strict=True)}


def _rules(ctx: Context, outputs: NetworkOutputs) -> Iterator[SecurityRule]:
    """The load balancer lets the VPC in on the listener's port; the targets let the load balancer in on
    theirs.
    """
    listener = ctx.spec.product.listener
    if outputs.balancer_group_id:
        yield SecurityRule(
            key="balancer-in",
            group_id=outputs.balancer_group_id,
            from_port=listener.port,
            to_port=listener.port,
            cidr=outputs.cidr,
        )
    if outputs.target_group_id:
        port, source = listener.target_port, outputs.balancer_group_id
        yield SecurityRule(
            key="targets-in",
            group_id=outputs.target_group_id,
            from_port=port,
            to_port=port,
            source_group_id=source,
            cidr="" if source else outputs.cidr,
        )


def blocks(cidr: str, zone_ids: Sequence[str]) -> dict[str, str]:
    """zone id -> CIDR: a sixteenth of the VPC each, at least a /28, by the number in the zone's id, so that
    a zone which AWS adds later moves none of the others. Raises Wrong when the VPC is too small.
    """
    network = ipaddress.IPv4Network(cidr)
    parts = [str(part) for part in network.subnets(new_prefix=min(network.prefixlen + 4, 28))]
    numbers = {zone_id: int(zone_id.rpartition("-az")[2]) - 1 for zone_id in zone_ids}
    if any(number >= len(parts) for number in numbers.values()):
        raise NeedsAction(
            f"{cidr} has room for {len(parts)} subnets, and the region has {len(zone_ids)} Availability Zones.",
            "Give the network a larger cidr, /24 or wider, then retry this step.",
        )
    return {zone_id: parts[number] for zone_id, number in numbers.items()}
