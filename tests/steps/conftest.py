"""The step tests drive the real steps against the simulated AWS, as the contract tests do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sellers.spec import OnboardSpec, load_data
from tests.contract.conftest import world_by_hand
from tests.contract.driver import Driver
from tests.contract.world import ANY, World

__all__ = ["world_by_hand"]

Make = Callable[..., Driver]


@pytest.fixture
def product(world_by_hand: World) -> Make:
    """`product(region={...}, listener={...}, buyers=[...], policy={...}, facts={...})`: a driver of one product in
    us-east-1.
    """

    def make(
        region: dict[str, Any] | None = None,
        listener: dict[str, Any] | None = None,
        buyers: list[dict[str, Any]] | None = None,
        policy: dict[str, Any] | None = None,
        probes: bool = True,
        facts: dict[str, Any] | None = None,
        **connections: Any,
    ) -> Driver:
        arn = world_by_hand.role(policy or ANY)
        choices = {"network": {"cidr": "10.20.0.0/16"}, **(region or {})}
        about: dict[str, Any] = {"name": "Example Analytics", "profile": "native", **(facts or {})}
        about["listener"] = {"protocol": "TCP", "port": 443, "target_port": 8443, **(listener or {})}
        wanted = load_data(
            {
                "seller": "example-analytics",
                "product": about,
                "connections": dict(connections, service=arn),
                "regions": {"us-east-1": choices},
                "buyers": buyers or [],
            }
        )
        return driver(world_by_hand, wanted, arn, probes=probes, **connections)

    return make


def driver(world: World, wanted: OnboardSpec, arn: str, probes: bool = True, **others: str) -> Driver:
    """A driver with the world's doors and clock."""
    proxy = world.process.environment["PROBE_PROXY"] if probes else ""
    return Driver(spec=wanted, doors=world.doors(arn, **others), later=world.later, proxy=proxy)
