"""The sweep's extent and record: SWEEP=all takes every trial and writes docs/reliability.md's table; else every tenth
of the spine's trials and every thirtieth of the whole checklist's. SWEEP_WHOLE=N takes every N-th of the latter.
"""

from __future__ import annotations

import datetime
import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash import record
from tests.crash.grounds import Grounds

ALL = os.environ.get("SWEEP") == "all"
NAME = "SWEEP_RESULTS"


def seed() -> int:
    """Which tenth: SWEEP_SEED, else the CI's run number, else the day."""
    given = os.environ.get("SWEEP_SEED") or os.environ.get("GITHUB_RUN_NUMBER")
    return int(given) if given else datetime.datetime.now(datetime.UTC).date().toordinal()


def pytest_configure(config: pytest.Config) -> None:
    os.environ.setdefault("SWEEP_SEED", str(seed()))
    if ALL and NAME not in os.environ:
        os.environ[NAME] = tempfile.mkdtemp(prefix="plc-sweep-")


def pytest_report_header() -> str:
    return f"crash sweep: one trial of {every('spine')}, one of {every('whole')}; SWEEP_SEED={seed()}"


def pytest_sessionfinish(session: pytest.Session) -> None:
    """With every point taken, the controller writes the table; a worker of xdist leaves that to it."""
    if not ALL or hasattr(session.config, "workerinput") or NAME not in os.environ:
        return
    files = sorted(Path(os.environ[NAME]).glob("*.json"))
    if rows := [json.loads(file.read_text()) for file in files]:
        record.write(rows, seed())


@pytest.fixture(scope="session")
def grounds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grounds]:
    """Worlds to kill workers in, kept for the whole session of this pytest worker."""
    kept = Grounds(tmp_path_factory.mktemp("crash"))
    yield kept
    kept.close()


def every(checklist: str) -> int:
    """Each how many trials of a checklist ("spine" or "whole") one is taken."""
    if checklist == "spine":
        return 1 if ALL else 10
    return int(os.environ.get("SWEEP_WHOLE") or (1 if ALL else 30))


@pytest.fixture
def everything() -> bool:
    """Whether this is the whole sweep, which may take its time."""
    return ALL


@pytest.fixture
def extent(checklist: str) -> tuple[int, int]:
    """Each how many trials one is taken, and the seed."""
    return every(checklist), seed()
