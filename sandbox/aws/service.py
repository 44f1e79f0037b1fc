"""What an endpoint service is, and how AWS shows it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from moto.ec2.models import ec2_backends
from moto.elbv2.models import elbv2_backends

from sandbox.aws import overrides, regions
from sandbox.aws.errors import AwsError
from sandbox.aws.private_dns import PrivateDns
from sandbox.aws.tagging import tags_of
from sandbox.clock import clock
from sandbox.state import table
from sandbox.world import settings, switches


@dataclass
class Service:
    """An endpoint service. `zone_ids` is a snapshot, which an empty Modify refreshes."""

    id: str
    account: str
    region: str
    balancers: list[str]
    acceptance_required: bool
    zone_ids: list[str] = field(default_factory=list)
    ip_types: list[str] = field(default_factory=lambda: ["ipv4"])
    private_dns: PrivateDns | None = None
    regions: dict[str, str] = field(default_factory=dict)
    principals: dict[str, str] = field(default_factory=dict)
    payer: str | None = None
    made: float = 0.0
    deleted_at: float | None = None

    @property
    def name(self) -> str:
        """The default service name, which buyers use."""
        return f"com.amazonaws.vpce.{self.region}.{self.id}"

    @property
    def deleted(self) -> bool:
        """True once it was deleted; it still shows as Deleting for a while."""
        return self.deleted_at is not None

    @property
    def state(self) -> str:
        """Pending, Available or Deleting, by the clock."""
        if self.deleted:
            return "Deleting"
        if forced := switches.states.get(self.id):
            return forced
        return "Available" if clock.now() >= self.made + settings.service_seconds else "Pending"

    @property
    def gone(self) -> bool:
        """True when it no longer shows at all."""
        return self.deleted_at is not None and clock.now() >= self.deleted_at + settings.service_seconds

    def region_states(self) -> dict[str, str]:
        """Extra consumer regions; each is Pending while the service is."""
        return {r: s if s == "Closed" or self.state == "Available" else self.state for r, s in self.regions.items()}


def find(account: str, region: str, service_id: str) -> Service:
    """The service, or InvalidVpcEndpointServiceId.NotFound."""
    service: Service | None = table("service").get(service_id)
    if service is None or service.gone or (service.account, service.region) != (account, region):
        message = f"The VpcEndpointService Id '{service_id}' does not exist"
        raise AwsError("InvalidVpcEndpointServiceId.NotFound", message)
    return service


def owned(account: str, region: str) -> list[Service]:
    """All services of the account in the region that still show."""
    held = [s for s in table("service").values() if (s.account, s.region) == (account, region)]
    return [service for service in held if not service.gone]


def balancers_of(service: Service) -> list[Any]:
    """The load balancers that the service holds, as far as they still exist."""
    held = elbv2_backends[service.account][service.region].load_balancers
    return [held[arn] for arn in service.balancers if arn in held]


def zone_ids(service: Service) -> list[str]:
    """The ids of the zones that its load balancers have now."""
    return sorted({s.availability_zone_id for b in balancers_of(service) for s in b.subnets})


def described(service: Service) -> dict[str, Any]:
    """The service in the shape of AWS's answers."""
    names = {z.zone_id: z.name for z in regions.zones(service.account, service.region)}
    backend = ec2_backends[service.account][service.region]
    states = service.region_states()
    shown = {
        "ServiceType": [{"ServiceType": "Interface"}],
        "ServiceId": service.id,
        "ServiceName": service.name,
        "ServiceState": service.state,
        "AvailabilityZoneIds": list(service.zone_ids),
        "AvailabilityZones": [names[zone] for zone in service.zone_ids],
        "AcceptanceRequired": service.acceptance_required,
        "ManagesVpcEndpoints": False,
        "NetworkLoadBalancerArns": list(service.balancers),
        "SupportedIpAddressTypes": list(service.ip_types),
        "BaseEndpointDnsNames": [overrides.base(service.id, service.region)],
        "Tags": tags_of(backend, service.id),
        "SupportedRegions": [{"Region": r, "ServiceState": s} for r, s in states.items()],
        "RemoteAccessEnabled": any(r != service.region and s != "Closed" for r, s in states.items()),
        "PayerResponsibility": service.payer,
    }
    if service.private_dns:
        shown["PrivateDnsName"] = service.private_dns.name
        shown["PrivateDnsNameConfiguration"] = service.private_dns.described()
    return {key: value for key, value in shown.items() if value is not None}
