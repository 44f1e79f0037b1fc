"""Lets the ordered faults strike a call: errors, delays, a held or cut connection, a killed caller."""

from __future__ import annotations

import contextlib
import select
import socket
import time
from typing import Any

from sandbox import faults
from sandbox.aws.errors import AwsError
from sandbox.kill import kill_peer


class Dropped(ConnectionAbortedError):
    """The connection was ended on purpose and no answer may be sent."""


def strike(when: faults.Moment, where: tuple[str, str, str, str, bool], request: Any) -> None:
    """Carry out every fault that hits this call at this moment. Raises AwsError or Dropped."""
    for rule in faults.take(when, *where):
        match rule.kind:
            case "latency":
                time.sleep(rule.seconds)
            case "error" | "error_after":
                raise AwsError(rule.code, rule.message, rule.status)
            case "timeout":
                _hold(_socket(request), rule.seconds)
            case "reset":
                _cut(_socket(request))
            case "kill":
                _kill(request.environ)
                _cut(_socket(request))


def _kill(environ: dict[str, Any]) -> None:
    try:
        kill_peer(int(environ["REMOTE_PORT"]), int(environ["SERVER_PORT"]))
    except (ProcessLookupError, PermissionError) as wrong:
        raise AwsError("SandboxFault", f"The ordered kill was not possible: {wrong}", 400) from wrong


def _socket(request: Any) -> socket.socket:
    """The connection itself, which werkzeug and gunicorn hand over in the WSGI environment."""
    environ = request.environ
    held = environ.get("werkzeug.socket") or environ.get("gunicorn.socket")
    if held is None:
        raise RuntimeError("this web server does not give the connection away, so it cannot be dropped.")
    found: socket.socket = held
    return found


def _hold(connection: socket.socket, seconds: float) -> None:
    """Say nothing until the client gives up or the time is over."""
    select.select([connection], [], [], seconds)
    _cut(connection)


def _cut(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):  # the client was faster
        connection.shutdown(socket.SHUT_RDWR)
    raise Dropped("the connection was dropped by an ordered fault")
