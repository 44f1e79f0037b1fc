"""A zone as a name server holds it, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass

from dnslib import QTYPE, RCODE, RR, DNSRecord


def norm(name: object) -> str:
    return str(name).lower().rstrip(".")


@dataclass
class Zone:
    """A zone with its records; NS records below its apex delegate."""

    apex: str
    records: list[RR]

    def at(self, name: str, type: str) -> list[RR]:
        return [each for each in self.records if norm(each.rname) == name and QTYPE[each.rtype] == type]

    def cut(self, name: str) -> list[RR]:
        """The NS records that delegate a name away, those nearest to the apex."""
        labels = name.split(".")
        for count in range(self.apex.count(".") + 2 if self.apex else 1, len(labels) + 1):
            above = ".".join(labels[-count:])
            if found := self.at(above, "NS"):
                return found
        return []

    def answer(self, reply: DNSRecord, name: str, type: str, *, flat: bool = False) -> None:
        """Fill in a reply; `flat`: as a server that answers from this zone what lies below a cut, too."""
        cut = self.cut(name)
        if cut and flat and norm(cut[0].rname) != name:
            cut = []
        alias = self.at(name, "CNAME")
        if alias and (not cut or (type == "CNAME" and norm(cut[0].rname) == name)):
            reply.header.aa = 1
            reply.add_answer(*alias)
            target = norm(alias[0].rdata)
            if type != "CNAME" and (target == self.apex or target.endswith("." + self.apex)) and reply.header.a < 12:
                self.answer(reply, target, type)
        elif cut:
            reply.add_auth(*cut)
            for each in cut:
                reply.add_ar(*self.at(norm(each.rdata), "A"))
        else:
            reply.header.aa = 1
            found = self.at(name, type)
            reply.add_answer(*found)
            if not found:
                exists = any(norm(each.rname) == name or norm(each.rname).endswith("." + name) for each in self.records)
                reply.header.rcode = RCODE.NOERROR if exists or reply.rr else RCODE.NXDOMAIN
                reply.add_auth(*self.at(self.apex, "SOA"))
