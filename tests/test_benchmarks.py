"""Each benchmark runs once at a tiny size, as its own command; no time is asserted (they are never timed tests)."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.services import postgres

pytestmark = [pytest.mark.process, pytest.mark.postgres]

ROOT = Path(__file__).parent.parent
OURS = {"DATABASE_URL", "DJANGO_SETTINGS_MODULE", "AWS_ENDPOINT_URL", "EMAIL_URL", "PROBE_PROXY", "LOG_LEVEL"}


def run(name: str, *options: str) -> str:
    """What the benchmark prints; a failed test with its words if it ends badly. Without PostgreSQL it is skipped."""
    postgres()
    environment = {key: value for key, value in os.environ.items() if key not in OURS}
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{name}", *options],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=170,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def test_handover_prints_the_engine_beside_a_bare_celery_chain() -> None:
    told = run("handover", "--steps", "3", "--waves", "1", "--rounds", "1", "--processes", "1")
    assert "fsync on, full_page_writes on, synchronous_commit on" in told
    for kind in ("engine, one chain", "bare Celery, one chain", "engine, 4 chains", "bare Celery, 4 chains"):
        assert re.search(rf"^{kind}.*hand-over p50 .* steps a second", told, re.M), told


def test_waiting_items_leave_no_message_and_all_go_on_after_a_kill() -> None:
    told = run("waiting", "--items", "100", "--due", "50", "--seconds", "1", "--hurry")
    assert "100 items wait for a person: 0 messages in the broker" in told
    assert re.search(r"the \d+ others had all gone on after [\d.]+ s", told), told


def test_poll_asks_one_query_when_nothing_changed_and_at_most_three_when_it_did() -> None:
    told = run("poll", "--regions", "2", "--count", "4", "--rounds", "1")
    assert re.search(r"unchanged: 304, [01] queries beyond", told), told
    assert re.search(r"\bchanged: 200, [0-3] queries beyond", told), told
    assert re.search(r"^unchanged +p50 .* a second from 8 browsers", told, re.M), told


def test_pages_are_weighed_and_timed_while_people_watch_runs() -> None:
    few = ("--people", "2", "--products", "1", "--others", "2", "--regions", "1")
    told = run("pages", *few, "--seconds", "5", "--every", "2")
    weights = re.findall(r"^weight \w+ +first (\d+) requests, (\d+) KB; later 1 request, ([\d.]+) KB", told, re.M)
    assert len(weights) == 9, told
    assert all(int(requests) <= 8 and int(first) <= 150 and float(later) <= 30 for requests, first, later in weights)
    for kind in ("unchanged poll", "changed poll", "new state seen"):
        assert re.search(rf"^{kind} +p50 .* ms", told, re.M), told


def test_memory_is_told_for_a_run_that_ended_well() -> None:
    told = run("memory", "--regions", "1", "--runs", "1")
    assert re.search(r"run 1 over 1 regions, done, \d+ AWS calls: [\d.]+ MB at most", told), told


def test_the_whole_checklist_is_held_against_its_longest_chain() -> None:
    told = run("whole", "--regions", "1", "--rounds", "0")
    limit = re.search(r"^limit: ([\d.]+) s", told, re.M)
    assert limit, told
    row = re.search(r"^Whole 0 +1 regions +([\d.]+) s +[\d.]+ x limit +\d+ calls, \d+ mutating +done", told, re.M)
    assert row, told
    assert float(row[1]) >= float(limit[1]), "Nothing is faster than its longest chain."
