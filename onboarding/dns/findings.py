"""What is wrong with a delegation, in a word and in a sentence with the cure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from onboarding.dns.answers import Home
from onboarding.dns.server_rows import Row, at_most


@dataclass(frozen=True)
class Finding:
    """`word` is one of these, `str()` gives the sentence. Of what was given: no servers; of the parent: no parent zone,
    missing, partial, uneven, wrong servers, CNAME beside NS, no answer; of a server: no address, silent, lame; of the
    zone: own set differs; of a resolver: stale, unresolved.
    """

    word: str
    sentence: str

    def __str__(self) -> str:
        return self.sentence


def of_given(zone: str, given: Sequence[str]) -> list[Finding]:
    """Without servers there is nothing to delegate to."""
    return [] if given else [Finding("no servers", f"No name servers for {zone} are known yet.")]


def of_parent(zone: str, given: Sequence[str], parent: Home, rows: Sequence[Row]) -> list[Finding]:
    """What the servers of the zone above have wrong."""
    if not rows:
        return [Finding("no parent zone", parent.problem)]
    aliased = next((row for row in rows if row.alias), None)
    if aliased:
        return [
            Finding(
                "CNAME beside NS",
                f"{parent.apex} has a CNAME at {zone}, to {aliased.alias}. No other record may stand beside a CNAME: "
                f"remove it, and keep only the NS records.",
            )
        ]
    answered = [row for row in rows if not row.problem]
    if not answered:
        return [Finding("no answer", f"{rows[0].problem} See whether the name servers of {parent.apex} are right.")]
    bad = [row for row in answered if not row.ok]
    if not bad:
        return [Finding("no answer", f"{row.problem} The others refer rightly.") for row in rows if row.problem][:1]
    if len(bad) < len(answered):
        return [_uneven(zone, parent, bad[0], right=len(answered) - len(bad), of=len(rows))]
    return [_wrong(zone, given, parent, bad[0])]


def _uneven(zone: str, parent: Home, bad: Row, *, right: int, of: int) -> Finding:
    says = f"names {', '.join(bad.values)}" if bad.values else "has no NS record"
    return Finding(
        "uneven",
        f"Only {right} of the {of} name servers of {parent.apex} delegate {zone} rightly; {bad.server} {says}. They "
        "agree within minutes as a rule; if it lasts, look whether all of them are servers of the same zone.",
    )


def _wrong(zone: str, given: Sequence[str], parent: Home, row: Row) -> Finding:
    """All of the parent's servers have the wrong set; `row` is what the first of them says."""
    absent = [server for server in given if server not in row.values]
    foreign = [server for server in row.values if server not in given]
    if not row.values:
        wait = f" Its absence is remembered for {at_most(row.ttl)} at most." if row.ttl else ""
        cure = f"Set one NS record set there with these values: {', '.join(given)}.{wait}"
        return Finding("missing", f"{parent.apex} has no NS records at {zone}. {cure}")
    if not foreign:
        return Finding(
            "partial",
            f"The NS records of {zone} lack {_list(absent)}. Add what is missing: all of them share the load.",
        )
    lacking = f" and lack {_list(absent)}" if absent else ""
    return Finding(
        "wrong servers",
        f"The NS records of {zone} name {_list(foreign)}, which Marketplace did not give{lacking}. Replace the "
        f"whole set by: {', '.join(given)}.",
    )


def of_own_set(zone: str, given: Sequence[str], own: Sequence[str]) -> list[Finding]:
    """The zone's own NS records have to be the same set, since resolvers prefer them to the parent's."""
    if not own or set(own) == set(given):
        return []
    return [
        Finding(
            "own set differs",
            f"The servers themselves say that {zone} is served by {_list(own)}. Ask Marketplace which name servers are "
            "the right ones.",
        )
    ]


def of_public(zone: str, rows: Sequence[Row]) -> list[Finding]:
    """What resolvers see although parent and servers are right: something older, or nothing."""
    if not rows:
        return [Finding("unresolved", "No DNS resolver is configured. Set DNS_RESOLVERS.")]
    bad = next((row for row in rows if not row.ok), None)
    if bad is None:
        return []
    if bad.problem:
        cure = "It is asked again by itself; SERVFAIL that lasts mostly means a DS record left in the zone above."
        return [Finding("unresolved", f"The delegation of {zone} is right, but: {bad.problem} {cure}")]
    return [
        Finding(
            "stale",
            f"The delegation of {zone} is right, but the resolver {bad.server} still remembers an older answer, for "
            f"{at_most(bad.ttl)} at most. A resolver cached the old value. No action needed.",
        )
    ]


def _list(servers: Sequence[str]) -> str:
    return ", ".join(servers)
