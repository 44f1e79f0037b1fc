"""One zone, and what its server answers from it (RFC 1034 4.3.2, RFC 4592 for wildcards)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from sandbox.dns.names import ancestors, within
from sandbox.dns.records import Rrset, by_key

CHAIN = 8


@dataclass(frozen=True)
class Reply:
    """A server's answer. A referral has no answer, is not authoritative, and names servers in `authority`."""

    rcode: str = "NOERROR"
    authoritative: bool = False
    answer: tuple[Rrset, ...] = ()
    authority: tuple[Rrset, ...] = ()

    @property
    def referral(self) -> Rrset | None:
        """The NS set that this answer leads to, if it is a referral."""
        found = [one for one in self.authority if one.type == "NS"]
        return found[0] if found and not self.answer and not self.authoritative else None


REFUSED = Reply("REFUSED")
SERVFAIL = Reply("SERVFAIL")


@dataclass(frozen=True)
class Zone:
    """A zone as one server holds it: its name and all its record sets, SOA and NS of the apex among them."""

    origin: str
    sets: dict[tuple[str, str], Rrset] = field(repr=False)

    @classmethod
    def of(cls, origin: str, sets: Iterable[Rrset]) -> Zone:
        """A zone of these sets."""
        return cls(origin, by_key(sets))

    @cached_property
    def nodes(self) -> frozenset[str]:
        """Every name that exists, those between two names too (RFC 4592 2.2.2)."""
        names = {name for name, _ in self.sets}
        return frozenset(up for name in names for up in ancestors(name) if within(up, self.origin))

    def reply(self, name: str, kind: str) -> Reply:
        """What a server that holds this zone says."""
        found: list[Rrset] = []
        for _ in range(CHAIN):
            if cut := self._cut(name, kind):
                # Records already found make the answer authoritative, whatever follows (RFC 1034 3.7).
                return Reply(authoritative=bool(found), answer=tuple(found), authority=(cut,))
            node = self._node(name)
            if node is None:
                return Reply("NXDOMAIN", True, tuple(found), self._soa)
            if alias := self.sets.get((node, "CNAME")) if kind not in ("CNAME", "ANY") else None:
                found.append(alias.at(name))
                name = alias.target
                if within(name, self.origin):
                    continue
                return Reply(authoritative=True, answer=tuple(found))
            ends = [one.at(name) for one in self._typed(node, kind)]
            return Reply(authoritative=True, answer=(*found, *ends), authority=() if ends else self._soa)
        return Reply("SERVFAIL")

    def _typed(self, node: str, kind: str) -> list[Rrset]:
        if kind == "ANY":
            return [one for (name, _), one in self.sets.items() if name == node]
        return [self.sets[node, kind]] if (node, kind) in self.sets else []

    def _cut(self, name: str, kind: str) -> Rrset | None:
        """The NS set of the highest delegation that the name lies at or below."""
        for up in reversed(list(ancestors(name))):
            if up == self.origin or not within(up, self.origin) or (up, "NS") not in self.sets:
                continue
            alone = up == name
            # A CNAME beside the NS set is forbidden; servers that take it answer with it.
            if alone and (kind == "DS" or (up, "CNAME") in self.sets):
                return None
            return self.sets[up, "NS"]
        return None

    def _node(self, name: str) -> str | None:
        """The name whose records answer: itself, or the wildcard of its closest encloser."""
        if name in self.nodes:
            return name
        encloser = next(up for up in ancestors(name) if up in self.nodes or up == self.origin)
        star = f"*.{encloser}" if encloser else "*"
        return star if star in self.nodes else None

    @property
    def _soa(self) -> tuple[Rrset, ...]:
        held = self.sets.get((self.origin, "SOA"))
        return (held,) if held else ()
