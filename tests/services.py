"""Real services for tests: a PostgreSQL server and a Redis-protocol broker, started on this machine.

`postgres()` gives a DATABASE_URL, `broker()` a `Broker`. What is missing skips the test and says why; with
CI=true it fails instead, so that a green CI means that they ran.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from demo.broker import command, url
from demo.parent import die_with_parent
from tests.postgres_server import PostgresMissing, shared_server

__all__ = ["Broker", "broker", "missing", "postgres"]


def missing(what: str) -> None:
    """Ends the test: a failure in the CI, where everything must be there, else a skip with its reason."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} CI=true allows no skip.")
    pytest.skip(what)


def postgres(name: str | None = None) -> str:
    """The DATABASE_URL of a PostgreSQL database, made empty if it is not there yet.

    One server serves all workers of a test run and ends with the last of them. name: default one database for
    each xdist worker. With TEST_DATABASE_URL set, its server is used and must allow CREATE DATABASE.
    """
    import psycopg
    from psycopg import sql

    try:
        server = os.environ.get("TEST_DATABASE_URL") or shared_server()
    except PostgresMissing as error:
        missing(str(error))
    database = name or "plc_" + os.environ.get("PYTEST_XDIST_WORKER", "main")
    with psycopg.connect(server, autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone()
        if known is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
    base, _, _ = server.partition("?")
    return f"{base.rsplit('/', 1)[0]}/{database}"


class Broker:
    """A real broker of its own, on a unix socket in a directory of its own. Keeps its data over `stop`."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.socket = directory / "broker.sock"
        self.url = url(self.socket)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def client(self) -> redis.Redis:
        """A client of the broker that tries once; its answers are bytes."""
        return redis.Redis(unix_socket_path=str(self.socket), socket_timeout=5, retry=Retry(NoBackoff(), 0))

    @property
    def pid(self) -> int:
        """The server's process id. Raises RuntimeError when it does not run."""
        if self._process is None:
            raise RuntimeError("The broker does not run: call start() first.")
        return self._process.pid

    def start(self) -> None:
        """Starts the server and returns when it answers; the data of an earlier start are there again."""
        with (self.directory / "broker.log").open("ab") as log:
            self._process = subprocess.Popen(
                command(self.directory, self.socket), stdout=log, stderr=log, preexec_fn=die_with_parent()
            )
        deadline = time.monotonic() + 30
        while not self.answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("The broker did not start: " + (self.directory / "broker.log").read_text())
            time.sleep(0.02)

    def answers(self) -> bool:
        """Whether the server answers a PING now."""
        try:
            return bool(self.client.ping())
        except redis.RedisError:
            return False

    def stop(self) -> None:
        """Ends the server politely: everything written is on disk."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Ends the server with SIGKILL: the last second of writes may be lost."""
        self._end(signal.SIGKILL)

    def _end(self, sign: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGCONT)
            self._process.send_signal(sign)
            self._process.wait(10)
            self._process = None

    def flush(self) -> None:
        """Forgets everything, messages included."""
        self.client.flushall()

    def pause(self) -> None:
        """Freezes the server: connections stand, nothing is answered."""
        os.kill(self.pid, signal.SIGSTOP)

    def resume(self) -> None:
        """Lets a frozen server go on."""
        os.kill(self.pid, signal.SIGCONT)


@contextmanager
def broker() -> Iterator[Broker]:
    """A broker for the length of a `with` block, started; directory and process are gone afterwards."""
    # A short path: a unix socket's name has at most 107 characters, pytest's tmp_path often more.
    directory = Path(tempfile.mkdtemp(prefix="plc-broker-"))
    one = Broker(directory)
    try:
        one.start()
        yield one
    finally:
        one.kill()
        shutil.rmtree(directory, ignore_errors=True)
