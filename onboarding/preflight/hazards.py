"""Hazards, found before anything is done: in each region's account, by the rules for what is used as it stands
and in the order of the steps (Q4).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from onboarding.checklist.step import Outcome
from onboarding.preflight.account import Look, RegionSnapshot, judged, snapshot_region
from onboarding.preflight.findings import Finding, attempt
from onboarding.steps.network import blocks
from onboarding.things.base import Observation, State
from onboarding.things.endpoint_service import EndpointService, configurations
from onboarding.things.instance import Instance
from onboarding.things.listener import ListenerBefore
from onboarding.things.load_balancer import NetworkLoadBalancer, described
from onboarding.things.load_balancer_attribute import CROSS_ZONE, LoadBalancerAttributeBefore
from onboarding.things.subnet import Subnet
from onboarding.things.target import TargetBefore
from onboarding.things.vpc import Vpc
from onboarding.things.vpc_attribute import HOSTNAMES, SUPPORT, VpcAttributeBefore
from sellers.spec import OnboardSpec


def targets(ground: RegionSnapshot) -> Iterator[Finding]:
    """Findings about existing instances; addresses and an ALB as targets are judged by the run."""
    choice, network = ground.choices.targets, ground.choices.network
    if choice.mode != "existing" or not choice.instance_ids:
        return
    wanted = [Instance(key=i, given=i, vpc_id=network.vpc_id or "") for i in choice.instance_ids]
    seen = Instance.check(ground.door, [(thing, thing.given) for thing in wanted])
    ground.facts["targets"] = [[look.id, look.aws_status] for look in seen]
    for thing, look in zip(wanted, seen, strict=True):
        yield from judged(ground, "targets", thing, look)
    yield from _closed(ground, choice.instance_ids)


def _closed(ground: RegionSnapshot, ids: Sequence[str]) -> Iterator[Finding]:
    """Instances whose groups open the target port to nobody: their health checks cannot succeed."""
    port = ground.look.spec.product.listener.target_port
    groups = _groups(ground, ids)
    opening = _open(ground, sorted({group for those in groups.values() for group in those}), port)
    for instance in ids:
        if groups.get(instance) and not opening & set(groups[instance]):
            said = (
                f"No security group of {instance} lets anybody in on port {port}, so the load balancer's health check "
                f"fails. Allow {port} from the load balancer's security group or from the network's range."
            )
            yield ground.finding(Outcome.WARN, "targets", said, "S17")


def _groups(ground: RegionSnapshot, ids: Sequence[str]) -> dict[str, list[str]]:
    pages = ground.door.ec2.get_paginator("describe_instances").paginate(
        Filters=[{"Name": "instance-id", "Values": list(ids)}]
    )
    found = [one for page in pages for reservation in page["Reservations"] for one in reservation["Instances"]]
    return {one["InstanceId"]: [group["GroupId"] for group in one.get("SecurityGroups", [])] for one in found}


def _open(ground: RegionSnapshot, group_ids: Sequence[str], port: int) -> set[str]:
    """Those of the groups that open the port to some source."""
    if not group_ids:
        return set()
    pages = ground.door.ec2.get_paginator("describe_security_groups").paginate(
        Filters=[{"Name": "group-id", "Values": list(group_ids)}]
    )
    groups = [group for page in pages for group in page["SecurityGroups"]]
    return {g["GroupId"] for g in groups if any(_lets_in(rule, port) for rule in g.get("IpPermissions", []))}


def _lets_in(rule: Any, port: int) -> bool:
    sources = [*rule.get("IpRanges", []), *rule.get("UserIdGroupPairs", []), *rule.get("PrefixListIds", [])]
    if not sources or rule.get("IpProtocol") not in ("tcp", "-1"):
        return False
    return bool(rule["IpProtocol"] == "-1" or rule.get("FromPort", 0) <= port <= rule.get("ToPort", 65535))


Facts = dict[str, dict[str, Any]]


def jobs(look: Look, facts: Facts) -> list[Callable[[], list[Finding]]]:
    """One look for each region, which also puts down in `facts` what a later look is compared with."""
    return [partial(attempt, partial(_region, look, region, facts), region, "network") for region in look.spec.regions]


def of_order(spec: OnboardSpec) -> list[Finding]:
    """What the order of the steps guards against; AWS need not be asked."""
    name = spec.product.friendly_dns_name
    if not name or spec.product.profile == "native":
        return []
    said = (
        f"The certificate comes before the delegation of {name}: delegating hides the record by which ACM proves the "
        "domain. The run keeps this order; for renewals the record is needed in the delegated zone, too."
    )
    return [Finding(outcome=Outcome.WARN, sentence=said, slug="delegation", guide=("Q4",))]


def _region(look: Look, region: str, facts: Facts) -> list[Finding]:
    ground = snapshot_region(look, region)
    found = [*_network(ground), *_balancer(ground), *_service(ground), *targets(ground)]
    facts[region] = ground.facts
    return found


def _network(ground: RegionSnapshot) -> Iterator[Finding]:
    choice = ground.choices.network
    if choice.mode == "create":
        blocks(choice.cidr or "10.0.0.0/16", sorted(ground.zones.values()))  # raises Wrong when it is too small
        yield from _coverage(ground, "network", "subnet", sorted(ground.zones.values()))
    elif choice.mode == "existing":
        yield from _given_network(ground, choice.vpc_id or "", choice.subnet_ids)


def _given_network(ground: RegionSnapshot, vpc_id: str, subnet_ids: Sequence[str]) -> Iterator[Finding]:
    vpc = Vpc(key="vpc", given=vpc_id)
    subnets = [Subnet(key=i, given=i, vpc_id=vpc_id) for i in subnet_ids]
    pairs: list[tuple[Vpc | Subnet, Observation]] = [(vpc, Vpc.check(ground.door, [(vpc, vpc_id)])[0])]
    pairs += zip(subnets, Subnet.check(ground.door, [(s, s.given) for s in subnets]), strict=True)
    for thing, seen in pairs:
        yield from judged(ground, "network", thing, seen)
    for name in (SUPPORT, HOSTNAMES) if pairs[0][1].state is State.READY else ():
        ground.before(VpcAttributeBefore(target=vpc_id, name=name))
    covered = [str(seen.values["zone_id"]) for thing, seen in pairs if "zone_id" in seen.values]
    ground.facts["network"] = [[seen.id, seen.aws_status, str(seen.values.get("zone_id", ""))] for _, seen in pairs]
    if twice := sorted({zone for zone in covered if covered.count(zone) > 1}):
        said = f"Two of the subnets are in {', '.join(twice)}. Choose one for each Availability Zone."
        yield ground.finding(Outcome.FAIL, "network", said, "S18")
    elif len(covered) == 1:
        said = "The subnets cover only one Availability Zone. Choose subnets in two or more, best in all."
        yield ground.finding(Outcome.FAIL, "network", said, "S18")
    yield from _coverage(ground, "network", "subnet", covered)


def _coverage(ground: RegionSnapshot, slug: str, words: str, covered: Sequence[str]) -> Iterator[Finding]:
    """Zones by id, which is the same in every account: the names are not."""
    every = sorted(ground.zones.values())
    if left := [zone for zone in every if zone not in covered]:
        said = (
            f"{len(every) - len(left)} of {len(every)} AZs: {', '.join(left)} {'has' if len(left) == 1 else 'have'} no "
            f"{words}. Buyers there cannot place an endpoint."
        )
        yield ground.finding(Outcome.WARN, slug, said, "S18")
    else:
        said = f"{ground.region}: a {words} in all {len(every)} AZs, {', '.join(every)}."
        yield ground.finding(Outcome.PASS, slug, said, "S18")


def _balancer(ground: RegionSnapshot) -> Iterator[Finding]:
    choice, network = ground.choices.load_balancer, ground.choices.network
    if choice.mode == "create":
        name = ground.mark("load_balancer", "nlb").name("nlb")
        ground.facts["taken"] = taken = sorted(set(described(ground.door, Names=[name])) - ground.look.ours)
        if taken:
            said = f"A load balancer {name} exists already and is not in our inventory. The run takes it as its own."
            yield ground.finding(Outcome.WARN, "load_balancer", said)
    elif choice.mode == "existing":
        thing = NetworkLoadBalancer(key="nlb", given=choice.arn or "", vpc_id=network.vpc_id or "")
        seen = NetworkLoadBalancer.check(ground.door, [(thing, thing.given)])[0]
        yield from judged(ground, "load_balancer", thing, seen)
        if seen.state is State.READY:
            yield from _given_balancer(ground, seen)


def _given_balancer(ground: RegionSnapshot, seen: Observation) -> Iterator[Finding]:
    covered = ground.ids(list(seen.values["zone_names"]))
    yield from _coverage(ground, "load_balancer", "subnet of the load balancer", covered)
    crossing = ground.before(LoadBalancerAttributeBefore(target=seen.id, name=CROSS_ZONE))
    _listening(ground, seen.id)
    if crossing != "true":
        said = (
            f"Cross-zone balancing is off on {seen.values['name']}: a zone without a healthy target can't respond. "
            "The run turns it on and restores the setting when you tear down the product."
        )
        yield ground.finding(Outcome.WARN, "load_balancer", said, "S18")
    if seen.values["enforce"] == "on":
        said = (
            f"{seen.values['name']} judges PrivateLink traffic by its security group, that is by buyers' private "
            "addresses. The run switches that off; the allow list decides who connects."
        )
        yield ground.finding(Outcome.WARN, "load_balancer", said)
    ground.facts["load_balancer"] = [seen.id, covered, crossing, seen.values["enforce"], seen.values["group_ids"]]


def _listening(ground: RegionSnapshot, balancer_arn: str) -> None:
    """The listener that it has on the port, and which of the chosen targets are registered behind it."""
    listener, targets = ground.look.spec.product.listener, ground.choices.targets
    there = ground.before(ListenerBefore(target=balancer_arn, name=str(listener.port)))
    _, _, groups = there.partition(" ")
    if groups and targets.mode == "existing":
        for target in targets.instance_ids or targets.ip_addresses or [targets.alb_arn or ""]:
            name = f"{target}:{listener.target_port}"
            ground.before(TargetBefore(target=groups.split(" ")[0], name=name))


def _service(ground: RegionSnapshot) -> Iterator[Finding]:
    choice, balancer = ground.choices.endpoint_service, ground.choices.load_balancer
    found = [s for s in configurations(ground.door) if s["ServiceState"].lower() not in ("deleting", "deleted")]
    others = [s for s in found if s["ServiceId"] not in {*ground.look.ours, choice.service_id}]
    if choice.mode == "existing":
        thing = EndpointService(key="given", given=choice.service_id or "", load_balancer_arn=balancer.arn or "")
        seen = EndpointService.check(ground.door, [(thing, thing.given)])[0]
        ground.facts["endpoint_service"] = [seen.id, seen.aws_status]
        # Which load balancer it has to hold is known only where that exists as well.
        yield from judged(ground, "endpoint_service", thing, seen) if balancer.arn else ()
    for service in others:
        yield from _clash(ground, service)


def _clash(ground: RegionSnapshot, service: Any) -> Iterator[Finding]:
    """What another endpoint service of the account holds, and ours wants."""
    private, arn = ground.look.spec.product.private_dns_name, ground.choices.load_balancer.arn
    if arn and arn in service.get("NetworkLoadBalancerArns", []):
        said = (
            f"The load balancer is in the endpoint service {service['ServiceId']} already, and one is all it can be in."
        )
        cure = "Choose endpoint service: existing with that id, or another load balancer."
        yield ground.finding(Outcome.FAIL, "load_balancer", f"{said} {cure}")
    if private and service.get("PrivateDnsName", "") == private:
        said = (
            f"The endpoint service {service['ServiceId']} in {ground.region} has the private DNS name {private}, too."
        )
        cure = "Buyers of both would get one name for two services: remove it there, or choose another."
        yield ground.finding(Outcome.WARN, "private_dns", f"{said} {cure}")
