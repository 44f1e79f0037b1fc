"""Two hands at one item: leases, clicks at once, and acts that fall into the middle of a worker's look."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import OperationalError, connection, connections

from onboarding.aws.gate import Call
from onboarding.checklist.step import Wait, WaitingFor
from onboarding.engine import advance, clock, commands, failures
from onboarding.engine.gate import EngineGate
from onboarding.engine.handover import hand_over
from onboarding.engine.inventory import Inventory
from onboarding.engine.lease import Lease, claim
from onboarding.engine.signals import CancelSeen, LeaseLost
from onboarding.engine.transition import Transition
from onboarding.models import Attempt, Event, EventKind, Item, ItemState, Resource, Run
from onboarding.steps import by_slug
from sellers.models import Product
from tests import engine_driver, products
from tests.engine.actions import HOME, down, mutations, network, up
from tests.sandbox_process import SandboxProcess

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]
Make = Callable[..., Product]


def at_once(job: Callable[[], Any], times: int) -> list[Any]:
    """The results of the same job, begun in so many threads at the same moment."""
    gate = threading.Barrier(times)

    def one() -> Any:
        try:
            gate.wait(10)
            return job()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(times) as pool:
        return [future.result(30) for future in [pool.submit(one) for _ in range(times)]]


def first(product: Product) -> Item:
    """The one item that is due when a run has just been started."""
    commands.provision(product, None)
    return Item.objects.get(slug="access")


def held(item: Item) -> Lease:
    found = claim(item.pk)
    assert found is not None
    return found


def test_of_eight_claims_at_once_one_wins(make: Make) -> None:
    item = first(make())
    assert len([one for one in at_once(lambda: claim(item.pk), 8) if one]) == 1
    assert Event.objects.filter(item_id=item.pk, after="working").count() == 1


def test_a_worker_that_lost_its_lease_writes_nothing_and_calls_nothing(fast: SandboxProcess, make: Make) -> None:
    item = first(make())
    stale = held(item)
    engine_driver.travel(61)
    fresh = held(item)
    calls = len(fast.get("calls"))

    with pytest.raises(LeaseLost):
        hand_over(stale, Transition(to=ItemState.DONE))
    with pytest.raises(LeaseLost):
        EngineGate(stale).renew()
    row = Resource(seller=item.seller, product=item.product, item=item, kind="vpc", logical_key="vpc", account="1")
    with pytest.raises(LeaseLost):
        Inventory(stale).write([row], EventKind.INTENT)

    item.refresh_from_db()
    assert (item.state, item.lease_owner) == ("working", fresh.owner)
    assert not Resource.objects.exists()
    assert len(fast.get("calls")) == calls


def test_a_held_item_is_not_claimed_before_its_lease_ends(make: Make) -> None:
    item = first(make())
    held(item)
    engine_driver.travel(15)
    assert claim(item.pk) is None
    engine_driver.travel(6)
    assert claim(item.pk) is not None


def test_an_aws_call_holds_the_item_for_a_minute(make: Make) -> None:
    item = first(make())
    EngineGate(held(item)).renew()
    engine_driver.travel(50)
    assert claim(item.pk) is None
    engine_driver.travel(11)
    assert claim(item.pk) is not None


def test_retry_clicked_five_times_at_once_has_one_effect(fast: SandboxProcess, make: Make) -> None:
    product = make()
    fast.post("faults", {"action": "CreateVpc", "code": "VpcLimitExceeded"})
    up(product)
    failed = Item.objects.get(slug="network")
    assert failed.state == "failed", engine_driver.picture()

    due = at_once(lambda: commands.retry(Item.objects.get(pk=failed.pk), None), 5)

    assert len([one for one in due if one]) == 1
    assert Event.objects.filter(item_id=failed.pk, what="retry").count() == 1
    engine_driver.rest()
    assert Run.objects.get().state == "done"
    assert len([call for call in mutations(fast) if call["action"] == "CreateVpc" and call["outcome"] == "ok"]) == 1


def test_start_clicked_five_times_at_once_starts_one_run(make: Make) -> None:
    product = make()
    runs = at_once(lambda: commands.provision(product, None).run.pk, 5)
    assert len(set(runs)) == Run.objects.count() == 1


def test_an_answer_given_while_a_worker_looks_is_not_lost(fast: SandboxProcess, make: Make) -> None:
    make({HOME: {"network": {"mode": "manual"}}})
    commands.provision(Product.objects.get(), None)
    advance.once(Item.objects.get(slug="access").pk)
    item = Item.objects.get(slug="network")
    looking = held(item)
    choice = network(fast)

    commands.answer(item, None, {"vpc_id": choice["vpc_id"], "subnet_ids": choice["subnet_ids"]})
    waits = failures.outcome(looking, by_slug()["network"], Wait(WaitingFor.YOU, "Give the ids."))
    hand_over(looking, waits)

    item.refresh_from_db()
    assert item.state == "waiting"
    assert item.next_check_at is not None
    assert item.next_check_at <= clock.now()


def test_check_now_during_a_look_brings_another_look(fast: SandboxProcess, make: Make) -> None:
    product = make()
    fast.post("speed", {"speed": 0.001})
    commands.provision(product, None)
    advance.once(Item.objects.get(slug="access").pk)
    advance.once(Item.objects.get(slug="network").pk)
    item = Item.objects.get(slug="targets")
    advance.once(item.pk)
    item.refresh_from_db()
    assert (item.state, item.waiting_for) == ("waiting", "aws")
    engine_driver.travel(60)
    looking = held(item)

    commands.check_now(item, None)
    hand_over(looking, Transition(to=ItemState.WAITING, waiting_for="aws", sentence="Not yet.", next_in=30.0))

    item.refresh_from_db()
    assert item.next_check_at is not None
    assert item.next_check_at <= clock.now()


def test_a_teardown_that_meets_an_item_in_its_last_call_takes_it_down(fast: SandboxProcess, make: Make) -> None:
    product = make()
    empty = fast.get("inventory")
    commands.provision(product, None)
    advance.once(Item.objects.get(slug="access").pk)
    working = held(Item.objects.get(slug="network"))

    commands.teardown(product, None)
    with pytest.raises(CancelSeen):
        hand_over(working, Transition(to=ItemState.DONE, sentence="Built."))
    engine_driver.travel(61)
    engine_driver.rest()

    assert Run.objects.get(verb="teardown").state == "done", engine_driver.picture()
    assert set(Item.objects.values_list("state", flat=True)) == {"undone"}
    assert fast.get("inventory") == empty


def test_an_item_that_ends_while_a_teardown_is_clicked_goes_down(
    fast: SandboxProcess, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    product = make()
    commands.provision(product, None)
    access = by_slug()["access"]
    real = access.check

    def clicked(*arguments: Any) -> Any:
        proofs = real(*arguments)
        commands.teardown(product, None)
        return proofs

    with monkeypatch.context() as patch:
        patch.setattr(access, "check", clicked)
        advance.once(Item.objects.get(slug="access").pk)
    assert Item.objects.get(slug="access").state == "undoing"
    engine_driver.rest()
    assert set(Item.objects.values_list("state", flat=True)) == {"undone"}, engine_driver.picture()


def test_a_database_that_goes_away_fails_no_item(
    fast: SandboxProcess, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = first(make())
    access = by_slug()["access"]

    def away(*_: Any) -> Any:
        raise OperationalError("server closed the connection unexpectedly")

    with monkeypatch.context() as patch:
        patch.setattr(access, "check", away)
        assert advance.once(item.pk) == []
    item.refresh_from_db()
    assert item.state == "working"
    engine_driver.rest()
    assert Run.objects.get().state == "done", engine_driver.picture()


def test_each_way_up_and_down_has_its_own_attempt(make: Make) -> None:
    product = make()
    up(product)
    down(product)
    for item in Item.objects.all():
        verbs_ = list(Attempt.objects.filter(item=item).order_by("number").values_list("verb", "outcome"))
        assert verbs_ == [("provision", "done"), ("teardown", "undone")]


def test_no_connection_of_the_pool_is_held_while_aws_is_waited_for(make: Make) -> None:
    gate = EngineGate(held(first(make())))
    gate.before(Call(service="ec2", operation="CreateVpc", region=HOME, account=products.SELLER))
    pooled = bool(connection.settings_dict["OPTIONS"].get("pool"))
    assert (connection.connection is None) == pooled
