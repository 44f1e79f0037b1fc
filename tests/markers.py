"""Markers say what a test starts, and a test without one is `fast`: it opens no socket and starts no program.

Fixtures set the markers. A test that connects or starts a program itself sets `pytestmark`. The audit hook
below keeps both true: it refuses what a fast test must not do.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

MARKERS = {
    "aws": "calls a simulated AWS over HTTP",
    "browser": "drives Chromium",
    "broker": "uses a Redis-protocol broker",
    "dns": "asks DNS servers of its own",
    "network": "opens other sockets",
    "postgres": "needs a PostgreSQL server",
    "process": "starts other programs",
}
FIXTURES = {
    "_served": "dns",
    "aws_url": "aws",
    "browser": "browser",
    "dns_port": "dns",
    "grounds": "process",
    "live_server": "network",
    "sandbox": "aws",
}
REFUSED = {
    "os.fork",
    "os.posix_spawn",
    "os.system",
    "socket.bind",
    "socket.connect",
    "socket.getaddrinfo",
    "socket.sendto",
    "subprocess.Popen",
}

_watched: list[list[str]] = []


def pytest_configure(config: pytest.Config) -> None:
    """Registers the markers."""
    for name, words in MARKERS.items():
        config.addinivalue_line("markers", f"{name}: {words}")
    config.addinivalue_line("markers", "fast: none of the others, set by itself")
    sys.addaudithook(_audit)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Gives each test the markers of its fixtures, or `fast`."""
    on_postgres = os.environ.get("TEST_DATABASE") == "postgresql"
    for item in items:
        for fixture in getattr(item, "fixturenames", ()):
            if fixture in FIXTURES:
                item.add_marker(FIXTURES[fixture])
            elif on_postgres and fixture in ("db", "transactional_db"):
                item.add_marker("postgres")
        if not any(mark.name in MARKERS for mark in item.iter_markers()):
            item.add_marker("fast")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, None, None]:
    """Watches the test's fixtures."""
    with _watching(item):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    """Watches the test."""
    with _watching(item):
        return (yield)


@contextmanager
def _watching(item: pytest.Item) -> Iterator[None]:
    """Fails a fast test that opened a socket or started a program, also where the product took it for an outage."""
    if item.get_closest_marker("fast") is None:
        yield
        return
    reached: list[str] = []
    _watched.append(reached)
    try:
        yield
    finally:
        _watched.remove(reached)
    if reached:
        pytest.fail(f"A test without a marker did this: {', '.join(reached)}. Add one of {', '.join(MARKERS)}.")


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if _watched and event in REFUSED:
        _watched[-1].append(f"{event} {arguments[1:2]}")
        raise ConnectionRefusedError(f"{event} in a test without a marker.")
