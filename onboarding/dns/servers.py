"""The name servers that Marketplace gives, read from text and tried (S22, Q6)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from onboarding.dns.answers import Host, Reply
from onboarding.dns.records import absolute, below
from onboarding.dns.resolver import Resolver
from onboarding.dns.side_by_side import side_by_side
from sellers.formats import FormatError, dns_name, name_servers_advice

LEAST, MOST = 2, 6
LETTERS = 2048


def parse(text: str | Sequence[str]) -> tuple[str, ...]:
    """Two to six distinct host names, from a list or from text with blanks, commas or lines between them.

    FormatError with a sentence that names the server otherwise.
    """
    if sum(len(each) for each in text) > LETTERS:
        raise FormatError(f"The name servers are {LEAST} to {MOST} host names. This text is too long to be that.")
    parts = re.split(r"[\s,;]+", text) if isinstance(text, str) else text
    hosts = [_host(part.strip()) for part in parts if part.strip()]
    repeated = next((host for host in hosts if hosts.count(host) > 1), "")
    if repeated:
        raise FormatError(f"{repeated} is given {hosts.count(repeated)} times. Give each name server once.")
    if not LEAST <= len(hosts) <= MOST:
        raise FormatError(
            f"A zone has {LEAST} to {MOST} name servers, usually 4; here are {len(hosts)}. Copy them all from "
            "AWS Marketplace's email, without the rest of its text."
        )
    return tuple(hosts)


def _host(part: str) -> str:
    try:
        return dns_name(part)
    except FormatError as error:
        raise FormatError(f"{_shown(part)} is not the name of a name server. {error}") from error


def _shown(part: str) -> str:
    """A word of the user's in a sentence: letters that print, not too many of them."""
    text = "".join(letter if letter.isprintable() else "?" for letter in part[:60])
    return f"“{text}{'…' if len(part) > 60 else ''}”"


def advice(servers: Sequence[str]) -> list[str]:
    """Sentences to think about; none of them forbids to go on."""
    return [sentence for sentence in [name_servers_advice(tuple(servers))] if sentence]


def check(resolver: Resolver, name: str, servers: Sequence[str]) -> list[str]:
    """What is wrong with name servers for a zone `name`, a sentence each; [] if all answer for it with authority."""
    tried = try_all(resolver, name, servers)
    return [*(each.sentence for each in tried if each.sentence), *_twins([each.host for each in tried])]


@dataclass(frozen=True, kw_only=True)
class Tried:
    """A name server asked for the SOA of a zone. `word` is "" if it answers with authority, else "no address",
    "silent" or "lame"; `sentence` says it with the cure.
    """

    host: Host
    reply: Reply
    word: str = ""
    sentence: str = ""


def try_all(resolver: Resolver, name: str, servers: Sequence[str]) -> list[Tried]:
    """Each server asked directly, side by side, in their order."""
    bounded, zone = resolver.within(), absolute(name)
    return side_by_side(lambda server: _try(bounded, zone, absolute(server)), servers)


def _try(resolver: Resolver, zone: str, server: str) -> Tried:
    host = resolver.host(server)
    reply = resolver.ask(host, zone, "SOA")
    if not host.addresses:
        return Tried(host=host, reply=reply, word="no address", sentence=_no_address(host, zone))
    if not reply.rcode:
        sentence = f"{server} does not answer: {reply.problem} Ask Marketplace whether it is the right server."
        return Tried(host=host, reply=reply, word="silent", sentence=sentence)
    if reply.authoritative and reply.values and not reply.chain:
        return Tried(host=host, reply=reply)
    return Tried(host=host, reply=reply, word="lame", sentence=_lame(server, zone, reply))


def _no_address(host: Host, zone: str) -> str:
    if below(host.name, zone) and not host.refused:
        return (
            f"{host.name} lies under {zone} itself, so it is found only with glue records in the zone above. "
            "Give name servers outside of it."
        )
    return f"{host.problem} Compare the name with AWS Marketplace's email."


def _lame(server: str, zone: str, reply: Reply) -> str:
    """A server that answers, but not as one of the zone's own: the delegation would be lame."""
    if reply.rcode == "REFUSED":
        why = "it refuses the question"
    elif reply.rcode not in ("NOERROR", "NXDOMAIN"):
        why = f"it answers {reply.rcode}"
    elif reply.authoritative:
        why = "it holds a zone above, and not this one"
    else:
        why = "it answers without authority"
    return (
        f"{server} does not hold the zone {zone}: {why}. Compare the name with AWS Marketplace's email, "
        "or ask AWS Marketplace to create the zone there."
    )


def _twins(hosts: Sequence[Host]) -> list[str]:
    """Servers behind one address are one server: all fail together."""
    sentences = []
    for at, host in enumerate(hosts):
        same = [each.name for each in hosts[at + 1 :] if set(each.addresses) & set(host.addresses)]
        if same:
            sentences.append(
                f"{host.name} and {same[0]} have the same address: they are one server. Compare the names."
            )
    return sentences
