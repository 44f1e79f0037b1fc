"""What the engine's tests share: a small product in a fast world, and what must hold after each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from onboarding.engine import counters, gate
from onboarding.models import STATE_CHANGES, Event, Item, ItemState, Progress
from sellers.models import Product
from tests import products
from tests.engine.actions import HOME
from tests.sandbox_process import SandboxProcess

SPEED, USUAL_SPEED = 2000.0, 200.0


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is the engine's."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("engine")


@pytest.fixture
def fast(sandbox: SandboxProcess, settings: Settings) -> Iterator[SandboxProcess]:
    """The empty world at such a speed that AWS's waits take a moment, and no rate of ours."""
    settings.AWS_CALLS_PER_SECOND = 1000.0
    gate._lots.clear()
    sandbox.post("speed", {"speed": SPEED})
    yield sandbox
    sandbox.post("faults-clear")
    sandbox.post("speed", {"speed": USUAL_SPEED})


@pytest.fixture
def make(fast: SandboxProcess) -> Callable[..., Product]:
    """`make({region: choices}, **product facts)`: a stored product with its role connected."""

    def made(regions: Mapping[str, Any] | None = None, **facts: Any) -> Product:
        return products.product(fast, products.spec(regions or {HOME: {}}, **facts))

    return made


@pytest.fixture(autouse=True)
def _what_always_holds(transactional_db: None) -> Iterator[None]:
    """After every scenario the stored counters equal the items, and the events tell each item's way without a gap."""
    yield
    for row in Progress.objects.all():
        counted = dict.fromkeys(counters.FIELDS, 0)
        for state, reason in Item.objects.filter(product_id=row.pk).values_list("state", "waiting_for"):
            for name in counters.columns(state, reason):
                counted[name] += 1
        assert {name: getattr(row, name) for name in counters.FIELDS} == counted
    for item in Item.objects.all():
        assert chain(item) == item.state, f"{item}: its events end elsewhere"


def chain(item: Item) -> str:
    """The state in which an item's events end. AssertionError where one does not begin where the last ended."""
    state: str = ItemState.TODO
    for event in Event.objects.filter(item_id=item.pk, what__in=STATE_CHANGES).order_by("id"):
        assert event.before == state, f"{item}: {event} follows {state}"
        state = event.after
    return state
