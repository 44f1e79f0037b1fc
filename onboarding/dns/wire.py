"""One query to one server over UDP, over TCP if the answer is cut short, and its answer as a Reply."""

from __future__ import annotations

import time
from collections.abc import Iterator

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.query
import dns.rcode
import dns.rdata
import dns.rdatatype
import dns.rrset
from dns.rdtypes.ANY.SOA import SOA
from dns.rdtypes.txtbase import TXTBase

from onboarding.dns.answers import Reply

TIMEOUT = 3.0
FIRST_TRY = 1.0
MOST_CNAMES = 8
MOST_VALUES = 200
MOST_LETTERS = 2048
PAYLOAD = 1232
NO_NAME = "This cannot be asked for: it is no DNS name."


def text(name: dns.name.Name) -> str:
    """A name as this package writes it."""
    return name.to_text(omit_final_dot=True).lower()


def is_name(name: str) -> bool:
    """Whether a text can be asked for: labels of 1 to 63 bytes, 255 in all, and not the root."""
    try:
        return bool(dns.name.from_text(name).labels[:-1])
    except (dns.exception.DNSException, UnicodeError, ValueError):
        return False


def ask(address: str, port: int, name: str, type: str, *, recursive: bool, until: float) -> Reply:
    """What the server at address:port says about a name; `until` is the moment (time.monotonic) to stop at."""
    server = address if port == 53 else f"{address}:{port}"
    if time.monotonic() >= until:
        return Reply(server=server, problem=f"{server} was not asked: earlier questions took all the time. Look again.")
    if not is_name(name):
        return Reply(server=server, problem=NO_NAME)
    query = dns.message.make_query(name, type, use_edns=0, payload=PAYLOAD)
    if not recursive:
        query.flags &= ~dns.flags.RD
    try:
        return _read(server, query, _exchange(query, address, port, until))
    except dns.exception.Timeout:
        problem = f"{server} does not answer within {TIMEOUT:.0f} s."
    except OSError as error:
        problem = f"{server} cannot be reached ({error.strerror or error})."
    except (dns.exception.DNSException, EOFError, ValueError):
        problem = f"{server} answers something that is not DNS."
    return Reply(server=server, problem=problem)


def _exchange(query: dns.message.QueryMessage, address: str, port: int, until: float) -> dns.message.Message:
    """The answer. A lost datagram is sent a second time; both tries together take no more than TIMEOUT."""
    try:
        try:
            return _datagram(query, address, port, min(FIRST_TRY, _left(until)))
        except dns.exception.Timeout:
            return _datagram(query, address, port, min(TIMEOUT - FIRST_TRY, _left(until)))
    except dns.message.Truncated:
        return dns.query.tcp(query, address, timeout=min(TIMEOUT, _left(until)), port=port)


def _datagram(query: dns.message.QueryMessage, address: str, port: int, timeout: float) -> dns.message.Message:
    # Datagrams of other senders or for other questions are passed over: somebody else could have sent them.
    return dns.query.udp(
        query, address, timeout=timeout, port=port, ignore_unexpected=True, ignore_errors=True, raise_on_truncation=True
    )


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise dns.exception.Timeout
    return left


def _read(server: str, query: dns.message.QueryMessage, answer: dns.message.Message) -> Reply:
    asked = query.question[0]
    rcode = dns.rcode.to_text(answer.rcode())
    problem = "" if rcode in ("NOERROR", "NXDOMAIN") else _failure(server, rcode, asked)
    owner, chain = _chain(answer, asked)
    if len(chain) > MOST_CNAMES:
        problem, found = f"{text(asked.name)} leads over more than {MOST_CNAMES} CNAME records.", None
    else:
        found = next((each for each in answer.answer if each.name == owner and each.rdtype == asked.rdtype), None)
    referral = _referral(answer, asked.name)
    cited = found or referral
    return Reply(
        server=server,
        values=tuple(sorted({value(each) for each in found})[:MOST_VALUES]) if found else (),
        ttl=cited.ttl if cited else 0,
        problem=problem,
        rcode=rcode,
        authoritative=bool(answer.flags & dns.flags.AA),
        referral=tuple(sorted({value(each) for each in referral})) if referral else (),
        cut=text(referral.name) if referral else "",
        chain=chain,
        negative_ttl=_negative_ttl(answer),
    )


def _failure(server: str, rcode: str, asked: dns.rrset.RRset) -> str:
    what = f"{text(asked.name)} {dns.rdatatype.to_text(asked.rdtype)}"
    if rcode == "REFUSED":
        return f"{server} refuses to answer for {what}: it does not hold the zone."
    return f"{server} answers {rcode} for {what}."


def value(data: dns.rdata.Rdata) -> str:
    """The data of a record as text; see View for the form."""
    if isinstance(data, TXTBase):
        return b"".join(data.strings).decode("utf-8", "backslashreplace")[:MOST_LETTERS]
    target = getattr(data, "target", None)
    if isinstance(target, dns.name.Name) and data.rdtype in (dns.rdatatype.CNAME, dns.rdatatype.NS):
        return text(target)
    return data.to_text()[:MOST_LETTERS]


def _chain(answer: dns.message.Message, asked: dns.rrset.RRset) -> tuple[dns.name.Name, tuple[str, ...]]:
    """Where the CNAME records of the answer lead, and their targets, one more than allowed at most."""
    owner = asked.name
    targets: list[str] = []
    if asked.rdtype == dns.rdatatype.CNAME:
        return owner, ()
    while len(targets) <= MOST_CNAMES:
        step = next((each for each in answer.answer if each.name == owner and each.rdtype == dns.rdatatype.CNAME), None)
        if step is None:
            break
        owner = step[0].target
        targets.append(text(owner))
    return owner, tuple(targets)


def _referral(answer: dns.message.Message, name: dns.name.Name) -> dns.rrset.RRset | None:
    """The NS records of a referral: no answer, no SOA, and name servers for the name or for a zone above it."""
    if answer.answer or any(each.rdtype == dns.rdatatype.SOA for each in answer.authority):
        return None
    below = (each for each in answer.authority if each.rdtype == dns.rdatatype.NS and name.is_subdomain(each.name))
    return next(below, None)


def _negative_ttl(answer: dns.message.Message) -> int:
    """RFC 2308: the smaller of the SOA's TTL and its minimum."""
    return min((min(each.ttl, data.minimum) for each, data in _starts(answer)), default=0)


def _starts(answer: dns.message.Message) -> Iterator[tuple[dns.rrset.RRset, SOA]]:
    for each in answer.authority:
        for data in each:
            if isinstance(data, SOA):
                yield each, data
