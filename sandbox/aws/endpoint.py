"""What an interface endpoint is, its interfaces and names, and how AWS shows it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from moto.ec2.models import ec2_backends

from sandbox.aws import elb_interfaces, overrides
from sandbox.aws.errors import AwsError
from sandbox.aws.lists import new_id
from sandbox.aws.service import Service
from sandbox.aws.tagging import tags_of
from sandbox.clock import clock
from sandbox.state import table
from sandbox.world import settings, switches


@dataclass
class Endpoint:
    """An interface endpoint to an endpoint service. `state` is computed when it is read."""

    id: str
    account: str
    region: str
    vpc_id: str
    service_id: str
    service_name: str
    service_region: str
    subnet_ids: list[str]
    group_ids: list[str]
    private_dns: bool
    ip_type: str
    suffix: str
    made: float
    decision: str = "pendingAcceptance"
    decided: float = 0.0
    deleted_at: float | None = None
    connection_id: str = field(default_factory=lambda: new_id("vpce-con"))
    enis: dict[str, str] = field(default_factory=dict)

    @property
    def state(self) -> str:
        """As AWS spells it for endpoints: lower camel case."""
        if self.deleted_at is not None:
            return "deleting"
        if forced := switches.states.get(self.id):
            return forced
        if self.decision != "accepted":
            return self.decision
        return "available" if clock.now() >= self.decided + settings.endpoint_seconds else "pending"

    @property
    def gone(self) -> bool:
        """True when it no longer shows at all."""
        return self.deleted_at is not None and clock.now() >= self.deleted_at + settings.eni_linger_seconds


def accept(endpoint: Endpoint) -> None:
    """Connect it: interfaces are made, and it becomes available after a while."""
    endpoint.decision, endpoint.decided = "accepted", clock.now()
    match_interfaces(endpoint)


def match_interfaces(endpoint: Endpoint) -> None:
    """One interface in each of its subnets while it is connected, none elsewhere."""
    backend = ec2_backends[endpoint.account][endpoint.region]
    wanted = endpoint.subnet_ids if endpoint.decision == "accepted" and endpoint.deleted_at is None else []
    text = f"VPC Endpoint Interface {endpoint.id}"
    for subnet_id in wanted:
        if subnet_id not in endpoint.enis:
            eni = elb_interfaces.make(backend, subnet_id, endpoint.group_ids, text, "vpc_endpoint")
            endpoint.enis[subnet_id] = eni
    gone = [subnet_id for subnet_id in endpoint.enis if subnet_id not in wanted]
    elb_interfaces.release(backend, [endpoint.enis.pop(subnet_id) for subnet_id in gone])
    publish(endpoint)


def publish(endpoint: Endpoint) -> None:
    """Let the friendly names, if the service has one, resolve to the interfaces that there are now."""
    overrides.publish(endpoint.id, endpoint.service_id, _friendly_addresses(endpoint))


def _friendly_addresses(endpoint: Endpoint) -> dict[str, list[str]]:
    backend = ec2_backends[endpoint.account][endpoint.region]
    held = [backend.enis[eni] for eni in endpoint.enis.values() if eni in backend.enis]
    if not held or not overrides.of(endpoint.service_id):
        return {}
    regional, *zonal = base_names(endpoint)
    addresses = {regional: [str(eni.private_ip_address) for eni in held]}
    by_zone = {eni.subnet.availability_zone: str(eni.private_ip_address) for eni in held}
    for name, zone in zip(zonal, zones_of(endpoint), strict=False):
        if zone in by_zone:
            addresses[name] = [by_zone[zone]]
    return addresses


def own_names(endpoint: Endpoint) -> list[str]:
    """The names that AWS gives by itself: regional, then (in the home region) one a zone."""
    stem, base = f"{endpoint.id}-{endpoint.suffix}", f"{endpoint.service_id}.{endpoint.region}.vpce.amazonaws.com"
    return [f"{stem}.{base}", *(f"{stem}-{zone}.{base}" for zone in _named_zones(endpoint))]


def base_names(endpoint: Endpoint) -> list[str]:
    """The names under the service's base name: its own, or the friendly one that Marketplace put there (S37)."""
    override = overrides.of(endpoint.service_id)
    if override is None:
        return own_names(endpoint)
    stem = f"{endpoint.id}.{override.name}"
    return [stem, *(f"{zone}-{stem}" for zone in _named_zones(endpoint))]


def _named_zones(endpoint: Endpoint) -> list[str]:
    service: Service = table("service")[endpoint.service_id]
    return zones_of(endpoint) if endpoint.region == service.region else []


def private_name(endpoint: Endpoint) -> str | None:
    """The private name that resolves in the endpoint's VPC, if it is switched on."""
    service: Service = table("service")[endpoint.service_id]
    return service.private_dns.name if endpoint.private_dns and service.private_dns else None


def dns_names(endpoint: Endpoint) -> list[str]:
    """What AWS shows: the regional name, the zonal ones, then the private name if switched on."""
    private = private_name(endpoint)
    return [*base_names(endpoint), *([private] if private else [])]


def zones_of(endpoint: Endpoint) -> list[str]:
    """The zones of its subnets, by the buyer's names."""
    backend = ec2_backends[endpoint.account][endpoint.region]
    held = {s.id: s.availability_zone for group in backend.subnets.values() for s in group.values()}
    return [held[subnet] for subnet in endpoint.subnet_ids if subnet in held]


def dns_entries(endpoint: Endpoint) -> list[dict[str, str]]:
    """DnsEntries with a hosted zone each."""
    override = overrides.of(endpoint.service_id)
    zone = override.zone_id if override else "Z" + endpoint.service_id[-13:].upper()
    return [{"DnsName": name, "HostedZoneId": zone} for name in dns_names(endpoint)]


def created(endpoint: Endpoint) -> datetime:
    """When it was made."""
    return datetime.fromtimestamp(endpoint.made, UTC)


def described(endpoint: Endpoint) -> dict[str, Any]:
    """The endpoint in the shape of AWS's answers."""
    backend = ec2_backends[endpoint.account][endpoint.region]
    groups = [backend.get_security_group_from_id(group) for group in endpoint.group_ids]
    return {
        "VpcEndpointId": endpoint.id,
        "VpcEndpointType": "Interface",
        "VpcId": endpoint.vpc_id,
        "ServiceName": endpoint.service_name,
        "ServiceRegion": endpoint.service_region,
        "State": endpoint.state,
        "RouteTableIds": [],
        "SubnetIds": list(endpoint.subnet_ids),
        "Groups": [{"GroupId": g.id, "GroupName": g.name} for g in groups if g],
        "IpAddressType": endpoint.ip_type,
        "PrivateDnsEnabled": endpoint.private_dns,
        "RequesterManaged": False,
        "NetworkInterfaceIds": list(endpoint.enis.values()),
        "DnsEntries": dns_entries(endpoint),
        "CreationTimestamp": created(endpoint),
        "Tags": tags_of(backend, endpoint.id),
        "OwnerId": endpoint.account,
    }


def find(account: str, region: str, endpoint_id: str) -> Endpoint:
    """The endpoint, or InvalidVpcEndpointId.NotFound."""
    endpoint: Endpoint | None = table("endpoint").get(endpoint_id)
    if endpoint is None or endpoint.gone or (endpoint.account, endpoint.region) != (account, region):
        raise AwsError("InvalidVpcEndpointId.NotFound", f"The Vpc Endpoint Id '{endpoint_id}' does not exist")
    return endpoint
