"""A small DNS of its own for tests: name servers and resolvers on loopback addresses at one port, real UDP and TCP.

It knows nothing of the product. Zones are written as zone-file lines; servers can be made to fail in every way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from dnslib import QTYPE, RCODE, RR, DNSHeader, DNSRecord

from tests.dns.zone import Zone, norm

ROOT = "127.31.0.1"
COM = "127.31.0.2"
ONE, TWO = "127.31.0.11", "127.31.0.12"
NAME = "api.vpce.example.com"
RESOLVERS = ("127.31.0.53", "127.31.0.54", "127.31.0.55")
AWS = {
    "ns-1.awsdns-01.com": "127.31.1.1",
    "ns-2.awsdns-02.net": "127.31.1.2",
    "ns-3.awsdns-03.org": "127.31.1.3",
    "ns-4.awsdns-04.co.uk": "127.31.1.4",
    "ns-9.awsdns-09.com": "127.31.1.9",
}
# Behaviours of a server: silent, refused, servfail, garbage, stranger, no authority, flat, truncated, always truncated.


@dataclass
class World:
    """Servers by address; `zones`, `fails` (a behaviour) and `asked` (a count by protocol) are kept by address."""

    port: int = 0
    zones: dict[str, list[Zone]] = field(default_factory=dict)
    fails: dict[str, str] = field(default_factory=dict)
    asked: Counter[tuple[str, str]] = field(default_factory=Counter)
    questions: list[tuple[str, str, str, int]] = field(default_factory=list)
    hosts: dict[str, list[str]] = field(default_factory=dict)
    """What resolvers say to A and AAAA of these names, whatever the zones hold; they rotate if `rebinds`."""
    rebinds: bool = False
    remembered: dict[tuple[str, str, str], list[str] | str] = field(default_factory=dict)
    """(resolver, name, type): zone lines or an rcode, answered from a cache."""
    remembers: bool = False
    """Whether a name that a resolver found absent stays so there, and all below it (RFC 2308, RFC 8020)."""
    absent: set[tuple[str, str]] = field(default_factory=set)
    """(resolver, name): what a resolver found absent."""

    @property
    def resolvers(self) -> list[tuple[str, int]]:
        return [(each, self.port) for each in RESOLVERS]

    def zone(self, apex: str, servers: Sequence[str], text: str, ttl: int = 300) -> None:
        """Serve a zone at addresses. Lines are `owner TYPE data`, owners relative, `@` the apex; a SOA is added."""
        suffix = f"{apex}." if apex else "."
        lines = [f"{suffix} {ttl} IN SOA ns.{suffix} admin.{suffix} 1 60 60 60 60".replace("..", ".")]
        for line in filter(None, map(str.strip, text.splitlines())):
            owner, rest = line.split(None, 1)
            name = suffix if owner == "@" else f"{owner}.{suffix}".replace("..", ".")
            lines.append(f"{name} {ttl} IN {rest}")
        for server in servers:
            kept = [each for each in self.zones.get(server, []) if each.apex != apex]
            self.zones[server] = [*kept, Zone(apex, RR.fromZone("\n".join(lines)))]

    def example(self, lines: str, at: Sequence[str] = (ONE, TWO)) -> None:
        """What the zone example.com holds, besides its name servers."""
        self.zone("example.com", at, f"@ NS ns1.example.com.\n@ NS ns2.example.com.\n{lines}")

    def delegated(self, lines: str = "", servers: Sequence[str] = tuple(AWS)[:4]) -> None:
        """api.vpce.example.com at the four servers of Marketplace, delegated by example.com."""
        self.zone(NAME, [AWS[each] for each in servers], "\n".join(f"@ NS {each}." for each in servers) + f"\n{lines}")
        self.example("\n".join(f"api.vpce NS {each}." for each in servers))

    def at(self, address: str, query: DNSRecord, protocol: str) -> DNSRecord | None:
        """A server's reply to a query, None for silence."""
        fails = self.fails.get(address, "")
        reply = query.reply(ra=0, aa=0)
        name, type = norm(query.q.qname), QTYPE[query.q.qtype]
        zones = [z for z in self.zones.get(address, []) if not z.apex or name == z.apex or name.endswith("." + z.apex)]
        if fails == "silent":
            return None
        if fails in ("refused", "servfail") or not zones:
            reply.header.rcode = RCODE.SERVFAIL if fails == "servfail" else RCODE.REFUSED
            return reply
        max(zones, key=lambda zone: len(zone.apex)).answer(
            reply, name, type, flat=fails == "flat" and protocol != "inside"
        )
        if fails == "no authority":
            reply.header.aa = 0
        return reply

    def resolve(self, resolver: str, query: DNSRecord) -> DNSRecord | None:
        """A resolver's reply: from its cache, or by following referrals from the root."""
        if self.fails.get(resolver) == "silent":
            return None
        reply = query.reply(ra=1, aa=0)
        name, type = norm(query.q.qname), QTYPE[query.q.qtype]
        self.questions.append((resolver, name, type, query.header.rd))
        kept = self.remembered.get((resolver, name, type))
        if isinstance(kept, str):
            reply.header.rcode = getattr(RCODE, kept)
        elif kept is not None:
            reply.add_answer(*RR.fromZone("\n".join(kept)))
        elif name in self.hosts and type in ("A", "AAAA"):
            addresses = self.hosts[name]
            said = addresses[:1] if self.rebinds else addresses
            if self.rebinds and type == "A":
                self.hosts[name] = [*addresses[1:], *said]
            for address in said:
                if (":" in address) == (type == "AAAA"):
                    reply.add_answer(*RR.fromZone(f"{name}. 60 IN {type} {address}"))
        else:
            self._recall(resolver, reply, name, type)
        return reply

    def _recall(self, resolver: str, reply: DNSRecord, name: str, type: str) -> None:
        if self.remembers and any(where == resolver and f".{name}".endswith(f".{gone}") for where, gone in self.absent):
            reply.header.rcode = RCODE.NXDOMAIN
            return
        self._iterate(reply, name, type, depth=0)
        if reply.header.rcode == RCODE.NXDOMAIN:
            self.absent.add((resolver, name))

    def told_public(self) -> set[str]:
        """The names that any resolver was asked for."""
        return {name for server, name, _, _ in self.questions if server in RESOLVERS}

    def _iterate(self, reply: DNSRecord, name: str, type: str, depth: int) -> None:
        servers, known = [ROOT], ""
        while True:
            answer = next((each for each in (self._try(server, name, type) for server in servers) if each), None)
            if answer is None or depth > 12:
                reply.header.rcode = RCODE.SERVFAIL
                return
            cut = norm(answer.auth[0].rname) if answer.auth and QTYPE[answer.auth[0].rtype] == "NS" else ""
            if answer.rr or not cut:
                break
            if len(cut) <= len(known):
                reply.header.rcode = RCODE.SERVFAIL
                return
            known, names = cut, [norm(each.rdata) for each in answer.auth]
            glue = [str(each.rdata) for each in answer.ar if QTYPE[each.rtype] == "A"]
            servers = [address for host in names for address in self.hosts.get(host, [])] + glue
        reply.header.rcode = answer.header.rcode
        reply.add_answer(*answer.rr)
        reply.add_auth(*answer.auth)
        last = answer.rr[-1] if answer.rr else None
        if last is not None and QTYPE[last.rtype] == "CNAME" and type != "CNAME":
            reply.auth.clear()
            self._iterate(reply, norm(last.rdata), type, depth + 1)

    def _try(self, server: str, name: str, type: str) -> DNSRecord | None:
        """A useful answer of a server as a resolver sees it, else None."""
        answer = self.at(server, DNSRecord.question(name or ".", type), "inside")
        referral = answer is not None and bool(answer.auth) and QTYPE[answer.auth[0].rtype] == "NS"
        good = answer is not None and answer.header.rcode in (RCODE.NOERROR, RCODE.NXDOMAIN)
        return answer if good and answer is not None and (answer.header.aa or referral) else None

    def respond(self, address: str, data: bytes, protocol: str) -> bytes | None:
        """The bytes that a server at an address sends back."""
        self.asked[address, protocol] += 1
        query = DNSRecord.parse(data)
        fails = self.fails.get(address, "")
        if fails == "garbage":
            return b"\x00garbage"
        if address in RESOLVERS:
            reply = self.resolve(address, query)
        else:
            self.questions.append((address, norm(query.q.qname), QTYPE[query.q.qtype], query.header.rd))
            reply = self.at(address, query, protocol)
        if reply is None:
            return None
        if fails == "stranger":
            reply.header.id ^= 0xFFFF
        packed: bytes = reply.pack()
        if fails == "always truncated" or (protocol == "udp" and (fails == "truncated" or len(packed) > 1232)):
            short = DNSRecord(DNSHeader(id=query.header.id, qr=1, tc=1, bitmap=reply.header.bitmap), q=query.q)
            short.header.tc = 1
            packed = short.pack()
        return packed
