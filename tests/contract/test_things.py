"""The contract of every thing, over the simulated AWS: found after make, made twice is one, removed twice is fine."""

from __future__ import annotations

import inspect
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from botocore.exceptions import ClientError

from onboarding.aws.errors import code_of
from onboarding.aws.gate import passing
from onboarding.checks import thing_lacks
from onboarding.things import kinds
from onboarding.things.base import Idempotency, Observation, State, Thing
from tests.contract.bench import FACTORIES, Bench
from tests.contract.driver import Gate
from tests.contract.world import World

ASKED = {"private_dns_verification"}  # a look that AWS is asked for: nothing to find or to take away, tested apart
MADE = [kind for kind, cls in kinds().items() if cls.idempotency is not Idempotency.READ and kind not in ASKED]
READ = [kind for kind, cls in kinds().items() if cls.idempotency is Idempotency.READ]
SLOW = {"instance", "load_balancer", "endpoint_service", "endpoint", "certificate"}
IAM = {"elbv2": "elasticloadbalancing", "service-quotas": "servicequotas"}


@pytest.fixture
def gate() -> Iterator[Gate]:
    """Every call of the test, let through and kept."""
    found = Gate()
    with passing(found):
        yield found


@pytest.fixture
def bench(world_by_hand: World, gate: Gate) -> Bench:
    """An empty account to build in."""
    return Bench(world_by_hand.admin(), world_by_hand.later)


def test_every_kind_is_tried_here() -> None:
    assert set(FACTORIES) == set(kinds()), "tests/contract/bench.py needs a factory for each kind of thing"


@pytest.mark.parametrize("kind", kinds())
def test_it_has_words_and_names_its_permissions(kind: str) -> None:
    cls = kinds()[kind]
    assert list(thing_lacks(cls)) == []
    module = sys.modules[cls.__module__]
    assert len((module.__doc__ or "").split()) >= 8
    assert len(inspect.getsource(module).splitlines()) <= 250


@pytest.mark.parametrize("kind", MADE)
def test_it_is_found_after_it_is_made(kind: str, bench: Bench) -> None:
    thing = FACTORIES[kind](bench)
    mark = bench.mark(thing)
    assert thing.find(bench.door, mark) == []

    made = thing.make(bench.door, mark)

    assert thing.find(bench.door, mark) == [made.id]
    if thing.idempotency not in (Idempotency.SET,):
        assert thing.find(bench.door, bench.mark(thing, "another")) == []


@pytest.mark.parametrize("kind", MADE)
def test_made_twice_it_is_one(kind: str, bench: Bench) -> None:
    thing = FACTORIES[kind](bench)
    mark = bench.mark(thing)
    made = thing.make(bench.door, mark)
    if (
        thing.idempotency is Idempotency.NONE
    ):  # nothing keeps AWS from a second one: both are found, and the engine looks first
        twin = thing.make(bench.door, mark)
        assert thing.find(bench.door, mark) == sorted([made.id, twin.id])
        return
    with suppress_taken(thing):
        made = replace(made, id=thing.make(bench.door, mark).id)

    assert thing.find(bench.door, mark) == [made.id]


@pytest.mark.parametrize("kind", MADE)
def test_check_tells_pending_ready_and_gone(kind: str, bench: Bench) -> None:
    thing = FACTORIES[kind](bench)
    made = thing.make(bench.door, bench.mark(thing))
    look = _look(bench, thing, made)
    assert look.state is (State.PENDING if kind in SLOW else State.READY)
    assert made.state is look.state

    ready = bench.wait(thing, made.id, State.READY)
    assert ready.id == made.id
    assert ready.sentence
    json.dumps(dict(ready.values))
    several = type(thing).check(bench.door, [(thing, made.id), (thing, made.id)])
    assert [seen.id for seen in several] == [made.id, made.id]

    thing.remove(bench.door, made.id)
    assert bench.wait(thing, made.id, State.GONE).sentence or kind == "endpoint_service"


