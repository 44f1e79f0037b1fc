"""Reach: waits while targets settle, says what is wrong, and takes a person's word where nothing can be measured."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from onboarding.aws.gate import passing
from onboarding.checklist.run import run
from onboarding.checklist.step import Answer, NeedsAction, Wait, WaitingFor
from onboarding.steps.reach import Reach
from onboarding.things.base import Observation, Thing
from tests.contract.driver import Driver
from tests.contract.world import World
from tests.steps.conftest import Make
from tests.steps.dns import HOME, NAMES, PRIVATE, SELLER, hosted


def check(driver: Driver) -> list[str]:
    """One look of the step: the outcomes, in order."""
    step = Reach()
    with passing(driver.gate):
        ctx = driver.context(step, HOME)
        made = run(step.things(ctx), _nothing)
        return [str(proof.outcome) for proof in step.check(ctx, made)]


def _nothing(batch: Sequence[Thing]) -> list[Observation]:
    raise AssertionError("reach makes nothing")


def test_it_waits_while_health_is_being_checked(product: Make) -> None:
    driver = product()
    driver.up(until="listener")

    with pytest.raises(Wait) as caught:
        check(driver)

    assert (caught.value.waiting_for, caught.value.kind) == (WaitingFor.AWS, "target_health")


def test_every_name_of_the_load_balancer_is_tried(product: Make) -> None:
    driver = product()

    driver.up(until="reach")

    proofs = driver.proofs["reach", HOME]
    names = driver.outputs["load_balancer", HOME].names
    assert [proof.facts["target"] for proof in proofs[1:]] == list(names)
    assert len(names) == 1 + len(driver.outputs["load_balancer", HOME].zone_names)
    assert all(len(proof.check) <= 80 for proof in proofs)


def test_an_unhealthy_target_is_named_with_reason_and_advice(product: Make) -> None:
    driver = product(region={"targets": {"user_data": "#!/bin/sh\ntrue\n"}})

    with pytest.raises(NeedsAction, match=r"is unhealthy \(Target\.\w+\)") as caught:
        driver.up(until="reach")

    assert "target port" in caught.value.cure


def test_a_stopped_target_is_named(product: Make, world_by_hand: World) -> None:
    driver = product()
    driver.up(until="reach")
    ids = list(driver.outputs["targets", HOME].ids)
    world_by_hand.process.client("ec2", SELLER).stop_instances(InstanceIds=ids[:1])
    world_by_hand.later(200)

    with pytest.raises(NeedsAction, match=ids[0]):
        check(driver)


def test_a_target_that_was_taken_out_is_named(product: Make, world_by_hand: World) -> None:
    driver = product()
    driver.up(until="reach")
    group, ids = driver.outputs["listener", HOME].target_group_arn, list(driver.outputs["targets", HOME].ids)
    elbv2 = world_by_hand.process.client("elbv2", SELLER)
    elbv2.deregister_targets(TargetGroupArn=group, Targets=[{"Id": ids[0], "Port": 8443}])
    world_by_hand.later(400)

    with pytest.raises(NeedsAction, match=f"{ids[0]} is not registered"):
        check(driver)


def test_a_load_balancer_that_does_not_answer_is_tried_again(product: Make, world_by_hand: World) -> None:
    driver = product()
    driver.up(until="reach")
    name = driver.outputs["load_balancer", HOME].dns_name
    world_by_hand.process.post("hosts", {"host": name, "is": "refuse"})

    with pytest.raises(Wait, match=name) as caught:
        check(driver)

    assert (caught.value.waiting_for, caught.value.kind) == (WaitingFor.AWS, "probe")


def test_without_a_probe_proxy_a_person_is_asked_and_believed(product: Make) -> None:
    driver = product(probes=False)
    with pytest.raises(Wait, match="No probe proxy is set up") as caught:
        driver.up(until="reach")
    assert caught.value.waiting_for is WaitingFor.YOU

    driver.answers = {"reach": Answer(values={"attest": "nc connects"}, by="eva@example.com", at="2026-01-01")}

    assert check(driver)[-1] == "attested"


def test_tls_is_tried_with_the_name_after_tcp(product: Make, world_by_hand: World) -> None:
    hosted(world_by_hand)
    driver = product(facts=NAMES, listener={"protocol": "TLS"})

    driver.up(until="reach")

    checks = [proof.check for proof in driver.proofs["reach", HOME]]
    zones = driver.outputs["load_balancer", HOME].zone_names
    assert checks[1:] == [f"{kind}.{place}" for kind in ("tcp", "tls") for place in ("load balancer", *zones)]
    facts = driver.proofs["reach", HOME][-1].facts
    assert facts["server_name"] == PRIVATE
    assert set(driver.outputs["certificate", HOME].names) == set(facts["names"])
    assert len(facts["sha256"]) == 64


def test_another_certificate_than_the_products_is_told_with_its_names(product: Make, world_by_hand: World) -> None:
    hosted(world_by_hand)
    driver = product(facts=NAMES, listener={"protocol": "TLS"})
    driver.up(until="reach")
    name = driver.outputs["load_balancer", HOME].dns_name
    world_by_hand.process.post("hosts", {"host": name, "is": "wrong certificate"})

    with pytest.raises(NeedsAction, match=f"{name} serves a certificate for .*, which does not cover api") as caught:
        check(driver)

    assert "the product's certificate" in caught.value.cure
