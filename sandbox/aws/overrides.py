"""Base endpoint names that AWS Marketplace has put in the place of a service's own (S31, S37).

An endpoint of such a service is `vpce-<id>.<friendly name>`, and `<zone>-vpce-<id>.<friendly name>` in a zone;
the zone of the friendly name serves both to everybody, with the endpoint's private addresses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.aws import zone_writer
from sandbox.state import table

OWNER = "aws-marketplace"


@dataclass(frozen=True)
class Override:
    """The friendly name of a service, and the account whose zone serves it."""

    name: str
    account: str

    @property
    def zone_id(self) -> str:
        """The id of the zone, empty when it was dropped."""
        held = zone_writer.zone(self.account, self.name)
        return str(held.resource_id) if held else ""


def of(service_id: str) -> Override | None:
    """The override of a service, or None."""
    found: Override | None = table("override").get(service_id)
    return found


def put(service_id: str, override: Override) -> None:
    """Put the friendly name in the place of the service's own base name."""
    table("override")[service_id] = override


def drop(name: str) -> None:
    """Give the services of this friendly name their own names back."""
    held = table("override")
    for service_id in [key for key, override in held.items() if override.name == name]:
        del held[service_id]


def services(name: str) -> list[str]:
    """The ids of the services with this friendly name."""
    return sorted(key for key, override in table("override").items() if override.name == name)


def owner(service_id: str, account: str) -> str:
    """Whom buyers see as the owner: Marketplace once it has put its name there."""
    return OWNER if of(service_id) else account


def base(service_id: str, region: str) -> str:
    """The base name of the service's endpoints in a region."""
    held = of(service_id)
    return held.name if held else f"{service_id}.{region}.vpce.amazonaws.com"


def publish(endpoint_id: str, service_id: str, addresses: Mapping[str, list[str]]) -> None:
    """Serve an endpoint's friendly names; those it had before and no longer has are taken away."""
    held, before = of(service_id), table("published").pop(endpoint_id, {})
    zone = zone_writer.zone(held.account, held.name) if held else None
    if held is None or zone is None:
        return
    wanted = {**{name: [] for name in before}, **addresses}
    zone_writer.put(held.account, zone, "A", wanted, ttl=60)
    table("published")[endpoint_id] = dict(addresses)
