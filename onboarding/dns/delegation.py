"""Whether a name is delegated to exactly the given name servers, and if not, why (S22, Q4).

Three views have to agree: the parent zone's servers, which refer; the given servers, which answer with authority; and
the configured resolvers, which show what the world sees.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from onboarding.dns import findings
from onboarding.dns.answers import Host, Reply
from onboarding.dns.findings import Finding
from onboarding.dns.records import Record, absolute
from onboarding.dns.resolver import Resolver
from onboarding.dns.server_rows import Row, awaited, matches
from onboarding.dns.servers import Tried, try_all
from onboarding.dns.side_by_side import both, side_by_side

__all__ = ["Delegation", "Finding", "Row", "diagnose"]


@dataclass(frozen=True, kw_only=True)
class Delegation:
    """A delegation, looked at from all sides. `parent` is the live zone above the name, "" if none was found; `rows`
    have the roles "parent", "server" and "resolver".

    `hidden` are those of the given records that not all of the servers serve: the delegation hides them (Q4). They do
    not touch `ok`, as it is for Marketplace to set them.
    """

    ok: bool
    parent: str
    rows: tuple[Row, ...]
    findings: tuple[Finding, ...] = ()
    hidden: tuple[Record, ...] = ()


def diagnose(resolver: Resolver, name: str, servers: Sequence[str], records: Sequence[Record] = ()) -> Delegation:
    """The delegation of `name` to `servers`; `records` must still resolve after it. Also tells, beforehand, which of
    them it would hide.
    """
    bounded, zone = resolver.within(), absolute(name)
    given = tuple(dict.fromkeys(absolute(server) for server in servers))
    parent, tried = both(partial(bounded.home, zone.partition(".")[2]), partial(try_all, bounded, zone, given))
    above, (hidden, own) = both(
        lambda: side_by_side(lambda host: _parent_row(bounded, host, zone, given), parent.hosts),
        lambda: both(lambda: _hidden(bounded, tried, records), lambda: _own_set(bounded, tried, zone)),
    )
    below = [_server_row(each) for each in tried]
    found = findings.of_given(zone, given) or [
        *findings.of_parent(zone, given, parent, above),
        *(Finding(each.word, each.sentence) for each in tried if each.word),
        *findings.of_own_set(zone, given, own),
    ]
    # Asked before the zone above delegates, a resolver would remember that the name and all below it are absent.
    if found:
        seen = [awaited(server) for server in bounded.labels]
    else:
        seen = [_resolver_row(each, given) for each in bounded.replies(zone, "NS")]
        found = findings.of_public(zone, seen)
    rows = (*above, *below, *seen)
    return Delegation(ok=not found, parent=parent.apex, rows=rows, findings=tuple(found), hidden=hidden)


def _parent_row(resolver: Resolver, host: Host, zone: str, given: Sequence[str]) -> Row:
    """What a server of the parent zone refers to. A CNAME at the name answers any question but this one."""
    reply, alias = both(partial(resolver.ask, host, zone, "NS"), partial(resolver.ask, host, zone, "CNAME"))
    referred = reply.referral if reply.cut == zone else ()
    # A server that holds both zones answers with the zone's own records instead of referring to itself.
    values = referred or (reply.values if not reply.chain else ())
    target = (*alias.values, *reply.chain, "")[0]
    elsewhere = reply.cut not in ("", zone)
    problem = reply.problem or (
        f"{host.name} refers to {', '.join(reply.referral)} for {reply.cut}." if elsewhere else ""
    )
    return Row(
        server=host.name,
        role="parent",
        ok=bool(given) and not problem and not target and set(values) == set(given),
        address=reply.server if host.addresses else "",
        values=values,
        ttl=reply.ttl if values else reply.negative_ttl,
        problem=problem,
        alias=target,
    )


def _server_row(tried: Tried) -> Row:
    return Row(
        server=tried.host.name,
        role="server",
        ok=not tried.word,
        address=tried.reply.server if tried.host.addresses else "",
        values=tried.reply.values,
        ttl=tried.reply.ttl,
        problem=tried.sentence,
    )


def _resolver_row(reply: Reply, given: Sequence[str]) -> Row:
    return Row(
        server=reply.server,
        role="resolver",
        ok=bool(given) and not reply.problem and not reply.chain and set(reply.values) == set(given),
        address=reply.server,
        values=reply.values,
        ttl=reply.ttl if reply.values else reply.negative_ttl,
        problem=reply.problem,
        alias=(*reply.chain, "")[0],
    )


def _own_set(resolver: Resolver, tried: Sequence[Tried], zone: str) -> tuple[str, ...]:
    """The NS records that the zone itself holds, as the first server that answers with authority tells them."""
    host = next((each.host for each in tried if not each.word), None)
    return resolver.ask(host, zone, "NS").values if host else ()


def _hidden(resolver: Resolver, tried: Sequence[Tried], records: Sequence[Record]) -> tuple[Record, ...]:
    def served(record: Record) -> bool:
        replies = side_by_side(lambda each: resolver.ask(each.host, record.name, record.type), tried)
        return all(reply.authoritative and matches(record, reply.values) for reply in replies)

    wanted = [Record.of(record.facts()) for record in records]
    return tuple(record for record, good in zip(wanted, side_by_side(served, wanted), strict=True) if not good)
