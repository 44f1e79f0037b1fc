"""Why a record is not served as it should be: a few words for a table, and a sentence with the cure (Q4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from onboarding.dns.answers import Home, Host
from onboarding.dns.difference import closest, likeness, pointer
from onboarding.dns.records import Record
from onboarding.dns.resolver import Resolver, is_registry
from onboarding.dns.server_rows import Row, at_most, matches
from onboarding.dns.side_by_side import side_by_side

CAA = "CAA forbids Amazon"
ALIKE = 0.5


@dataclass(frozen=True)
class Diagnosis:
    """`words` for a table, "" if nothing is wrong; `sentence` says it in full, with the cure."""

    words: str
    sentence: str


NOTHING = Diagnosis("", "")


def explain(resolver: Resolver, record: Record, home: Home, rows: Sequence[Row]) -> Diagnosis:
    """What keeps a record from being served everywhere; at least one of the rows, or the zone, is not as it should."""
    if not record.values:
        return Diagnosis("no value yet", f"The value of {record.type} {record.name} is not known yet.")
    own = [row for row in rows if row.role == "authoritative"]
    right = [row for row in own if row.ok]
    if not own:
        return Diagnosis("no live zone", home.problem)
    if len(right) == len(own):
        return _not_public(record, home, [row for row in rows if row.role == "resolver"])
    if right:
        return _uneven(record, home, own)
    answered = [row for row in own if not row.problem]
    values = sorted({value for row in answered for value in row.values})
    if answered and values and not _unrelated(record, values):
        return _wrong(record, home, values)
    if answered:
        return Diagnosis(*find(resolver, record, home))
    return _unanswered(record, own)


def _not_public(record: Record, home: Home, resolvers: Sequence[Row]) -> Diagnosis:
    """The zone is right, a resolver is not: it remembers an older answer, or does not answer."""
    if not resolvers:
        return Diagnosis("no resolver", "No DNS resolver is configured. Set DNS_RESOLVERS.")
    bad = next(row for row in resolvers if not row.ok)
    served = f"The name servers of {home.apex} serve {record.type} {record.name}"
    if bad.problem:
        return Diagnosis(
            "resolver does not answer",
            f"{served}, but a public resolver gives no answer: {bad.problem} SERVFAIL that lasts "
            "mostly means a broken DNSSEC chain or delegation.",
        )
    return Diagnosis(
        "not yet public",
        f"{served}, but the resolver {bad.server} still remembers an older answer, for {at_most(bad.ttl)} at most. "
        "A resolver cached the old value. No action needed.",
    )


def _uneven(record: Record, home: Home, own: Sequence[Row]) -> Diagnosis:
    right, bad = sum(row.ok for row in own), next(row for row in own if not row.ok)
    says = bad.problem or (f"{bad.server} serves {', '.join(bad.values)}." if bad.values else f"{bad.server} has none.")
    return Diagnosis(
        f"only {right} of {len(own)} name servers",
        f"{right} of the {len(own)} name servers of {home.apex} serve {record.type} {record.name} as expected. {says} "
        "They agree within minutes as a rule; if it lasts, repair that server or remove its NS record.",
    )


def _unrelated(record: Record, values: Sequence[str]) -> bool:
    """TXT values of others at a shared name, such as SPF at the domain itself; a `_token` name is nobody else's."""
    if record.type != "TXT" or record.name.startswith("_"):
        return False
    return likeness(record.values[0], closest(record.values[0], values)) < ALIKE


def _wrong(record: Record, home: Home, values: Sequence[str]) -> Diagnosis:
    expected = next((value for value in record.values if value not in values), "")
    if not expected:
        extra = ", ".join(value for value in values if value not in record.values)
        return Diagnosis("wrong value", f"{record.type} {record.name} also has {extra}. Remove that value.")
    found = closest(expected, [value for value in values if value not in record.values] or values)
    at = f"{record.type} {record.name}"
    if expected.lower() == found.lower():
        cure = f"{pointer(expected, found)} Copy it with its capitals: AWS compares them."
        return Diagnosis("case differs", f"The value of {at} differs in capitals. {cure}")
    if found in (f'"{expected}"', f"'{expected}'"):
        return Diagnosis("quotes doubled", f"The value of {at} has quotation marks inside. Enter it without any.")
    if found == f"{expected}.{home.apex}":
        cure = f"The editor has added the zone: end the value with a dot, {expected}."
        return Diagnosis("suffix doubled", f"The value of {at} is {found}. {cure}")
    return Diagnosis(
        "wrong value", f"{at} is {found}, not {expected}. {pointer(expected, found)} Copy the value again."
    )


