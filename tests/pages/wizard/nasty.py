"""The values of T24 by kind, and what a field may take of them: said once more here, apart from the product's rules."""

from __future__ import annotations

import ipaddress
import re

from sellers.spec.fields import Field

KINDS: dict[str, tuple[str, ...]] = {
    "blanks and lengths": ("", "   ", "x" * 1_024, "x" * 65_536, "f" * 300),
    "characters": (
        "a\0b",
        "a\r\nBcc: x@y.example",
        "\tx",
        "a\u202eb",
        "a\u200bb",
        "e\u0301",
        "\U0001f600",
        "\ud800",
        "\u0130\u00df",
        "\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19\uff10\uff11\uff12",
    ),
    "markup and formulas": (
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "{{7*7}}",
        "{% load x %}",
        "${7*7}",
        'hx-get="/x"',
        "javascript:alert(1)",
        "=cmd|' /C calc'!A0",
        "+1",
        "-1",
        "@SUM(A1)",
        "' OR 1=1--",
        "../../etc/passwd",
        "CON",
    ),
    "accounts and ARNs": (
        "12345678901",
        "1234567890123",
        "012345678901",
        "arn:aws-cn:iam::111111111111:role/x",
        "arn:aws:s3:::bucket",
        "arn:aws:iam::111111111111:user/x",
        "arn:aws:iam::111111111111:role/*",
        "arn:aws:iam::111111111111:role/a b",
        "arn:aws:iam::111111111111:role/a/b/",
        "arn:aws:iam::111111111111:role/" + "x" * 2_018,
        "*",
        "arn:aws:iam::1:root",
        "333333333333\n" * 1_000,
    ),
    "names": (
        "a.example.com.",
        "*.example.com",
        "x" * 64 + ".example.com",
        "x." * 127 + "com",
        "b\u00fccher.example",
        "xn--bcher-kva.example",
        "localhost",
        "10.0.0.1",
        "a_b.example.com",
        "com",
        "API.Example.COM",
        "\u212aelvin.example.com",
    ),
    "networks and numbers": (
        "10.0.0.1/16",
        "10.0.0.0/15",
        "10.0.0.0/29",
        "fd00::/64",
        "xx-nowhere-1",
        "us-east-1 ",
        "af-south-1",
        "0",
        "9223372036854775808",
        "1e9",
        "\u0661",
        "65536",
    ),
}
# Tried one field at a time alone.
MORE = (
    "\n\n",
    "\u00a0",
    "9" * 400,
    "a\x1bb",
    "a\u2028b",
    "a,b;c\td",
    ",",
    "</textarea><script>alert(1)</script>",
    "null",
    "none",
    "\t=1+1",
    "arn:aws:iam::111111111111:role/x",
    "333333333333\n333333333333",
    "a..example.com",
    "arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/net/x/0123456789abcdef",
    "arn:aws:acm:us-east-1:999999999999:certificate/12345678-1234-1234-1234-123456789012",
    "api.vpce.amazonaws.com",
    "127.0.0.0/16",
    "10.0.0.0/16",
    "us-east-1a",
    "cn-north-1",
    "65535",
    "443.0",
    "4_43",
)
EVERY = tuple(value for values in KINDS.values() for value in values)

