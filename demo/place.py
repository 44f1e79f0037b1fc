"""Where one run of the demo keeps its things: a fresh folder under var/, gone when the run ends."""

from __future__ import annotations

import fcntl
import random
import shutil
import socket
import tempfile
from pathlib import Path
from typing import IO

from demo.tree import ROOT

VAR = ROOT / "var"
OURS = range(20_000, 32_000)  # below the ports that Linux (32768), macOS and Windows (49152) give away


class Place:
    """A locked folder. Folders of runs that were killed are found by their free lock and removed."""

    def __init__(self, var: Path = VAR) -> None:
        var.mkdir(exist_ok=True)
        _sweep(var)
        self.folder = Path(tempfile.mkdtemp(prefix="demo-", dir=var))
        self._lock: IO[bytes] = (self.folder / "lock").open("wb")
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        # A unix socket's name has at most 107 characters; a checkout may lie deep.
        self.sockets = Path(tempfile.mkdtemp(prefix="plc-demo-"))
        (self.folder / "sockets").symlink_to(self.sockets)

    def close(self) -> None:
        """Removes the folder and all in it."""
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.rmtree(self.sockets, ignore_errors=True)
        self._lock.close()


def _sweep(var: Path) -> None:
    for folder in var.glob("demo-*/"):
        lock = folder / "lock"
        if not lock.exists():
            continue  # another run makes it at this moment
        with lock.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            shutil.rmtree((folder / "sockets").resolve(), ignore_errors=True)
            shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    """A port of loopback that nobody uses now, and that systems, as they come, give to nobody who asks for any port:
    it is still free some seconds later, when a process of ours listens there.
    """
    while port_taken(port := random.choice(OURS)):  # noqa: S311 - no secret
        pass
    return port


def port_taken(port: int) -> bool:
    """Whether something listens on this port of loopback."""
    try:
        socket.create_server(("127.0.0.1", port), reuse_port=False).close()
    except OSError:
        return True
    return False
