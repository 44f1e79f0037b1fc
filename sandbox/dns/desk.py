"""What a person does to the DNS from outside AWS: at the registrar, or to break something.

Each function raises ValueError with a sentence for people. Call them under the world's lock.
"""

from __future__ import annotations

from collections.abc import Sequence

from sandbox.dns import breaks, record_rules, registrar, tree
from sandbox.dns.hosted import zones_by_id
from sandbox.dns.names import ancestors, normal, problem, registered
from sandbox.dns.records import Rrset, quoted

TYPES = ("A", "AAAA", "CNAME", "NS", "TXT", "MX", "CAA", "SRV", "PTR")


def hold_zone(name: str, held: bool = True) -> None:
    """Makes a zone on the registrar's servers, or takes it away with all its records."""
    name = _checked(name)
    if held:
        registrar.held().setdefault(name, registrar.Held(name))
    elif registrar.held().pop(name, None) is None:
        raise ValueError(f"The registrar holds no zone {name}.")


def set_record(name: str, kind: str, values: Sequence[str], ttl: int = registrar.TTL) -> str:
    """Sets a record of a zone that the registrar holds; without values it is taken away. Gives the zone.

    Mistakes that a person can make there are taken as they are, a CNAME beside others too.
    """
    name = _checked(name)
    zone = next((registrar.held()[up] for up in ancestors(name) if up in registrar.held()), None)
    if zone is None:
        raise ValueError(f"The registrar holds no zone that encloses {name}. Make one first, with dns_zone.")
    if kind not in TYPES:
        raise ValueError(f"type must be one of {', '.join(TYPES)}; got {kind!r}.")
    if not values:
        zone.sets.pop((name, kind), None)
        return zone.name
    written = tuple(quoted(value) if kind == "TXT" and not value.startswith('"') else value for value in values)
    if wrong := [sentence for value in written for sentence in record_rules.of_value(kind, value)]:
        raise ValueError(f"values: {wrong[0]}.")
    zone.sets[name, kind] = Rrset(name, kind, ttl, written)
    return zone.name


def delegate(name: str, servers: Sequence[str]) -> None:
    """Tells the parent of a registered domain, or a zone that the registrar holds, who serves a name."""
    name = _checked(name)
    hosts = tuple(_checked(host) for host in servers)
    if name == registered(name):
        registrar.orders()[name] = hosts
    else:
        set_record(name, "NS", hosts)


def delegate_to_zone(name: str, zone_id: str) -> None:
    """Makes one hosted zone the live one of its domain."""
    zone = zones_by_id().get(zone_id.rpartition("/")[2])
    if zone is None or zone.name != normal(name):
        raise ValueError(f"There is no public hosted zone {zone_id} of the name {name}.")
    delegate(name, zone.servers)


def delegate_by_default(name: str) -> None:
    """Forgets what was ordered for a registered domain."""
    registrar.orders().pop(normal(name), None)


def break_delegation(name: str, kind: str) -> None:
    """Breaks the delegation of a name in its parent; "" mends it."""
    name = _checked(name)
    if kind and kind not in breaks.DELEGATIONS:
        raise ValueError(f"as must be one of {', '.join(breaks.DELEGATIONS)}, or empty; got {kind!r}.")
    breaks.delegations().pop(name, None)
    if kind:
        frozen = tree.cuts(name) if kind == "stale" else {}
        breaks.delegations()[name] = breaks.Break(kind, frozen)


def set_server(host: str, word: str) -> None:
    """Makes a name server misbehave; "" mends it."""
    host = normal(host)
    if host not in tree.name_servers():
        raise ValueError(f"There is no name server {host or 'without a name'} in use here.")
    if word and word not in breaks.SERVERS:
        raise ValueError(f"is must be one of {', '.join(breaks.SERVERS)}, or empty; got {word!r}.")
    breaks.servers().pop(host, None)
    if word:
        zones = tree.zones_at(host) if word == "stale" else []
        breaks.servers()[host] = {"is": word, "zones": zones}


def _checked(name: str) -> str:
    name = normal(name)
    if wrong := problem(name):
        raise ValueError(wrong)
    return name
