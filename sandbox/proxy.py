"""An HTTP CONNECT proxy that stands where a probe inside the VPC would stand.

It asks the world what a name and port lead to and behaves like it: a real TCP connection, a real TLS
handshake with a certificate of the sandbox's authority, a refusal, or silence. Failures carry `Proxy-Status`
(RFC 9209), so that a client can tell an unknown name from a closed port.
"""

from __future__ import annotations

import socket
import socketserver
import ssl
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Literal, Protocol

from sandbox.authority import WRONG_NAMES, Authority

MAX_HEAD = 8_192
IDLE_SECONDS = 60.0
OPEN = b"HTTP/1.1 200 Connection established\r\n\r\n"


class Destination(Protocol):
    """What the world knows of a host and port; `sandbox.aws.reach.Reach` is one."""

    @property
    def outcome(self) -> Literal["open", "refused", "timeout", "unknown_host"]: ...
    @property
    def tls(self) -> bool: ...
    @property
    def names(self) -> tuple[str, ...]: ...
    @property
    def expired(self) -> bool: ...
    @property
    def banner(self) -> bytes: ...


class Proxy(socketserver.ThreadingTCPServer):
    """Listens at once; `serve_forever` answers, one thread a connection.

    hosts: what a person switched by hand, host -> "slow" | "refuse" | "wrong certificate" | "expired
    certificate", read at each connection. give_up: seconds of silence before 504; slow: seconds that a slow
    host takes to answer.
    """

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(
        self,
        address: tuple[str, int],
        decide: Callable[[str, int], Destination],
        authority: Authority,
        hosts: Mapping[str, str],
        *,
        give_up: float = 30.0,
        slow: float = 3.0,
    ) -> None:
        super().__init__(address, Tunnel)
        self.decide, self.authority, self.hosts = decide, authority, hosts
        self.give_up, self.slow = give_up, slow

    def start(self) -> int:
        """Serves in a thread of its own and returns the port."""
        threading.Thread(target=self.serve_forever, name="proxy", daemon=True).start()
        return int(self.server_address[1])

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away in the middle is no news; all else is."""
        if not isinstance(sys.exception(), OSError):
            traceback.print_exc()


class Tunnel(socketserver.BaseRequestHandler):
    """One CONNECT request and what follows it."""

    server: Proxy
    request: socket.socket

    def handle(self) -> None:
        """Reads the request and plays the destination's part."""
        self.request.settimeout(IDLE_SECONDS)
        target = _parse(_head(self.request))
        if target is None:
            return self._refuse(400, "Bad Request", "http_request_error", "Send CONNECT host:port HTTP/1.1.")
        host, port = target
        switch = self.server.hosts.get(host, "")
        if switch == "slow":
            time.sleep(self.server.slow)
        found = self.server.decide(host, port)
        outcome = "refused" if switch == "refuse" else found.outcome
        if outcome == "unknown_host":
            return self._refuse(502, "Bad Gateway", "dns_error", f"There is no name {host}.")
        if outcome == "refused":
            return self._refuse(502, "Bad Gateway", "connection_refused", f"{host} refused port {port}.")
        if outcome == "timeout":
            time.sleep(self.server.give_up)
            return self._refuse(504, "Gateway Timeout", "connection_timeout", f"{host}:{port} did not answer.")
        self.request.sendall(OPEN)
        names = WRONG_NAMES if switch == "wrong certificate" else found.names or (host,)
        expired = found.expired or switch == "expired certificate"
        context = self.server.authority.context(names, expired=expired) if found.tls else None
        return self._converse(context, found.banner)

    def _converse(self, context: ssl.SSLContext | None, banner: bytes) -> None:
        """Says the banner, then listens until the client has enough."""
        with suppress(OSError):  # an SSLError is one: the client did not like the certificate
            peer = context.wrap_socket(self.request, server_side=True) if context else self.request
            peer.sendall(banner)
            while peer.recv(4_096):
                pass
            peer.close()

    def _refuse(self, status: int, phrase: str, error: str, sentence: str) -> None:
        body = sentence.encode()
        head = (
            f"HTTP/1.1 {status} {phrase}\r\nProxy-Status: sandbox; error={error}\r\n"
            f"Content-Type: text/plain\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        self.request.sendall(head.encode() + body)


def _head(connection: socket.socket) -> bytes:
    """The request's head, not one byte more: what follows belongs to the tunnel."""
    head = b""
    while len(head) < MAX_HEAD:
        seen = connection.recv(MAX_HEAD - len(head), socket.MSG_PEEK)
        if not seen:
            break
        end = (head + seen).find(b"\r\n\r\n")
        head += connection.recv(len(seen) if end < 0 else end + 4 - len(head))
        if end >= 0:
            break
    return head


def _parse(head: bytes) -> tuple[str, int] | None:
    """Host and port of a CONNECT request, None if it is another thing."""
    words = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ")
    if len(words) != 3 or words[0] != "CONNECT":
        return None
    host, _, port = words[1].rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or not 0 < int(port) < 65_536:
        return None
    return host.strip("[]").rstrip(".").lower(), int(port)
