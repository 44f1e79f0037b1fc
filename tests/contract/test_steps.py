"""The contract of every step: words, template, guide lines, order; and all driven against the simulated AWS."""

from __future__ import annotations

import json
from typing import Any

import pytest

from onboarding.aws.gate import passing
from onboarding.checklist.step import Scope, Step
from onboarding.checks import step_lacks
from onboarding.permissions.policy import policy
from onboarding.steps import checklist
from sellers.spec import OnboardSpec, load
from tests.contract.driver import Driver
from tests.contract.world import ANY, World

STEPS = {step.slug: step for step in checklist()}
TWO = "{us-east-1: {network: {cidr: 10.20.0.0/16}}, eu-west-1: {network: {cidr: 10.21.0.0/16}}}"


def spec(
    arn: str, regions: str = "{us-east-1: {network: {cidr: 10.20.0.0/16}}}", buyers: str = "[]", more: str = ""
) -> OnboardSpec:
    """A native product with a TCP listener."""
    return load(
        f"""
seller: example-analytics
product:
  name: Example Analytics
  profile: native
  listener: {{protocol: TCP, port: 443, target_port: 8443}}
connections: {{service: "{arn}"{more}}}
regions: {regions}
buyers: {buyers}
"""
    )


@pytest.mark.parametrize("slug", STEPS)
def test_it_has_words_template_guide_lines_and_asks(slug: str) -> None:
    assert list(step_lacks(STEPS[slug])) == []


@pytest.mark.parametrize("slug", STEPS)
def test_it_stands_after_what_it_needs(slug: str) -> None:
    order = list(STEPS)
    for need in STEPS[slug].needs:
        assert order.index(need.slug) < order.index(slug)


def test_the_checklist_builds_a_product_and_takes_it_down_again(world_by_hand: World) -> None:
    arn = world_by_hand.role(ANY)
    wanted = spec(arn, TWO, '[{account_id: "333333333333"}]')
    limited = policy(checklist(), wanted, owner="seller-1")
    world_by_hand.role(limited)
    empty = world_by_hand.inventory()
    driver = _driver(world_by_hand, wanted, arn)

    driver.up()

    outcomes = {proof.outcome for proofs in driver.proofs.values() for proof in proofs}
    assert "fail" not in outcomes
    assert {slug for slug, _ in driver.outputs} == {slug for slug, step in STEPS.items() if step.applies(wanted)}
    assert driver.outputs["buyers", "eu-west-1"].principals == ("arn:aws:iam::333333333333:root",)
    json.dumps([[dict(proof.facts) for proof in proofs] for proofs in driver.proofs.values()])

    driver.down()

    assert _plain(world_by_hand.inventory()) == _plain(empty)


def test_a_second_drive_makes_nothing(world_by_hand: World) -> None:
    arn = world_by_hand.role(ANY)
    driver = _driver(world_by_hand, spec(arn), arn)
    driver.up()
    driver.gate.calls.clear()

    driver.up()

    assert driver.gate.changes == []


def test_a_lost_inventory_is_found_again_by_mark(world_by_hand: World) -> None:
    arn = world_by_hand.role(ANY)
    driver = _driver(world_by_hand, spec(arn, buyers='[{account_id: "333333333333"}]'), arn)
    driver.up()
    before = _plain(world_by_hand.inventory())
    driver.rows.clear()
    driver.gate.calls.clear()

    driver.up()

    assert driver.gate.changes == []
    assert _plain(world_by_hand.inventory()) == before


