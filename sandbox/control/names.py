"""The DNS on the control page: what a person does at the registrar, what is broken, what is served."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sandbox.control.values import Values, flag, number, text
from sandbox.dns import breaks, desk, registrar
from sandbox.dns.hosted import Hosted, all_zones
from sandbox.dns.names import normal
from sandbox.dns.records import Rrset
from sandbox.dns.walk import authorities, recurse
from sandbox.state import state_lock


def dns_zone(values: Values) -> Any:
    """`{"name": "example.net", "held": true}`: a zone on the registrar's own servers; false takes it away."""
    with state_lock:
        desk.hold_zone(text(values, "name"), flag({"held": True, **values}, "held"))
    return dns({})["held"]


def dns_record(values: Values) -> Any:
    """`{"name", "type", "values", "ttl"}`: a record of such a zone; without values it is taken away."""
    ttl = int(number(values, "ttl")) if values.get("ttl") else registrar.TTL
    with state_lock:
        zone = desk.set_record(text(values, "name"), text(values, "type").upper(), _lines(values, "values"), ttl)
    return {"zone": zone}


def dns_delegate(values: Values) -> Any:
    """`{"name", "name_servers": [...]}`, or `zone_id`, or neither: then as the world does by itself."""
    name = text(values, "name")
    with state_lock:
        if values.get("zone_id"):
            desk.delegate_to_zone(name, text(values, "zone_id"))
        elif values.get("name_servers") is None or values.get("name_servers") == "":
            desk.delegate_by_default(name)
        else:
            desk.delegate(name, _lines(values, "name_servers"))
        return {"name_servers": authorities(normal(name))}


def dns_break(values: Values) -> Any:
    """`{"name", "as": "missing" | "partial" | "lame" | "wrong" | "cname" | "stale" | ""}`."""
    with state_lock:
        desk.break_delegation(text(values, "name"), str(values.get("as") or ""))
    return dns({})["broken"]


def dns_server(values: Values) -> Any:
    """`{"host", "is": "silent" | "refuse" | "servfail" | "stale" | ""}`: how a name server behaves."""
    with state_lock:
        desk.set_server(text(values, "host"), str(values.get("is") or ""))
    return dns({})["servers"]


def dns(values: Values) -> Any:
    """Registered domains, the registrar's zones, hosted zones, what is broken; with `name` an `answer`, too."""
    with state_lock:
        shown: dict[str, Any] = {
            "domains": [_domain(name) for name in registrar.domains()],
            "held": {name: _records(zone.sets.values()) for name, zone in sorted(registrar.held().items())},
            "hosted": [_hosted(zone) for zone in all_zones()],
            "broken": {name: broken.kind for name, broken in breaks.delegations().items()},
            "servers": {host: order["is"] for host, order in breaks.servers().items()},
        }
        if values.get("name"):
            shown["answer"] = _answer(text(values, "name"), str(values.get("type") or "A").upper())
    return shown


def _domain(name: str) -> dict[str, Any]:
    by = "order" if name in registrar.orders() else "registrar" if name in registrar.held() else "first hosted zone"
    return {"name": name, "name_servers": registrar.delegated_to(name), "by": by}


def _hosted(zone: Hosted) -> dict[str, Any]:
    records = _records(zone.served.sets.values()) if zone.served else []
    return {
        "id": zone.id,
        "account": zone.account,
        "name": zone.name,
        "name_servers": zone.servers,
        "live": bool(set(zone.servers) & set(authorities(zone.name))),
        "in_sync": all(version.in_sync for version in zone.versions),
        "records": records,
    }


def _records(sets: Iterable[Rrset]) -> list[dict[str, Any]]:
    return [{"name": one.name, "type": one.type, "ttl": one.ttl, "values": one.values} for one in sets]


def _answer(name: str, kind: str) -> dict[str, Any]:
    reply = recurse(normal(name), kind)
    return {"rcode": reply.rcode, "records": _records(reply.answer), "servers": authorities(normal(name))}


def _lines(values: Values, name: str) -> list[str]:
    """A list, as JSON has it, or text with a value on each line, as a form sends it."""
    given = values.get(name) or []
    lines = given.splitlines() if isinstance(given, str) else given
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        raise ValueError(f"{name} must be a list of texts, or one on each line; got {given!r}.")
    return [line.strip() for line in lines if line.strip()]
