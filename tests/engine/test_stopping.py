"""Cancel and teardown, at rest and in mid-run: what exists is kept, or nothing of ours is left."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
from django.db import connections

from onboarding.engine import advance, commands, sweep
from onboarding.engine.lease import claim
from onboarding.engine.signals import Blocked
from onboarding.models import Item, Resource, Run
from sellers.models import Product
from tests import engine_driver, products
from tests.engine.actions import HOME, down, mutations, network, up
from tests.inventory_diff import normal
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db(transaction=True)
Make = Callable[..., Product]
UP_TO = ["access", "network", "targets", "load_balancer", "listener", "endpoint_service"]


def work_through(product: Product, last: str) -> None:
    """Work by hand, one item after the other, until the step `last` was begun."""
    commands.provision(product, None)
    for slug in UP_TO[: UP_TO.index(last) + 1]:
        for _ in range(200):
            item = Item.objects.get(slug=slug)
            if item.state == "done" or (slug == last and item.state != "todo"):
                break
            advance.once(item.pk)
            engine_driver.travel(1)


def test_a_cancelled_run_keeps_what_exists_and_a_new_one_goes_on(fast: SandboxProcess, make: Make) -> None:
    product = make()
    work_through(product, "load_balancer")
    kept = fast.get("inventory")

    commands.cancel(Run.objects.get(), None)
    engine_driver.rest()

    assert Run.objects.get().state == "cancelled"
    assert set(Item.objects.values_list("state", flat=True)) <= {"done", "cancelled"}
    assert {k: len(v) for k, v in fast.get("inventory")[products.SELLER][HOME].items()} == {
        k: len(v) for k, v in kept[products.SELLER][HOME].items()
    }
    assert up(product).state == "done", engine_driver.picture()


def test_a_cancel_is_seen_at_the_next_gate_and_never_between_make_and_record(fast: SandboxProcess, make: Make) -> None:
    product = make()
    commands.provision(product, None)
    advance.once(Item.objects.get(slug="access").pk)
    fast.post("faults", {"action": "CreateVpc", "kind": "latency", "seconds": 1.5, "when": "after"})

    def work() -> None:
        try:
            advance.once(Item.objects.get(slug="network").pk)
        finally:
            connections.close_all()

    worker = threading.Thread(target=work)
    worker.start()
    while not fast.get("state")["faults"][0]["hits"]:  # the effect is there, its answer is held back
        time.sleep(0.01)
    commands.cancel(Run.objects.get(), None)
    worker.join(20)

    row = Resource.objects.get(kind="vpc")
    assert (row.state, bool(row.aws_id)) == ("exists", True)
    assert Item.objects.get(slug="network").state == "cancelled"
    assert [call["action"] for call in mutations(fast)] == ["CreateVpc"]


@pytest.mark.parametrize("last", UP_TO[1:])
def test_a_teardown_in_the_middle_leaves_nothing(fast: SandboxProcess, make: Make, last: str) -> None:
    product = make()
    empty = fast.get("inventory")
    work_through(product, last)

    assert down(product).state == "done", engine_driver.picture()
    assert fast.get("inventory") == empty
    assert not Resource.objects.exclude(state="gone").exists()
    assert Run.objects.get(verb="provision").state == "cancelled"


def test_a_cancelled_teardown_stops_and_a_new_run_builds_what_is_missing(fast: SandboxProcess, make: Make) -> None:
    product = make()
    up(product)
    wanted = normal(fast.get("inventory"))
    fast.post("speed", {"speed": 1})
    commands.teardown(product, None)
    for _ in range(12):
        for item in Item.objects.filter(state="undoing", next_check_at__isnull=False):
            advance.once(item.pk)
        engine_driver.travel(2)
    half = mutations(fast)
    assert Item.objects.filter(state="undone").exists()
    assert Item.objects.filter(state="undoing").exists()

    commands.cancel(Run.objects.get(verb="teardown"), None)
    fast.post("speed", {"speed": 2000})
    engine_driver.rest()
    assert len(mutations(fast)) == len(half)
    assert not Item.objects.filter(state="undoing").exists()

    assert up(product).state == "done", engine_driver.picture()
    assert normal(fast.get("inventory")) == wanted


def test_a_product_that_goes_down_is_not_built_beside_it(make: Make) -> None:
    product = make()
    up(product)
    commands.teardown(product, None)
    with pytest.raises(Blocked, match="being deleted"):
        commands.provision(product, None)


def test_a_region_goes_down_alone_and_comes_back(fast: SandboxProcess, make: Make) -> None:
    product = make({HOME: {}, "us-west-1": {}})
    up(product)
    before = normal(fast.get("inventory"))
    other = fast.get("inventory?region=us-west-1")

    assert down(product, region=HOME).state == "done", engine_driver.picture()
    assert fast.get("inventory?region=us-west-1") == other
    assert not fast.get(f"inventory?region={HOME}")
    assert up(product, region=HOME).state == "done", engine_driver.picture()
    assert normal(fast.get("inventory")) == before


def test_adopted_things_are_untouched_by_a_teardown(fast: SandboxProcess, make: Make) -> None:
    choice = network(fast)
    mine = existing_balancer(fast, choice["subnet_ids"])
    product = make({HOME: {"network": choice, "load_balancer": {"mode": "existing", "arn": mine}}})
    before = fast.get("inventory")

    assert up(product).state == "done", engine_driver.picture()
    assert set(Resource.objects.filter(managed=False, state="adopted").values_list("kind", flat=True)) >= {
        "vpc",
        "subnet",
        "load_balancer",
    }
    assert down(product).state == "done", engine_driver.picture()
    assert fast.get("inventory") == before


def existing_balancer(fast: SandboxProcess, subnets: list[str]) -> str:
    """A network load balancer of the seller's own, active, without a security group."""
    elb = fast.client("elbv2", products.SELLER, HOME)
    arn: str = elb.create_load_balancer(Name="mine", Type="network", Scheme="internal", Subnets=subnets)[
        "LoadBalancers"
    ][0]["LoadBalancerArn"]
    elb.get_waiter("load_balancer_available").wait(LoadBalancerArns=[arn], WaiterConfig={"Delay": 1})
    return arn


