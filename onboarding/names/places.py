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
    """The nearest live zone at or above a name.

    Resolvers remember for minutes that a name is not there, and so is nothing below it (RFC 2308, RFC 8020). So they
    are asked only for the domain that a registry sold; from there the zones' own servers tell the way down.
    """
    if not wire.is_name(name):
        return Home(problem=wire.NO_NAME)
    home = _domain(resolver, name)
    while below := _next(resolver, home, name):
        home = below
    registry = home.apex and is_registry(home.apex) and home.apex != name
    return _undelegated(name, home.apex) if registry else home


def _domain(resolver: Resolver, name: str) -> Home:
    """The zone of the registered domain of a name, or the nearest above it. Its start of authority shows it."""
    above = ancestors(name)
    registries = sum(is_registry(each) for each in above)
    asked = above[-(registries + 1) :]
    starts = side_by_side(lambda zone: resolver.first(zone, "SOA"), asked)
    for zone, start in zip(asked, starts, strict=True):
        if start.values and not start.chain:
            names = resolver.first(zone, "NS")
            hosts = _hosts(resolver, names.values)
            problem = "" if hosts else names.problem or f"The zone {zone} names no name servers."
            return _home(zone, hosts, problem)
    return Home(problem=_no_zone(name, starts))


def _next(resolver: Resolver, home: Home, name: str) -> Home | None:
    """A live zone below another one, towards a name; None if there is no cut, or nobody answers below it."""
    between = [each for each in ancestors(name) if each.endswith(f".{home.apex}")]
    host = next((each for each, _ in _own_sets(resolver, home.apex, home.hosts)), None) if between else None
    if host is None:
        return None
    cuts: dict[str, tuple[str, ...]] = {}
    replies = side_by_side(lambda each: resolver.ask(host, each, "SOA"), between)
    for each, reply in zip(between, replies, strict=True):
        if reply.authoritative and reply.values and not reply.chain:
            cuts[each] = (host.name,)  # it holds the zone below, too, and answers instead of referring to itself
        elif reply.cut.endswith(f".{home.apex}"):
            cuts[reply.cut] = reply.referral
    return _live(resolver, *max(cuts.items(), key=lambda cut: len(cut[0]))) if cuts else None


def _live(resolver: Resolver, zone: str, names: Sequence[str]) -> Home | None:
    """A zone with the servers that it names itself, if one of those that it is delegated to answers for it."""
    own = next((values for _, values in _own_sets(resolver, zone, _hosts(resolver, names))), ())
    return _home(zone, _hosts(resolver, own)) if own else None


def _own_sets(resolver: Resolver, zone: str, hosts: Sequence[Host]) -> list[tuple[Host, tuple[str, ...]]]:
    """The servers that answer for a zone with authority, each with the NS records that it holds for it."""
    replies = side_by_side(lambda host: resolver.ask(host, zone, "NS"), hosts)
    said = zip(hosts, replies, strict=True)
    return [(host, each.values) for host, each in said if each.authoritative and each.values and not each.chain]


def _hosts(resolver: Resolver, names: Sequence[str]) -> tuple[Host, ...]:
    return tuple(side_by_side(resolver.host, names[:MOST_SERVERS]))


def _home(zone: str, hosts: tuple[Host, ...], problem: str = "") -> Home:
    return Home(apex=zone, servers={each.name: each.addresses for each in hosts}, hosts=hosts, problem=problem)


def _undelegated(name: str, registry: str) -> Home:
    """Only the registry's own zone encloses the name: nobody could set a record for it there."""
    domain = name.removesuffix(f".{registry}").rpartition(".")[2] + f".{registry}"
    why = "it is not registered, or has no name servers. See your registrar"
    return Home(apex=registry, problem=f"{registry} does not delegate {domain}: {why}.")


def _no_zone(name: str, starts: Sequence[Reply]) -> str:
    why = next((each.problem for each in starts if each.problem), "")
    return why or f"No zone encloses {name}: its domain is not registered, or is not delegated."
