"""Route 53's hosted zones: a delegation set each, changes that take a while, errors as AWS documents them.

The public ones stand in `sandbox.dns.hosted` too, where the name servers read them.
"""

from __future__ import annotations

import hashlib
import secrets
import string
from datetime import UTC, datetime
from typing import Any

from moto.core.responses import ActionResult
from moto.route53 import models
from moto.route53.responses import Route53

from sandbox.aws import patching, public_dns, quotas
from sandbox.aws.errors import AwsError
from sandbox.clock import clock
from sandbox.dns import hosts, names, server
from sandbox.dns.hosted import Hosted, Version, taken, zones_by_id
from sandbox.dns.lookup import resolve
from sandbox.dns.records import Rrset
from sandbox.dns.zone import Zone
from sandbox.state import table
from sandbox.world import settings

# moto declares them abstract and makes them all the same.
FakeZone: Any = models.FakeZone
RecordSet: Any = models.RecordSet
_ALPHABET = string.ascii_uppercase + string.digits
_SOA = "{} awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400"


def install() -> None:
    """Take over what moto answers too readily; let the rest of AWS look into the DNS that comes of it."""
    public_dns.use_lookup(resolve)
    patching.actions(
        Route53, create_hosted_zone, get_hosted_zone, delete_hosted_zone, list_hosted_zones_by_name, get_change
    )


def find(response: Any, given: str) -> Any:
    """moto's zone of the caller's account. NoSuchHostedZone."""
    zone = response.backend.zones.get(given.rpartition("/")[2])
    if zone is None:
        raise AwsError("NoSuchHostedZone", f"No hosted zone found with ID: {given.rpartition('/')[2]}", 404)
    return zone


def changed(account: str, comment: str | None = None) -> dict[str, Any]:
    """A new change, PENDING, as ChangeInfo."""
    number = f"C{new_id(20)}"
    table("dns_change")[number] = {"account": account, "made": clock.now(), "comment": comment}
    return _info(number)


def _info(number: str) -> dict[str, Any]:
    change = table("dns_change")[number]
    done = clock.now() >= change["made"] + settings.dns_seconds
    return {
        "Id": f"/change/{number}",
        "Status": "INSYNC" if done else "PENDING",
        "SubmittedAt": datetime.fromtimestamp(change["made"], UTC),
        "Comment": change["comment"],
    }


def publish(zone: Any) -> None:
    """Hands the zone's records to the name servers, which serve them from INSYNC."""
    hosted = zones_by_id().get(zone.resource_id)
    if hosted is None:
        return
    sets = [
        Rrset(names.normal(held.name), str(held.type), int(held.ttl), tuple(held.records))
        for held in zone.rrsets
        if held.records
    ]
    hosted.versions.append(Version(clock.now(), Zone.of(hosted.name, sets)))


def create_hosted_zone(response: Any) -> ActionResult:
    """CreateHostedZone. A caller reference makes one zone only; another try is HostedZoneAlreadyExists."""
    name, reference = names.normal(response._get_param("Name")), response._get_param("CallerReference")
    backend, private = response.backend, response._get_bool_param("HostedZoneConfig.PrivateZone", False)
    _check_new(backend, name, reference)
    if private and not response._get_param("VPC.VPCId"):
        raise AwsError("InvalidInput", "A private hosted zone needs a VPC.")
    number = f"Z{new_id(20)}"
    servers = () if private else _servers(backend.account_id, name)
    delegation: Any = models.DelegationSet(reference, list(servers), response._get_param("DelegationSetId") or "-")
    delegation.id = delegation.caller_reference = None  # only a reusable set has them
    comment = response._get_param("HostedZoneConfig.Comment")
    zone = FakeZone(f"{name}.", number, private, reference, comment, delegation)
    if private:
        zone.add_vpc(response._get_param("VPC.VPCId"), response._get_param("VPC.VPCRegion"))
    else:
        zones_by_id()[number] = Hosted(number, backend.account_id, name, servers)
    zone.rrsets = _apex(zone.name, servers or ("ns-0.awsdns-00.com",))
    backend.zones[number] = zone
    publish(zone)
    location = f"https://route53.amazonaws.com/2013-04-01/hostedzone/{number}"
    shown = {**_shown(zone), "ChangeInfo": changed(backend.account_id), "Location": location}
    return ActionResult(shown)


