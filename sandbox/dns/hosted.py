"""Route 53's public hosted zones as the name servers see them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sandbox.clock import clock
from sandbox.dns.zone import Zone
from sandbox.state import table
from sandbox.world import settings


@dataclass(frozen=True)
class Version:
    """A zone with all its records after one change."""

    made: float
    zone: Zone

    @property
    def in_sync(self) -> bool:
        """True once every name server has it."""
        return clock.now() >= self.made + settings.dns_seconds


@dataclass
class Hosted:
    """A public hosted zone of an account; `name` normal, `servers` its delegation set."""

    id: str
    account: str
    name: str
    servers: tuple[str, ...]
    versions: list[Version] = field(default_factory=list)

    @property
    def served(self) -> Zone | None:
        """The zone after the last change that is in sync; None before the first is."""
        done = [version for version in self.versions if version.in_sync]
        if done:
            self.versions = self.versions[self.versions.index(done[-1]) :]
        return done[-1].zone if done else None


def all_zones() -> list[Hosted]:
    """Every public hosted zone, oldest first."""
    return list(zones_by_id().values())


def zones_by_id() -> dict[str, Hosted]:
    """Public hosted zones by id, in the order of their making."""
    return table("hosted_zone")


def taken() -> Iterator[tuple[str, str]]:
    """(zone, name server) of every zone."""
    return ((zone.name, host) for zone in all_zones() for host in zone.servers)
