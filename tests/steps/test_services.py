"""Endpoint service and buyers: zones, what is put back, and an allow list that converges."""

from __future__ import annotations

from typing import Any

import pytest

from onboarding.checklist.step import NeedsAction
from onboarding.steps.endpoint_service import EndpointService
from tests.contract.driver import Driver
from tests.contract.world import World
from tests.steps.conftest import Make
from tests.steps.test_load_balancer import network_of

HOME = "us-east-1"
SELLER = "111111111111"
BUYER, OTHER = "arn:aws:iam::333333333333:root", "arn:aws:iam::444444444444:root"


def _upon(first: Driver, **service: Any) -> dict[str, Any]:
    first.up(until="targets")
    return {
        "network": network_of(first),
        "targets": {"mode": "existing", "instance_ids": list(first.outputs["targets", HOME].ids)},
        "load_balancer": {"mode": "existing", "arn": first.outputs["load_balancer", HOME].arn},
        "endpoint_service": {
            "mode": "existing",
            "service_id": first.outputs["endpoint_service", HOME].service_id,
            **service,
        },
    }


def _configuration(world: World, service_id: str) -> Any:
    ec2 = world.process.client("ec2", SELLER)
    return ec2.describe_vpc_endpoint_service_configurations(ServiceIds=[service_id])["ServiceConfigurations"][0]


def _allowed(world: World, service_id: str) -> set[str]:
    ec2 = world.process.client("ec2", SELLER)
    found = ec2.describe_vpc_endpoint_service_permissions(ServiceId=service_id)["AllowedPrincipals"]
    return {entry["Principal"] for entry in found}


def test_zones_that_differ_from_the_load_balancers_are_said_with_the_command(product: Make) -> None:
    driver = product()
    driver.up(until="endpoint_service")
    made = driver.outputs["endpoint_service", HOME]
    step = EndpointService()
    ctx = driver.context(step, HOME)
    fewer = type(made)(**{**vars(made), "zone_ids": made.zone_ids[1:]})

    with pytest.raises(NeedsAction, match="The service is in") as caught:
        step.check(ctx, fewer)

    assert f"--service-id {made.service_id}" in caught.value.cure


def test_acceptance_turned_off_on_an_existing_service_is_put_back(product: Make, world_by_hand: World) -> None:
    first = product()
    first.up(until="endpoint_service")
    service_id = first.outputs["endpoint_service", HOME].service_id
    second = product(region=_upon(first, acceptance_required=False))

    second.up(until="endpoint_service")

    assert _configuration(world_by_hand, service_id)["AcceptanceRequired"] is False
    second.down()
    assert _configuration(world_by_hand, service_id)["AcceptanceRequired"] is True


def test_regions_are_added_to_those_of_an_existing_service(product: Make, world_by_hand: World) -> None:
    first = product(region={"endpoint_service": {"supported_regions": ["eu-west-1"]}})
    first.up(until="endpoint_service")
    service_id = first.outputs["endpoint_service", HOME].service_id
    second = product(region=_upon(first, supported_regions=["us-west-2"]))

    second.up(until="endpoint_service")

    [row] = [row for row in second.rows.values() if row.thing.kind == "service_setting"]
    assert row.seen.values == {"value": "eu-west-1,us-west-2", "old": "eu-west-1"}
    second.down()
    assert type(row.thing).read(second.doors("service", HOME), service_id, "supported regions") == "eu-west-1"  # type: ignore[attr-defined]


def test_a_service_over_another_load_balancer_is_refused(product: Make) -> None:
    first = product()
    first.up(until="endpoint_service")
    service_id = first.outputs["endpoint_service", HOME].service_id
    second = product(
        region={"network": {"cidr": "10.60.0.0/16"}, "endpoint_service": {"mode": "existing", "service_id": service_id}}
    )

    with pytest.raises(NeedsAction, match="does not hold the load balancer"):
        second.up(until="endpoint_service")


def test_a_service_that_is_not_there_is_said(product: Make) -> None:
    driver = product(region={"endpoint_service": {"mode": "existing", "service_id": "vpce-svc-0123456789abcdef0"}})

    with pytest.raises(NeedsAction, match="vpce-svc-0123456789abcdef0 is not there"):
        driver.up(until="endpoint_service")


def test_every_buyer_is_on_the_list(product: Make, world_by_hand: World) -> None:
    driver = product(buyers=[{"account_id": "333333333333"}, {"account_id": "444444444444"}])

    driver.up(until="buyers")

    service_id = driver.outputs["endpoint_service", HOME].service_id
    assert driver.outputs["buyers", HOME].principals == (BUYER, OTHER)
    assert _allowed(world_by_hand, service_id) == {BUYER, OTHER}


def test_entries_of_an_existing_service_stay_after_undo(product: Make, world_by_hand: World) -> None:
    first = product()
    first.up(until="endpoint_service")
    service_id = first.outputs["endpoint_service", HOME].service_id
    ec2 = world_by_hand.process.client("ec2", SELLER)
    ec2.modify_vpc_endpoint_service_permissions(ServiceId=service_id, AddAllowedPrincipals=[BUYER])
    second = product(region=_upon(first), buyers=[{"account_id": "333333333333"}, {"account_id": "444444444444"}])
    second.up(until="buyers")
    assert _allowed(world_by_hand, service_id) == {BUYER, OTHER}

    second.down()

    assert _allowed(world_by_hand, service_id) == {BUYER}


def test_everybody_on_the_list_is_warned_of(product: Make, world_by_hand: World) -> None:
    driver = product()
    driver.up(until="endpoint_service")
    ec2 = world_by_hand.process.client("ec2", SELLER)
    service_id = driver.outputs["endpoint_service", HOME].service_id
    ec2.modify_vpc_endpoint_service_permissions(ServiceId=service_id, AddAllowedPrincipals=["*"])

    driver.up(until="buyers")

    outcomes = {proof.check: proof.outcome for proof in driver.proofs["buyers", HOME]}
    assert outcomes == {"allow_list": "warn", "everyone": "warn"}
