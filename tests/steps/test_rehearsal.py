"""What the buyer connection test refuses, asks for, and says of a closed or wrongly named path."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from onboarding.aws.gate import passing
from onboarding.checklist.step import Answer, NeedsAction, Wait, WaitingFor
from onboarding.steps import by_slug
from tests.contract.driver import Driver
from tests.contract.world import ANY, BUYER, SELLER, World
from tests.steps.conftest import Make

HOME = "us-east-1"


@pytest.fixture
def tester(world_by_hand: World) -> str:
    """The buyer test role's ARN."""
    return world_by_hand.role(ANY, account=BUYER, name="onboarding-test")


def said(driver: Driver) -> dict[str, str]:
    """Check -> sentence of the buyer connection test's evidence."""
    return {past.check: past.sentence for past in driver.past["rehearsal", HOME].values()}


def own_vpc(world: World, *zone_ids: str) -> dict[str, Any]:
    """A VPC of the buyer's with a subnet in each zone: a `rehearsal` choice."""
    ec2 = world.process.client("ec2", BUYER)
    vpc = ec2.create_vpc(CidrBlock="10.77.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.77.{n}.0/24", AvailabilityZoneId=zone)["Subnet"]["SubnetId"]
        for n, zone in enumerate(zone_ids)
    ]
    return {"vpc_id": vpc, "subnet_ids": subnets}


def test_the_sellers_own_account_is_refused(product: Make, world_by_hand: World, tester: str) -> None:
    driver = product(buyer_test=tester)
    own = world_by_hand.role(ANY, account=SELLER, name="other")
    driver = replace(driver, doors=world_by_hand.doors(driver.spec.connections.service, buyer_test=own))

    with pytest.raises(NeedsAction, match="account 111111111111, which also owns the endpoint service"):
        driver.up(until="rehearsal")

    assert "CreateVpcEndpoint" not in driver.gate.changes


def test_the_given_subnets_are_used(product: Make, world_by_hand: World, tester: str) -> None:
    where = own_vpc(world_by_hand, "use1-az1", "use1-az2")
    driver = product(region={"rehearsal": where}, buyer_test=tester)

    driver.up(until="rehearsal")

    facts = driver.past["rehearsal", HOME]["endpoint"].facts
    assert (facts["vpc_id"], facts["zone_ids"]) == (where["vpc_id"], ["use1-az1", "use1-az2"])
    assert sorted(facts["subnet_ids"]) == sorted(where["subnet_ids"])
    assert {check for check in said(driver) if check.startswith("connected.us-east-1")} == {
        f"connected.{zone['ZoneName']}"
        for zone in world_by_hand.process.client("ec2", BUYER).describe_availability_zones()["AvailabilityZones"]
        if zone["ZoneId"] in ("use1-az1", "use1-az2")
    }


def test_without_a_buyer_test_account_a_person_attests(product: Make) -> None:
    driver = product()
    driver.up()
    step = by_slug()["rehearsal"]
    assert not step.applies(driver.spec)
    with passing(driver.gate), pytest.raises(Wait, match="No buyer test account is connected") as asked:
        driver.step(step, HOME)
    assert asked.value.waiting_for is WaitingFor.YOU
    driver.answers = {"rehearsal": Answer(values={"attest": "psql connects"}, by="eve@example.com", at="2026-11-23")}

    with passing(driver.gate):
        driver.step(step, HOME)

    assert {past.check: past.outcome for past in driver.past["rehearsal", HOME].values()} == {
        "connected": "attested",
        "verdict": "attested",
    }
    assert "eve@example.com says that a buyer connects" in said(driver)["verdict"]
    assert "CreateVpcEndpoint" not in driver.gate.changes


def test_a_word_given_for_another_service_does_not_count_again(product: Make) -> None:
    driver = product()
    driver.up()
    step = by_slug()["rehearsal"]
    driver.answers = {"rehearsal": Answer(values={"attest": "psql connects"}, by="eve@example.com", at="2026-11-23")}
    with passing(driver.gate):
        driver.step(step, HOME)
    old = driver.past["rehearsal", HOME]
    driver.past["rehearsal", HOME] = {name: replace(past, current=False) for name, past in old.items()}
    service = driver.outputs["endpoint_service", HOME]
    driver.outputs["endpoint_service", HOME] = replace(service, service_id="vpce-svc-0fedcba9876543210")

    with passing(driver.gate), pytest.raises(Wait, match="No buyer test account is connected"):
        driver.step(step, HOME)


@pytest.mark.parametrize(
    ("serves", "outcome", "sentence"),
    [
        ("api.example.com", "pass", "serves a certificate that covers api.example.com"),
        ("*.example.com", "pass", "serves a certificate that covers api.example.com"),
        ("other.example.com", "fail", "does not cover api.example.com"),
    ],
)
def test_in_tls_the_certificate_must_cover_the_name(
    product: Make, tester: str, serves: str, outcome: str, sentence: str
) -> None:
    script = f"#!/bin/bash\n# plc:listen 8443/tls {serves}\n"
    driver = product(region={"targets": {"user_data": script}}, buyer_test=tester)
    for slug in ("reach", "buyers"):
        driver.up(until=slug)
    names = driver.spec.product.model_copy(
        update={
            "private_dns_name": "api.example.com",
            "listener": driver.spec.product.listener.model_copy(update={"protocol": "TLS"}),
        }
    )
    driver.spec = driver.spec.model_copy(update={"product": names})

    with passing(driver.gate), suppress(NeedsAction):
        driver.step(by_slug()["rehearsal"], HOME)

    proof = driver.past["rehearsal", HOME]["connected.regional"]
    assert (proof.outcome, driver.past["rehearsal", HOME]["verdict"].outcome) == (outcome, outcome)
    assert sentence in proof.sentence
    assert proof.facts["server_name"] == "api.example.com"
    assert len(proof.facts["certificate_sha256"]) == 64
    assert driver.past["rehearsal", HOME]["clean_up"].outcome == "pass"
    assert driver.gate.changes[-1] == "ModifyVpcEndpointServicePermissions"
