"""The sockets of the name servers: UDP and TCP, each server on its own loopback address, all on one port.

One thread reads all of them; a TCP connection gets a thread of its own. Addresses of Route 53's servers are
bound when a zone gets them, so that a small world holds few sockets.
"""

from __future__ import annotations

import errno
import selectors
import socket
import struct
import sys
import threading
import traceback
from contextlib import suppress

from sandbox.dns.hosts import FIXED, RESOLVERS
from sandbox.dns.wire import answer

IDLE_SECONDS = 10.0
_TRIES = 50
_UDP_MAX = 65_535


class DnsServer:
    """All name servers. OSError when the port is taken, or when the system has no 127.0.0.2 and so on."""

    def __init__(self, port: int = 0) -> None:
        self._selector = selectors.DefaultSelector()
        self._lock = threading.Lock()
        self._bound: set[str] = set()
        self.port = self._choose(port)

    def start(self) -> str:
        """Serves in a thread of its own. The resolvers, as the setting DNS_RESOLVERS writes them."""
        threading.Thread(target=self._serve, name="dns", daemon=True).start()
        return ",".join(f"{address}:{self.port}" for address in RESOLVERS)

    def listen(self, address: str) -> bool:
        """Begins to serve at a further address. False if the port is taken there."""
        with self._lock:
            if address in self._bound:
                return True
            try:
                self._bind(address, self.port)
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise
                return False
            return True

    def _choose(self, port: int) -> int:
        """Binds the servers that are always there to the port, or to one that is free for all of them."""
        for left in reversed(range(_TRIES if port == 0 else 1)):
            try:
                chosen = self._bind(RESOLVERS[0], port)
                for address in (*RESOLVERS[1:], *FIXED.values()):
                    self._bind(address, chosen)
                return chosen
            except OSError:
                self.close()
                if not left:
                    raise
        raise AssertionError("unreachable")

    def _bind(self, address: str, port: int) -> int:
        listener = socket.create_server((address, port), backlog=64)
        chosen: int = listener.getsockname()[1]
        datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            datagrams.bind((address, chosen))
        except OSError:
            listener.close()
            datagrams.close()
            raise
        for one in (listener, datagrams):
            one.setblocking(False)
            self._selector.register(one, selectors.EVENT_READ, address)
        self._bound.add(address)
        return chosen

    def close(self) -> None:
        """Gives all addresses back; only before `start`."""
        for key in list(self._selector.get_map().values()):
            self._selector.unregister(key.fileobj)
            if isinstance(key.fileobj, socket.socket):
                key.fileobj.close()
        self._bound.clear()

    def _serve(self) -> None:
        while True:
            # New addresses may be bound meanwhile; epoll sees them without being woken.
            for key, _ in self._selector.select(1.0):
                if isinstance(key.fileobj, socket.socket):
                    self._ready(key.fileobj, key.data)

    def _ready(self, one: socket.socket, address: str) -> None:
        try:
            if one.type == socket.SOCK_DGRAM:
                query, asker = one.recvfrom(_UDP_MAX)
                if reply := answer(query, address, udp=True):
                    one.sendto(reply, asker)
            else:
                connection, _ = one.accept()
                threading.Thread(target=_converse, args=(connection, address), daemon=True).start()
        except OSError:
            pass  # the asker went away
        except Exception:
            print("the simulated DNS broke on a query:", file=sys.stderr)
            traceback.print_exc()


def _converse(connection: socket.socket, address: str) -> None:
    """The queries of one TCP connection, each with its length before it (RFC 1035 4.2.2)."""
    with connection, suppress(OSError):
        connection.settimeout(IDLE_SECONDS)
        with connection.makefile("rb") as stream:
            while len(head := stream.read(2)) == 2:
                query = stream.read(struct.unpack("!H", head)[0])
                reply = answer(query, address, udp=False)
                if reply is None:
                    continue  # silence, until one of the two gives up
                connection.sendall(struct.pack("!H", len(reply)) + reply)


_running: list[DnsServer] = []


def use(server: DnsServer | None) -> None:
    """Names the server whose sockets new zones' name servers are bound to; None: there are no sockets."""
    _running[:] = [server] if server else []


def listen(address: str) -> bool:
    """Sees to it that the address answers. True also where no sockets are served at all."""
    return not _running or _running[0].listen(address)
