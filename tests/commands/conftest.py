"""Workers beside the commands, as there are when the product runs."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from pytest_django import Settings

from onboarding.engine import gate
from onboarding.worker import EmbeddedWorker
from tests import emails
from tests.sandbox_process import SandboxProcess


@pytest.fixture
def workers(sandbox: SandboxProcess, settings: Settings, transactional_db: None) -> Iterator[SandboxProcess]:
    """Workers elsewhere: the engine in a thread of its own, which finds by its sweep what is due. Mail goes by SMTP."""
    settings.AWS_CALLS_PER_SECOND = 1000.0
    emails.over_smtp(settings, sandbox)
    gate._lots.clear()
    sandbox.post("speed", {"speed": 1000})
    sandbox.post("marketplace", {"by_itself": False})
    over = threading.Event()
    worker = EmbeddedWorker(threads=6, sweep_seconds=0.2)
    thread = threading.Thread(target=worker.run, args=(over.is_set,), kwargs={"every": 0.1}, daemon=True)
    thread.start()
    yield sandbox
    over.set()
    thread.join(60)
    sandbox.post("speed", {"speed": 200})
    assert not thread.is_alive()
