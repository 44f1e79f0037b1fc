"""Whether a record is really served: by every authoritative server of its zone and every configured resolver."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from onboarding.dns import caa, diagnosis, server_rows
from onboarding.dns.answers import Home
from onboarding.dns.records import Record
from onboarding.dns.resolver import Resolver
from onboarding.dns.server_rows import Row
from onboarding.dns.side_by_side import side_by_side

__all__ = ["Row", "Served", "look", "look_all"]

_ACM = ".acm-validations.aws"


@dataclass(frozen=True, kw_only=True)
class Served:
    """A record, expected and found. `ok`: it is served everywhere, and nothing forbids what it is for.

    `diagnosis` is a few words ("suffix doubled"), "" if ok; `sentence` explains it with the cure; `zone` is the live
    zone that encloses the name, "" if none was found.
    """

    ok: bool
    record: Record
    rows: tuple[Row, ...]
    diagnosis: str = ""
    sentence: str = ""
    zone: str = ""

    @property
    def found(self) -> list[dict[str, Any]]:
        """The rows as evidence keeps them (JSON)."""
        return [row.facts() for row in self.rows]


def look(resolver: Resolver, record: Record) -> Served:
    """Expected and found at each authoritative server of the enclosing zone, and then at each configured resolver.

    Resolvers are asked when all of the zone's servers serve the record: asked before, they remember its absence for as
    long as the zone says (RFC 2308), 15 minutes at Route 53.
    """
    bounded, expected = resolver.within(), Record.of(record.facts())
    # A delegation is a record of the zone above the name: the zone of the name itself may not exist yet.
    start = expected.name.partition(".")[2] if expected.type == "NS" else expected.name
    home = bounded.home(start)
    asked = side_by_side(lambda host: bounded.ask(host, expected.name, expected.type), home.hosts)
    found = [server_rows.authoritative(host, reply, expected) for host, reply in zip(home.hosts, asked, strict=True)]
    found += _public(bounded, expected) if found and all(row.ok for row in found) else _awaited(bounded)
    said = _judge(bounded, expected, home, found)
    return Served(
        ok=not said.words,
        record=expected,
        rows=tuple(found),
        diagnosis=said.words,
        sentence=said.sentence,
        zone=home.apex,
    )


def _public(resolver: Resolver, record: Record) -> list[Row]:
    return [server_rows.resolver(reply, record) for reply in resolver.replies(record.name, record.type)]


def _awaited(resolver: Resolver) -> list[Row]:
    return [server_rows.awaited(server) for server in resolver.labels]


def look_all(resolver: Resolver, records: Sequence[Record]) -> list[Served]:
    """`look` at several records side by side, in their order, within one deadline; shared questions are asked once."""
    bounded = resolver.within()
    return side_by_side(partial(look, bounded), records)


def _judge(resolver: Resolver, record: Record, home: Home, found: list[Row]) -> diagnosis.Diagnosis:
    served = home.hosts and len(found) > len(home.hosts) and all(row.ok for row in found)
    if not served:
        return diagnosis.explain(resolver, record, home, found)
    if record.type == "CNAME" and record.values[0].endswith(_ACM):
        # ACM validates the name below which it asks for the CNAME: _token.api.vpce.example.com proves the rest of it.
        sentence = caa.forbids(resolver, record.name.partition(".")[2])
        return diagnosis.Diagnosis(diagnosis.CAA, sentence) if sentence else diagnosis.NOTHING
    return diagnosis.NOTHING
