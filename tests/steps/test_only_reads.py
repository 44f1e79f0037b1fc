"""A role that may only read: enough where a person makes everything; what a run would add, the person is asked for."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from onboarding.checklist.step import NeedsAction, Outcome, Wait, WaitingFor
from onboarding.permissions.policy import policy
from onboarding.steps import checklist
from tests.cli import Terminal
from tests.contract.driver import Driver
from tests.contract.world import World
from tests.steps.conftest import Make
from tests.steps.dns import HOME, PRIVATE, SELLER, walk
from tests.steps.test_load_balancer import network_of

FACTS = {"private_dns_name": PRIVATE}
PARTS = ("network", "targets", "load_balancer", "endpoint_service")
BY_HAND = {part: {"mode": "manual"} for part in PARTS}
BUYER = {"account_id": "333333333333"}


def reading(driver: Driver, *more: str) -> dict[str, Any]:
    """The read-only policy, and a few actions more."""
    found = policy(checklist(), driver.spec, True, owner=driver.owner)
    found["Statement"] += [{"Effect": "Allow", "Action": list(more), "Resource": "*"}] if more else []
    return found


@pytest.fixture
def second(product: Make, world_by_hand: World) -> Driver:
    """A product over what another one left, under a role that may only read."""
    world_by_hand.process.post("dns_zone", {"name": "example.com"})
    first = product(facts=FACTS)
    first.up(until="endpoint_service")
    made = {
        "network": network_of(first),
        "targets": {"mode": "existing", "instance_ids": list(first.outputs["targets", HOME].ids)},
        "load_balancer": {"mode": "existing", "arn": first.outputs["load_balancer", HOME].arn},
        "endpoint_service": {"mode": "existing", "service_id": first.outputs["endpoint_service", HOME].service_id},
    }
    found = product(facts=FACTS, region=made, dns="none", buyers=[BUYER], policy=reading(first))
    found.up(until="endpoint_service")
    return found


def asked(driver: Driver, slug: str) -> tuple[str, str]:
    """What a person is asked for, and the command; nothing was even tried."""
    with pytest.raises(Wait) as caught:
        walk(driver, slug)
    assert (caught.value.waiting_for, caught.value.poll) == (WaitingFor.YOU, True)
    assert driver.gate.changes == []
    command = re.search(r"aws ec2 .*", caught.value.sentence)
    return caught.value.sentence, command[0] if command else ""


def test_it_is_enough_where_a_person_makes_everything(product: Make, world_by_hand: World) -> None:
    driver = product(region=BY_HAND, dns="none")
    world_by_hand.role(reading(driver))

    driver.up(until="access")

    [proof] = [proof for proof in driver.proofs["access", ""] if proof.check == "permissions"]
    assert (proof.outcome, proof.facts) == (Outcome.WARN, {"only_reads": True})


@pytest.mark.parametrize(
    ("region", "dns", "more"),
    [
        ({**BY_HAND, "targets": {}}, "none", ()),
        (BY_HAND, "", ()),
        (BY_HAND, "none", ("ec2:ModifyVpcEndpointServicePermissions",)),
    ],
    ids=["targets are made by a run", "records are set by a run", "it may change something, and lacks the rest"],
)
def test_it_is_refused_elsewhere(
    product: Make, world_by_hand: World, region: dict[str, Any], dns: str, more: tuple[str, ...]
) -> None:
    driver = product(region=region, facts=FACTS, **({"dns": dns} if dns else {}))
    world_by_hand.role(reading(driver, *more))

    with pytest.raises(NeedsAction, match="lacks"):
        driver.up(until="access")


def test_the_buyers_are_asked_for_and_seen(second: Driver, world_by_hand: World, tmp_path: Path) -> None:
    said, command = asked(second, "buyers")
    assert "Not on the allow list yet: arn:aws:iam::333333333333:root." in said

    Terminal(world_by_hand.process, SELLER, tmp_path).run(command)
    walk(second, "buyers")

    assert second.proofs["buyers", HOME][0].sentence == "On the allow list: 1 buyer."
    assert second.gate.changes == []


def test_the_private_name_its_record_and_the_look_are_asked_for(
    second: Driver, world_by_hand: World, tmp_path: Path
) -> None:
    shell = Terminal(world_by_hand.process, SELLER, tmp_path)
    said, command = asked(second, "private_dns")
    assert f"Set {PRIVATE} as the private DNS name" in said
    shell.run(command)
    said, command = asked(second, "private_dns")
    assert (said.startswith("Set the TXT record _"), command) == (True, "")
    name, value = re.findall(r"TXT record (\S+) with the value (\S+)\.", said)[0]
    world_by_hand.process.post("dns_record", {"name": name, "type": "TXT", "values": [value]})
    said, command = asked(second, "private_dns")
    assert f"TXT {name} is served" in said
    shell.run(command)
    world_by_hand.later(100)
    walk(second, "private_dns")

    assert second.outputs["private_dns", HOME].state == "verified"
    assert second.gate.changes == []
