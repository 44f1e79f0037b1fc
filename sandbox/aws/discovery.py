"""Which endpoint services a buyer may find."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models import ec2_backends
from moto.ec2.responses import EC2Response

from sandbox.aws import identity, overrides, patching, regions
from sandbox.aws.endpoint_checks import find_visible, offered
from sandbox.aws.identity import Caller
from sandbox.aws.lists import matching, page
from sandbox.aws.permissions import lists_explicitly
from sandbox.aws.service import Service
from sandbox.aws.tagging import tags_of
from sandbox.state import table

_AWS_OWN = ("ec2", "ssm", "ssmmessages", "ec2messages", "sts", "logs", "elasticloadbalancing")


def install() -> None:
    """Put our answer in the place of moto's."""
    patching.replace(EC2Response, "describe_vpc_endpoint_services", describe_vpc_endpoint_services)


def describe_vpc_endpoint_services(response: Any) -> ActionResult:
    """What this caller may find: by name all that admit it, unfiltered only those that name it."""
    caller = identity.lookup(response.access_key)
    here, names = response.region, response._get_param("ServiceNames", [])
    remote = response._get_param("ServiceRegions", [])
    own = {d["ServiceName"]: d for d in _aws_services(here)}
    if names:
        details = [own[n] if n in own else _detail(_by_name(n, caller, here, remote), here) for n in names]
    else:
        visible = [
            service
            for service in table("service").values()
            if offered(service, remote[0] if remote else None, here) and lists_explicitly(service, caller)
        ]
        details = [_detail(service, here) for service in visible] + ([] if remote else list(own.values()))
    readers = {
        "owner": lambda d: d["Owner"],
        "service-name": lambda d: d["ServiceName"],
        "service-region": lambda d: d["ServiceRegion"],
        "service-type": lambda d: d["ServiceType"][0]["ServiceType"],
        "supported-ip-address-types": lambda d: d["SupportedIpAddressTypes"],
    }
    details = matching(response, details, readers, lambda d: [f"{t['Key']}={t['Value']}" for t in d.get("Tags", [])])
    shown, token = page(response, details)
    listed = [d["ServiceName"] for d in shown]
    return ActionResult({"ServiceNames": listed, "ServiceDetails": shown, "NextToken": token})


def _by_name(name: str, caller: Caller, here: str, remote: list[str]) -> Service:
    return find_visible(name, remote[0] if remote else None, caller, here)


def _detail(service: Service, here: str) -> dict[str, Any]:
    """One ServiceDetail; zones are not shown for a service of another region."""
    backend = ec2_backends[service.account][service.region]
    detail: dict[str, Any] = {
        "ServiceName": service.name,
        "ServiceId": service.id,
        "ServiceType": [{"ServiceType": "Interface"}],
        "ServiceRegion": service.region,
        "Owner": overrides.owner(service.id, service.account),
        "BaseEndpointDnsNames": [overrides.base(service.id, here)],
        "VpcEndpointPolicySupported": False,
        "AcceptanceRequired": service.acceptance_required,
        "ManagesVpcEndpoints": False,
        "SupportedIpAddressTypes": list(service.ip_types),
        "Tags": tags_of(backend, service.id),
    }
    if service.region == here:
        detail["AvailabilityZoneIds"] = list(service.zone_ids)
    if service.private_dns:
        detail["PrivateDnsName"] = service.private_dns.name
        detail["PrivateDnsNames"] = [{"PrivateDnsName": service.private_dns.name}]
        detail["PrivateDnsNameVerificationState"] = service.private_dns.state
    return detail


def _aws_services(region: str) -> list[dict[str, Any]]:
    """A few of AWS's own services, so that a list is never ours alone."""
    zones = [zone.zone_id for zone in regions.zones("000000000000", region)]
    return [
        {
            "ServiceName": f"com.amazonaws.{region}.{name}",
            "ServiceId": f"vpce-svc-{name.encode().hex()[:17].ljust(17, '0')}",
            "ServiceType": [{"ServiceType": "Interface"}],
            "ServiceRegion": region,
            "Owner": "amazon",
            "AvailabilityZoneIds": zones,
            "BaseEndpointDnsNames": [f"{name}.{region}.vpce.amazonaws.com"],
            "PrivateDnsName": f"{name}.{region}.amazonaws.com",
            "AcceptanceRequired": False,
            "ManagesVpcEndpoints": False,
            "VpcEndpointPolicySupported": True,
            "SupportedIpAddressTypes": ["ipv4"],
            "Tags": [],
        }
        for name in _AWS_OWN
    ]
