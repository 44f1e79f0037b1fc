"""Load balancer: existing ones judged."""

from __future__ import annotations

from typing import Any

import pytest

from onboarding.checklist.step import NeedsAction
from tests.contract.driver import Driver
from tests.contract.world import World
from tests.steps.conftest import Make

HOME = "us-east-1"


def network_of(driver: Driver) -> dict[str, Any]:
    """The choice by which another product stands on this one's network."""
    made = driver.outputs["network", HOME]
    return {"mode": "existing", "vpc_id": made.vpc_id, "subnet_ids": list(made.subnet_ids)}


def test_one_that_another_service_holds_is_refused(product: Make) -> None:
    first = product()
    first.up(until="endpoint_service")
    second = product(
        region={
            "network": network_of(first),
            "targets": {"mode": "existing", "instance_ids": list(first.outputs["targets", HOME].ids)},
            "load_balancer": {"mode": "existing", "arn": first.outputs["load_balancer", HOME].arn},
        }
    )

    with pytest.raises(NeedsAction, match="already in the endpoint service") as caught:
        second.up(until="load_balancer")

    assert "existing with that id" in caught.value.cure


def test_one_of_another_network_is_refused(product: Make) -> None:
    first = product()
    first.up(until="load_balancer")
    arn = first.outputs["load_balancer", HOME].arn
    second = product(region={"network": {"cidr": "10.60.0.0/16"}, "load_balancer": {"mode": "existing", "arn": arn}})

    with pytest.raises(NeedsAction, match="Choose the network that it stands in"):
        second.up(until="load_balancer")


def test_one_that_is_not_there_is_said(product: Make) -> None:
    arn = "arn:aws:elasticloadbalancing:us-east-1:111111111111:loadbalancer/net/none/0123456789abcdef"
    driver = product(region={"load_balancer": {"mode": "existing", "arn": arn}})

    with pytest.raises(NeedsAction, match="is not there any more"):
        driver.up(until="load_balancer")


def test_one_of_its_own_gets_a_listener_and_keeps_what_it_had(product: Make, world_by_hand: World) -> None:
    first = product()
    first.up(until="load_balancer")
    arn = first.outputs["load_balancer", HOME].arn
    second = product(
        region={"network": network_of(first), "load_balancer": {"mode": "existing", "arn": arn}},
        listener={"port": 8080},
    )

    second.up(until="listener")

    assert second.outputs["load_balancer", HOME].existing
    elbv2 = world_by_hand.process.client("elbv2", "111111111111")
    assert [item["Port"] for item in elbv2.describe_listeners(LoadBalancerArn=arn)["Listeners"]] == [8080]
    second.down()
    assert elbv2.describe_listeners(LoadBalancerArn=arn)["Listeners"] == []
    assert elbv2.describe_load_balancers(LoadBalancerArns=[arn])["LoadBalancers"]
