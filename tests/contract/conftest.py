"""The world of the contract tests, back at its speed afterwards."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contract.world import World
from tests.sandbox_process import SandboxProcess

SHARED_SPEED = 200  # of the session's world, tests/conftest.py


@pytest.fixture
def world_by_hand(sandbox: SandboxProcess) -> Iterator[World]:
    """An empty simulated AWS whose clock the test moves."""
    yield World(sandbox)
    sandbox.post("speed", {"speed": SHARED_SPEED})
