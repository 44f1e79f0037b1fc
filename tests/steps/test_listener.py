"""Listener: TLS needs a certificate, and what is there already is used."""

from __future__ import annotations

from typing import Any

import pytest

from onboarding.checklist.step import NeedsAction
from onboarding.steps.listener import Listener
from tests.contract.driver import Driver
from tests.contract.world import World
from tests.steps.conftest import Make
from tests.steps.dns import HOME, SELLER, hosted, walk
from tests.steps.test_load_balancer import network_of

PRIVATE = {"private_dns_name": "api.example.com"}
UNTIL = ("access", "network", "load_balancer", "targets")
TLS = ("certificate_request", "validation", "certificate", "listener_certificate")


def _certificate(world: World) -> str:
    """An issued certificate in the seller's account."""
    acm = world.process.client("acm", SELLER)
    arn: str = acm.request_certificate(DomainName="api.example.com", ValidationMethod="DNS")["CertificateArn"]
    world.process.post("certificates", {"arn": arn})
    return arn


def test_tls_ends_at_the_load_balancer_with_the_given_certificate(product: Make, world_by_hand: World) -> None:
    arn = _certificate(world_by_hand)
    given = {"certificate": {"mode": "existing", "arn": arn}}
    driver = product(facts=PRIVATE, listener={"protocol": "TLS"}, region=given)

    walk(driver, *UNTIL, *TLS, "listener")

    [row] = [row for row in driver.rows.values() if row.thing.kind == "listener"]
    assert row.seen.values["protocol"] == "TLS"
    assert row.seen.values["certificate_arns"] == [arn]


def test_tls_ends_with_the_certificate_that_was_requested(product: Make, world_by_hand: World) -> None:
    hosted(world_by_hand)
    driver = product(facts=PRIVATE, listener={"protocol": "TLS"})

    walk(driver, *UNTIL, *TLS, "listener")

    [row] = [row for row in driver.rows.values() if row.thing.kind == "listener"]
    assert row.seen.values["certificate_arns"] == [driver.outputs["certificate_request", HOME].arn]
    driver.down()
    assert world_by_hand.process.client("acm", SELLER).list_certificates()["CertificateSummaryList"] == []


def test_a_listener_of_another_protocol_on_the_port_is_refused(product: Make, world_by_hand: World) -> None:
    first = product()
    walk(first, *UNTIL, "listener")
    arn = _certificate(world_by_hand)
    given = {"certificate": {"mode": "existing", "arn": arn}}
    second = product(facts=PRIVATE, region={**_upon(first), **given}, listener={"protocol": "TLS"})

    with pytest.raises(NeedsAction, match="already has a TCP listener"):
        walk(second, *UNTIL, *TLS, "listener")


def test_only_the_targets_that_it_lacks_are_added(product: Make, world_by_hand: World) -> None:
    first = product()
    walk(first, *UNTIL, "listener")
    group, all_ids = first.outputs["listener", HOME].target_group_arn, list(first.outputs["targets", HOME].ids)
    elbv2 = world_by_hand.process.client("elbv2", SELLER)
    elbv2.deregister_targets(TargetGroupArn=group, Targets=[{"Id": all_ids[0], "Port": 8443}])
    world_by_hand.later(400)
    second = product(region=_upon(first))

    walk(second, *UNTIL, "listener")

    added = [row.thing.params()["target_id"] for row in second.rows.values() if row.thing.kind == "target"]
    assert added == all_ids[:1]
    second.down()
    left = elbv2.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
    assert {e["Target"]["Id"] for e in left if e["TargetHealth"]["State"] != "draining"} == set(all_ids[1:])


def test_an_alb_is_asked_over_http(product: Make) -> None:
    driver = product()
    driver.up(until="load_balancer")
    from onboarding.steps.targets import TargetsOutputs

    driver.outputs["targets", HOME] = TargetsOutputs(kind="alb", ids=("arn:alb",))
    step = Listener()

    [group] = next(step.things(driver.context(step, HOME)))

    assert group.params()["health_protocol"] == "HTTP"
    assert group.params()["target_type"] == "alb"


def _upon(first: Driver) -> dict[str, Any]:
    """The choices by which another product uses this one's network, targets and load balancer."""
    return {
        "network": network_of(first),
        "targets": {"mode": "existing", "instance_ids": list(first.outputs["targets", HOME].ids)},
        "load_balancer": {"mode": "existing", "arn": first.outputs["load_balancer", HOME].arn},
        "endpoint_service": {"mode": "existing", "service_id": "vpce-svc-0123456789abcdef0"},
    }
