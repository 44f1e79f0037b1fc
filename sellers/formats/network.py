"""Ports, IPv4 addresses and ranges, paths of health checks."""

import re
from ipaddress import AddressValueError, IPv4Address, IPv4Network, NetmaskValueError

from sellers.formats.base import FormatError, clean, not_a, quoted

PRIVATE_RANGES = tuple(IPv4Network(n) for n in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"))


def port(value: str | int) -> int:
    """A port from 1 to 65535."""
    text = clean(str(value))
    if not isinstance(value, bool) and re.fullmatch(r"[0-9]{1,5}", text) and 1 <= int(text) <= 65535:
        return int(text)
    raise not_a(value, "a port from 1 to 65535", "443")


def cidr(text: str) -> str:
    """An IPv4 range for a VPC: /16 to /28, host bits zero."""
    value = clean(text)
    try:
        if not re.fullmatch(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}/[0-9]{1,2}", value, re.ASCII):
            raise ValueError
        network = IPv4Network(value, strict=False)
    except (AddressValueError, NetmaskValueError, ValueError) as error:
        raise not_a(value, "an IPv4 CIDR block", "10.20.0.0/16") from error
    if not 16 <= network.prefixlen <= 28:
        raise FormatError(f"{value} isn't a size that a VPC can have. Enter a CIDR block between /16 and /28.")
    if str(network) != value:
        raise FormatError(f"{value} isn't a network address. Did you mean {network}?")
    if network.is_loopback or network.is_link_local or network.is_multicast or value.startswith("0."):
        raise FormatError(f"{value} is reserved and can't be a VPC's CIDR block. Enter one within 10.0.0.0/8.")
    return value


def cidr_advice(text: str) -> str:
    """A sentence if an accepted range is not a private one, else ""."""
    if any(IPv4Network(text).subnet_of(private) for private in PRIVATE_RANGES):
        return ""
    return f"{text} isn't a private range. The VPC can't reach Internet addresses within it."


def ipv4(text: str) -> str:
    """An IPv4 address that can be a target."""
    try:
        address = IPv4Address(clean(text))
    except AddressValueError as error:
        raise not_a(clean(text), "an IPv4 address", "10.20.1.15") from error
    if address.is_loopback or address.is_link_local or address.is_multicast or address.is_unspecified:
        raise FormatError(f"{address} can't be a target. Enter the target's address in its own network.")
    return str(address)


def health_check_path(text: str) -> str:
    """The path that an HTTP health check asks for."""
    value = clean(text)
    if re.fullmatch(r"/[\x21-\x7e]{0,1023}", value):
        return value
    sentence = "Enter up to 1,024 characters that start with / and have no spaces, such as /health."
    raise FormatError(sentence, quoting=f"{quoted(value)} isn't a health check path. {sentence}")
