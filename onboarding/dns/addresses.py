"""Which addresses our own worker may ask: global unicast ones, and nothing that leads elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

DNS_PORT = 53
# What `is_global` of some Python versions lets through: protocol assignments, 6to4 relays, multicast.
_NOT_HOSTS = (IPv4Network("192.0.0.0/24"), IPv4Network("192.88.99.0/24"), IPv4Network("224.0.0.0/3"))
_GLOBAL_UNICAST = IPv6Network("2000::/3")
# A tunnel's address carries an IPv4 address that nobody would check.
_TUNNELS = {IPv6Network("2002::/16"): "6to4", IPv6Network("2001::/32"): "Teredo"}
_RESERVED = (IPv6Network("2001::/23"), IPv6Network("2001:db8::/32"), IPv6Network("3fff::/20"))


def refusal(address: str, *, loopback: bool = False) -> str:
    """Why an address is not asked, as the end of a sentence ("is a loopback address"), or "" if it may be.

    `loopback` admits plain loopback addresses: in the simulated world every name server has one.
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return "is not an address"
    if _is_loopback(parsed):
        return "" if loopback else "is a loopback address"
    return _four(parsed) if isinstance(parsed, IPv4Address) else _six(parsed)


def simulated(resolvers: Sequence[tuple[str, int]]) -> bool:
    """Whether all configured resolvers are loopback addresses on another port than 53."""
    return bool(resolvers) and all(port != DNS_PORT and _is_loopback(ip_address(host)) for host, port in resolvers)


def port_for(resolvers: Sequence[tuple[str, int]], address: str) -> int:
    """The port at which a name server is asked: 53, and in the simulated world that of the resolver."""
    return resolvers[0][1] if simulated(resolvers) and _is_loopback(ip_address(address)) else DNS_PORT


def _is_loopback(address: IPv4Address | IPv6Address) -> bool:
    """Loopback as it is written: ::ffff:127.0.0.1, which newer versions of Python count in, is not."""
    return address.is_loopback and getattr(address, "ipv4_mapped", None) is None


def _four(address: IPv4Address) -> str:
    if address.is_link_local:
        return "is a link-local address"
    if not address.is_global or any(address in network for network in _NOT_HOSTS):
        return "is not a public address"
    return ""


def _six(address: IPv6Address) -> str:
    if address.ipv4_mapped is not None:
        return "is an IPv4 address written as IPv6"
    if address.is_link_local:
        return "is a link-local address"
    if title := next((title for network, title in _TUNNELS.items() if address in network), ""):
        return f"is a {title} address"
    reserved = any(address in network for network in _RESERVED)
    if reserved or address.scope_id or address not in _GLOBAL_UNICAST or not address.is_global:
        return "is not a public address"
    return ""
