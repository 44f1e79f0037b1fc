"""Questions to DNS: to the configured resolvers, and directly to name servers (SEC14, SEC15).

A name of the user's is resolved once, by the configured resolvers; then only those addresses are asked, and only if all
of them are public. The one exception is the simulated world, where the resolvers themselves are loopback addresses on a
port other than 53: there the name servers are loopback addresses too, and are asked at the resolver's port.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

from onboarding.names import places, reach, wire
from onboarding.names.answers import Home, Host, Reply, View
from onboarding.names.together import Once, side_by_side

__all__ = ["Home", "Host", "Reply", "Resolver", "View"]

BUDGET = 9.0
ADDRESSES_TRIED = 2
T = TypeVar("T")


class Resolver:
    """Asks DNS. `servers` are the configured resolvers, (address, port) each. Threads may share one."""

    def __init__(self, servers: Sequence[tuple[str, int]]) -> None:
        self.servers = tuple(servers)
        self._until: float | None = None
        self._remembered: Once | None = None
        self._silent: dict[str, Reply] = {}
        self._homes: Once | None = None

    @property
    def labels(self) -> list[str]:
        """The configured resolvers as replies name them, in their order."""
        return [address if port == reach.DNS_PORT else f"{address}:{port}" for address, port in self.servers]

    def within(self, seconds: float = BUDGET) -> Resolver:
        """The same resolver with one deadline for all it is asked, remembering answers until then.

        One that has a deadline already is returned as it is.
        """
        if self._until is not None:
            return self
        bounded = Resolver(self.servers)
        bounded._until, bounded._remembered = time.monotonic() + seconds, Once()
        bounded._homes = self._homes
        return bounded

    def knowing_homes(self) -> Resolver:
        """The same resolver for one look at an item: it finds the live zone of a name once, whatever else it is asked
        anew.
        """
        knowing = Resolver(self.servers)
        knowing._homes = Once()
        return knowing

    def public(self, name: str, type: str) -> list[View]:
        """What each configured resolver answers, in their order."""
        return [
            View(server=each.server, values=each.values, ttl=each.ttl, problem=each.problem, rcode=each.rcode)
            for each in self.replies(name, type)
        ]

    def replies(self, name: str, type: str) -> list[Reply]:
        """As `public`, with all that a Reply tells."""
        return self._once(("resolvers", name, type), lambda: self._ask_resolvers(name, type))

    def first(self, name: str, type: str) -> Reply:
        """What the first configured resolver says that says anything."""
        replies = self.replies(name, type)
        nobody = Reply(server="", problem="No DNS resolver is configured. Set DNS_RESOLVERS.")
        return next((each for each in replies if not each.problem), replies[0] if replies else nobody)

    def at(self, address: str, name: str, type: str) -> Reply:
        """What the name server at an address answers by itself (RD=0); an address that is not public is not asked."""
        if refusal := reach.refusal(address, loopback=reach.simulated(self.servers)):
            return Reply(server=address, problem=f"{address} {refusal}; it is not asked.")
        port = reach.port_for(self.servers, address)
        return self._once((address, name, type), lambda: self._ask_server(address, port, name, type))

    def ask(self, host: Host, name: str, type: str) -> Reply:
        """What a name server answers by itself, at the first of its first two addresses that answers at all."""
        reply = Reply(server=host.name, problem=host.problem or f"{host.name} has no address.")
        for address in host.addresses[:ADDRESSES_TRIED]:
            reply = self.at(address, name, type)
            if reply.rcode:
                break
        return reply

    def addresses(self, host: str) -> list[str]:
        """The addresses of a host that may be asked; [] if there are none or one of them may not (see `host`)."""
        return list(self.host(host).addresses)

    def host(self, name: str) -> Host:
        """A host with its addresses, or with the sentence why it is not asked."""
        bounded = self.within()
        return bounded._once(("host", name), lambda: places.find_host(bounded, name))

    def home(self, name: str) -> Home:
        """The live zone that encloses a name, and its authoritative servers."""
        if self._homes is not None:
            return self._homes(name, lambda: self._home(name))
        return self._home(name)

    def _home(self, name: str) -> Home:
        bounded = self.within()
        return bounded._once(("home", name), lambda: places.find_home(bounded, name))

    def _ask_resolvers(self, name: str, type: str) -> list[Reply]:
        def one(where: tuple[str, int]) -> Reply:
            return wire.ask(*where, name, type, recursive=True, until=self._end())

        return side_by_side(one, self.servers)

    def _ask_server(self, address: str, port: int, name: str, type: str) -> Reply:
        """Within a deadline a server that kept silent once is not waited for again: others need the time."""
        if silent := self._silent.get(address):
            return silent
        began = time.monotonic()
        reply = wire.ask(address, port, name, type, recursive=False, until=self._end())
        if self._until is not None and not reply.rcode and time.monotonic() - began >= wire.FIRST_TRY:
            self._silent[address] = reply
        return reply

    def _end(self) -> float:
        """When a query that begins now has to end, a TCP fallback included."""
        own = time.monotonic() + 2 * wire.TIMEOUT
        return own if self._until is None else min(own, self._until)

    def _once(self, key: Hashable, call: Callable[[], T]) -> T:
        return call() if self._remembered is None else self._remembered(key, call)
