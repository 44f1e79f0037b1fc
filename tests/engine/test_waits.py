"""When a wait is looked at again: what AWS and DNS take is learnt, what people take is not."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from onboarding.checklist.step import Wait, WaitingFor
from onboarding.engine import commands, failures, waits
from onboarding.engine.lease import Lease
from onboarding.engine.signals import RetryLater
from onboarding.engine.transition import Transition
from onboarding.models import Item, ItemState, WaitStat
from onboarding.steps import by_slug
from tests import engine_driver, products
from tests.engine.actions import HOME
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db(transaction=True)


def known(kind: str, mean: float) -> None:
    WaitStat.objects.create(kind=kind, endpoint=waits.endpoint(), seen=waits.FEW, mean=mean, spread=mean / 1000)


def outcome(
    error: Exception, *, kind: str = "", waiting_for: str = "", since: float = 0.0, direction: str = "up"
) -> Transition:
    now = datetime.now(UTC)
    state = ItemState.WAITING if direction == "up" else ItemState.UNDOING
    began = now - timedelta(seconds=since)
    item = Item(
        direction=direction, state=state, waiting_for=waiting_for, wait_kind=kind, waiting_since=began, started_at=began
    )
    return failures.outcome(Lease(item=item, owner=uuid.uuid4(), now_at_claim=now), by_slug()["rehearsal"], error)


def test_a_persons_record_is_looked_for_by_the_slow_rhythm_and_one_of_ours_by_the_second() -> None:
    assert [waits.dns(waited) for waited in (0, 100, 86_400)] == [5, 20, 300]
    assert [waits.dns(waited, "records") for waited in (0, 100, 86_400)] == [1, 20, 300]


def test_a_dns_wait_is_quiet_until_its_usual_time_and_goes_on_by_fifths_past_it() -> None:
    known("records", 40)
    assert waits.dns(0, "records") == pytest.approx(40, abs=0.1)
    assert waits.dns(40, "records") < 1
    assert waits.dns(100, "records") == 20
    known("delegation", 9_999)
    assert waits.dns(0, "delegation") == 300


def test_a_wait_past_its_usual_time_is_looked_at_in_steps_of_its_delay() -> None:
    known("endpoint_removal", 1)
    looks = [waits.aws("endpoint_removal", 1.2), waits.aws("endpoint_removal", 1.5), waits.aws("endpoint_removal", 4)]
    assert looks == pytest.approx([waits.CLOSE, 0.4, waits.LEAST], abs=0.01)
    assert waits.aws("endpoint_removal", 100) == 10


def test_what_only_needs_another_look_gets_it_at_once_and_never_in_a_loop() -> None:
    error = Wait(WaitingFor.AWS, "Takes the test endpoint away.", kind="test_endpoint_removal", at_once=True)
    assert outcome(error, kind="endpoint", waiting_for="aws").next_in == 0
    again = outcome(error, kind="test_endpoint_removal", waiting_for="aws").next_in
    assert again is not None
    assert again >= waits.LEAST


def test_a_removal_is_waited_for_as_long_as_such_ones_took_on_the_way_up_only() -> None:
    known("endpoint_removal", 30)
    since = datetime.now(UTC) - timedelta(seconds=10)
    error = RetryLater(2.0, "AWS is removing the test endpoint.", kind="endpoint_removal", since=since)
    to = outcome(error)
    assert to.next_in == pytest.approx(20, abs=0.5)
    assert (to.kind, to.fields) == ("endpoint_removal", {"waiting_since": since})
    assert outcome(error, direction="down").next_in == 2.0


def test_a_wait_for_dns_after_one_for_a_person_begins_anew() -> None:
    error = Wait(WaitingFor.DNS, "Its servers do not answer yet.", kind="name_servers")
    assert outcome(error, kind="name_servers", waiting_for="marketplace", since=5_000).next_in == waits.DNS_OURS
    assert outcome(error, kind="name_servers", waiting_for="dns", since=50).next_in == pytest.approx(10, abs=0.5)


def test_what_people_take_is_not_learnt_and_what_aws_takes_is(fast: SandboxProcess) -> None:
    product = products.whole_product(fast, products.whole({HOME: products.OWN_TARGETS}))
    commands.provision(product, None)
    engine_driver.rest()
    servers = fast.post("marketplace_zone", {"name": products.FRIENDLY, "cnames": []})["servers"]
    for slug, given in products.answers(servers).items():
        commands.answer(Item.objects.get(product=product, slug=slug), None, given)
        engine_driver.rest()
    assert not Item.objects.exclude(state__in=("done", "not_needed")).exists()
    learnt = set(WaitStat.objects.values_list("kind", flat=True))
    assert {"load_balancer", "endpoint"} <= learnt
    assert not {"submission", "name_servers", "caa"} & learnt
