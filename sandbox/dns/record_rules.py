"""What Route 53 demands of a record set, in the words of its own refusals (InvalidChangeBatch)."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator
from typing import Any

from sandbox.dns import names

_TXT = re.compile(r'\s*"(?:[^"\\]|\\.)*"(?:\s+"(?:[^"\\]|\\.)*")*\s*', re.DOTALL)
_PART = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_FATAL = "Invalid Resource Record: 'FATAL problem: {} encountered with '{}''"


def of_set(record_set: Any, zone: str) -> Iterator[str]:
    """What is wrong with one set that shall be there."""
    name, kind = record_set.name, record_set.type
    if names.problem(names.normal(name)):
        yield _FATAL.format("UnsupportedCharacter (Value contains unsupported characters)", name)
    if not names.within(names.normal(name), names.normal(zone)):
        yield f"RRSet with DNS name {name} is not permitted in zone {zone}"
    if kind == "CNAME" and name == zone:
        yield f"RRSet of type CNAME with DNS name {name} is not permitted at apex in zone {zone}"
    if kind == "SOA" and name != zone:
        yield f"RRSet of type SOA with DNS name {name} is not permitted in zone {zone}"
    values = record_set.records or []
    if kind in ("CNAME", "SOA") and len(values) > 1:
        yield f"RRSet of type {kind} with DNS name {name} must have exactly one resource record"
    if len(set(values)) < len(values):
        twice = next(value for value in values if values.count(value) > 1)
        yield f"Duplicate Resource Record: '{twice}'"
    for value in values:
        yield from of_value(kind, value)


def of_value(kind: str, value: str) -> Iterator[str]:
    """What is wrong with one value."""
    if kind in ("TXT", "SPF"):
        if not _TXT.fullmatch(value):
            what = "InvalidCharacterString (Value should be enclosed in quotation marks)"
            yield _FATAL.format(what, value)
        elif any(len(part) > 255 for part in _PART.findall(value)):
            yield _FATAL.format("CharacterStringTooLong (Value is too long)", value)
    elif kind in ("A", "AAAA"):
        wanted = ipaddress.IPv4Address if kind == "A" else ipaddress.IPv6Address
        try:
            wanted(value)
        except ValueError:
            version = "4" if kind == "A" else "6"
            what = f"{kind}RRDATAIllegalIPv{version}Address (Value is not a valid IPv{version} address)"
            yield _FATAL.format(what, value)
    elif kind in ("CNAME", "NS", "PTR") and names.problem(names.normal(value)):
        yield _FATAL.format(f"{kind}RRDATANotFQDN (Value is not a valid domain name)", value)


def of_whole(sets: Iterable[Any], touched: set[str], zone: str) -> Iterator[str]:
    """What is wrong with the zone as it would be: a CNAME beside others, an apex without its sets."""
    kinds: dict[str, set[str]] = {}
    for one in sets:
        kinds.setdefault(one.name, set()).add(one.type)
    for name in sorted(touched):
        if name != zone and "CNAME" in (held := kinds.get(name, set())) and len(held) > 1:
            yield (
                f"RRSet of type CNAME with DNS name {name} is not permitted "
                f"as it conflicts with other records with the same DNS name in zone {zone}"
            )
    apex = kinds.get(zone, set())
    if "SOA" not in apex:
        yield "A HostedZone must contain exactly one SOA record."
    if "NS" not in apex:
        yield "A HostedZone must contain at least one NS record for the zone itself."
