"""The whole checklist through the real engine: what people get wrong is a sentence with its cure, and after the cure it
goes on; what changes later is noticed.
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from onboarding.engine import clock, commands, teardown
from onboarding.models import Evidence, Item, Resource, Run, Submission
from sellers.spec import SpecErrors, load_data
from tests import engine_driver, products
from tests.engine import live
from tests.engine.actions import HOME
from tests.engine.test_rehearsal import changes, left
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db(transaction=True)
ELSEWHERE, LATER = "444444444444", "us-west-1"


def test_a_test_account_that_is_the_sellers_own_is_refused_before_anything_runs() -> None:
    data = live.data()
    data["connections"]["buyer_test"] = f"arn:aws:iam::{products.SELLER}:role/tester"
    with pytest.raises(SpecErrors, match="111111111111 is the seller's own account") as errors:
        load_data(data)
    assert [problem.field for problem in errors.value.problems] == ["connections.buyer_test"]


def test_a_native_product_with_tls_gets_a_second_certificate_in_the_load_balancers_account(
    fast: SandboxProcess,
) -> None:
    data = live.data(
        profile="native",
        friendly_dns_name=None,
        marketplace_product_id=None,
        listener={"protocol": "TLS", "port": 443, "target_port": 8443},
    )
    data["connections"]["certificates"] = f"arn:aws:iam::{ELSEWHERE}:role/certificates"
    product = products.whole_product(fast, data)
    empty = fast.get("inventory")

    run = live.up(product)

    assert run.state == "done", engine_driver.picture()
    made: Any = live.item("certificate", HOME).outputs
    assert made["account"] == ELSEWHERE
    assert f":{products.SELLER}:certificate/" in made["listener_arn"]
    elbv2 = fast.client("elbv2", products.SELLER, HOME)
    [balancer] = elbv2.describe_load_balancers()["LoadBalancers"]
    [listener] = elbv2.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]
    assert [one["CertificateArn"] for one in listener["Certificates"]] == [made["listener_arn"]]
    tried = Evidence.objects.filter(item__slug="rehearsal", check_name="connected.regional").latest("id")
    assert (tried.outcome, tried.facts["server_name"]) == ("pass", products.PRIVATE)
    assert {item.state for item in Item.objects.filter(slug__in=("name_servers", "delegation", "submission"))} <= {
        "not_needed"
    }
    assert not Submission.objects.exists()

    commands.teardown(product, None)
    engine_driver.rest()
    assert fast.get("inventory") == empty


def test_what_a_killed_worker_left_of_a_rehearsal_is_reaped_when_its_lease_has_ended(fast: SandboxProcess) -> None:
    data = live.data(profile="native", friendly_dns_name=None, marketplace_product_id=None, private_dns_name=None)
    product = products.whole_product(fast, data)
    fast.post("settings", {"endpoint_seconds": 100_000})
    commands.provision(product, None)
    _work_until_the_endpoint_waits()
    held = live.item("rehearsal", HOME)
    commands.cancel(Run.objects.get(product=product, state="open"), None)
    assert live.item("rehearsal", HOME).state == "cancelled"
    fast.post("settings", {"endpoint_seconds": 60})
    Item.objects.filter(pk=held.pk).update(lease_owner=uuid4(), lease_until=clock.ahead(30))
    there = left(fast)
    assert [one for one in there if one.startswith("vpce-")]

    assert teardown.left() == [held.pk]
    assert teardown.reap(held.pk) is False, "somebody else holds it"
    assert left(fast) == there

    engine_driver.travel(31)
    engine_driver.rest()
    assert left(fast) == []
    assert teardown.left() == []
    done = changes(fast)
    assert teardown.reap(held.pk) is True
    assert changes(fast) == done
    assert live.item("rehearsal", HOME).state == "cancelled"


class _Enough(Exception):
    """The world has come so far."""


def _work_until_the_endpoint_waits() -> None:
    def told(_: float) -> None:
        if Resource.objects.filter(kind="connection", state="exists").exists():
            raise _Enough

    with pytest.raises(_Enough):
        engine_driver.rest(told=told)
