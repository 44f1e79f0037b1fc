"""What one server says about a record, and whether it is what was expected."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from onboarding.dns.answers import Host, Reply
from onboarding.dns.records import Record


@dataclass(frozen=True, kw_only=True)
class Row:
    """What one server says. `role` is "parent" or "server" in a delegation, "authoritative" for a record, "resolver" in
    both; `address` is "" if none was asked; `problem` is a sentence if it said nothing of use. `cut` is the zone for
    which it refers to others, `alias` the target of a CNAME that stands where something else was asked for.
    """

    server: str
    role: str
    ok: bool
    address: str = ""
    values: tuple[str, ...] = ()
    ttl: int = 0
    problem: str = ""
    cut: str = ""
    alias: str = ""

    def facts(self) -> dict[str, Any]:
        """As evidence keeps it, ready for JSON."""
        return {**asdict(self), "values": list(self.values)}


AWAITED = "Not asked yet: the name servers come first."
MOST_VALUES = 12
MOST_LETTERS = 512
_ROUND = ((60, "a minute"), (300, "5 minutes"), (900, "15 minutes"), (3600, "an hour"), (86_400, "a day"))


def at_most(seconds: int) -> str:
    """A time to live in round words, so that a sentence does not change with every second."""
    return next((words for limit, words in _ROUND if seconds <= limit), "more than a day")


def matches(record: Record, values: tuple[str, ...]) -> bool:
    """Whether what was found is what was expected. Other TXT values may stand beside: each verifies something else."""
    if not record.values:
        return False
    if record.type == "TXT":
        return set(record.values) <= set(values)
    return set(record.values) == set(values)


def _kept(record: Record, values: tuple[str, ...]) -> tuple[str, ...]:
    """What evidence needs of the values: a domain may have dozens of TXT values, and anybody's may be long."""
    first = [value for value in values if value in record.values]
    others = [value[:MOST_LETTERS] for value in values if value not in record.values]
    return tuple(sorted([*first, *others[: MOST_VALUES - len(first)]]))


def authoritative(host: Host, reply: Reply, record: Record) -> Row:
    """The answer of a server of the zone. For NS it is the delegation, which a parent's server gives as a referral."""
    delegated = record.type == "NS" and reply.cut == record.name
    values = reply.referral if delegated else reply.values
    problem = _problem(host, reply, delegated=delegated)
    return Row(
        server=host.name,
        role="authoritative",
        ok=not problem and matches(record, values),
        address=reply.server if host.addresses else "",
        values=_kept(record, values),
        ttl=reply.ttl,
        problem=problem,
        cut="" if delegated else reply.cut,
        alias=_alias(reply),
    )


def _alias(reply: Reply) -> str:
    return reply.chain[0] if reply.chain and not reply.values else ""


def _problem(host: Host, reply: Reply, *, delegated: bool) -> str:
    if reply.problem or delegated:
        return reply.problem
    if reply.cut:
        return f"{host.name} refers to {', '.join(reply.referral)} for {reply.cut}."
    if not reply.authoritative:
        return f"{host.name} answers without authority: it does not hold the zone."
    if alias := _alias(reply):
        return f"{host.name} answers with a CNAME to {alias}."
    return ""


def resolver(reply: Reply, record: Record) -> Row:
    """The answer of a configured resolver. `ttl` of an answer without values: how long it will be remembered."""
    return Row(
        server=reply.server,
        role="resolver",
        ok=not reply.problem and matches(record, reply.values),
        address=reply.server,
        values=_kept(record, reply.values),
        ttl=reply.ttl if reply.values else reply.negative_ttl,
        problem=reply.problem,
    )


def awaited(server: str) -> Row:
    """A configured resolver that is not asked yet: it would remember the absence, long after the record is set."""
    return Row(server=server, role="resolver", ok=False, address=server, problem=AWAITED)
