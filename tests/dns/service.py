"""The sockets of the tests' name servers: real UDP and TCP, one thread."""

from __future__ import annotations

import selectors
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tests.dns.world import AWS, COM, ONE, RESOLVERS, ROOT, TWO, World


class Service:
    """Sockets of all addresses in one thread."""

    def __init__(self, world: World, addresses: list[str]) -> None:
        self.world = world
        self.selector = selectors.DefaultSelector()
        self.running = True
        self.world.port = self._open(addresses)
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _open(self, addresses: list[str]) -> int:
        for _ in range(20):
            port, sockets = 0, []
            try:
                for address in addresses:
                    for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
                        each = socket.socket(socket.AF_INET, kind)
                        sockets.append(each)
                        each.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                        each.bind((address, port))
                        port = port or each.getsockname()[1]
                        if kind == socket.SOCK_STREAM:
                            each.listen(64)
            except OSError:
                for each in sockets:
                    each.close()
                continue
            for each in sockets:
                self.selector.register(each, selectors.EVENT_READ)
            return port
        raise OSError("no port is free at all addresses")

    def _run(self) -> None:
        while self.running:
            for key, _ in self.selector.select(0.05):
                each = key.fileobj
                assert isinstance(each, socket.socket)
                if each.type == socket.SOCK_DGRAM:
                    data, peer = each.recvfrom(4096)
                    answer = self.world.respond(each.getsockname()[0], data, "udp")
                    if answer is not None:
                        each.sendto(answer, peer)
                else:
                    self._stream(each)

    def _stream(self, listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            connection.settimeout(2)
            size = struct.unpack("!H", connection.recv(2, socket.MSG_WAITALL))[0]
            answer = self.world.respond(listener.getsockname()[0], connection.recv(size, socket.MSG_WAITALL), "tcp")
            if answer is not None:
                connection.sendall(struct.pack("!H", len(answer)) + answer)

    def close(self) -> None:
        self.running = False
        self.thread.join()
        for key in list(self.selector.get_map().values()):
            key.fileobj.close()  # type: ignore[union-attr]
        self.selector.close()


@contextmanager
def running() -> Iterator[World]:
    """A world that answers: root, com., example.com at two servers, and the name servers of Marketplace."""
    world = World()
    service = Service(world, [ROOT, COM, ONE, TWO, *RESOLVERS, *AWS.values()])
    try:
        yield world
    finally:
        service.close()
