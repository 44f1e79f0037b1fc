"""Where the buyer connection test connects from: VPC and subnets of the buyer test account (S36, S47, S49)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from onboarding.aws.clients import RegionClients
from onboarding.pages.picker.base import AwsResource, Candidate, Picker, score, zones_of
from onboarding.pages.picker.network import subnets, twins, vpcs
from onboarding.pages.picker.query import Wanted
from onboarding.things.buyer_network import BuyerNetwork
from onboarding.things.vpc_attribute import HOSTNAMES, SUPPORT, VpcAttribute

_READS = ("ec2:DescribeVpcs", "ec2:DescribeSubnets", "ec2:DescribeAvailabilityZones")


class RehearsalVpcs(Picker):
    """A VPC with a subnet in one of the service's `zones`; while the service has none, of the region's."""

    kind, words, plural, guide = "rehearsal_vpc", "VPC for the buyer connection test", "VPCs", ("S36", "S47", "S49")
    context = ("zones",)
    role = "buyer_test"
    reads = (*_READS, "ec2:DescribeVpcAttribute")
    nothing = "Create one in the buyer test account, with a subnet in a zone of the service."
    looks = True

    def ready(self, door: RegionClients, wanted: Wanted) -> Wanted:
        return _ready(door, wanted)

    def found(self, door: RegionClients, wanted: Wanted) -> list[AwsResource]:
        return vpcs(door)

    def offers(self, door: RegionClients, wanted: Wanted, found: Sequence[AwsResource]) -> list[Candidate]:
        return [Candidate(found=each) for each in found]

    def look(self, door: RegionClients, wanted: Wanted, offer: Candidate) -> Candidate:
        thing = BuyerNetwork(given=offer.found.id, vpc_id=offer.found.id, zone_ids=wanted.zones)
        seen = BuyerNetwork.check(door, [(thing, offer.found.id)])[0]
        off = [n for n in (SUPPORT, HOSTNAMES) if VpcAttribute.read(door, offer.found.id, n) == "false"]
        said = f"{' and '.join(off)} is off: the private DNS name does not resolve in it, so we don't test it."
        facts = [", ".join(seen.values["zone_ids"])] if seen.values else []
        return score(offer.found, thing, seen).but(warnings=[said] if off else [], facts=facts)


class RehearsalSubnets(Picker):
    """Subnets of that VPC, one a zone, in zones of the service."""

    kind, words, plural, many = "rehearsal_subnets", "subnet for the buyer connection test", "subnets", True
    guide = ("S36", "S47", "S49")
    context = ("vpc", "zones")
    role = "buyer_test"
    reads = _READS
    nothing = "Create one in the buyer test account, in a zone of the service."
    looks = True

    def ready(self, door: RegionClients, wanted: Wanted) -> Wanted:
        return _ready(door, wanted)

    def found(self, door: RegionClients, wanted: Wanted) -> list[AwsResource]:
        return subnets(door, wanted.vpc)

    def offers(self, door: RegionClients, wanted: Wanted, found: Sequence[AwsResource]) -> list[Candidate]:
        offers = [Candidate(found=each) for each in found]
        near = [offer for offer in offers if offer.found.near]
        return [offer.but(notes=list(twins(offer, near))) for offer in offers]

    def look(self, door: RegionClients, wanted: Wanted, offer: Candidate) -> Candidate:
        found = offer.found
        thing = BuyerNetwork(
            given=found.id, vpc_id=wanted.vpc or found.raw["VpcId"], subnet_ids=(found.id,), zone_ids=wanted.zones
        )
        seen = BuyerNetwork.check(door, [(thing, found.id)])[0]
        short = found.raw["AvailableIpAddressCount"] < 1
        full = "It has no free address, and an endpoint takes one." if short else ""
        return score(found, thing, seen).but(refusals=[full] if full else [], notes=offer.notes)

    def advice(self, door: RegionClients, wanted: Wanted) -> str:
        first = "" if wanted.vpc else "Choose the VPC first: all subnets are of one VPC. "
        return f"{first}Choose one subnet for each Availability Zone of the service: {', '.join(wanted.zones)}."


def _ready(door: RegionClients, wanted: Wanted) -> Wanted:
    return wanted if wanted.zones else replace(wanted, zones=tuple(zones_of(door).values()))
