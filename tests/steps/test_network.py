"""Network: subnets that stay where they are, and existing networks judged."""

from __future__ import annotations

from typing import Any

import pytest

from onboarding.checklist.step import NeedsAction
from onboarding.steps.network import blocks
from tests.contract.world import World
from tests.steps.conftest import Make

HOME = "us-east-1"


def test_a_zone_that_is_added_later_moves_no_subnet() -> None:
    before = blocks("10.20.0.0/16", ["use1-az1", "use1-az4"])
    after = blocks("10.20.0.0/16", ["use1-az1", "use1-az2", "use1-az4"])

    assert before == {"use1-az1": "10.20.0.0/20", "use1-az4": "10.20.48.0/20"}
    assert before.items() <= after.items()


@pytest.mark.parametrize(("cidr", "first"), [("10.0.0.0/20", "10.0.0.0/24"), ("10.0.0.0/24", "10.0.0.0/28")])
def test_a_subnet_is_a_sixteenth_of_the_vpc(cidr: str, first: str) -> None:
    assert blocks(cidr, ["use1-az1"]) == {"use1-az1": first}


def test_a_vpc_that_is_too_small_is_said_with_its_cure() -> None:
    with pytest.raises(NeedsAction, match="room for 4 subnets") as caught:
        blocks("10.0.0.0/26", [f"use1-az{n}" for n in range(1, 7)])
    assert "larger cidr" in caught.value.cure


def test_groups_are_made_only_for_what_we_make(product: Make) -> None:
    driver = product(region={"targets": {"mode": "existing", "ip_addresses": ["10.20.1.5"]}})

    driver.up(until="network")

    made = driver.outputs["network", HOME]
    assert made.balancer_group_id
    assert made.target_group_id == ""


def _subnets(world: World, zones: list[int], vpc: str = "") -> dict[str, Any]:
    """An existing network with a subnet in each of these zones (by number)."""
    ec2 = world.process.client("ec2", "111111111111")
    ids = sorted(z["ZoneId"] for z in ec2.describe_availability_zones()["AvailabilityZones"])
    vpc_id = vpc or ec2.create_vpc(CidrBlock="10.40.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc_id, CidrBlock=f"10.40.{n}.0/24", AvailabilityZoneId=ids[zone])["Subnet"]["SubnetId"]
        for n, zone in enumerate(zones)
    ]
    return {"mode": "existing", "vpc_id": vpc_id, "subnet_ids": subnets}


def test_an_existing_network_is_taken_as_it_is(product: Make, world_by_hand: World) -> None:
    choice = _subnets(world_by_hand, [0, 1])
    driver = product(region={"network": choice})

    driver.up(until="network")

    made = driver.outputs["network", HOME]
    assert list(made.subnet_ids) == choice["subnet_ids"]
    assert len(made.zone_ids) == 2
    assert driver.proofs["network", HOME][0].outcome == "warn", "other zones have no subnet"


@pytest.mark.parametrize(
    ("zones", "words"), [([0, 0], "Two of the subnets are in"), ([1], "only one Availability Zone")]
)
def test_subnets_that_cannot_serve_are_named(zones: list[int], words: str, product: Make, world_by_hand: World) -> None:
    driver = product(region={"network": _subnets(world_by_hand, zones)})

    with pytest.raises(NeedsAction, match=words) as caught:
        driver.up(until="network")

    assert caught.value.cure


def test_a_subnet_of_another_vpc_is_refused(product: Make, world_by_hand: World) -> None:
    choice = _subnets(world_by_hand, [0, 1])
    ec2 = world_by_hand.process.client("ec2", "111111111111")
    choice["vpc_id"] = ec2.create_vpc(CidrBlock="10.50.0.0/16")["Vpc"]["VpcId"]
    driver = product(region={"network": choice})

    with pytest.raises(NeedsAction, match="Choose subnets of one VPC"):
        driver.up(until="network")


def test_a_vpc_that_is_not_there_is_said(product: Make, world_by_hand: World) -> None:
    choice = _subnets(world_by_hand, [0, 1])
    choice["vpc_id"] = "vpc-0123456789abcdef0"
    driver = product(region={"network": choice})

    with pytest.raises(NeedsAction, match="vpc-0123456789abcdef0 is not there"):
        driver.up(until="network")
