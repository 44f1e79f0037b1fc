"""What all tests share: the simulated world, one process per test session, and a clean engine for each test."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django import Settings

from tests.markers import pytest_collection_modifyitems, pytest_configure, pytest_runtest_call, pytest_runtest_setup
from tests.sandbox_process import SandboxProcess, running_sandbox

__all__ = ["pytest_collection_modifyitems", "pytest_configure", "pytest_runtest_call", "pytest_runtest_setup"]


@pytest.fixture(scope="session")
def world() -> Iterator[SandboxProcess]:
    """A simulated AWS, fast, shared by a test session; use `sandbox` for one that is empty."""
    with running_sandbox(speed=200) as process:
        yield process


@pytest.fixture
def sandbox(world: SandboxProcess, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[SandboxProcess]:
    """The empty simulated AWS, with the product pointed at it."""
    from config.env import resolvers
    from onboarding.aws import sessions
    from onboarding.engine import context

    world.post("reset")
    for name, value in world.environment.items():
        monkeypatch.setenv(name, value)
    settings.AWS_ENDPOINT_URL = world.environment["AWS_ENDPOINT_URL"]
    settings.PROBE_PROXY = world.environment["PROBE_PROXY"]
    settings.DNS_RESOLVERS = resolvers(world.environment["DNS_RESOLVERS"].split(","))
    context.resolver.cache_clear()
    sessions.forget()
    sessions._hub_session.cache_clear()
    yield world
    sessions.forget()
    sessions._hub_session.cache_clear()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """On SQLite the tests' clean-up deletes rows, which the events' triggers refuse: they are tested on their own."""
    from django.db import connection

    if connection.vendor == "sqlite":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            for verb in ("update", "delete"):
                cursor.execute(f"DROP TRIGGER IF EXISTS onboarding_event_no_{verb}")


@pytest.fixture(autouse=True)
def _no_leftovers() -> Iterator[None]:
    """Nothing that a test set in the environment outlives it."""
    kept = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(kept)
