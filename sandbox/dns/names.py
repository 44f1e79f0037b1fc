"""Domain names as the simulated DNS keeps them: lower case, no final dot, the root as ""."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from publicsuffixlist import PublicSuffixList

_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?|\*")


def normal(name: str) -> str:
    r"""The name in lower case, without final dot; Route 53 writes `*` as `\052`."""
    return name.strip().lower().replace("\\052", "*").rstrip(".")


def within(name: str, zone: str) -> bool:
    """True if the name is the zone's own or lies below it; both normal."""
    return not zone or name == zone or name.endswith(f".{zone}")


def ancestors(name: str) -> Iterator[str]:
    """The name itself, its parent, and so on, the root last."""
    while name:
        yield name
        name = name.partition(".")[2]
    yield ""


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(only_icann=True)


def registered(name: str) -> str:
    """The name that a registrar sells for it: `example.com` for `api.example.com`; "" for a registry's own."""
    return _suffixes().privatesuffix(name) or ""


def problem(name: str) -> str:
    """What is wrong with a normal name, as a sentence; "" if nothing is."""
    if not name or len(name) > 253:
        return f"{name!r} must be a domain name of 1 to 253 characters, like api.example.com."
    bad = [label for label in name.split(".") if not _LABEL.fullmatch(label)]
    return f"{bad[0]!r} in {name!r} is not a label. Write letters, digits, hyphens or underscores." if bad else ""
