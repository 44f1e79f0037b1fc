"""Ports, IPv4 addresses and ranges, paths of health checks."""

import re
from ipaddress import AddressValueError, IPv4Address, IPv4Network, NetmaskValueError

from sellers.formats.base import FormatError, clean, match

PRIVATE_RANGES = tuple(IPv4Network(n) for n in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"))


def port(value: str | int) -> int:
    """A port from 1 to 65535."""
    text = clean(str(value))
    if not isinstance(value, bool) and re.fullmatch(r"[0-9]{1,5}", text) and 1 <= int(text) <= 65535:
        return int(text)
    raise FormatError("A port is a whole number from 1 to 65535. HTTPS uses 443.")


def cidr(text: str) -> str:
    """An IPv4 range for a VPC: /16 to /28, host bits zero."""
    value = clean(text)
    try:
        if not re.fullmatch(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}/[0-9]{1,2}", value, re.ASCII):
            raise ValueError
        network = IPv4Network(value, strict=False)
    except (AddressValueError, NetmaskValueError, ValueError) as error:
        raise FormatError("A CIDR range is written like 10.20.0.0/16, in IPv4. Correct it.") from error
    if not 16 <= network.prefixlen <= 28:
        raise FormatError("A VPC takes a range from /16 (largest) to /28 (smallest). Change the number after /.")
    if str(network) != value:
        raise FormatError(f"This range has digits beyond its prefix. Write {network}.")
    if network.is_loopback or network.is_link_local or network.is_multicast or value.startswith("0."):
        raise FormatError("AWS does not accept this range for a VPC. Choose one within 10.0.0.0/8.")
    return value


def cidr_advice(text: str) -> str:
    """A sentence if an accepted range is not a private one, else ""."""
    if any(IPv4Network(text).subnet_of(private) for private in PRIVATE_RANGES):
        return ""
    return f"{text} is not a private range; addresses of the Internet there become unreachable from the VPC."


def ipv4(text: str) -> str:
    """An IPv4 address that can be a target."""
    try:
        address = IPv4Address(clean(text))
    except AddressValueError as error:
        raise FormatError("An IP address is written like 10.20.1.15, in IPv4. Correct it.") from error
    if address.is_loopback or address.is_link_local or address.is_multicast or address.is_unspecified:
        raise FormatError(f"{address} cannot be a target. Give the target's address within its network.")
    return str(address)


def health_check_path(text: str) -> str:
    """The path that an HTTP health check asks for."""
    sentence = "A health check path begins with / and has at most 1024 characters without spaces, such as /health."
    return match(r"/[\x21-\x7e]{0,1023}", text, sentence)
