"""A CONNECT proxy before the world's own that can keep endpoints closed: what a blocked way looks like to the probe."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit


class ClosingProxy:
    """Refuses hosts whose name begins with `closed`; passes everything else on to `upstream` (http://host:port)."""

    def __init__(self, upstream: str) -> None:
        self.closed: str | None = "vpce-"
        self._upstream = urlsplit(upstream)
        self._server = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._server.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._server.accept()
                threading.Thread(target=self._answer, args=(client,), daemon=True).start()

    def _answer(self, client: socket.socket) -> None:
        with client, suppress(OSError):
            head = client.recv(4096)
            if self.closed is not None and head.startswith(f"CONNECT {self.closed}".encode()):
                client.sendall(b"HTTP/1.1 502 Bad Gateway\r\n\r\n")
                return
            world = socket.create_connection((self._upstream.hostname or "", self._upstream.port or 0))
            with world:
                world.sendall(head)
                threading.Thread(target=_pass_on, args=(client, world), daemon=True).start()
                _pass_on(world, client)

    def close(self) -> None:
        """Stop listening; the shutdown wakes the thread that accepts."""
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()


def _pass_on(source: socket.socket, to: socket.socket) -> None:
    with suppress(OSError):
        while part := source.recv(4096):
            to.sendall(part)
        to.shutdown(socket.SHUT_WR)


@contextmanager
def closing_proxy(upstream: str) -> Iterator[ClosingProxy]:
    """One, until the test ends."""
    proxy = ClosingProxy(upstream)
    try:
        yield proxy
    finally:
        proxy.close()
