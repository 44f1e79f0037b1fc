"""DNS names and name servers."""

import re

from sellers.formats.base import FormatError, clean

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_WRITTEN = "A DNS name is written like api.vpce.example.com: "


def _ascii(text: str) -> str:
    """Lower case, or IDNA; a letter that only looks like another is refused, not replaced."""
    if text.isascii():
        return text.lower()
    try:
        encoded = text.encode("idna").decode("ascii")
        if encoded.encode().decode("idna") == text:
            return encoded
    except UnicodeError:
        pass
    raise FormatError(_WRITTEN + "letters, digits and hyphens. Replace the other characters, or give its xn-- form.")


def dns_name(text: str, *, wildcard: bool = False, limit: int = 253) -> str:
    """A fully qualified name in lower case, without the final dot; `wildcard` allows *. in front.

    `limit` is 64 where the name becomes a certificate's common name, as the friendly name does (S21).
    """
    value = _ascii(clean(text).removesuffix("."))
    host = value.removeprefix("*.") if wildcard else value
    labels = host.split(".")
    if len(labels) < 2 or not all(labels):
        raise FormatError(_WRITTEN + "two or more parts, with one dot between them. Give the whole name.")
    for label in labels:
        if not re.fullmatch(_LABEL, label):
            raise FormatError(
                _WRITTEN + "each part has 1 to 63 letters, digits or hyphens, no hyphen at its ends. Correct it."
            )
    if labels[-1].isdigit():
        raise FormatError("This is an address or ends in a number. Give a DNS name, such as api.vpce.example.com.")
    if host == "amazonaws.com" or host.endswith((".amazonaws.com", ".amazonaws.com.cn")):
        raise FormatError("Names under amazonaws.com belong to AWS. Give a name of your own domain.")
    if len(value) > limit:
        raise FormatError(f"This name has {len(value)} characters; at most {limit} are allowed. Choose a shorter one.")
    return value


def friendly_name(text: str) -> str:
    """A name that can be delegated to Marketplace: below a domain, and short enough for a certificate (S21, S22)."""
    value = dns_name(text, limit=64)
    if value.count(".") < 2:
        raise FormatError(
            f"{value} is a domain itself and cannot be delegated. Give a name below it, such as api.vpce.{value}."
        )
    return value


def is_below(name: str, apex: str) -> bool:
    """Whether `name` lies strictly below `apex`; both normalised."""
    return name.endswith("." + apex)


def strictly_below(name: str, apex: str) -> str:
    """The name, if it lies below the apex of a zone; a zone's own apex cannot be delegated (S22)."""
    if is_below(name, apex):
        return name
    raise FormatError(f"{name} is not below {apex}. Give a name that ends in .{apex}.")


def name_servers(text: str | list[str]) -> tuple[str, ...]:
    """Two to six name servers, from a list or from text with blanks, commas or lines between them (S22, Q6)."""
    parts = re.split(r"[\s,;]+", clean(text)) if isinstance(text, str) else text
    hosts = tuple(dict.fromkeys(dns_name(part) for part in parts if part.strip()))
    if not 2 <= len(hosts) <= 6:
        raise FormatError(f"A zone has 2 to 6 name servers, usually 4; here are {len(hosts)}. Copy them all.")
    return hosts


def name_servers_advice(hosts: tuple[str, ...]) -> str:
    """A sentence if accepted name servers are not the usual four of Route 53, else ""."""
    usual = r"ns-[0-9]{1,4}\.awsdns-[0-9]{2}\.(?:com|net|org|co\.uk)"
    odd = [host for host in hosts if not re.fullmatch(usual, host)]
    if odd:
        return (
            f"{odd[0]} is not a Route 53 name server; Marketplace normally gives ns-….awsdns-….… . Compare its email."
        )
    return "" if len(hosts) == 4 else f"Marketplace normally gives 4 name servers; here are {len(hosts)}."
