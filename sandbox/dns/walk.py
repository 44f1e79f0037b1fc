"""What a resolver does: it walks from the root down to the servers that know, and follows aliases."""

from __future__ import annotations

from dataclasses import replace

from sandbox.dns.hosts import ROOT, address_of
from sandbox.dns.names import normal, within
from sandbox.dns.records import Rrset
from sandbox.dns.tree import ask
from sandbox.dns.zone import CHAIN, SERVFAIL, Reply

STEPS = 16


def recurse(name: str, kind: str, depth: int = 0) -> Reply:
    """The final answer about a normal name. SERVFAIL when no server of a zone on the way gives one."""
    reply, _ = _descend(name, kind)
    alias = _open_alias(reply, name, kind)
    if alias is None or reply.rcode != "NOERROR":
        return replace(reply, authoritative=False)
    if depth >= CHAIN:
        return SERVFAIL
    rest = recurse(alias, kind, depth + 1)
    return replace(rest, answer=(*reply.answer, *rest.answer))


def _open_alias(reply: Reply, name: str, kind: str) -> str | None:
    """The end of the answer's chain of aliases, if nothing is known about it yet."""
    if kind in ("CNAME", "ANY") or not any(one.type == "CNAME" for one in reply.answer):
        return None
    aliases = {one.name: one.target for one in reply.answer if one.type == "CNAME"}
    end = name
    for _ in aliases:
        end = aliases.get(end, end)
    ended = any(one.name == end and one.type == kind for one in reply.answer)
    # An SOA says that the end of the chain is known to have no such records.
    return None if ended or any(one.type == "SOA" for one in reply.authority) else end


def authorities(name: str) -> tuple[str, ...]:
    """The name servers that the delegations from the root lead to for a normal name, whether they answer or not."""
    return _descend(name, "SOA")[1]


def _descend(name: str, kind: str) -> tuple[Reply, tuple[str, ...]]:
    """(last reply, servers that were asked for it)."""
    servers: tuple[str, ...] = (ROOT,)
    zone = ""
    for _ in range(STEPS):
        reply = _first(servers, name, kind, zone)
        cut = reply.referral if reply else None
        if reply is None or cut is None:
            return reply or SERVFAIL, servers
        servers, zone = tuple(normal(value) for value in cut.values), cut.name
    return SERVFAIL, servers


def _first(servers: tuple[str, ...], name: str, kind: str, zone: str) -> Reply | None:
    """The first useful answer of a zone's servers: authoritative, or a referral that leads further down."""
    for host in servers:
        address = address_of(host)
        reply = ask(address, name, kind) if address else None
        if reply is None or reply.rcode not in ("NOERROR", "NXDOMAIN"):
            continue
        if reply.authoritative or _deeper(reply.referral, zone, name):
            return reply
    return None


def _deeper(cut: Rrset | None, zone: str, name: str) -> bool:
    return cut is not None and cut.name != zone and within(cut.name, zone) and within(name, cut.name)