def _check_new(backend: Any, name: str, reference: str) -> None:
    if names.problem(name) or "*" in name:
        raise AwsError("InvalidDomainName", f"{name} is not a valid domain name")
    if any(zone.caller_reference == reference for zone in backend.zones.values()):
        message = f"A hosted zone has already been created with the specified caller reference: {reference}"
        raise AwsError("HostedZoneAlreadyExists", message, 409)
    if len(backend.zones) >= quotas.limit(backend.account_id, "us-east-1", "route53", "L-4EA4796A"):
        raise AwsError("TooManyHostedZones", "The limit on the number of hosted zones is reached.")


def _servers(account: str, name: str) -> tuple[str, ...]:
    """A delegation set whose name servers listen. Equal worlds get equal sets."""
    same = sum(zone.name == name for zone in zones_by_id().values())
    seed = int.from_bytes(hashlib.sha256(f"{account}/{name}/{same}".encode()).digest())
    deaf: list[tuple[str, str]] = []
    while True:
        try:
            chosen = hosts.delegation_set(seed, name, [*taken(), *deaf])
        except LookupError as error:
            raise AwsError("DelegationSetNotAvailable", str(error)) from None
        lost = [(name, host) for host in chosen if not server.listen(hosts.address_of(host) or "")]
        if not lost:
            return chosen
        deaf += lost


def _apex(name: str, servers: tuple[str, ...]) -> list[Any]:
    dotted = [f"{host}." for host in servers]
    return [
        RecordSet({"Name": name, "Type": "NS", "TTL": 172_800, "ResourceRecords": dotted}),
        RecordSet({"Name": name, "Type": "SOA", "TTL": 900, "ResourceRecords": [_SOA.format(dotted[0])]}),
    ]


def _shown(zone: Any) -> dict[str, Any]:
    return {"HostedZone": zone, "DelegationSet": None if zone.private_zone else zone.delegation_set}


def get_hosted_zone(response: Any) -> ActionResult:
    """GetHostedZone, with the delegation set of a public zone or the VPCs of a private one."""
    zone = find(response, response._get_param("Id"))
    vpcs = [{"VPCId": vpc.get("vpc_id"), "VPCRegion": vpc.get("vpc_region")} for vpc in zone.vpcs]
    return ActionResult({**_shown(zone), "VPCs": vpcs if zone.private_zone else None})


def delete_hosted_zone(response: Any) -> ActionResult:
    """DeleteHostedZone; HostedZoneNotEmpty while it holds more than the SOA and NS sets of its apex."""
    zone = find(response, response._get_param("Id"))
    if any(held.name != zone.name or held.type not in ("NS", "SOA") for held in zone.rrsets):
        message = "The specified hosted zone contains non-required resource record sets and so cannot be deleted."
        raise AwsError("HostedZoneNotEmpty", message)
    del response.backend.zones[zone.resource_id]
    response.backend.resource_tags.pop(zone.resource_id, None)
    zones_by_id().pop(zone.resource_id, None)
    return ActionResult({"ChangeInfo": changed(response.current_account)})


def list_hosted_zones_by_name(response: Any) -> ActionResult:
    """All zones in the order of their reversed labels, from DNSName on: not only the ones of that name."""
    asked, marker = response._get_param("DNSName"), response._get_param("HostedZoneId")
    size = int(response._get_param("MaxItems") or 100)
    zones = sorted(response.backend.zones.values(), key=_order)
    if asked:
        start = (_reversed(names.normal(asked)), (marker or "").rpartition("/")[2])
        zones = [zone for zone in zones if _order(zone) >= start]
    following = zones[size] if len(zones) > size else None
    return ActionResult(
        {
            "DNSName": asked,
            "HostedZoneId": marker,
            "HostedZones": zones[:size],
            "MaxItems": size,
            "IsTruncated": following is not None,
            "NextDNSName": following.name if following else None,
            "NextHostedZoneId": following.resource_id if following else None,
        }
    )


def _order(zone: Any) -> tuple[list[str], str]:
    return _reversed(names.normal(zone.name)), zone.resource_id


def _reversed(name: str) -> list[str]:
    return name.split(".")[::-1]


def get_change(response: Any) -> ActionResult:
    """GetChange: PENDING, then INSYNC. NoSuchChange for one of another account."""
    number = response._get_param("Id").rpartition("/")[2]
    known = table("dns_change").get(number)
    if known is None or known["account"] != response.current_account:
        raise AwsError("NoSuchChange", f"Could not find resource with ID: {number}", 404)
    return ActionResult({"ChangeInfo": _info(number)})


def new_id(length: int) -> str:
    """Capitals and digits."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))
