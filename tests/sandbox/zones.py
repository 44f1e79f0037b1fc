"""Hosted zones and records by real calls, and real DNS queries over UDP and TCP, for the contract tests."""

from __future__ import annotations

import itertools
from typing import Any

import dns.flags
import dns.message
import dns.query
import dns.rcode
import dns.rdatatype

from sandbox import world
from sandbox.clock import clock
from sandbox.dns import hosts

_references = itertools.count(1)


class Wire:
    """Asks the simulated name servers over sockets."""

    def __init__(self, port: int) -> None:
        self.port = port

    def ask(
        self,
        name: str,
        kind: str,
        at: str = "127.0.0.1",
        *,
        tcp: bool = False,
        edns: bool = False,
        rd: bool | None = None,
    ) -> dns.message.Message:
        """The answer of the server at an address or of a name server by its host name."""
        address = at if at[0].isdigit() else hosts.address_of(at)
        assert address is not None
        message = dns.message.make_query(name, kind, use_edns=0 if edns else None)
        if not (address in hosts.RESOLVERS if rd is None else rd):
            message.flags &= ~dns.flags.RD
        send: Any = dns.query.tcp if tcp else dns.query.udp
        answer: dns.message.Message = send(message, address, port=self.port, timeout=2)
        return answer

    def values(self, name: str, kind: str, at: str = "127.0.0.1") -> list[str]:
        """The values of the answer, sorted; the rcode alone if it is not NOERROR."""
        message = self.ask(name, kind, at)
        if rcode(message) != "NOERROR":
            return [rcode(message)]
        wanted = dns.rdatatype.from_text(kind)
        return sorted(item.to_text() for rrset in message.answer if rrset.rdtype == wanted for item in rrset)


def rcode(message: dns.message.Message) -> str:
    """NOERROR, NXDOMAIN, REFUSED ..."""
    return dns.rcode.to_text(message.rcode())


def authority(message: dns.message.Message) -> list[str]:
    """The values of the authority section, sorted, without final dots."""
    return sorted(item.to_text().rstrip(".") for rrset in message.authority for item in rrset)


def in_sync() -> None:
    """Time passes until all changes so far are served."""
    clock.advance(world.settings.dns_seconds)


def zone(route53: Any, name: str) -> dict[str, Any]:
    """A public hosted zone, served: `id` and `servers`."""
    made = route53.create_hosted_zone(Name=name, CallerReference=f"ref-{next(_references)}")
    in_sync()
    number = made["HostedZone"]["Id"].rpartition("/")[2]
    return {"id": number, "servers": made["DelegationSet"]["NameServers"], "change": made["ChangeInfo"]["Id"]}


def change(action: str, name: str, kind: str, *values: str, ttl: int = 300) -> dict[str, Any]:
    """One change of a batch."""
    records = [{"Value": value} for value in values]
    return {"Action": action, "ResourceRecordSet": {"Name": name, "Type": kind, "TTL": ttl, "ResourceRecords": records}}


def apply(route53: Any, zone_id: str, *changes: dict[str, Any]) -> dict[str, Any]:
    """Sends the batch and gives its ChangeInfo."""
    sent = route53.change_resource_record_sets(HostedZoneId=zone_id, ChangeBatch={"Changes": list(changes)})
    info: dict[str, Any] = sent["ChangeInfo"]
    return info


def served(route53: Any, zone_id: str, *changes: dict[str, Any]) -> None:
    """Sends the batch and waits until it is served."""
    apply(route53, zone_id, *changes)
    in_sync()
