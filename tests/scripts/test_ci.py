"""The jobs of the CI together run every test, and pre-commit runs what the project has installed."""

from itertools import chain, combinations
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.markers import MARKERS

ROOT = Path(__file__).parent.parent.parent


def read(path: str) -> Any:
    return yaml.safe_load((ROOT / path).read_text())


KINDS = [frozenset(kind) for kind in chain.from_iterable(combinations(MARKERS, size) for size in (1, 2, 3))]


@pytest.mark.parametrize("engine", [False, True])
@pytest.mark.parametrize("kind", [frozenset({"fast"}), *KINDS], ids=lambda kind: "-".join(sorted(kind)))
def test_each_test_is_in_one_job(kind: frozenset[str], engine: bool) -> None:
    jobs = read(".github/workflows/ci.yml")["jobs"]
    shards = ["fast", *(shard["tests"] for shard in jobs["test"]["strategy"]["matrix"]["include"])]
    marks = (
        dict.fromkeys([*MARKERS, "fast", "engine", "sqlite"], False) | dict.fromkeys(kind, True) | {"engine": engine}
    )
    chosen = [shard for shard in shards if eval(shard, {}, marks)]  # noqa: S307 - our own marker expressions
    # A fast test of the engine runs on both databases.
    assert len(chosen) == (2 if engine and "fast" in kind else 1)


def test_the_jobs_use_the_verbs_of_run() -> None:
    jobs = read(".github/workflows/ci.yml")["jobs"]
    last = {name: job["steps"][-1]["run"].split(" -")[0] for name, job in jobs.items()}
    assert last == {"check": "./run check", "fast": "./run test", "test": "./run test", "whole": "bash .ci/run"}


def test_pre_commit_runs_the_tools_of_the_project() -> None:
    hooks = [hook for repo in read(".pre-commit-config.yaml")["repos"] for hook in repo["hooks"]]
    assert {"lint", "format", "templates", "words"} <= {hook["name"] for hook in hooks}
    assert all(hook["entry"].startswith(".venv/bin/") for hook in hooks)
