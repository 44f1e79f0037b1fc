"""A DNS of its own for each test, as it should be: tests break it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from onboarding.dns.resolver import Resolver
from tests.dns.service import running
from tests.dns.world import AWS, COM, ONE, ROOT, TWO, World


@pytest.fixture(scope="session")
def _served() -> Iterator[World]:
    with running() as world:
        yield world


@pytest.fixture
def world(_served: World) -> World:
    """root -> com -> example.com at ns1 and ns2.example.com. Nothing is delegated to Marketplace yet."""
    for each in (_served.zones, _served.fails, _served.asked, _served.questions, _served.hosts, _served.remembered):
        each.clear()
    _served.absent.clear()
    _served.rebinds = _served.remembers = False
    _served.hosts.update({host: [address] for host, address in AWS.items()})
    _served.hosts.update({"ns1.example.com": [ONE], "ns2.example.com": [TWO], "a.gtld.net": [COM]})
    _served.zone("", [ROOT], "com NS a.gtld.net.")
    _served.zone("com", [COM], "@ NS a.gtld.net.\nexample NS ns1.example.com.\nexample NS ns2.example.com.")
    _served.example("")
    return _served


@pytest.fixture
def resolver(world: World) -> Resolver:
    return Resolver(world.resolvers)
