"""Endpoint services (S19, S41): available, over the load balancer, in its zones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from onboarding.aws.clients import RegionClients
from onboarding.pages.picker.base import AwsResource, Candidate, Picker, judged, tags_of, zones_of
from onboarding.pages.picker.query import Wanted
from onboarding.things.endpoint_service import EndpointService, configurations
from onboarding.things.load_balancer import NetworkLoadBalancer
from onboarding.things.principal import allowed

_LEFT = ("deleted", "deleting")


class EndpointServices(Picker):
    """Judged against the load balancer that was chosen, or its own while none is; `names` is the private DNS name."""

    kind, words, plural, guide = "endpoint_service", "endpoint service", "endpoint services", ("S19", "S41")
    context = ("balancer", "names")
    reads = (
        "ec2:DescribeVpcEndpointServiceConfigurations",
        "ec2:DescribeVpcEndpointServicePermissions",
        "ec2:DescribeAvailabilityZones",
        "elasticloadbalancing:DescribeLoadBalancers",
    )
    nothing = "Choose “Create for me”: one over the load balancer is made for you."
    looks = True

    def found(self, door: RegionClients, wanted: Wanted) -> list[AwsResource]:
        return [_found(raw, wanted) for raw in configurations(door) if raw["ServiceState"].lower() not in _LEFT]

    def offers(self, door: RegionClients, wanted: Wanted, found: Sequence[AwsResource]) -> list[Candidate]:
        things = [EndpointService(given=each.id, load_balancer_arn=wanted.balancer or _own(each)) for each in found]
        offers, zones = judged(door, found, things), _balancer_zones(door, wanted.balancer)
        return [
            offer.but(refusals=list(_zones(offer, zones)), warnings=list(_name(offer, wanted.names)))
            if offer.usable
            else offer
            for offer in offers
        ]

    def look(self, door: RegionClients, wanted: Wanted, offer: Candidate) -> Candidate:
        principals = allowed(door, offer.found.id)
        said = "Its allow list holds *: every AWS account may find it and ask for a connection."
        facts = [f"{len(principals)} on the allow list"]
        return offer.but(warnings=[said] if "*" in principals else [], facts=facts)


def _own(found: AwsResource) -> str:
    return next(iter(found.raw.get("NetworkLoadBalancerArns", [])), "")


def _found(raw: Any, wanted: Wanted) -> AwsResource:
    tags = tags_of(raw)
    asks = "asks before it accepts" if raw.get("AcceptanceRequired") else "accepts by itself"
    facts = (raw["ServiceName"], raw["ServiceState"].lower(), asks, raw.get("PrivateDnsName", ""))
    near = wanted.balancer in raw.get("NetworkLoadBalancerArns", []) or not wanted.balancer
    return AwsResource(
        id=raw["ServiceId"],
        name=tags.get("Name", ""),
        facts=tuple(fact for fact in facts if fact),
        tags=tags,
        near=near,
        raw=raw,
    )


def _balancer_zones(door: RegionClients, arn: str) -> set[str]:
    """The zone ids of the load balancer that was chosen; none if none was, or it is gone."""
    if not arn:
        return set()
    zones = zones_of(door)
    seen = NetworkLoadBalancer.check(door, [(NetworkLoadBalancer(), arn)])[0]
    return {zones[name] for name in seen.values.get("zone_names", []) if name in zones}


def _zones(offer: Candidate, balancer: set[str]) -> Iterator[str]:
    values: Mapping[str, Any] = offer.seen.values if offer.seen else {}
    have = set(values.get("zone_ids", []))
    if balancer and have and have != balancer:
        yield (
            f"It is in {', '.join(sorted(have))}, the load balancer in {', '.join(sorted(balancer))}. "
            f"AWS takes on the load balancer's zones when the service is modified: run aws ec2 "
            f"modify-vpc-endpoint-service-configuration --service-id {offer.found.id}, then look again."
        )


def _name(offer: Candidate, names: Sequence[str]) -> Iterator[str]:
    private = offer.seen.values["private_dns_name"] if offer.seen else ""
    if private and names and private not in names:
        yield f"Its private DNS name is {private}, not {' or '.join(names)}: the run changes it, and back on undo."
