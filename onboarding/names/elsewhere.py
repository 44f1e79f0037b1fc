"""Where a record went that is not where it should be: the slips that zone editors invite, and delegations (Q4)."""

from __future__ import annotations

from onboarding.names.answers import Home, Host
from onboarding.names.places import is_registry
from onboarding.names.records import Record
from onboarding.names.resolve import Resolver
from onboarding.names.rows import matches
from onboarding.names.together import side_by_side

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
        return NOT_THERE, f"{absent} Set it there; if it has just been set, it takes some minutes."
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
