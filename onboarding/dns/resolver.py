"""Questions to DNS: to the configured resolvers, and directly to name servers.

A name of the user's is resolved once, by the configured resolvers; then only those addresses are asked, and only if all
of them are public. The one exception is the simulated world, where the resolvers themselves are loopback addresses on a
port other than 53: there the name servers are loopback addresses too, and are asked at the resolver's port.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Sequence
from functools import cache, partial
from ipaddress import ip_address
from typing import TypeVar

from publicsuffixlist import PublicSuffixList

from onboarding.dns import addresses, wire
from onboarding.dns.addresses import refusal, simulated
from onboarding.dns.answers import Home, Host, Reply, View
from onboarding.dns.side_by_side import Once, side_by_side

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
        return [address if port == addresses.DNS_PORT else f"{address}:{port}" for address, port in self.servers]

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
        again.
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
        if refusal := addresses.refusal(address, loopback=addresses.simulated(self.servers)):
            return Reply(server=address, problem=f"{address} {refusal}; it is not asked.")
        port = addresses.port_for(self.servers, address)
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
        return bounded._once(("host", name), lambda: find_host(bounded, name))

    def home(self, name: str) -> Home:
        """The live zone that encloses a name, and its authoritative servers."""
        if self._homes is not None:
            return self._homes(name, lambda: self._home(name))
        return self._home(name)

    def _home(self, name: str) -> Home:
        bounded = self.within()
        return bounded._once(("home", name), lambda: find_home(bounded, name))

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


MOST_SERVERS = 13
MOST_LABELS = 12


def ancestors(name: str) -> list[str]:
    """The name and the names above it, the nearest first: a.b.c, b.c, c. Of a very long name only the upper ones."""
    labels = name.split(".")
    most = [name] if len(labels) > MOST_LABELS else []
    return most + [".".join(labels[at:]) for at in range(max(0, len(labels) - MOST_LABELS), len(labels))]


@cache
def _suffixes() -> PublicSuffixList:
    # Not the list's private section: blogspot.com or myshopify.com belongs to a company, which can set records in it.
    return PublicSuffixList(only_icann=True)


def registered_domain(name: str) -> str:
    """The part of a name that a registry sells: example.co.uk of api.example.co.uk. "" of a registry's own name."""
    return _suffixes().privatesuffix(name, keep_case=True) or ""


def is_registry(zone: str) -> bool:
    """Whether a zone is a registry's, such as com or co.uk, and not one that somebody could set records in."""
    return not registered_domain(zone)


def find_host(resolver: Resolver, name: str) -> Host:
    """A host's addresses as all resolvers tell them. One that may not be asked spoils them all: an answer that mixes
    public and inner addresses is an attempt to reach the inner one.
    """
    replies = _address_replies(resolver, name)
    addresses = sorted({address for each in replies for address in each.values}, key=_order)
    for address in addresses:
        if why := refusal(address, loopback=simulated(resolver.servers)):
            sentence = f"{name} has the address {address}, which {why}; it is not asked."
            return Host(name=name, problem=sentence, refused=True)
    if addresses:
        return Host(name=name, addresses=tuple(addresses))
    why = next((each.problem for each in replies if each.problem), "")
    return Host(name=name, problem=why or f"{name} has no address: the name does not resolve.")


def _order(address: str) -> tuple[int, int]:
    parsed = ip_address(address)
    return parsed.version, int(parsed)


def _address_replies(resolver: Resolver, name: str) -> list[Reply]:
    """The answers for A and AAAA at the end of the CNAME records, eight of them at most in all."""
    target, followed = name, 0
    while True:
        both = side_by_side(partial(resolver.replies, target), ["A", "AAAA"])
        replies = [each for answers in both for each in answers]
        chain = next((each.chain for each in replies if each.chain), ())
        followed += len(chain)
        if followed > wire.MOST_CNAMES:
            return [Reply(server="", problem=f"{name} leads over more than {wire.MOST_CNAMES} CNAME records.")]
        if not chain or any(each.values for each in replies):
            return replies
        target = chain[-1]


