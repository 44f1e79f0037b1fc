"""Delegations that are broken on order, and name servers that misbehave."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sandbox.dns.hosts import PARKING
from sandbox.dns.names import within
from sandbox.dns.records import Rrset
from sandbox.dns.zone import Zone
from sandbox.state import table

# What each word means stands in docs/sandbox.md.
DELEGATIONS = ("missing", "partial", "lame", "wrong", "cname", "stale")
SERVERS = ("silent", "refuse", "servfail", "stale")


@dataclass(frozen=True)
class Break:
    """One broken delegation; `frozen` are the NS sets that a stale one goes on serving, by zone."""

    kind: str
    frozen: dict[str, Rrset | None]


def delegations() -> dict[str, Break]:
    """The broken delegations by the delegated name."""
    return table("broken_delegation")


def servers() -> dict[str, dict[str, Any]]:
    """The misbehaving name servers by host name: `{"is": word, "zones": what a stale one holds}`."""
    return table("broken_server")


def lame(zone: str) -> bool:
    """True if the zone's own servers act as if they did not hold it."""
    broken = delegations().get(zone)
    return broken is not None and broken.kind == "lame"


def applied(zone: Zone) -> Zone:
    """The zone as its servers hold it after all orders."""
    sets = None
    for name, broken in delegations().items():
        if name != zone.origin and within(name, zone.origin) and broken.kind != "lame":
            sets = dict(zone.sets) if sets is None else sets
            _apply(name, broken, zone.origin, sets)
    return zone if sets is None else Zone(zone.origin, sets)


def _apply(name: str, broken: Break, origin: str, sets: dict[tuple[str, str], Rrset]) -> None:
    found = sets.pop((name, "NS"), None)
    if broken.kind == "stale":
        found = broken.frozen.get(origin)
    elif found is None or broken.kind == "missing":
        return
    elif broken.kind == "partial":
        found = replace(found, values=found.values[: max(len(found.values) // 2, 1)])
    elif broken.kind == "wrong":
        found = replace(found, values=PARKING)
    elif broken.kind == "cname":
        sets[name, "CNAME"] = Rrset(name, "CNAME", found.ttl, ("www.parking.example",))
    if found is not None:
        sets[name, "NS"] = found
