"""What DNS answers, as values: of a resolver, of a name server, of a host, of a zone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class View:
    """What one configured resolver answers. `values` are sorted: names without final dot in lower case, TXT as it is
    read (strings joined, case kept, no quotes), other types as dig prints them. `ttl` in seconds. `problem` is a
    sentence if nothing could be learnt, else ""; a name that does not exist is no problem: it has no values.
    """

    server: str
    values: tuple[str, ...] = ()
    ttl: int = 0
    problem: str = ""
    rcode: str = ""


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What one server answers to one query; `values`, `ttl`, `problem` as in View.

    `rcode` is NOERROR, NXDOMAIN, REFUSED ..., "" without an answer. `referral` holds the name servers that it refers to
    for the zone `cut`. `chain` holds the CNAME targets that the answer followed. `negative_ttl`: how long, in seconds,
    resolvers keep an answer without values.
    """

    server: str
    values: tuple[str, ...] = ()
    ttl: int = 0
    problem: str = ""
    rcode: str = ""
    authoritative: bool = False
    referral: tuple[str, ...] = ()
    cut: str = ""
    chain: tuple[str, ...] = ()
    negative_ttl: int = 0


@dataclass(frozen=True, kw_only=True)
class Host:
    """A host and its addresses, IPv4 first; none, and a `problem`, unless every one of them may be asked.

    `refused`: it has addresses, and one of them may not.
    """

    name: str
    addresses: tuple[str, ...] = ()
    problem: str = ""
    refused: bool = False


@dataclass(frozen=True, kw_only=True)
class Home:
    """The live zone that encloses a name: its apex, and its name servers with their addresses: {host: addresses}.

    `hosts` are the same servers with the problem of each. Without a zone the apex is "", or that of a registry (com,
    co.uk) which does not delegate the name's domain; then there are no servers, and `problem` says why.
    """

    apex: str = ""
    servers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    hosts: tuple[Host, ...] = ()
    problem: str = ""
