"""Where a name lives: the addresses of a host, and the zone that encloses a name with its name servers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from ipaddress import ip_address
from typing import TYPE_CHECKING

from onboarding.names import reach, wire
from onboarding.names.answers import Home, Host, Reply
from onboarding.names.together import side_by_side

if TYPE_CHECKING:
    from onboarding.names.resolve import Resolver

MOST_SERVERS = 13
MOST_LABELS = 12
# Where registries sell names below a second label, such as co.uk.
_REGISTRY_LABELS = frozenset({"ac", "co", "com", "edu", "go", "gov", "ne", "net", "or", "org"})


def ancestors(name: str) -> list[str]:
    """The name and the names above it, the nearest first: a.b.c, b.c, c. Of a very long name only the upper ones."""
    labels = name.split(".")
    most = [name] if len(labels) > MOST_LABELS else []
    return most + [".".join(labels[at:]) for at in range(max(0, len(labels) - MOST_LABELS), len(labels))]


def is_registry(zone: str) -> bool:
    """Whether a zone is a registry's, such as com or co.uk, and not one that somebody could set records in."""
    first, _, rest = zone.partition(".")
    return not rest or ("." not in rest and len(rest) == 2 and first in _REGISTRY_LABELS)


def find_host(resolver: Resolver, name: str) -> Host:
    """A host's addresses as all resolvers tell them. One that may not be asked spoils them all: an answer that mixes
    public and inner addresses is an attempt to reach the inner one (SEC14).
    """
    replies = _address_replies(resolver, name)
    addresses = sorted({address for each in replies for address in each.values}, key=_order)
    for address in addresses:
        if refusal := reach.refusal(address, loopback=reach.simulated(resolver.servers)):
            sentence = f"{name} has the address {address}, which {refusal}; it is not asked."
            return Host(name=name, problem=sentence, refused=True)
    if addresses:
        return Host(name=name, addresses=tuple(addresses))
    why = next((each.problem for each in replies if each.problem), "")
    return Host(name=name, problem=why or f"{name} has no address: the name does not resolve.")


def _order(address: str) -> tuple[int, int]:
    parsed = ip_address(address)
    return parsed.version, int(parsed)


def _address_replies(resolver: Resolver, name: str) -> list[Reply]:
    """The answers for A and AAAA at the end of the CNAME records, eight of them at most in all."""
    target, followed = name, 0
    while True:
        both = side_by_side(partial(resolver.replies, target), ["A", "AAAA"])
        replies = [each for answers in both for each in answers]
        chain = next((each.chain for each in replies if each.chain), ())
        followed += len(chain)
        if followed > wire.MOST_CNAMES:
            return [Reply(server="", problem=f"{name} leads over more than {wire.MOST_CNAMES} CNAME records.")]
        if not chain or any(each.values for each in replies):
            return replies
        target = chain[-1]


def find_home(resolver: Resolver, name: str) -> Home:
    """The nearest zone at or above a name. Its start of authority shows it, whatever the names below it answer."""
    if not wire.is_name(name):
        return Home(problem=wire.NO_NAME)
    above = ancestors(name)
    starts = side_by_side(lambda zone: resolver.first(zone, "SOA"), above)
    for zone, start in zip(above, starts, strict=True):
        if start.values and not start.chain:
            return _undelegated(name, zone) if is_registry(zone) and zone != name else _zone(resolver, zone)
    return Home(problem=_no_zone(name, starts))


def _zone(resolver: Resolver, zone: str) -> Home:
    names = resolver.first(zone, "NS")
    hosts = tuple(side_by_side(resolver.host, names.values[:MOST_SERVERS]))
    problem = "" if hosts else names.problem or f"The zone {zone} names no name servers."
    return Home(apex=zone, servers={each.name: each.addresses for each in hosts}, hosts=hosts, problem=problem)


def _undelegated(name: str, registry: str) -> Home:
    """Only the registry's own zone encloses the name: nobody could set a record for it there."""
    domain = name.removesuffix(f".{registry}").rpartition(".")[2] + f".{registry}"
    why = "it is not registered, or has no name servers. See your registrar"
    return Home(apex=registry, problem=f"{registry} does not delegate {domain}: {why}.")


def _no_zone(name: str, starts: Sequence[Reply]) -> str:
    why = next((each.problem for each in starts if each.problem), "")
    return why or f"No zone encloses {name}: its domain is not registered, or is not delegated."
