"""Which zones each name server holds now, and what it answers."""

from __future__ import annotations

from collections.abc import Iterator

from sandbox.dns import breaks, registrar
from sandbox.dns.hosted import all_zones
from sandbox.dns.hosts import FIXED, PARENTS, PARKING, REGISTRAR, ROOT, address_of, domains, host_at, hosts_of
from sandbox.dns.names import ancestors, registered, within
from sandbox.dns.records import Rrset
from sandbox.dns.zone import REFUSED, SERVFAIL, Reply, Zone

DAY = 86_400
_TLDS = ("com", "net", "org", "uk", "io", "dev", "cloud", "aws", "example", "test")


def ask(address: str, name: str, kind: str) -> Reply | None:
    """What the name server at the address answers about a normal name; None if it keeps silent."""
    host = host_at(address)
    order = breaks.servers().get(host or "", {})
    match order.get("is"):
        case "silent":
            return None
        case "refuse":
            return REFUSED
        case "servfail":
            return SERVFAIL
    if host is None:
        return REFUSED
    zones = order["zones"] if order else zones_at(host, name)
    holding = [zone for zone in zones if within(name, zone.origin)]
    if not holding:
        return REFUSED
    return max(holding, key=lambda zone: len(zone.origin)).reply(name, kind)


def zones_at(host: str, name: str | None = None) -> list[Zone]:
    """The zones that a server holds; with a name only those that enclose it."""
    found = (zone for zone in _zones(host, name) if name is None or within(name, zone.origin))
    return [breaks.applied(zone) for zone in found if not breaks.lame(zone.origin)]


def _zones(host: str, name: str | None) -> Iterator[Zone]:
    if host == ROOT:
        yield _root()
    elif host == PARENTS:
        yield from _parents(name)
    elif host in REGISTRAR:
        yield from (_held(zone) for zone in registrar.held().values())
    elif host in PARKING:
        domain = registered(name or "")
        yield from [_own(domain, PARKING)] if domain else []
    else:
        for hosted in all_zones():
            if host in hosted.servers and (name is None or within(name, hosted.name)):
                yield from [hosted.served] if hosted.served else []


def _root() -> Zone:
    tops = {*_TLDS, *(domain.rpartition(".")[2] for domain in registrar.domains())}
    cuts = [Rrset(top, "NS", 2 * DAY, (PARENTS,)) for top in sorted(tops)]
    return Zone.of("", [*_apex("", (ROOT,)), *cuts])


def _parents(name: str | None) -> Iterator[Zone]:
    """The TLDs, and the domains of the name servers themselves."""
    tops: dict[str, list[Rrset]] = {top: [] for top in _TLDS if name is None or within(name, top)}
    for domain in registrar.domains() if name is None else filter(None, [registered(name)]):
        servers = registrar.delegated_to(domain)
        cuts = tops.setdefault(domain.rpartition(".")[2], [])
        if servers:
            cuts.append(Rrset(domain, "NS", 2 * DAY, servers))
    for top, cuts in tops.items():
        yield Zone.of(top, [*_apex(top, (PARENTS,)), *cuts])
    for domain in domains() if name is None else domains() & set(ancestors(name)):
        addresses = [Rrset(host, "A", 2 * DAY, (address_of(host) or "",)) for host in hosts_of(domain)]
        yield Zone.of(domain, [*_apex(domain, (PARENTS,)), *addresses])


def _held(zone: registrar.Held) -> Zone:
    return Zone.of(zone.name, [*zone.sets.values(), *_apex(zone.name, REGISTRAR)])


def _own(origin: str, servers: tuple[str, ...]) -> Zone:
    return Zone.of(origin, _apex(origin, servers))


def _apex(origin: str, servers: tuple[str, ...]) -> list[Rrset]:
    soa = f"{servers[0]}. hostmaster.{origin or 'root'}. 1 7200 900 1209600 60"
    return [Rrset(origin, "SOA", 900, (soa,)), Rrset(origin, "NS", 2 * DAY, servers)]


def name_servers() -> list[str]:
    """Every name server that is in use: the fixed ones and those of hosted zones."""
    return [*FIXED, *sorted({host for zone in all_zones() for host in zone.servers})]


def cuts(name: str) -> dict[str, Rrset | None]:
    """The NS set that each enclosing zone serves for a name now, by zone; None where it serves none."""
    zones = (zone for host in name_servers() for zone in zones_at(host, name))
    return {zone.origin: zone.sets.get((name, "NS")) for zone in zones if zone.origin != name}
