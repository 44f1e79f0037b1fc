"""Name servers: their host names and the loopback address of each.

Fixed ones: two resolvers, the root, the parents (all TLDs), the registrar's two, and two that park any domain.
Route 53's are found by their number, 32 in each of four stripes; a zone gets one of each stripe.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
from functools import lru_cache

from sandbox.dns.names import within

RESOLVERS = ("127.0.0.1", "127.0.0.2")
ROOT = "a.root-servers.net"
PARENTS = "a.gtld-servers.net"
REGISTRAR = ("ns1.registrar.example", "ns2.registrar.example")
PARKING = ("ns1.parking.example", "ns2.parking.example")
FIXED = {
    ROOT: "127.0.0.10",
    PARENTS: "127.0.0.11",
    REGISTRAR[0]: "127.0.0.12",
    REGISTRAR[1]: "127.0.0.13",
    PARKING[0]: "127.0.0.14",
    PARKING[1]: "127.0.0.15",
}
STRIPES = ("com", "net", "org", "co.uk")
PER_STRIPE = 32
_NAME = re.compile(r"ns-(\d{1,4})\.awsdns-(\d{2})\.(com|net|org|co\.uk)")


@lru_cache(maxsize=4096)
def address_of(host: str) -> str | None:
    """The address of a name server that exists here."""
    return FIXED.get(host) or _route53_address(host)


@lru_cache(maxsize=4096)
def host_at(address: str) -> str | None:
    """The name server at an address, resolvers left out."""
    for host, known in FIXED.items():
        if known == address:
            return host
    parts = [int(part) for part in address.split(".")]
    stripe, number = parts[2] - 1, parts[3] - 1
    if 0 <= stripe < len(STRIPES) and 0 <= number < PER_STRIPE:
        return route53_host(stripe, number)
    return None


def route53_host(stripe: int, number: int) -> str:
    """A Route 53 name server, like ns-1043.awsdns-02.org."""
    return f"ns-{stripe * 512 + number * 8 + 3 * number % 8}.awsdns-{number:02}.{STRIPES[stripe]}"


def _route53_address(host: str) -> str | None:
    found = _NAME.fullmatch(host)
    if not found:
        return None
    stripe, number = STRIPES.index(found[3]), int(found[2])
    known = number < PER_STRIPE and host == route53_host(stripe, number)
    return f"127.0.{stripe + 1}.{number + 1}" if known else None


def domain_of(host: str) -> str:
    """The domain that a name server's own name belongs to, like awsdns-02.org."""
    return host.partition(".")[2]


def hosts_of(domain: str) -> list[str]:
    """The name servers whose names belong to this domain."""
    return _HOSTS.get(domain, [])


def domains() -> Set[str]:
    """All domains that name servers' own names belong to."""
    return _HOSTS.keys()


def delegation_set(seed: int, name: str, taken: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Four servers, one a stripe, for a zone of this name; `taken` are (zone, host) of the zones there are.

    No server gets a zone that is the same as, above or below one that it has: it could not tell them apart.
    LookupError when a stripe has none left.
    """
    busy = {host for zone, host in taken if within(zone, name) or within(name, zone)}
    chosen = []
    for stripe in range(len(STRIPES)):
        start = seed >> (8 * stripe)
        offers = (route53_host(stripe, (start + step) % PER_STRIPE) for step in range(PER_STRIPE))
        free = next((host for host in offers if host not in busy), None)
        if free is None:
            raise LookupError(f"no name server is left for another zone {name}.")
        chosen.append(free)
    return tuple(chosen)


def _by_domain() -> dict[str, list[str]]:
    route53 = (route53_host(stripe, number) for stripe in range(len(STRIPES)) for number in range(PER_STRIPE))
    found: dict[str, list[str]] = {}
    for host in (*FIXED, *route53):
        found.setdefault(domain_of(host), []).append(host)
    return found


_HOSTS = _by_domain()
