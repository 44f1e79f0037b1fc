"""Real worker, beat and broker: the broker stops or forgets, the worker or the beat dies, the run finishes (P5, P7).

Beat runs beside the worker, as in the demo and in docker-compose.yml: one inside it would outlive a killed worker.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from demo.parent import die_with_parent
from tests.crash.grounds import Grounds
from tests.crash.trial import Reference, differences
from tests.crash.world import SPEED, World
from tests.sandbox_process import ROOT
from tests.services import Broker, broker

SLOW = 25.0  # the load balancer takes six real seconds at this speed
DATABASE = os.environ.get("TEST_DATABASE", "sqlite")
pytestmark = [pytest.mark.timeout(300), pytest.mark.broker]


@pytest.fixture
def place(grounds: Grounds) -> tuple[World, Reference]:
    """A world, and what an undisturbed run leaves of it."""
    return grounds.world(DATABASE), grounds.reference(DATABASE, "provision")


@pytest.fixture
def queue() -> Iterator[Broker]:
    """A broker of the test's own."""
    with broker() as one:
        yield one


class Celery:
    """The worker and the beat, as an operator starts them."""

    def __init__(self, here: World, queue: Broker, logs: Path) -> None:
        self._environment = {**here.environment, "REDIS_URL": queue.url}
        self._logs, self._processes = logs, dict[str, subprocess.Popen[bytes]]()

    def start(self, name: str, *arguments: str) -> None:
        """Start `celery -A config <name>`."""
        with (self._logs / f"{name}.log").open("ab") as log:
            self._processes[name] = subprocess.Popen(
                [sys.executable, "-m", "celery", "-A", "config", name, "-l", "WARNING", *arguments],
                cwd=ROOT,
                env=self._environment,
                stdout=log,
                stderr=log,
                preexec_fn=die_with_parent(),
            )

    def worker(self) -> None:
        """Start the worker: eight threads."""
        self.start("worker", "-P", "threads", "-c", "8", "--without-gossip", "--without-mingle")

    def beat(self) -> None:
        """Start the clock of the sweep."""
        self.start("beat", "--pidfile=", "-s", str(self._logs / "schedule"))

    def kill(self, name: str) -> None:
        """SIGKILL, without a word before."""
        self._processes[name].send_signal(signal.SIGKILL)
        self._processes[name].wait(10)

    def terminate(self, name: str) -> float:
        """SIGTERM, as an operator's deploy sends it; the seconds that it took to end."""
        began = time.monotonic()
        self._processes[name].send_signal(signal.SIGTERM)
        self._processes[name].wait(60)
        return time.monotonic() - began

    def end(self) -> None:
        """End what still runs."""
        for name, process in self._processes.items():
            if process.poll() is None:
                self.kill(name)


@contextmanager
def running(here: World, queue: Broker, logs: Path) -> Iterator[Celery]:
    """Worker and beat over a fresh world with an open run, of which half is done when the block begins."""
    here.begin()
    here.sandbox.post("speed", {"speed": SLOW})
    celery = Celery(here, queue, logs)
    try:
        celery.worker()
        celery.beat()
        until(here, lambda seen: any(state == "waiting" for _, state, _ in seen["items"]))
        yield celery
    finally:
        celery.end()
        here.sandbox.post("speed", {"speed": SPEED})


def until(here: World, true: Any, seconds: float = 100.0) -> dict[str, Any]:
    """Ask the database again and again; AssertionError with the last picture when it never becomes true."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        seen = here.worker("look")
        if true(seen):
            return seen
        time.sleep(0.5)
    raise AssertionError(f"After {seconds:.0f} s: {seen['runs']} {seen['items']}")


def finished(here: World, reference: Reference) -> None:
    """The run is done within 100 s and has left what an undisturbed one leaves."""
    until(here, lambda seen: seen["runs"] != [["provision", "open"]] and not seen["leases"])
    assert not list(differences(here, "provision", reference, here.worker("look")))


def test_a_broker_stopped_for_ten_seconds_delays_the_run_and_no_more(
    place: tuple[World, Reference], queue: Broker, tmp_path: Path
) -> None:
    with running(place[0], queue, tmp_path):
        queue.stop()
        time.sleep(10)
        queue.start()
        finished(*place)


def test_a_broker_flushed_in_mid_run_loses_nothing(
    place: tuple[World, Reference], queue: Broker, tmp_path: Path
) -> None:
    with running(place[0], queue, tmp_path):
        queue.flush()
        finished(*place)


def test_a_broker_killed_and_started_empty_loses_nothing(
    place: tuple[World, Reference], queue: Broker, tmp_path: Path
) -> None:
    with running(place[0], queue, tmp_path):
        queue.kill()
        queue.start()
        queue.flush()
        finished(*place)


def test_a_worker_killed_in_mid_run_is_followed_by_the_next(
    place: tuple[World, Reference], queue: Broker, tmp_path: Path, everything: bool
) -> None:
    with running(place[0], queue, tmp_path) as celery:
        celery.kill("worker")
        if not everything:  # the whole sweep waits the lease out
            place[0].worker("age")
        celery.worker()
        finished(*place)


def test_a_worker_told_to_end_does_so_in_thirty_seconds_and_the_next_goes_on(
    place: tuple[World, Reference], queue: Broker, tmp_path: Path
) -> None:
    with running(place[0], queue, tmp_path) as celery:
        place[0].sandbox.post("faults", {"kind": "latency", "seconds": 3.0})
        assert celery.terminate("worker") <= 30
        assert not place[0].worker("look")["leases"]
        celery.worker()
        finished(*place)


def test_a_dead_beat_changes_only_the_delay(place: tuple[World, Reference], queue: Broker, tmp_path: Path) -> None:
    with running(place[0], queue, tmp_path) as celery:
        celery.kill("beat")
        queue.flush()
        finished(*place)