_HOST = r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)"
_BALANCER = r"arn:aws:elasticloadbalancing:us-east-1:111111111111:loadbalancer/%s/[0-9A-Za-z-]{1,32}/[0-9a-f]{16}"
_CERTIFICATE = r"arn:aws:acm:us-east-1:111111111111:certificate/[0-9A-Za-z-]{36,64}"
# What may be stored of a field in us-east-1, by the end of its path. A field that is not here takes plain words alone.
PATTERNS: dict[str, str] = {
    "marketplace_product_id": r"prod-[0-9a-z]{8,32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "friendly_dns_name": rf"(?!.*\.amazonaws\.com)(?=.{{5,64}}\Z){_HOST}{{2,}}[a-z][a-z0-9-]*",
    "private_dns_name": rf"(?!.*\.amazonaws\.com)(?=.{{4,253}}\Z){_HOST}+[a-z][a-z0-9-]*",
    "health_check.path": r"/[\x21-\x7e]{0,1023}",
    "vpc_id": r"vpc-[0-9a-f]{8,17}",
    "subnet_ids": r"subnet-[0-9a-f]{8,17}",
    "instance_ids": r"i-[0-9a-f]{8,17}",
    "image_id": r"ami-[0-9a-f]{8,17}",
    "instance_type": r"[a-z][a-z0-9-]{0,20}\.[a-z0-9-]{1,20}",
    "instance_profile": r"[A-Za-z0-9_+=,.@-]{1,128}",
    "alb_arn": _BALANCER % "app",
    "load_balancer.arn": _BALANCER % "net",
    "service_id": r"vpce-svc-[0-9a-f]{8,17}",
    "certificate.arn": _CERTIFICATE,
    "regions": r"(?!xx-)[a-z]{2}(?:-[a-z]+)+-[0-9]",
}
PLAIN = r"[A-Za-z0-9][A-Za-z0-9_.:/@-]{0,250}"
BUYER = r"[0-9]{4}-?[0-9]{4}-?[0-9]{4}|arn:aws:iam::[0-9]{12}:(?:root|(?:role|user)/[A-Za-z0-9_+=,.@-]{1,64})"


def as_kept(value: str) -> str:
    """A value as a draft holds it: what is no text is replaced, as in a browser, and one kind of line end."""
    text = value.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    return text.replace("\0", "\ufffd").replace("\r\n", "\n")


def acceptable(field: Field, value: str) -> bool:
    """Whether a product may have it. A blank is none; case, final dot and blanks around are taken off before."""
    text = value.strip(" \t\r\n")
    if not text.strip():
        return field.need != "required"
    if field.options and field.kind != "regions":
        return any(option.value == value for option in field.options)
    if field.kind == "text":
        return _lines(text) if field.path == "buyers" else len(value.encode()) <= 16_384
    if field.path.endswith(".name"):
        return len(text) <= 120 and text.isprintable()
    if field.kind in ("list", "regions"):
        return all(_fits(field.path, word) for word in text.replace(",", " ").split())
    return _fits(field.path, text.lower().removesuffix(".") if field.path.endswith("_dns_name") else text)


def _fits(path: str, word: str) -> bool:
    if path.endswith(("port", "cidr", "ip_addresses")):
        return _number(word) if path.endswith("port") else _network(word, "cidr" if path.endswith("cidr") else "")
    if path.endswith("private_dns_name") and word == "b\u00fccher.example":
        return True  # stored in its xn-- form
    pattern = next((found for end, found in PATTERNS.items() if path.endswith(end)), PLAIN)
    return bool(re.fullmatch(pattern, word, re.ASCII))


def _number(word: str) -> bool:
    return bool(re.fullmatch(r"[0-9]{1,5}", word, re.ASCII)) and 0 < int(word) < 65_536


def _network(word: str, kind: str) -> bool:
    try:
        if not kind:
            return not ipaddress.IPv4Address(word).is_loopback
        found = ipaddress.IPv4Network(word)
        return 16 <= found.prefixlen <= 28 and not found.is_loopback
    except ValueError:
        return False


def _lines(text: str) -> bool:
    """Whether each line of the buyers is an account or a principal, and a name to call it by."""
    lines = (line.strip(" \t,;") for line in text.splitlines())
    found = [re.split(r"[\s,;]+", line, maxsplit=1) for line in lines if line]
    called = all(len(alias) <= 80 and alias.isprintable() for words in found for alias in words[1:])
    return called and all(re.fullmatch(BUYER, words[0], re.ASCII) for words in found)
