"""Kills the process at the other end of a loopback connection, for crash tests (Linux only)."""

from __future__ import annotations

import os
import signal
from pathlib import Path


def kill_peer(peer_port: int, server_port: int) -> int:
    """SIGKILL the process that called from `peer_port` of this machine to `server_port`; gives its pid.

    ProcessLookupError when no such process is found, PermissionError when it would be this one.
    """
    pid = find_peer(peer_port, server_port)
    if pid == os.getpid():
        raise PermissionError("the caller runs inside the sandbox's own process, so it is not killed.")
    os.kill(pid, signal.SIGKILL)
    return pid


def find_peer(peer_port: int, server_port: int) -> int:
    """The pid of the process that owns the connection's far end. ProcessLookupError if there is none."""
    inode = _inode(peer_port, server_port)
    wanted = f"socket:[{inode}]"
    for fd in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            if os.readlink(fd) == wanted:
                return int(fd.parts[2])
        except OSError:
            continue  # the process or its descriptor went away, or belongs to another user
    raise ProcessLookupError(f"no process holds the connection from port {peer_port}.")


def _inode(peer_port: int, server_port: int) -> str:
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text().splitlines()[1:]:
            parts = line.split()
            ports = tuple(int(end.rsplit(":", 1)[1], 16) for end in parts[1:3])
            if ports == (peer_port, server_port):
                return parts[9]
    raise ProcessLookupError(f"no connection from port {peer_port} to port {server_port}.")