@pytest.mark.parametrize("kind", MADE)
def test_removed_twice_is_fine(kind: str, bench: Bench) -> None:
    thing = FACTORIES[kind](bench)
    made = thing.make(bench.door, bench.mark(thing))
    bench.wait(thing, made.id, State.READY)
    thing.remove(bench.door, made.id)
    bench.wait(thing, made.id, State.GONE)

    thing.remove(bench.door, made.id)

    # AWS's tag reads lag behind a deletion, so what is still found must at least be told as gone.
    left = thing.find(bench.door, bench.mark(thing))
    assert [look.state for look in type(thing).check(bench.door, [(thing, i) for i in left])] == [State.GONE] * len(
        left
    )


@pytest.mark.parametrize("kind", READ)
def test_a_fact_is_looked_up_and_changes_nothing(kind: str, bench: Bench, gate: Gate) -> None:
    thing = FACTORIES[kind](bench)
    before = len(gate.changes)

    seen = thing.make(bench.door, bench.mark(thing))

    assert seen.state is State.READY
    assert _look(bench, thing, seen) == seen
    thing.remove(bench.door, seen.id)
    assert len(gate.changes) == before


@pytest.mark.parametrize("kind", kinds())
def test_it_comes_back_from_its_params(kind: str, bench: Bench) -> None:
    thing = FACTORIES[kind](bench)

    params = json.loads(json.dumps(thing.params()))

    assert type(thing).load(params) == thing
    assert type(thing).load({**params, "a_field_of_old": 1}) == thing


@pytest.mark.parametrize("kind", kinds())
def test_it_names_every_permission_that_it_takes(kind: str, bench: Bench, gate: Gate) -> None:
    thing = FACTORIES[kind](bench)
    mark = bench.mark(thing)
    gate.calls.clear()
    thing.find(bench.door, mark)
    made = thing.make(bench.door, mark)
    bench.wait(thing, made.id, State.READY)
    thing.remove(bench.door, made.id)

    used = {f"{IAM.get(call.service, call.service)}:{call.operation}" for call in gate.calls}

    assert used <= {*thing.makes, *thing.reads, *thing.removes}


@pytest.mark.parametrize(
    "kind", ["vpc_attribute", "load_balancer_attribute", "privatelink_rules", "service_setting", "private_dns_name"]
)
def test_a_setting_puts_the_old_value_back(kind: str, bench: Bench) -> None:
    thing = FACTORIES[kind](bench)
    before = thing.read(bench.door, thing.target, thing.name)  # type: ignore[attr-defined]
    made = thing.make(bench.door, bench.mark(thing))
    assert thing.read(bench.door, thing.target, thing.name) != before  # type: ignore[attr-defined]

    thing.remove(bench.door, made.id)

    assert thing.read(bench.door, thing.target, thing.name) == before  # type: ignore[attr-defined]


def test_a_setting_of_our_own_is_left_to_what_it_belongs_to(bench: Bench, gate: Gate) -> None:
    thing = replace(FACTORIES["vpc_attribute"](bench), old="")  # type: ignore[call-arg]
    made = thing.make(bench.door, bench.mark(thing))
    gate.calls.clear()

    thing.remove(bench.door, made.id)

    assert gate.changes == []


def test_what_stood_before_is_remembered_after_the_change(bench: Bench) -> None:
    before = FACTORIES["vpc_attribute_before"](bench)
    seen = before.make(bench.door, bench.mark(before))
    change = FACTORIES["vpc_attribute"](bench)
    change.make(bench.door, bench.mark(change))

    assert _look(bench, before, seen).values == {"value": "false"}


@contextmanager
def suppress_taken(thing: Thing) -> Iterator[None]:
    """AWS may refuse a second one, with a code that the thing names."""
    try:
        yield
    except ClientError as error:
        if code_of(error) not in thing.duplicate_codes:
            raise


def _look(bench: Bench, thing: Thing, seen: Observation) -> Observation:
    return type(thing).check(bench.door, [(thing, seen.id)])[0]
