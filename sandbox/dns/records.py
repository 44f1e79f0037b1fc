"""Record sets, and their translation into what dnslib puts on the wire."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

import dnslib

from sandbox.dns.names import normal

_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"|(\S+)', re.DOTALL)
_ESCAPE = re.compile(r"\\([0-7]{3}|.)", re.DOTALL)


@dataclass(frozen=True)
class Rrset:
    """All records of one name and type. Values are in presentation form: TXT quoted, names with any dots."""

    name: str
    type: str
    ttl: int
    values: tuple[str, ...]

    def at(self, name: str) -> Rrset:
        """The same records under another name, as a wildcard gives them."""
        return replace(self, name=name)

    @property
    def target(self) -> str:
        """Where a CNAME leads."""
        return normal(self.values[0])

    def wire(self) -> list[Any]:
        """dnslib's resource records. A value that is no record of the type is left out."""
        found = []
        for value in self.values:
            try:
                data = _data(self.type, value)
            except (ValueError, dnslib.DNSError, IndexError):
                continue
            kind = getattr(dnslib.QTYPE, self.type)
            found.append(dnslib.RR(self.name or ".", kind, rdata=data, ttl=self.ttl))
        return found


def by_key(sets: Iterable[Rrset]) -> dict[tuple[str, str], Rrset]:
    """The sets by name and type, the first one where several share them."""
    found: dict[tuple[str, str], Rrset] = {}
    for one in sets:
        found.setdefault((one.name, one.type), one)
    return found


def strings(value: str) -> list[str]:
    r"""The character strings of a TXT value: `"a" "b"` is two; `\"` and `\040` (octal) are undone."""
    return [
        _ESCAPE.sub(_unescaped, quoted) if quoted or not bare else bare for quoted, bare in _STRING.findall(value)
    ] or [""]


def plain(kind: str, value: str) -> str:
    """The value as a program compares it: TXT without quotes, names lower case without final dot."""
    if kind == "TXT":
        return "".join(strings(value))
    return normal(value) if kind in ("CNAME", "NS", "PTR") else value


def quoted(text: str) -> str:
    """Text as a TXT value, cut into strings of 255 characters."""
    safe = text.replace("\\", "\\\\").replace('"', '\\"')
    return " ".join(f'"{safe[start : start + 255]}"' for start in range(0, max(len(safe), 1), 255))


def _unescaped(found: re.Match[str]) -> str:
    inner = found.group(1)
    return chr(int(inner, 8)) if len(inner) == 3 else inner


def _data(kind: str, value: str) -> Any:
    if kind == "TXT":
        return dnslib.TXT([part.encode("latin-1", "replace") for part in strings(value)])
    if kind == "SOA":
        words = value.split()
        return dnslib.SOA(words[0], words[1], tuple(int(word) for word in words[2:7]))
    if kind == "MX":
        preference, host = value.split()
        return dnslib.MX(host, int(preference))
    if make := _SIMPLE.get(kind):
        return make(value)
    return dnslib.RR.fromZone(f"x. 60 IN {kind} {value}")[0].rdata


_SIMPLE: dict[str, Callable[[str], Any]] = {
    "A": dnslib.A,
    "AAAA": dnslib.AAAA,
    "CNAME": dnslib.CNAME,
    "NS": dnslib.NS,
    "PTR": dnslib.PTR,
}
