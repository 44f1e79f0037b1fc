"""Network load balancers (S18, S40), the target groups behind them, and application load balancers as targets (S17)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from onboarding.aws.clients import RegionClients
from onboarding.checklist.words import counted
from onboarding.pages.picker.base import AwsResource, Candidate, Picker, judged, left_out, score, tags_of, zones_of
from onboarding.pages.picker.query import Wanted
from onboarding.things.alb import Alb
from onboarding.things.base import Observation, State
from onboarding.things.endpoint_service import configurations
from onboarding.things.listener import Listener, listeners
from onboarding.things.load_balancer import NetworkLoadBalancer
from onboarding.things.load_balancer_attribute import CROSS_ZONE, LoadBalancerAttribute
from onboarding.things.target import registered
from onboarding.things.target_group import TargetGroup

PROTECTION, PROXY = "deletion_protection.enabled", "proxy_protocol_v2.enabled"
TAGS_A_CALL = 20
LAYER_4 = ("TCP", "TLS", "UDP", "TCP_UDP")


class LoadBalancers(Picker):
    """Network, active, of the VPC, in no other endpoint service; warned of zones, scheme, groups, cross-zone, targets.

    A listener or a target that is missing is no refusal: the run adds them to an existing load balancer.
    """

    kind, words, plural, guide = "load_balancer", "load balancer", "load balancers", ("S18", "S40")
    context = ("vpc", "port", "protocol", "service")
    reads = (
        "elasticloadbalancing:DescribeLoadBalancers",
        "elasticloadbalancing:DescribeTags",
        "elasticloadbalancing:DescribeLoadBalancerAttributes",
        "elasticloadbalancing:DescribeListeners",
        "elasticloadbalancing:DescribeTargetHealth",
        "ec2:DescribeVpcEndpointServiceConfigurations",
        "ec2:DescribeAvailabilityZones",
    )
    nothing = "Choose “Create for me”: an internal one in every Availability Zone is built for you."
    looks = True

    def found(self, door: RegionClients, wanted: Wanted) -> list[AwsResource]:
        return _balancers(door, "network", wanted.vpc)

    def offers(self, door: RegionClients, wanted: Wanted, found: Sequence[AwsResource]) -> list[Candidate]:
        able = [each for each in found if each.raw["Type"] != "gateway"]
        thing = NetworkLoadBalancer(vpc_id=wanted.vpc)
        done = {offer.found.id: offer for offer in judged(door, able, [thing] * len(able))}
        offers = [done.get(each.id) or _gateway(each, thing) for each in found]
        held, zones = _held(door), zones_of(door)
        return [_placed(offer, held, zones, wanted.service) for offer in offers]

    def look(self, door: RegionClients, wanted: Wanted, offer: Candidate) -> Candidate:
        arn, warnings = offer.found.id, []
        if LoadBalancerAttribute.read(door, arn, CROSS_ZONE) != "true":
            warnings.append("Cross-zone load balancing is off: the run switches it on, and back on undo.")
        if LoadBalancerAttribute.read(door, arn, PROTECTION) != "true":
            warnings.append("Deletion protection is off: somebody could delete it under the endpoint service.")
        offer = offer.but(warnings=warnings, notes=list(_enforced(offer)))
        return _listening(door, wanted, offer)


class ApplicationBalancers(Picker):
    """As the target behind the network load balancer: of type application, active, of the VPC."""

    kind, words, guide = "alb", "application load balancer", ("S17",)
    plural = "application load balancers"
    context = ("vpc",)
    reads = ("elasticloadbalancing:DescribeLoadBalancers", "elasticloadbalancing:DescribeTags")
    nothing = "Choose instances as the targets, or let them be created for you."

    def found(self, door: RegionClients, wanted: Wanted) -> list[AwsResource]:
        return _balancers(door, "application", wanted.vpc)

    def offers(self, door: RegionClients, wanted: Wanted, found: Sequence[AwsResource]) -> list[Candidate]:
        things = [Alb(given=each.id, vpc_id=wanted.vpc or str(each.raw.get("VpcId", ""))) for each in found]
        return judged(door, found, things)

    def advice(self, door: RegionClients, wanted: Wanted) -> str:
        return "The network load balancer sends everything to it: it needs a listener on your target port."


class TargetGroups(Picker):
    """Of the VPC and the targets' type, on this load balancer only; warned of another port and of proxy protocol."""

    kind, words, plural, guide = "target_group", "target group", "target groups", ("S18",)
    context = ("vpc", "port", "balancer", "type")
    reads = (
        "elasticloadbalancing:DescribeTargetGroups",
        "elasticloadbalancing:DescribeTags",
        "elasticloadbalancing:DescribeTargetGroupAttributes",
    )
    nothing = "Leave it out: the run makes one, and registers the targets in it."
    looks = True

    def found(self, door: RegionClients, wanted: Wanted) -> list[AwsResource]:
        pages = door.elbv2.get_paginator("describe_target_groups").paginate()
        raw = [group for page in pages for group in page["TargetGroups"]]
        tags = _tags(door, [group["TargetGroupArn"] for group in raw])
        return [_group(each, tags, wanted.vpc) for each in raw]

    def offers(self, door: RegionClients, wanted: Wanted, found: Sequence[AwsResource]) -> list[Candidate]:
        things = [
            TargetGroup(vpc_id=wanted.vpc, target_type=wanted.type or str(each.raw.get("TargetType", "")))
            for each in found
        ]
        offers = judged(door, found, things)
        return [
            offer.but(refusals=list(_attached(offer, wanted.balancer)), warnings=list(_ports(offer, wanted.port)))
            for offer in offers
        ]

    def look(self, door: RegionClients, wanted: Wanted, offer: Candidate) -> Candidate:
        found = door.elbv2.describe_target_group_attributes(TargetGroupArn=offer.found.id)["Attributes"]
        on = {"Key": PROXY, "Value": "true"} in found
        said = "It sends proxy protocol v2: software that does not read that header sees a broken connection."
        return offer.but(warnings=[said] if on else [])


