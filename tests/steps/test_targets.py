"""Targets: what is started, what is left out, what is adopted."""

from __future__ import annotations

import pytest

from onboarding.checklist.step import NeedsAction
from tests.contract.world import World
from tests.steps.conftest import Make

HOME = "us-east-1"


def test_a_placeholder_is_started_and_told(product: Make) -> None:
    driver = product()

    driver.up(until="targets")

    made = driver.outputs["targets", HOME]
    assert made.placeholder
    assert made.kind == "instance"
    assert len(made.ids) == len(made.zone_ids)
    assert any(proof.check == "placeholder" and proof.outcome == "warn" for proof in driver.proofs["targets", HOME])


def test_an_image_of_the_sellers_is_no_placeholder(product: Make) -> None:
    driver = product(region={"targets": {"image_id": "ami-0123456789abcdef0"}})

    driver.up(until="targets")

    assert not driver.outputs["targets", HOME].placeholder
    instances = [row for row in driver.rows.values() if row.thing.kind == "instance"]
    assert {row.thing.params()["image_id"] for row in instances} == {"ami-0123456789abcdef0"}
    assert {row.thing.params()["user_data"] for row in instances} == {""}


def test_an_image_that_is_not_there_is_said(product: Make) -> None:
    driver = product(region={"targets": {"image_id": "ami-00000000000000001"}})

    with pytest.raises(NeedsAction, match="image that this account may use"):
        driver.up(until="targets")


def test_a_type_that_no_zone_offers_is_said(product: Make) -> None:
    driver = product(region={"targets": {"instance_type": "t99.micro"}})

    with pytest.raises(NeedsAction, match=r"does not offer t99\.micro in .* Choose another instance type"):
        driver.up(until="targets")


def test_a_zone_that_lacks_the_type_is_left_out_with_a_warning(product: Make) -> None:
    driver = product(region={"targets": {"instance_type": "t8i.micro"}})

    driver.up(until="targets")

    made = driver.outputs["targets", HOME]
    assert made.skipped_zone_ids
    assert {*made.skipped_zone_ids, *made.zone_ids} == set(driver.outputs["network", HOME].zone_ids)
    [warning] = [proof for proof in driver.proofs["targets", HOME] if proof.check == "zones"]
    assert warning.outcome == "warn"
    assert warning.facts == {"skipped": list(made.skipped_zone_ids)}
    assert warning.sentence == f"{', '.join(made.skipped_zone_ids)} lack t8i.micro and have no target."


def test_a_single_zone_without_the_type_is_told_in_the_singular(product: Make) -> None:
    driver = product(region={"targets": {"instance_type": "t3.micro"}})

    driver.up(until="targets")

    [zone] = driver.outputs["targets", HOME].skipped_zone_ids
    [warning] = [proof for proof in driver.proofs["targets", HOME] if proof.check == "zones"]
    assert warning.sentence == f"{zone} lacks t3.micro and has no target."


def test_instances_of_another_vpc_are_refused(product: Make, world_by_hand: World) -> None:
    first = product()
    first.up(until="targets")
    ids = list(first.outputs["targets", HOME].ids)
    second = product(region={"network": {"cidr": "10.60.0.0/16"}, "targets": {"mode": "existing", "instance_ids": ids}})

    with pytest.raises(NeedsAction, match="Choose instances of that VPC"):
        second.up(until="targets")


def test_a_stopped_instance_is_refused(product: Make, world_by_hand: World) -> None:
    first = product()
    first.up(until="targets")
    network, ids = first.outputs["network", HOME], list(first.outputs["targets", HOME].ids)
    world_by_hand.process.client("ec2", "111111111111").stop_instances(InstanceIds=ids)
    world_by_hand.later(120)
    second = product(
        region={
            "network": {"mode": "existing", "vpc_id": network.vpc_id, "subnet_ids": list(network.subnet_ids)},
            "targets": {"mode": "existing", "instance_ids": ids},
        }
    )

    with pytest.raises(NeedsAction, match="Start it, or choose a running one"):
        second.up(until="targets")
