"""DNS names and name servers."""

import re

from sellers.formats.base import FormatError, clean, not_a, quoted

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_KIND, _EXAMPLE = "a fully qualified domain name", "api.vpce.example.com"


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
    raise FormatError(f"{quoted(text)} has characters that can't be in a domain name. Use its xn-- form.")


def dns_name(text: str, *, wildcard: bool = False, limit: int = 253) -> str:
    """A fully qualified name in lower case, without the final dot; `wildcard` allows *. in front.

    `limit` is 64 where the name becomes a certificate's common name, as the friendly name does (S21).
    """
    value = _ascii(clean(text).removesuffix("."))
    host = value.removeprefix("*.") if wildcard else value
    labels = host.split(".")
    if len(labels) < 2 or not all(labels):
        raise not_a(value, _KIND, _EXAMPLE)
    for label in labels:
        if not re.fullmatch(_LABEL, label):
            raise FormatError(
                f"{quoted(label)} can't be part of a domain name. Use 1–63 letters, digits, and hyphens inside."
            )
    if labels[-1].isdigit():
        raise FormatError(f"{quoted(value)} is an address or ends in a number. Enter {_KIND}, such as {_EXAMPLE}.")
    if host == "amazonaws.com" or host.endswith((".amazonaws.com", ".amazonaws.com.cn")):
        raise FormatError("Names under amazonaws.com belong to AWS. Enter a name under your own domain.")
    if len(value) > limit:
        raise FormatError(f"{quoted(value)} has {len(value)} characters. Enter a name of at most {limit}.")
    return value


def friendly_name(text: str) -> str:
    """A name that can be delegated to Marketplace: below a domain, and short enough for a certificate (S21, S22)."""
    value = dns_name(text, limit=64)
    if value.count(".") < 2:
        raise FormatError(
            f"{value} is a whole domain and can't be delegated. Enter a name below it, such as api.vpce.{value}."
        )
    return value


def is_below(name: str, apex: str) -> bool:
    """Whether `name` lies strictly below `apex`; both normalised."""
    return name.endswith("." + apex)


def strictly_below(name: str, apex: str) -> str:
    """The name, if it lies below the apex of a zone; a zone's own apex cannot be delegated (S22)."""
    if is_below(name, apex):
        return name
    raise FormatError(f"{name} isn't below {apex}. Enter a name that ends in .{apex}.")


def name_servers(text: str | list[str]) -> tuple[str, ...]:
    """Two to six name servers, from a list or from text with blanks, commas or lines between them (S22, Q6)."""
    parts = re.split(r"[\s,;]+", clean(text)) if isinstance(text, str) else text
    hosts = tuple(dict.fromkeys(dns_name(part) for part in parts if part.strip()))
    if not 2 <= len(hosts) <= 6:
        raise FormatError(f"Enter 2–6 name servers. You entered {len(hosts)}.")
    return hosts


def name_servers_advice(hosts: tuple[str, ...]) -> str:
    """A sentence if accepted name servers are not the usual four of Route 53, else ""."""
    usual = r"ns-[0-9]{1,4}\.awsdns-[0-9]{2}\.(?:com|net|org|co\.uk)"
    odd = [host for host in hosts if not re.fullmatch(usual, host)]
    if odd:
        return f"{odd[0]} isn't a Route 53 name server. Compare it with the email from AWS Marketplace."
    return "" if len(hosts) == 4 else f"AWS Marketplace usually sends 4 name servers. You entered {len(hosts)}."