def _tags(door: RegionClients, arns: Sequence[str]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for start in range(0, len(arns), TAGS_A_CALL):
        answer = door.elbv2.describe_tags(ResourceArns=list(arns[start : start + TAGS_A_CALL]))
        found |= {each["ResourceArn"]: tags_of(each) for each in answer["TagDescriptions"]}
    return found


def _balancers(door: RegionClients, kind: str, vpc_id: str) -> list[AwsResource]:
    """All load balancers of the region; those of this type in the VPC are near."""
    pages = door.elbv2.get_paginator("describe_load_balancers").paginate()
    raw = [balancer for page in pages for balancer in page["LoadBalancers"]]
    tags = _tags(door, [balancer["LoadBalancerArn"] for balancer in raw])
    return [_balancer(each, tags, kind, vpc_id) for each in raw]


def _balancer(raw: Any, tags: Mapping[str, dict[str, str]], kind: str, vpc_id: str) -> AwsResource:
    arn, zones = raw["LoadBalancerArn"], raw.get("AvailabilityZones", [])
    facts = (raw["Type"], raw.get("Scheme", ""), raw["State"]["Code"], f"{len(zones)} AZs", raw.get("VpcId", ""))
    return AwsResource(
        id=arn,
        name=raw["LoadBalancerName"],
        facts=tuple(fact for fact in facts if fact),
        tags=tags.get(arn, {}),
        near=raw["Type"] == kind and (raw.get("VpcId") == vpc_id or not vpc_id),
        raw=raw,
    )


def _gateway(found: AwsResource, thing: NetworkLoadBalancer) -> Candidate:
    """A gateway load balancer has no DNS name and no scheme: its type alone is judged."""
    return score(found, thing, Observation(id=found.id, state=State.READY, values={"type": found.raw["Type"]}))


def _held(door: RegionClients) -> dict[str, str]:
    """ARN -> id of the endpoint service that holds the load balancer."""
    return {
        arn: service["ServiceId"]
        for service in configurations(door)
        if service["ServiceState"].lower() != "deleted"
        for arn in service.get("NetworkLoadBalancerArns", [])
    }


def _placed(offer: Candidate, held: Mapping[str, str], zones: Mapping[str, str], service: str) -> Candidate:
    if not offer.usable or offer.seen is None:
        return offer
    ids = [zones[name] for name in offer.seen.values["zone_names"] if name in zones]
    offer = offer.but(warnings=list(left_out(ids, list(zones.values()), "It is not in")))
    holder = held.get(offer.found.id, "")
    if not holder:
        return offer
    if service in ("existing", holder):
        return offer.but(notes=[f"The endpoint service {holder} holds it: choose that one as the existing service."])
    said = f"It is already in the endpoint service {holder}, and one is all that it can be in."
    return offer.but(refusals=[f"{said} Choose endpoint service: existing with that id, or another load balancer."])


def _enforced(offer: Candidate) -> Iterator[str]:
    if offer.seen and offer.seen.values["enforce"] == "on":
        yield "Its security groups judge PrivateLink traffic: the run turns that off, and back on undo."


def _listening(door: RegionClients, wanted: Wanted, offer: Candidate) -> Candidate:
    there = listeners(door, offer.found.id)
    chosen = [item for item in there if item["Port"] == wanted.port] if wanted.port else there
    on = f" on port {wanted.port}" if wanted.port else ""
    if not chosen:
        return offer.but(warnings=[f"It has no listener{on}: the run adds one with its target group."])
    things = [Listener(port=item["Port"], protocol=wanted.protocol or item["Protocol"]) for item in chosen]
    looks = Listener.check(door, [(t, item["ListenerArn"]) for t, item in zip(things, chosen, strict=True)])
    refusals = [said for thing, seen in zip(things, looks, strict=True) for said in thing.judge(seen)]
    groups = {arn for seen in looks for arn in seen.values.get("target_group_arns", [])}
    health = [entry["State"] for arn in groups for entry in registered(door, arn).values()]
    healthy = health.count("healthy")
    sick = [] if healthy else [f"None of its {len(health)} targets{on} is healthy now."]
    return offer.but(refusals=refusals, warnings=sick, facts=[f"{healthy} of {len(health)} targets healthy"])


def _group(raw: Any, tags: Mapping[str, dict[str, str]], vpc_id: str) -> AwsResource:
    arn, on = raw["TargetGroupArn"], len(raw.get("LoadBalancerArns", []))
    port = f"{raw.get('Protocol', '')} {raw.get('Port', '')}".strip()
    facts = (port, raw.get("TargetType", ""), f"on {counted(on, 'load balancer')}", raw.get("VpcId", ""))
    return AwsResource(
        id=arn,
        name=raw["TargetGroupName"],
        facts=tuple(fact for fact in facts if fact),
        tags=tags.get(arn, {}),
        near=raw.get("VpcId") == vpc_id or not vpc_id,
        raw=raw,
    )


def _attached(offer: Candidate, balancer: str) -> Iterator[str]:
    if offer.seen is None or not offer.seen.values:
        return
    if (protocol := offer.seen.values["protocol"]) not in LAYER_4:
        yield f"It speaks {protocol}, and a network load balancer takes {', '.join(LAYER_4)}."
    others = [arn for arn in offer.seen.values["load_balancer_arns"] if arn != balancer]
    if others and (balancer or len(others) > 1):
        yield f"It is attached to {', '.join(others)}; a target group serves one load balancer."


def _ports(offer: Candidate, port: int) -> Iterator[str]:
    if port and offer.found.raw.get("Port") not in (port, None):
        yield f"Its port is {offer.found.raw['Port']}, and yours is {port}: each target says its own port."
