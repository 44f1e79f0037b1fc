"""VPCs, subnets, instances and security groups of an account: which fit, which do not, and why."""

from __future__ import annotations

from typing import Any

from tests.pages.picker import build
from tests.pages.picker.conftest import FITS, REFUSED, WARNED, Shop, why


def test_a_vpc_with_all_zones_fits_one_with_some_is_warned_of_one_with_one_is_refused(shop: Shop) -> None:
    zones = build.zone_ids(shop)
    whole, part, single = (build.vpc(shop, name=name) for name in ("whole", "part", "single"))
    build.subnets(shop, whole, zones)
    build.subnets(shop, part, zones[:2])
    build.subnets(shop, single, zones[:1])

    offers = shop.offers("vpc")

    assert offers[whole].verdict is FITS
    assert f"{len(zones)} of {len(zones)} AZs" in offers[whole].found.facts
    assert offers[part].verdict is WARNED
    assert f"No usable subnet in {', '.join(zones[2:])}" in why(offers[part])
    assert offers[single].verdict is REFUSED
    assert f"in {zones[0]} only; two zones are needed" in why(offers[single])


def test_a_vpc_without_dns_or_of_the_account_itself_is_warned_of(shop: Shop) -> None:
    silent = build.vpc(shop, dns=False)
    build.subnets(shop, silent, build.zone_ids(shop))

    offers = shop.offers("vpc")

    assert offers[silent].verdict is WARNED
    assert "DNS host names are off" in why(offers[silent])
    default = next(offer for offer in offers.values() if offer.found.raw["IsDefault"])
    assert default.verdict is WARNED
    assert "default VPC" in why(default)


def test_full_subnets_do_not_count_for_their_vpc(shop: Shop) -> None:
    zones = build.zone_ids(shop)
    vpc = build.vpc(shop)
    build.subnets(shop, vpc, zones[:1])
    tiny = build.subnets(shop, vpc, zones[1:2], cidr="10.20.9.{}/28")[0]
    _fill(shop, vpc, tiny)

    offer = shop.offers("vpc")[vpc]

    assert offer.verdict is REFUSED
    assert f"Subnet {tiny} has 7 free addresses" in why(offer)


def test_a_private_subnet_fits_a_public_one_is_warned_of_one_of_another_vpc_is_refused(shop: Shop) -> None:
    zones, vpc, other = build.zone_ids(shop), build.vpc(shop), build.vpc(shop)
    private, public, twin = build.subnets(shop, vpc, [zones[0], zones[1], zones[0]])
    [strange] = build.subnets(shop, other, zones[:1])
    shop.aws("ec2").modify_subnet_attribute(SubnetId=public, MapPublicIpOnLaunch={"Value": True})

    board = shop.board("subnets", vpc=vpc)
    offers = {offer.found.id: offer for offer in board.shelf.offers}

    assert offers[private].verdict is FITS
    assert offers[private].notes == offers[twin].notes == (f"{zones[0]} has another one: choose one of them.",)
    assert offers[public].verdict is WARNED
    assert "a private one is enough" in why(offers[public])
    assert offers[strange].verdict is REFUSED
    assert f"is in {other}, not in {vpc}" in why(offers[strange])
    assert f"best in all: {', '.join(zones)}" in board.shelf.advice


def test_an_open_instance_fits_a_closed_one_is_warned_of_a_stopped_or_foreign_one_is_refused(shop: Shop) -> None:
    zones, vpc, other = build.zone_ids(shop), build.vpc(shop), build.vpc(shop)
    first, second = build.subnets(shop, vpc, zones[:2])
    [strange] = build.subnets(shop, other, zones[:1])
    opened, closed = build.group(shop, vpc, "open", 8443), build.group(shop, vpc, "closed", 22)
    good, shut, stopped = (build.instance(shop, first, g) for g in (opened, closed, opened))
    away, foreign = build.instance(shop, second, opened), build.instance(shop, strange, build.group(shop, other, "g"))
    ec2 = shop.aws("ec2")
    ec2.stop_instances(InstanceIds=[stopped])
    for one, word in ((good, "running"), (shut, "running"), (away, "running"), (stopped, "stopped")):
        build.until(lambda one=one: _state(ec2, one), word)
    build.until(lambda: _check(ec2, good), "ok")

    offers = shop.offers("instances", vpc=vpc, port="8443", zones=zones[0])

    assert offers[good].verdict is FITS
    assert offers[shut].verdict is WARNED
    assert "None of its security groups opens TCP 8443" in why(offers[shut])
    assert "Start it, or choose a running one." in why(offers[stopped])
    assert f"is in {other}, not in {vpc}" in why(offers[foreign])
    assert f"the load balancer is in {zones[0]} only" in why(offers[away])
    assert {offers[one].verdict for one in (stopped, foreign, away)} == {REFUSED}


def test_a_group_that_opens_the_port_fits_others_are_warned_of_or_refused(shop: Shop) -> None:
    vpc, other = build.vpc(shop), build.vpc(shop)
    good, shut, strange = (
        build.group(shop, vpc, "good", 8443),
        build.group(shop, vpc, "shut", 22),
        build.group(shop, other, "strange", 8443),
    )

    offers = shop.offers("security_groups", vpc=vpc, port="8443")

    assert offers[good].verdict is FITS
    assert offers[shut].verdict is WARNED
    assert "No inbound rule of it opens TCP 8443" in why(offers[shut])
    assert offers[strange].verdict is REFUSED


def test_a_rehearsal_needs_a_zone_of_the_service(shop: Shop) -> None:
    zones = build.zone_ids(shop)
    vpc, silent, elsewhere = build.vpc(shop), build.vpc(shop, dns=False), build.vpc(shop)
    inside, outside = build.subnets(shop, vpc, zones[:2])
    build.subnets(shop, silent, zones[:1])
    build.subnets(shop, elsewhere, zones[1:2])

    vpcs = shop.offers("rehearsal_vpc", zones=zones[0])
    subnets = shop.offers("rehearsal_subnets", vpc=vpc, zones=zones[0])

    assert vpcs[vpc].verdict is FITS
    assert vpcs[silent].verdict is WARNED
    assert f"is in a zone of the service ({zones[0]})" in why(vpcs[elsewhere])
    assert subnets[inside].verdict is FITS
    assert f"is in {zones[1]}, where the service is not" in why(subnets[outside])


def _fill(shop: Shop, vpc_id: str, subnet_id: str) -> None:
    group = build.group(shop, vpc_id, "full")
    for _ in range(4):
        shop.aws("ec2").create_network_interface(SubnetId=subnet_id, Groups=[group])


def _state(ec2: Any, instance_id: str) -> str:
    found = ec2.describe_instances(InstanceIds=[instance_id])
    return str(found["Reservations"][0]["Instances"][0]["State"]["Name"])


def _check(ec2: Any, instance_id: str) -> str:
    found = ec2.describe_instance_status(InstanceIds=[instance_id])
    return str(found["InstanceStatuses"][0]["InstanceStatus"]["Status"])
