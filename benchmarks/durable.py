"""A PostgreSQL server whose commits wait for the disk: that of the tests does not, and would flatter the engine."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

from demo.parent import die_with_parent
from tests.postgres_server import _readable, _server, _unprivileged, find_programs


@contextmanager
def durable_server() -> Iterator[None]:
    """Point TEST_DATABASE_URL, which the stage reads, at a durable server; gone afterwards. One that is set is kept."""
    if os.environ.get("TEST_DATABASE_URL"):
        yield
        return
    directory = Path(tempfile.mkdtemp(prefix="plc-bench-pg-"))
    directory.chmod(0o711)
    process, url = _server(directory, _readable(find_programs(), directory))
    try:
        _answers(url)
        process = _again(process)
        _answers(url)
        os.environ["TEST_DATABASE_URL"] = url
        yield
    finally:
        os.environ.pop("TEST_DATABASE_URL", None)
        process.send_signal(signal.SIGQUIT)
        process.wait(10)
        shutil.rmtree(directory, ignore_errors=True)


def _again(process: subprocess.Popen[bytes]) -> subprocess.Popen[bytes]:
    """The same server, started anew with its writes made durable."""
    words = [str(word).replace("fsync=off", "fsync=on") for word in process.args]  # type: ignore[union-attr]  # a list
    words = [word.replace("full_page_writes=off", "full_page_writes=on") for word in words]
    process.send_signal(signal.SIGINT)
    process.wait(20)
    return subprocess.Popen(words, user=_unprivileged(), cwd="/", preexec_fn=die_with_parent(signal.SIGQUIT))  # noqa: S603


def _answers(url: str) -> None:
    for _ in range(300):
        with suppress(psycopg.OperationalError), psycopg.connect(url, connect_timeout=2):
            return
        time.sleep(0.05)
    raise TimeoutError("PostgreSQL did not answer within 15 s; its words stand above.")


def durability() -> str:
    """What the server says of its own durability."""
    from django.db import connection

    found = []
    with connection.cursor() as cursor:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            cursor.execute("SELECT current_setting(%s)", [setting])
            found.append(f"{setting} {cursor.fetchone()[0]}")
    return ", ".join(found)