def test_a_manual_step_waits_for_its_ids_and_an_answer_lets_it_go_on(fast: SandboxProcess, make: Make) -> None:
    product = make({HOME: {"network": {"mode": "manual"}}})
    assert up(product).state == "open"
    item = Item.objects.get(slug="network")
    assert (item.state, item.waiting_for, item.next_check_at) == ("waiting", "you", None)
    assert "the VPC's id" in item.message

    choice = network(fast)
    commands.answer(item, None, {"vpc_id": choice["vpc_id"], "subnet_ids": choice["subnet_ids"]})
    engine_driver.rest()

    assert Run.objects.get().state == "done", engine_driver.picture()
    assert Resource.objects.get(kind="vpc").managed is False


def test_joining_an_open_run_with_other_facts_has_what_waits_for_people_looked_at(make: Make) -> None:
    product = make({HOME: {"network": {"mode": "manual"}}})
    up(product)
    waiting = Item.objects.get(slug="network")

    commands.provision(product, None)
    waiting.refresh_from_db()
    assert (waiting.next_check_at, waiting.check_asked) == (None, False), "nothing has changed"

    product.health_check_protocol = "HTTP"
    product.health_check_path = "/alive"
    product.save()
    assert not commands.provision(product, None).new
    waiting.refresh_from_db()
    assert waiting.next_check_at is not None
    assert waiting.check_asked


def test_a_wrong_answer_is_refused_with_a_sentence(make: Make) -> None:
    up(make({HOME: {"network": {"mode": "manual"}}}))
    item = Item.objects.get(slug="network")
    with pytest.raises(Blocked, match="VPC"):
        commands.answer(item, None, {"vpc_id": "subnet-0123456789abcdef0"})
    item.refresh_from_db()
    assert item.state == "waiting"


def test_a_whole_teardown_joins_that_of_one_region(fast: SandboxProcess, make: Make) -> None:
    product = make({HOME: {}, "us-west-1": {}})
    empty = fast.get("inventory")
    up(product)
    commands.teardown(product, None, region=HOME)

    assert down(product).state == "done", engine_driver.picture()
    assert fast.get("inventory") == empty
    assert set(Item.objects.values_list("state", flat=True)) == {"undone"}


def test_a_cancelled_run_stays_cancelled_when_a_permission_is_looked_at_again(fast: SandboxProcess, make: Make) -> None:
    product = make({HOME: {}, "us-west-1": {"network": {"mode": "manual"}}})
    fast.post("faults", {"action": "CreateVpc", "code": "UnauthorizedOperation", "status": 403})
    run = up(product)
    assert run.state == "open", engine_driver.picture()
    commands.cancel(run, None)

    engine_driver.travel(16 * 60)
    sweep.sweep(lambda due: None)
    engine_driver.rest()

    assert Run.objects.get().state == "cancelled", engine_driver.picture()
    assert Item.objects.get(slug="network", region=HOME).state == "failed"


def test_a_product_is_not_built_while_its_last_removal_is_in_flight(make: Make) -> None:
    product = make()
    up(product)
    commands.teardown(product, None)
    item = Item.objects.filter(state="undoing", next_check_at__isnull=False).first()
    assert item is not None
    assert claim(item.pk) is not None
    commands.cancel(Run.objects.get(verb="teardown"), None)
    with pytest.raises(Blocked, match="still finishing"):
        commands.provision(product, None)


def test_a_region_taken_down_and_removed_is_not_needed_any_more(fast: SandboxProcess, make: Make) -> None:
    product = make({HOME: {}, "us-west-1": {}})
    up(product)
    down(product, region="us-west-1")
    product.regions.filter(region="us-west-1").delete()

    assert up(product).state == "done", engine_driver.picture()
    assert set(Item.objects.filter(region="us-west-1").values_list("state", flat=True)) == {"not_needed"}
