"""The zones of user-friendly names in Marketplace's own account, and what goes live under them (S22, S31)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sandbox.aws import overrides, public_dns, zone_writer
from sandbox.aws.endpoint import publish
from sandbox.dns import names
from sandbox.state import state_lock, table

ACCOUNT = "888888888888"


def make_zone(name: str, cnames: Mapping[str, str]) -> list[str]:
    """Make the public zone of the name, unless it is there, and keep these CNAMEs in it. Gives its name servers.

    `cnames` are name -> value, final dots or not. ValueError for a name that cannot be one, or a CNAME elsewhere.
    """
    name = _checked(name)
    wanted = {names.normal(owner): f"{names.normal(value)}." for owner, value in cnames.items()}
    for owner in wanted:
        if problem := names.problem(owner):
            raise ValueError(problem)
        if owner == name or not names.within(owner, name):
            raise ValueError(f"{owner} is not below {name}; the zone can hold records below its own name only.")
    with state_lock:
        held = zone_writer.make(ACCOUNT, name, "AWS Marketplace, PrivateLink")
        zone_writer.put(ACCOUNT, held, "CNAME", {owner: [value] for owner, value in wanted.items()})
        servers: list[str] = zone_writer.servers(held)
    return servers


def go_live(name: str, services: Sequence[str]) -> list[str]:
    """Put the name in the place of the services' base names. Gives their ids.

    Services are names or ids. Endpoints that are there and that come get names under it, which the zone serves.
    ValueError for no service, an unknown one, or a name without a zone.
    """
    name = _checked(name)
    with state_lock:
        if zone_writer.zone(ACCOUNT, name) is None:
            raise ValueError(f"there is no zone {name}. Make it first.")
        ids = [_service(each) for each in services]
        if not ids:
            raise ValueError("services is empty. Name at least one endpoint service.")
        for service_id in ids:
            overrides.put(service_id, overrides.Override(name, ACCOUNT))
        for endpoint in table("endpoint").values():
            if endpoint.service_id in ids:
                publish(endpoint)
    return ids


def drop(name: str) -> None:
    """Give the services their own names back and drop the zone, whoever still delegates to it. ValueError if none."""
    name = _checked(name)
    with state_lock:
        held = zone_writer.zone(ACCOUNT, name)
        if held is None:
            raise ValueError(f"there is no zone {name}.")
        overrides.drop(name)
        zone_writer.remove(ACCOUNT, held)


def servers_of(name: str) -> list[str]:
    """The name servers of the name's zone; none if there is no zone."""
    with state_lock:
        held = zone_writer.zone(ACCOUNT, name)
        return zone_writer.servers(held) if held else []


def listed() -> list[dict[str, Any]]:
    """Every zone: name, servers, CNAMEs, addresses, live services, and whether the name is delegated to it."""
    with state_lock:
        return [_shown(held) for held in zone_writer.zones(ACCOUNT)]


def _shown(held: Any) -> dict[str, Any]:
    name, servers = held.name.rstrip("."), zone_writer.servers(held)
    return {
        "name": name,
        "servers": servers,
        "cnames": {owner: values[0] for owner, values in zone_writer.records(held, "CNAME").items()},
        "addresses": zone_writer.records(held, "A"),
        "services": overrides.services(name),
        "delegated": public_dns.names(name, "NS") == set(servers),
    }


def _checked(name: str) -> str:
    name = names.normal(name)
    if problem := names.problem(name):
        raise ValueError(problem)
    return name


def _service(given: str) -> str:
    """The id of a service that exists, from its id or its name."""
    service_id = given.strip().rpartition(".")[2]
    held = table("service").get(service_id)
    if held is None or held.deleted:
        raise ValueError(f"there is no endpoint service {given!r}.")
    return service_id
