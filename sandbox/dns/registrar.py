"""What stands outside Route 53: who a registered domain is delegated to, and the zones that the registrar holds."""

from __future__ import annotations

from dataclasses import dataclass, field

from sandbox.dns.hosted import all_zones
from sandbox.dns.hosts import REGISTRAR
from sandbox.dns.names import registered
from sandbox.dns.records import Rrset
from sandbox.state import table

TTL = 300


@dataclass
class Held:
    """A zone on the registrar's servers; a person edits it. Its SOA and NS sets make themselves."""

    name: str
    sets: dict[tuple[str, str], Rrset] = field(default_factory=dict)


def held() -> dict[str, Held]:
    """The zones that the registrar's servers hold, by name."""
    return table("registrar_zone")


def orders() -> dict[str, tuple[str, ...]]:
    """Name servers that a person set for a registered domain; none at all is an order too."""
    return table("registrar_order")


def delegated_to(domain: str) -> tuple[str, ...]:
    """The name servers that the parent names for a registered domain.

    By default the registrar's own if it holds the zone, else those of the first public hosted zone that is served.
    """
    if domain in orders():
        return orders()[domain]
    if domain in held():
        return REGISTRAR
    return next((zone.servers for zone in all_zones() if zone.name == domain and zone.served), ())


def domains() -> list[str]:
    """Every registered domain."""
    hosted = {zone.name for zone in all_zones() if zone.name == registered(zone.name)}
    own = {name for name in held() if name == registered(name)}
    return sorted(hosted | own | set(orders()))