def test_adopted_resources_are_used_and_left_as_they_were(world_by_hand: World) -> None:
    arn = world_by_hand.role(ANY)
    first = _driver(world_by_hand, spec(arn), arn)
    first.up()
    with passing(first.gate):
        _spoil(world_by_hand, first)
    before = _plain(world_by_hand.inventory())
    settings = _settings(world_by_hand, first)
    second = _driver(
        world_by_hand,
        spec(arn, json.dumps({"us-east-1": _existing(first)}), '[{account_id: "444444444444"}]'),
        arn,
        owner="seller-2",
    )

    second.up()

    assert second.outputs["endpoint_service", "us-east-1"].existing
    assert _settings(world_by_hand, first) != settings
    assert set(second.gate.changes) == {
        "ModifyVpcAttribute",
        "ModifyLoadBalancerAttributes",
        "SetSecurityGroups",
        "ModifyVpcEndpointServicePermissions",
    }

    second.down()

    assert _plain(world_by_hand.inventory()) == before
    assert _settings(world_by_hand, first) == settings


@pytest.mark.parametrize("step", checklist(), ids=lambda step: step.slug)
def test_it_stands_over_an_account_a_product_or_a_region(step: Step[Any]) -> None:
    assert step.scope in Scope
    assert step.scope is not Scope.REGION or step.role == "service"


def _driver(world: World, wanted: OnboardSpec, arn: str, owner: str = "seller-1") -> Driver:
    return Driver(
        spec=wanted,
        doors=world.doors(arn),
        later=world.later,
        proxy=world.process.environment["PROBE_PROXY"],
        owner=owner,
    )


def _existing(driver: Driver) -> dict[str, Any]:
    """The choices by which another product stands on what this one made."""
    made = {slug: value for (slug, region), value in driver.outputs.items() if region}
    return {
        "network": {
            "mode": "existing",
            "vpc_id": made["network"].vpc_id,
            "subnet_ids": list(made["network"].subnet_ids),
        },
        "targets": {"mode": "existing", "instance_ids": list(made["targets"].ids)},
        "load_balancer": {"mode": "existing", "arn": made["load_balancer"].arn},
        "endpoint_service": {"mode": "existing", "service_id": made["endpoint_service"].service_id},
    }


def _spoil(world: World, driver: Driver) -> None:
    """Settings as a seller's own resources often have them: host names off, cross-zone off, enforcement on."""
    door, made = world.admin(), driver.outputs
    door.ec2.modify_vpc_attribute(VpcId=made["network", "us-east-1"].vpc_id, EnableDnsHostnames={"Value": False})
    arn = made["load_balancer", "us-east-1"].arn
    door.elbv2.modify_load_balancer_attributes(
        LoadBalancerArn=arn, Attributes=[{"Key": "load_balancing.cross_zone.enabled", "Value": "false"}]
    )
    groups = door.elbv2.describe_load_balancers(LoadBalancerArns=[arn])["LoadBalancers"][0]["SecurityGroups"]
    door.elbv2.set_security_groups(
        LoadBalancerArn=arn, SecurityGroups=groups, EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic="on"
    )


def _settings(world: World, driver: Driver) -> list[Any]:
    door, made = world.admin(), driver.outputs
    arn = made["load_balancer", "us-east-1"].arn
    balancer = door.elbv2.describe_load_balancers(LoadBalancerArns=[arn])["LoadBalancers"][0]
    attributes = door.elbv2.describe_load_balancer_attributes(LoadBalancerArn=arn)["Attributes"]
    vpc_id = made["network", "us-east-1"].vpc_id
    return [
        door.ec2.describe_vpc_attribute(VpcId=vpc_id, Attribute="enableDnsHostnames")["EnableDnsHostnames"],
        balancer.get("EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic"),
        sorted((a["Key"], a["Value"]) for a in attributes if "cross_zone" in a["Key"]),
    ]


def _plain(inventory: Any) -> Any:
    """The inventory without what passes by itself: instances that are ending, kinds of which nothing is left."""
    plain: dict[str, Any] = {}
    for account, regions in inventory.items():
        for region, kinds in regions.items():
            for kind, things in kinds.items():
                living = [t for t in things if str(t.get("state", "")).lower() not in ("terminated", "deleted")]
                if living:
                    plain[f"{account}/{region}/{kind}"] = living
    return plain
