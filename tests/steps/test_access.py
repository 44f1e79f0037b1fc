"""Access: what stops a run before it makes anything, and what is only warned of."""

from __future__ import annotations

import json
from typing import Any

import pytest

from onboarding.checklist.step import NeedsAction
from onboarding.permissions.policy import policy
from onboarding.steps import checklist
from tests.contract.driver import Driver
from tests.contract.world import ANY, World
from tests.steps.conftest import Make

SELLER = "111111111111"


def _lacking(driver: Driver, *actions: str) -> dict[str, Any]:
    """The generated policy without some actions."""
    found = policy(checklist(), driver.spec, owner=driver.owner)
    for statement in found["Statement"]:
        statement["Action"] = [action for action in statement["Action"] if action not in actions]
    found["Statement"] = [statement for statement in found["Statement"] if statement["Action"]]
    return found


def test_the_generated_policy_is_enough(product: Make, world_by_hand: World) -> None:
    driver = product()
    world_by_hand.role(_lacking(driver))

    driver.up(until="access")

    outcomes = {proof.check: str(proof.outcome) for proof in driver.proofs["access", ""]}
    assert outcomes["permissions"] == "pass"
    assert outcomes["identity.service"] == "pass"
    assert set(outcomes.values()) == {"pass"}


def test_a_missing_permission_is_named_with_the_statement_to_add(product: Make, world_by_hand: World) -> None:
    driver = product()
    world_by_hand.role(_lacking(driver, "ec2:CreateVpc", "elasticloadbalancing:DeleteListener"))

    with pytest.raises(
        NeedsAction, match="lacks 2 permissions: ec2:CreateVpc, elasticloadbalancing:DeleteListener"
    ) as caught:
        driver.up(until="access")

    statements = json.loads(caught.value.missing)["Statement"]
    assert {action for s in statements for action in s["Action"]} == {
        "ec2:CreateVpc",
        "elasticloadbalancing:DeleteListener",
    }
    assert driver.gate.changes == []


def test_a_role_that_may_not_simulate_is_only_warned_of(product: Make, world_by_hand: World) -> None:
    driver = product()
    world_by_hand.role(_lacking(driver, "iam:SimulatePrincipalPolicy"))

    driver.up(until="access")

    outcomes = {proof.check: str(proof.outcome) for proof in driver.proofs["access", ""]}
    assert outcomes["permissions"] == "warn"


def test_a_role_that_may_not_read_quotas_is_only_warned_of(product: Make, world_by_hand: World) -> None:
    driver = product()
    quotas = ("servicequotas:GetServiceQuota", "servicequotas:GetAWSDefaultServiceQuota", "iam:SimulatePrincipalPolicy")
    world_by_hand.role(_lacking(driver, *quotas))

    driver.up(until="access")

    outcomes = {proof.check: str(proof.outcome) for proof in driver.proofs["access", ""]}
    assert outcomes["quotas.us-east-1"] == "warn"


def test_a_region_that_is_not_enabled_is_named(product: Make, world_by_hand: World) -> None:
    driver = product()
    arn = world_by_hand.role(ANY)
    wanted = driver.spec.model_copy(
        update={"regions": {**driver.spec.regions, "af-south-1": driver.spec.regions["us-east-1"]}}
    )
    closed = Driver(spec=wanted, doors=world_by_hand.doors(arn), later=world_by_hand.later)

    with pytest.raises(NeedsAction, match="af-south-1 is not enabled") as caught:
        closed.up(until="access")

    assert "Enable it" in caught.value.cure


def test_a_full_quota_is_a_warning(product: Make, world_by_hand: World) -> None:
    quota = {"account_id": SELLER, "region": "us-east-1", "service": "vpc", "code": "L-F678F1CE", "value": 1}
    world_by_hand.process.post("quotas", quota)
    driver = product()

    driver.up(until="access")

    [proof] = [proof for proof in driver.proofs["access", ""] if "L-F678F1CE" in proof.check]
    assert (proof.outcome, proof.facts["limit"], proof.facts["used"]) == ("warn", 1.0, 1)
