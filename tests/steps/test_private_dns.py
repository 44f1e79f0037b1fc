"""Private DNS: the TXT record is served before AWS is asked to look, in each region its own (S6, S45, Q9)."""

from __future__ import annotations

from typing import Any

import pytest

from onboarding.checklist.step import NeedsAction, Wait, WaitingFor
from tests.contract.driver import Driver
from tests.contract.world import World
from tests.steps.conftest import Make
from tests.steps.dns import HOME, PRIVATE, SELLER, hosted, standing, walk
from tests.steps.test_load_balancer import network_of

FACTS = {"private_dns_name": PRIVATE}
START = "StartVpcEndpointServicePrivateDnsVerification"


def _configuration(world: World, driver: Driver) -> Any:
    service_id = driver.outputs["endpoint_service", HOME].service_id
    ec2 = world.process.client("ec2", SELLER)
    return ec2.describe_vpc_endpoint_service_configurations(ServiceIds=[service_id])["ServiceConfigurations"][0]


def test_the_name_is_set_proven_and_verified(product: Make, world_by_hand: World) -> None:
    zone_id = hosted(world_by_hand)
    driver = product(facts=FACTS)
    driver.up(until="endpoint_service")

    walk(driver, "private_dns")

    made = driver.outputs["private_dns", HOME]
    assert standing(world_by_hand, zone_id, "TXT") == {f"{made.label}.{PRIVATE}.": [f'"{made.value}"']}
    assert _configuration(world_by_hand, driver)["PrivateDnsNameConfiguration"]["State"] == "verified"
    assert {proof.check: proof.outcome for proof in driver.proofs["private_dns", HOME]} == {
        f"record.TXT.{made.label}.{PRIVATE}": "pass",
        "verification": "pass",
    }
    assert driver.gate.changes.count(START) == 1
    driver.gate.calls.clear()
    walk(driver, "private_dns")
    assert driver.gate.changes == []
    driver.down()
    assert standing(world_by_hand, zone_id, "TXT") == {}


def test_aws_is_not_asked_before_the_record_is_served(product: Make, world_by_hand: World) -> None:
    world_by_hand.process.post("dns_zone", {"name": "example.com"})
    driver = product(facts=FACTS, dns="none")
    driver.up(until="endpoint_service")

    with pytest.raises(Wait, match="Set the TXT record _") as caught:
        walk(driver, "private_dns")

    assert (caught.value.waiting_for, caught.value.poll) == (WaitingFor.YOU, True)
    assert START not in driver.gate.changes
    [proof] = caught.value.proofs
    world_by_hand.process.post(
        "dns_record", {"name": proof.facts["name"], "type": "TXT", "values": [proof.facts["values"][0].upper()]}
    )
    with pytest.raises(Wait, match="differs in capitals"):
        walk(driver, "private_dns")
    assert START not in driver.gate.changes
    world_by_hand.process.post(
        "dns_record", {"name": proof.facts["name"], "type": "TXT", "values": proof.facts["values"]}
    )
    walk(driver, "private_dns")
    assert driver.outputs["private_dns", HOME].by_hand


def _failing(world: World, driver: Driver) -> None:
    """AWS ends each look with a failure from now on."""
    service_id = driver.outputs["endpoint_service", HOME].service_id
    later = driver.later

    def spoil(seconds: float) -> None:
        later(seconds)
        if _configuration(world, driver)["PrivateDnsNameConfiguration"]["State"] != "verified":
            world.process.post("private-dns", {"service_id": service_id, "state": "failed"})

    driver.later = spoil


def test_a_look_that_finds_nothing_is_repeated(product: Make, world_by_hand: World) -> None:
    hosted(world_by_hand)
    driver = product(facts=FACTS)
    driver.up(until="endpoint_service")
    later = driver.later
    _failing(world_by_hand, driver)
    spoil, looks = driver.later, []

    def once(seconds: float) -> None:
        looks.append(seconds)
        (later if driver.gate.changes.count(START) > 1 else spoil)(seconds)

    driver.later = once

    walk(driver, "private_dns")

    assert driver.gate.changes.count(START) == 2
    assert driver.proofs["private_dns", HOME][-1].facts["turn"] == 1


def test_after_three_looks_a_person_is_asked(product: Make, world_by_hand: World) -> None:
    hosted(world_by_hand)
    driver = product(facts=FACTS)
    driver.up(until="endpoint_service")
    _failing(world_by_hand, driver)

    with pytest.raises(NeedsAction, match="It looked 3 times") as caught:
        walk(driver, "private_dns")

    assert "exactly this value" in caught.value.cure
    assert driver.gate.changes.count(START) == 3


def test_the_earlier_name_of_an_existing_service_is_put_back(product: Make, world_by_hand: World) -> None:
    hosted(world_by_hand)
    first = product()
    first.up(until="listener")
    walk(first, "endpoint_service")
    service_id = first.outputs["endpoint_service", HOME].service_id
    ec2 = world_by_hand.process.client("ec2", SELLER)
    ec2.modify_vpc_endpoint_service_configuration(ServiceId=service_id, PrivateDnsName="old.example.com")
    region = {
        "network": network_of(first),
        "targets": {"mode": "existing", "instance_ids": list(first.outputs["targets", HOME].ids)},
        "load_balancer": {"mode": "existing", "arn": first.outputs["load_balancer", HOME].arn},
        "endpoint_service": {"mode": "existing", "service_id": service_id},
    }
    second = product(facts=FACTS, region=region)
    second.up(until="listener")
    walk(second, "endpoint_service", "private_dns")
    assert _configuration(world_by_hand, second)["PrivateDnsName"] == PRIVATE

    second.down()

    [service] = ec2.describe_vpc_endpoint_service_configurations(ServiceIds=[service_id])["ServiceConfigurations"]
    assert service["PrivateDnsName"] == "old.example.com"
