"""DNS messages: a query's bytes in, an answer's bytes out."""

from __future__ import annotations

from collections.abc import Iterable

import dnslib

from sandbox.dns.hosts import RESOLVERS, address_of
from sandbox.dns.names import normal
from sandbox.dns.records import Rrset
from sandbox.dns.tree import ask
from sandbox.dns.walk import recurse
from sandbox.dns.zone import REFUSED, Reply
from sandbox.state import state_lock

SMALLEST = 512
LARGEST = 1232


def answer(query: bytes, address: str, *, udp: bool) -> bytes | None:
    """The answer of the server at the address; None if it keeps silent or cannot read the query.

    Over UDP an answer that is too long for the asker is cut off and says so (TC), so that it asks by TCP.
    """
    try:
        asked = dnslib.DNSRecord.parse(query)
    except (dnslib.DNSError, ValueError, IndexError):
        return None
    if asked.header.qr or len(asked.questions) != 1:
        return None
    reply = _reply(asked, address)
    if reply is None:
        return None
    recursive = address in RESOLVERS
    whole: bytes = _message(asked, reply, recursive=recursive).pack()
    if not udp or len(whole) <= _room(asked):
        return whole
    short = _message(asked, Reply(reply.rcode, reply.authoritative), recursive=recursive)
    short.header.tc = 1
    cut: bytes = short.pack()
    return cut


def _reply(asked: dnslib.DNSRecord, address: str) -> Reply | None:
    if asked.header.opcode != dnslib.OPCODE.QUERY:
        return Reply("NOTIMP")
    question = asked.q
    name, kind = normal(str(question.qname)), _kind(question.qtype)
    if question.qclass != dnslib.CLASS.IN:
        return REFUSED
    with state_lock:
        if address not in RESOLVERS:
            return ask(address, name, kind)
        # Nothing is cached, so without recursion there is nothing to say.
        return recurse(name, kind) if asked.header.rd else REFUSED


def _kind(number: int) -> str:
    try:
        return str(dnslib.QTYPE[number])
    except dnslib.DNSError:
        return f"TYPE{number}"


def _message(asked: dnslib.DNSRecord, reply: Reply, *, recursive: bool) -> dnslib.DNSRecord:
    message = asked.reply(ra=int(recursive), aa=int(reply.authoritative))
    message.header.rcode = getattr(dnslib.RCODE, reply.rcode)
    message.add_answer(*_records(reply.answer))
    message.add_auth(*_records(reply.authority))
    message.add_ar(*_records(_glue(reply.authority)))
    if _edns(asked):
        message.add_ar(dnslib.EDNS0(udp_len=LARGEST))
    return message


def _records(sets: Iterable[Rrset]) -> list[dnslib.RR]:
    return [record for one in sets for record in one.wire()]


def _glue(authority: tuple[Rrset, ...]) -> list[Rrset]:
    """The addresses of the servers that a referral names, as far as they exist here."""
    hosts = [normal(value) for one in authority if one.type == "NS" for value in one.values]
    return [
        Rrset(host, "A", one.ttl, (address,))
        for one in authority[:1]
        for host in hosts
        if (address := address_of(host))
    ]


def _edns(asked: dnslib.DNSRecord) -> dnslib.RR | None:
    return next((record for record in asked.ar if record.rtype == dnslib.QTYPE.OPT), None)


def _room(asked: dnslib.DNSRecord) -> int:
    """How long a UDP answer may be: the asker says so in its OPT record, whose class is the length."""
    edns = _edns(asked)
    return max(min(int(edns.rclass), LARGEST), SMALLEST) if edns is not None else SMALLEST
