"""Doubt: answers that are lost and reads that lag. The world's clock and the database's go together here."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from onboarding.engine import commands
from onboarding.models import Event, Item, Resource, Run
from sellers.models import Product
from tests import engine_driver, products
from tests.engine.actions import HOME, again, mutations, up
from tests.inventory_diff import normal
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db(transaction=True)
Make = Callable[..., Product]


@pytest.fixture
def lagging(fast: SandboxProcess) -> SandboxProcess:
    """A world in real time, in which a new thing is not listed for half a minute."""
    fast.post("speed", {"speed": 1})
    return fast


def in_step(sandbox: SandboxProcess) -> None:
    """To rest, the world growing older with the database."""
    engine_driver.rest(told=partial(_older, sandbox))


def _older(sandbox: SandboxProcess, seconds: float) -> None:
    sandbox.post("advance", {"seconds": seconds})


def vpcs(sandbox: SandboxProcess) -> list[str]:
    return [vpc["id"] for vpc in sandbox.get("inventory")[products.SELLER][HOME]["vpcs"]]


@pytest.mark.parametrize("stale", [2.0, 10.0, 60.0])
def test_a_lost_answer_and_lagging_reads_make_no_second_vpc(lagging: SandboxProcess, make: Make, stale: float) -> None:
    product = make()
    lagging.post("settings", {"stale_seconds": stale})
    lagging.post("faults", {"action": "CreateVpc", "kind": "error_after", "code": "InternalError", "status": 500})
    try:
        commands.provision(product, None, until="network")
        in_step(lagging)
    finally:
        lagging.post("settings", {"stale_seconds": 0})

    assert Item.objects.get(slug="network").state == "done", engine_driver.picture()
    assert len(vpcs(lagging)) == 1


def test_a_second_lost_answer_is_looked_for_as_long_as_the_first(lagging: SandboxProcess, make: Make) -> None:
    product = make()
    lagging.post("settings", {"stale_seconds": 30})
    lagging.post("faults", {"action": "CreateVpc", "code": "InternalError", "status": 500})
    lagging.post("faults", {"action": "CreateVpc", "kind": "error_after", "code": "InternalError", "status": 500})
    try:
        commands.provision(product, None, until="network")
        in_step(lagging)
    finally:
        lagging.post("settings", {"stale_seconds": 0})

    assert Item.objects.get(slug="network").state == "done", engine_driver.picture()
    assert len(vpcs(lagging)) == 1


def test_a_call_that_never_had_an_effect_is_made_again_after_the_settle_time(fast: SandboxProcess, make: Make) -> None:
    product = make()
    fast.post("faults", {"action": "CreateVpc", "kind": "reset"})
    commands.provision(product, None, until="network")
    travelled = engine_driver.rest()

    assert Run.objects.get().state == "done", engine_driver.picture()
    assert len(vpcs(fast)) == 1
    assert travelled > sum((2.0, 5.0, 15.0, 60.0))
    assert Event.objects.filter(what="intent", data__kind="vpc").count() == 2


def test_throttling_leaves_no_doubt(fast: SandboxProcess, make: Make) -> None:
    product = make()
    fast.post("faults", {"action": "CreateVpc", "code": "RequestLimitExceeded", "status": 503})
    commands.provision(product, None, until="network")
    assert engine_driver.rest() < 60
    assert len([c for c in mutations(fast) if c["action"] == "CreateVpc" and c["outcome"] == "ok"]) == 1


def test_a_load_balancer_deleted_by_hand_is_made_anew_with_what_stood_on_it(fast: SandboxProcess, make: Make) -> None:
    product = make()
    up(product)
    wanted = normal(fast.get("inventory"))
    ec2, elb = fast.client("ec2", products.SELLER, HOME), fast.client("elbv2", products.SELLER, HOME)
    service = ec2.describe_vpc_endpoint_service_configurations()["ServiceConfigurations"][0]["ServiceId"]
    balancer = elb.describe_load_balancers()["LoadBalancers"][0]["LoadBalancerArn"]
    ec2.delete_vpc_endpoint_service_configurations(ServiceIds=[service])
    elb.delete_load_balancer(LoadBalancerArn=balancer)

    up(product)
    for slug in ("load_balancer", "endpoint_service", "listener"):
        if Item.objects.get(slug=slug).state == "failed":
            again(slug)

    assert Run.objects.first() is not None
    assert set(Item.objects.values_list("state", flat=True)) == {"done"}, engine_driver.picture()
    assert normal(fast.get("inventory")) == wanted


def test_a_lost_answer_to_what_is_then_found_done_leaves_no_open_row(fast: SandboxProcess) -> None:
    lost = {"action": "StartVpcEndpointServicePrivateDnsVerification", "kind": "error_after", "code": "InternalError"}
    fast.post("faults", {**lost, "status": 500})
    product = products.whole_product(fast, products.whole({HOME: {}}, profile="native"))
    run = up(product, until="private_dns")

    assert run.state == "done", engine_driver.picture()
    row = Resource.objects.get(kind="private_dns_verification")
    assert (row.state, row.aws_id.endswith("/verification")) == ("exists", True)
