"""Whether CAA records let Amazon issue a certificate for a name (RFC 8659; ACM fails with CAA_ERROR otherwise)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from onboarding.dns.answers import Reply
from onboarding.dns.resolver import Resolver, ancestors
from onboarding.dns.side_by_side import side_by_side

# The four domains that ACM's guide gives; one of them is enough.
AMAZON = frozenset({"amazon.com", "amazontrust.com", "awstrust.com", "amazonaws.com"})
_RECORD = re.compile(r"\d+ (?P<tag>\w+) \"(?P<text>.*)\"", re.ASCII)


@dataclass(frozen=True)
class Policy:
    """The CAA records that count for a name: those of the nearest name at or above it that has any."""

    owner: str
    issue: tuple[str, ...]
    issuewild: tuple[str, ...]

    @property
    def closed(self) -> list[str]:
        """The tags that name issuers, and not Amazon; a tag that is not there binds nobody."""
        tags = {"issue": self.issue, "issuewild": self.issuewild}
        return [tag for tag, issuers in tags.items() if issuers and not AMAZON & set(issuers)]


def policy(resolver: Resolver, name: str) -> Policy | None:
    """The policy for a name, None if there is none up to the domain below its top level."""
    above = [each for each in ancestors(name.removeprefix("*.")) if "." in each]
    for owner, reply in zip(above, side_by_side(partial(_records, resolver), above), strict=True):
        if reply.values:
            return Policy(owner, _issuers(reply.values, "issue"), _issuers(reply.values, "issuewild"))
    return None


def _records(resolver: Resolver, name: str) -> Reply:
    """What the zone's own servers hold: a resolver would remember that a name is not there (RFC 8020)."""
    replies = (resolver.ask(host, name, "CAA") for host in resolver.home(name).hosts)
    reply = next((each for each in replies if each.authoritative), Reply(server=""))
    # A CNAME that leads out of the zone: the name exists, and resolvers follow it as a CA does.
    return resolver.first(name, "CAA") if reply.chain and not reply.values else reply


def forbids(resolver: Resolver, name: str) -> str:
    """A sentence with the cure if Amazon may not issue a certificate for a name and the names below it, else ""."""
    found = policy(resolver.within(), name)
    if found is None or not found.closed:
        return ""
    cure = " and ".join(f'{found.owner} CAA 0 {tag} "amazon.com"' for tag in found.closed)
    return f"The CAA records of {found.owner} do not let Amazon issue certificates for {name}. Add {cure}."


def _issuers(values: Iterable[str], tag: str) -> tuple[str, ...]:
    """The issuers that records of one tag name; `;` lets in nobody and gives an empty one."""
    read = [_RECORD.fullmatch(value) for value in values]
    texts = [each["text"] for each in read if each and each["tag"].lower() == tag]
    return tuple(text.partition(";")[0].strip().lower().removesuffix(".") for text in texts)
