"""VPCs and subnets (S16, S39): one usable subnet in each of two Availability Zones or more, best in all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from onboarding.aws.clients import RegionClients
from onboarding.checklist.words import counted
from onboarding.pages.picker.base import AwsResource, Candidate, Picker, judged, left_out, tags_of, zones_of
from onboarding.pages.picker.query import Wanted
from onboarding.things.subnet import Subnet
from onboarding.things.vpc import Vpc
from onboarding.things.vpc_attribute import HOSTNAMES, SUPPORT, VpcAttribute

FEWEST_ZONES = 2
ONLY_IPV6 = "It has IPv6 addresses only, and the load balancer is built with IPv4. Choose one with an IPv4 CIDR."
_ATTRIBUTES = {SUPPORT: "DNS resolution", HOSTNAMES: "DNS host names"}


class Vpcs(Picker):
    """Refused with usable subnets in fewer than two zones; warned of missing zones, DNS off, foreign owners."""

    kind, words, plural, guide = "vpc", "VPC", "VPCs", ("S16", "S39")
    reads = ("ec2:DescribeVpcs", "ec2:DescribeSubnets", "ec2:DescribeAvailabilityZones", "ec2:DescribeVpcAttribute")
    nothing = "Choose “Create for me”: one with a subnet in every Availability Zone is built for you."
    looks = True

    def found(self, door: RegionClients, wanted: Wanted) -> list[AwsResource]:
        return vpcs(door)

    def offers(self, door: RegionClients, wanted: Wanted, found: Sequence[AwsResource]) -> list[Candidate]:
        offers = judged(door, found, [Vpc(given=each.id) for each in found])
        inside = _by_vpc(subnet_offers(door, subnets(door), ""))
        zone_ids = list(zones_of(door).values())
        return [_in_zones(door, offer, inside.get(offer.found.id, []), zone_ids) for offer in offers]

    def look(self, door: RegionClients, wanted: Wanted, offer: Candidate) -> Candidate:
        off = [words for name, words in _ATTRIBUTES.items() if VpcAttribute.read(door, offer.found.id, name) == "false"]
        said = f"{' and '.join(off)} {'are' if off != ['DNS resolution'] else 'is'} off: the run switches that on."
        return offer.but(warnings=[said] if off else [])


class Subnets(Picker):
    """One a zone. Judged against the VPC that was chosen, or its own while none is."""

    kind, words, plural, guide, many = "subnets", "subnet", "subnets", ("S16", "S18"), True
    context = ("vpc",)
    reads = ("ec2:DescribeSubnets", "ec2:DescribeAvailabilityZones")
    nothing = "Create one in each Availability Zone of the VPC, or choose “Create for me” for the network."

    def found(self, door: RegionClients, wanted: Wanted) -> list[AwsResource]:
        return subnets(door, wanted.vpc)

    def offers(self, door: RegionClients, wanted: Wanted, found: Sequence[AwsResource]) -> list[Candidate]:
        offers = subnet_offers(door, found, wanted.vpc)
        return [offer.but(notes=list(twins(offer, offers))) for offer in offers]

    def advice(self, door: RegionClients, wanted: Wanted) -> str:
        zones = ", ".join(zones_of(door).values())
        first = "" if wanted.vpc else "Choose the VPC first: all subnets are of one VPC. "
        return f"{first}Choose one subnet for each Availability Zone, in two or more, best in all: {zones}."


def vpcs(door: RegionClients) -> list[AwsResource]:
    """The VPCs of the door's region."""
    pages = door.ec2.get_paginator("describe_vpcs").paginate()
    return [_vpc(raw) for page in pages for raw in page["Vpcs"]]


def subnets(door: RegionClients, vpc_id: str = "") -> list[AwsResource]:
    """The subnets of the region; those of the VPC are near."""
    pages = door.ec2.get_paginator("describe_subnets").paginate()
    return [_subnet(raw, vpc_id) for page in pages for raw in page["Subnets"]]


def subnet_offers(door: RegionClients, found: Sequence[AwsResource], vpc_id: str) -> list[Candidate]:
    """Their scores, in order, by the rules of the subnets of a load balancer."""
    able = [each for each in found if each.raw.get("CidrBlock")]
    things = [Subnet(given=each.id, vpc_id=vpc_id or str(each.raw["VpcId"])) for each in able]
    done = {offer.found.id: offer for offer in judged(door, able, things)}
    return [done.get(each.id) or Candidate(found=each, refusals=(ONLY_IPV6,)) for each in found]


def twins(offer: Candidate, offers: Sequence[Candidate]) -> Iterator[str]:
    """The note that another usable subnet of the same VPC stands in the same zone."""
    places = Counter(_place(each) for each in offers if each.usable)
    if offer.usable and places[_place(offer)] > 1:
        yield f"{offer.found.raw['AvailabilityZoneId']} has another one: choose one of them."


def _place(offer: Candidate) -> tuple[str, str]:
    return str(offer.found.raw["VpcId"]), str(offer.found.raw["AvailabilityZoneId"])


def _vpc(raw: Any) -> AwsResource:
    tags = tags_of(raw)
    return AwsResource(id=raw["VpcId"], name=tags.get("Name", ""), facts=(raw["CidrBlock"],), tags=tags, raw=raw)


def _subnet(raw: Any, vpc_id: str) -> AwsResource:
    tags = tags_of(raw)
    facts = (
        raw.get("CidrBlock", "IPv6 only"),
        f"{raw['AvailabilityZoneId']} ({raw['AvailabilityZone']})",
        counted(raw["AvailableIpAddressCount"], "free address", "free addresses"),
        "public" if raw.get("MapPublicIpOnLaunch") else "private",
        raw["VpcId"],
    )
    near = raw["VpcId"] == vpc_id or not vpc_id
    return AwsResource(id=raw["SubnetId"], name=tags.get("Name", ""), facts=facts, tags=tags, near=near, raw=raw)


def _by_vpc(offers: Sequence[Candidate]) -> dict[str, list[Candidate]]:
    found: dict[str, list[Candidate]] = {}
    for offer in offers:
        found.setdefault(offer.found.raw["VpcId"], []).append(offer)
    return found


def _in_zones(door: RegionClients, offer: Candidate, inside: Sequence[Candidate], zone_ids: Sequence[str]) -> Candidate:
    usable = sorted({str(each.found.raw["AvailabilityZoneId"]) for each in inside if each.usable})
    facts = [counted(len(inside), "subnet"), f"{len(usable)} of {len(zone_ids)} AZs"]
    if len(usable) < FEWEST_ZONES:
        why = " ".join(reason for each in inside if not each.usable for reason in each.reasons[:1])
        where = f"in {usable[0]} only" if usable else "in no Availability Zone"
        said = f"It has subnets that a load balancer can use {where}; two zones are needed. {why}".strip()
        return offer.but(refusals=[said], facts=facts)
    return offer.but(warnings=[*left_out(usable, zone_ids, "No usable subnet in"), *_foreign(door, offer)], facts=facts)


def _foreign(door: RegionClients, offer: Candidate) -> Iterator[str]:
    owner = offer.found.raw["OwnerId"]
    if owner != door.account:
        yield f"Account {owner} owns it and shares it: its DNS settings cannot be changed from {door.account}."
