"""One simulated world, one database and one warm worker process, put back to the beginning for each trial."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from demo.parent import die_with_parent
from sellers import formats
from tests import products
from tests.sandbox_process import ROOT, SandboxProcess, running_sandbox
from tests.services import postgres

SPEED = 5000.0


class SqliteCopy:
    """A database file, put back by copying."""

    def __init__(self, directory: Path) -> None:
        self._file, self._kept = directory / "trial.sqlite3", directory / "prepared.sqlite3"
        self.url = f"sqlite:///{self._file}"

    def keep(self) -> None:
        """What stands now is the beginning of every trial."""
        shutil.copyfile(self._file, self._kept)

    def drop(self) -> None:
        """Its directory is pytest's, which cleans up."""

    def restore(self) -> None:
        """Back to the beginning; a dead worker's log is forgotten with the rest."""
        for ending in ("-wal", "-shm"):
            self._file.with_name(self._file.name + ending).unlink(missing_ok=True)
        shutil.copyfile(self._kept, self._file)


class PostgresCopy:
    """A PostgreSQL database, put back by making it again from a template."""

    def __init__(self) -> None:
        self.name = f"plc_sweep_{secrets.token_hex(6)}"
        self.url = postgres(self.name)
        self._server = urlsplit(self.url)._replace(path="/postgres").geturl()

    def _run(self, statement: str, *names: str) -> None:
        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def keep(self) -> None:
        """What stands now is the beginning of every trial."""
        ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute(ended, [self.name])
        self._run("DROP DATABASE IF EXISTS {}", f"{self.name}_kept")
        self._run("CREATE DATABASE {} TEMPLATE {}", f"{self.name}_kept", self.name)

    def restore(self) -> None:
        """Back to the beginning; a dead worker's connections are ended."""
        self._run("DROP DATABASE {} WITH (FORCE)", self.name)
        self._run("CREATE DATABASE {} TEMPLATE {}", self.name, f"{self.name}_kept")

    def drop(self) -> None:
        """Nothing of it is left."""
        for name in (self.name, f"{self.name}_kept"):
            self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


class Worker:
    """The warm process that forks workers on order."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._answer()

    def __call__(self, do: str, **more: Any) -> dict[str, Any]:
        """One worker's life. RuntimeError if it ended by an error of its own, which stands on standard error."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": do, **more}) + "\n")
        self._process.stdin.flush()
        answer = self._answer()
        if answer["code"] > 0:
            raise RuntimeError(f"The worker broke while it should {do}; its words stand on standard error.")
        return answer

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("The worker's parent ended; its words stand on standard error.")
        answer: dict[str, Any] = json.loads(line)
        return answer


class World:
    """Where trials happen. `begin` puts everything back; `worker` starts a worker, `environment` is what it is told."""

    def __init__(
        self,
        sandbox: SandboxProcess,
        database: SqliteCopy | PostgresCopy,
        worker: Worker,
        environment: Mapping[str, str],
        checklist: str,
    ) -> None:
        self.sandbox, self.database, self.worker, self.environment = sandbox, database, worker, environment
        self._servers = self._surroundings()
        order = {"checklist": checklist, "servers": self._servers}
        self._external_ids = worker("prepare", **{"with": order})["external_ids"]
        database.keep()

    def begin(self) -> None:
        """An empty world with the roles, the zone and Marketplace's zone, and a database with an open run."""
        self.sandbox.post("reset")
        if self._surroundings() != self._servers:
            raise RuntimeError("Marketplace's zone has other name servers than in the prepared database.")
        hub = self.sandbox.client("sts").get_caller_identity()["Arn"]
        for arn, external_id in self._external_ids.items():
            role = {
                "account_id": formats.account_of(arn),
                "role_name": arn.rpartition("/")[2],
                "policies": [products.ALL],
            }
            self.sandbox.post("roles", {**role, "trust_policy": products.trust(hub, external_id)})
        self.sandbox.post("calls-clear")
        self.database.restore()

    def _surroundings(self) -> list[str]:
        """The seller's DNS zone and Marketplace's; the name servers of the latter."""
        self.sandbox.post("marketplace", {"by_itself": False})
        products.zone(self.sandbox)
        servers: list[str] = self.sandbox.post("marketplace_zone", {"name": products.FRIENDLY, "cnames": []})["servers"]
        return servers


@contextmanager
def world(kind: str, checklist: str, directory: Path) -> Iterator[World]:
    """A world on "sqlite" or "postgresql", with a product of the "spine" or the "whole" checklist; ended with the
    block.
    """
    database = SqliteCopy(directory) if kind == "sqlite" else PostgresCopy()
    with running_sandbox(speed=SPEED) as sandbox:
        environment = {
            **os.environ,
            **sandbox.environment,
            "DATABASE_URL": database.url,
            "LOG_LEVEL": "ERROR",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "AWS_CALLS_PER_SECOND": "1000",
            "SECRET_KEY": "s" * 50,
            "SELLER_OPS_EMAIL": "ops@marketplace.example",
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.worker"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=die_with_parent(),
        )
        try:
            yield World(sandbox, database, Worker(process), environment, checklist)
        finally:
            process.kill()
            process.wait()
            database.drop()