def _unanswered(record: Record, own: Sequence[Row]) -> Diagnosis:
    """No server of the zone answered for the name itself."""
    for row in own:
        if row.cut:
            sentence = f"{row.problem} What stands in the zone above at or below {row.cut} does not resolve: "
            return Diagnosis(HIDDEN, f"{sentence}set {record.type} {record.name} at those servers.")
        if row.alias:
            sentence = f"{row.problem} Remove the CNAME at {record.name}, then set the {record.type} record there."
            return Diagnosis("CNAME in its place", sentence)
    return Diagnosis("name servers do not answer", f"{own[0].problem} See whether the zone's name servers are right.")


HIDDEN = "hidden by a delegation"
IN_PARENT = "record sits in the parent zone"
NOT_THERE = "not there"
MOST_SLIPS = 6


def find(resolver: Resolver, record: Record, home: Home) -> tuple[str, str]:
    """(words, sentence) for a record that the live zone does not have at its name."""
    host = next((each for each in home.hosts if each.addresses), None)
    slip = _slip(resolver, record, home, host) if host else None
    return slip or _above(resolver, record, home)


def _slip(resolver: Resolver, record: Record, home: Home, host: Host) -> tuple[str, str] | None:
    """The record at one of the names, or in one of the types, that a slip of the pen gives it."""
    tries = _slips(record, home.apex)
    replies = side_by_side(lambda slip: resolver.ask(host, slip[1], slip[2]), tries)
    for (words, name, type), reply in zip(tries, replies, strict=True):
        if not reply.problem and not reply.cut and matches(record, reply.values):
            return words, _sentence(words, record, home, name, type)
    return None


def _slips(record: Record, apex: str) -> list[tuple[str, str, str]]:
    """(words, name, type) of each slip."""
    labels = record.name.removesuffix(f".{apex}").split(".")
    shorter = [f"{'.'.join(labels[:count])}.{apex}" for count in range(len(labels) - 1, 0, -1)]
    other = {"CNAME": "TXT", "TXT": "CNAME"}.get(record.type, "")
    return [
        ("suffix doubled", f"{record.name}.{apex}", record.type),
        *([("wrong type", record.name, other)] if other else []),
        *(("name cut short", name, record.type) for name in shorter),
    ][:MOST_SLIPS]


def _sentence(words: str, record: Record, home: Home, name: str, type: str) -> str:
    host = record.name.removesuffix(f".{home.apex}")
    if words == "wrong type":
        return f"{record.name} is a {type} record with this value. Replace it by a {record.type} record."
    return (
        f"The record stands at {name}. The editor adds {home.apex} to what is typed: type {host} as the name, or "
        f"{record.name}. with its final dot."
    )


def _above(resolver: Resolver, record: Record, home: Home) -> tuple[str, str]:
    """Not there; and if the zone is delegated from another one of the seller's, what that hides."""
    absent = f"The name servers of {home.apex} have no {record.type} record at {record.name}."
    parent = _parent(resolver, home) if record.type != "NS" else Home()
    if not parent.hosts:
        return NOT_THERE, f"{absent} New records can take a few minutes to appear."
    hidden = (
        f"{home.apex} is delegated to {', '.join(home.servers)}: what {parent.apex} holds below it does not resolve."
    )
    if _in_parent(resolver, record, parent):
        return IN_PARENT, f"The record stands in {parent.apex}, but {hidden} Set it at those servers too."
    # What a delegation hides cannot be asked for. ACM's record for the very name that was delegated is the known case.
    acm = record.type == "CNAME" and record.name.partition(".")[2] == home.apex
    cure = f"If it stands in {parent.apex}: {hidden} Set it at those servers, or give it to whoever runs them."
    return (HIDDEN if acm else NOT_THERE), f"{absent} {cure}"


def _parent(resolver: Resolver, home: Home) -> Home:
    """The zone above, unless it is a registry's."""
    above = home.apex.partition(".")[2]
    return Home() if is_registry(above) else resolver.home(above)


def _in_parent(resolver: Resolver, record: Record, parent: Home) -> bool:
    """Some servers answer from the parent zone even below a cut."""
    replies = side_by_side(lambda host: resolver.ask(host, record.name, record.type), parent.hosts[:2])
    return any(not reply.cut and matches(record, reply.values) for reply in replies)