def find_home(resolver: Resolver, name: str) -> Home:
    """The nearest live zone at or above a name.

    Resolvers remember for minutes that a name is not there, and so is nothing below it (RFC 2308, RFC 8020). So they
    are asked only for the domain that a registry sold; from there the zones' own servers tell the way down.
    """
    if not wire.is_name(name):
        return Home(problem=wire.NO_NAME)
    home = _domain(resolver, name)
    while below := _next(resolver, home, name):
        home = below
    registry = home.apex and is_registry(home.apex) and home.apex != name
    return _undelegated(name, home.apex) if registry else home


def _domain(resolver: Resolver, name: str) -> Home:
    """The zone of the registered domain of a name, or the nearest above it. Its start of authority shows it."""
    asked = ancestors(registered_domain(name) or name)
    starts = side_by_side(lambda zone: resolver.first(zone, "SOA"), asked)
    for zone, start in zip(asked, starts, strict=True):
        if start.values and not start.chain:
            names = resolver.first(zone, "NS")
            hosts = _hosts(resolver, names.values)
            problem = "" if hosts else names.problem or f"The zone {zone} names no name servers."
            return _home(zone, hosts, problem)
    return Home(problem=_no_zone(name, starts))


def _next(resolver: Resolver, home: Home, name: str) -> Home | None:
    """A live zone below another one, towards a name; None if there is no cut, or nobody answers below it."""
    between = [each for each in ancestors(name) if each.endswith(f".{home.apex}")]
    host = next((each for each, _ in _own_sets(resolver, home.apex, home.hosts)), None) if between else None
    if host is None:
        return None
    cuts: dict[str, tuple[str, ...]] = {}
    replies = side_by_side(lambda each: resolver.ask(host, each, "SOA"), between)
    for each, reply in zip(between, replies, strict=True):
        if reply.authoritative and reply.values and not reply.chain:
            cuts[each] = (host.name,)  # it holds the zone below, too, and answers instead of referring to itself
        elif reply.cut.endswith(f".{home.apex}"):
            cuts[reply.cut] = reply.referral
    return _live(resolver, *max(cuts.items(), key=lambda cut: len(cut[0]))) if cuts else None


def _live(resolver: Resolver, zone: str, names: Sequence[str]) -> Home | None:
    """A zone with the servers that it names itself, if one of those that it is delegated to answers for it."""
    own = next((values for _, values in _own_sets(resolver, zone, _hosts(resolver, names))), ())
    return _home(zone, _hosts(resolver, own)) if own else None


def _own_sets(resolver: Resolver, zone: str, hosts: Sequence[Host]) -> list[tuple[Host, tuple[str, ...]]]:
    """The servers that answer for a zone with authority, each with the NS records that it holds for it."""
    replies = side_by_side(lambda host: resolver.ask(host, zone, "NS"), hosts)
    said = zip(hosts, replies, strict=True)
    return [(host, each.values) for host, each in said if each.authoritative and each.values and not each.chain]


def _hosts(resolver: Resolver, names: Sequence[str]) -> tuple[Host, ...]:
    return tuple(side_by_side(resolver.host, names[:MOST_SERVERS]))


def _home(zone: str, hosts: tuple[Host, ...], problem: str = "") -> Home:
    return Home(apex=zone, servers={each.name: each.addresses for each in hosts}, hosts=hosts, problem=problem)


def _undelegated(name: str, registry: str) -> Home:
    """Only the registry's own zone encloses the name: nobody could set a record for it there."""
    domain = name.removesuffix(f".{registry}").rpartition(".")[2] + f".{registry}"
    why = "it is not registered, or has no name servers. See your registrar"
    return Home(apex=registry, problem=f"{registry} does not delegate {domain}: {why}.")


def _no_zone(name: str, starts: Sequence[Reply]) -> str:
    why = next((each.problem for each in starts if each.problem), "")
    return why or f"No zone encloses {name}: its domain is not registered, or is not delegated."
