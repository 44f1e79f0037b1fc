"""The buyer's side (domain.md 1.10): finding a service, and endpoints to it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models import ec2_backends
from moto.ec2.responses import EC2Response

from sandbox.aws import elb_interfaces, endpoint_checks, identity, patching, regions
from sandbox.aws.endpoint_checks import find_visible
from sandbox.aws.endpoint_services import Service
from sandbox.aws.errors import AwsError
from sandbox.aws.lists import matching, new_id, page, specified_tags, tag_strings
from sandbox.aws.permissions import lists_explicitly
from sandbox.aws.state import table
from sandbox.aws.tagging import tags_of
from sandbox.clock import clock
from sandbox.world import settings

KIND = "vpc-endpoint"
_AWS_OWN = ("ec2", "ssm", "ssmmessages", "ec2messages", "sts", "logs", "elasticloadbalancing")
_moto: dict[str, Any] = {}


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
        if self.decision != "accepted":
            return self.decision
        return "available" if clock.now() >= self.decided + settings.endpoint_seconds else "pending"

    @property
    def gone(self) -> bool:
        """True when it no longer shows at all."""
        return self.deleted_at is not None and clock.now() >= self.deleted_at + settings.eni_linger_seconds


def install() -> None:
    """Put our endpoints in front of moto's, which keeps gateway endpoints and those to AWS's services."""
    ours = (create_vpc_endpoint, describe_vpc_endpoints, modify_vpc_endpoint, delete_vpc_endpoints)
    for handler in ours:
        _moto[handler.__name__] = patching.replace(EC2Response, handler.__name__, handler)
    patching.replace(EC2Response, "describe_vpc_endpoint_services", describe_vpc_endpoint_services)


def create_vpc_endpoint(response: Any) -> ActionResult:
    """CreateVpcEndpoint to an endpoint service."""
    params, backend = response.params, response.ec2_backend
    if "vpce-svc-" not in params.get("ServiceName", ""):
        return _moto["create_vpc_endpoint"](response)  # type: ignore[no-any-return]
    caller = identity.lookup(response.access_key)
    if params.get("VpcEndpointType", "Gateway") != "Interface":
        message = "Endpoint type (Gateway) does not match available service types ([Interface])."
        raise AwsError("InvalidParameter", message)
    service = find_visible(params["ServiceName"], params.get("ServiceRegion"), caller, response.region)
    vpc = backend.get_vpc(params["VpcId"])
    subnets = endpoint_checks.subnets(backend, vpc, service, params.get("SubnetIds") or [])
    groups = endpoint_checks.groups(backend, vpc, params.get("SecurityGroupIds") or [])
    endpoint_checks.quota(backend, vpc.id)
    private = endpoint_checks.private_dns(vpc, service, params.get("PrivateDnsEnabled"))
    endpoint = Endpoint(
        id=new_id("vpce"),
        account=backend.account_id,
        region=backend.region_name,
        vpc_id=vpc.id,
        service_id=service.id,
        service_name=service.name,
        service_region=service.region,
        subnet_ids=subnets,
        group_ids=groups,
        private_dns=private,
        ip_type=params.get("IpAddressType") or "ipv4",
        suffix=secrets.token_hex(4),
        made=clock.now(),
    )
    table("endpoint")[endpoint.id] = endpoint
    if tags := specified_tags(params, KIND):
        backend.create_tags([endpoint.id], tags)
    if not service.acceptance_required:
        accept(endpoint)
    return ActionResult({"VpcEndpoint": described(endpoint), "ClientToken": params.get("ClientToken")})


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


def dns_names(endpoint: Endpoint) -> list[str]:
    """The regional name, then (in the home region) a name a zone, then the private name if switched on."""
    service: Service = table("service")[endpoint.service_id]
    base = f"{service.id}.{endpoint.region}.vpce.amazonaws.com"
    names = [f"{endpoint.id}-{endpoint.suffix}.{base}"]
    if endpoint.region == service.region:
        names += [f"{endpoint.id}-{endpoint.suffix}-{zone}.{base}" for zone in zones_of(endpoint)]
    if endpoint.private_dns and service.private_dns:
        names.append(service.private_dns.name)
    return names


def zones_of(endpoint: Endpoint) -> list[str]:
    """The zones of its subnets, by the buyer's names."""
    backend = ec2_backends[endpoint.account][endpoint.region]
    held = {s.id: s.availability_zone for group in backend.subnets.values() for s in group.values()}
    return [held[subnet] for subnet in endpoint.subnet_ids if subnet in held]


def dns_entries(endpoint: Endpoint) -> list[dict[str, str]]:
    """DnsEntries with a hosted zone each."""
    zone = "Z" + endpoint.service_id[-13:].upper()
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


def describe_vpc_endpoints(response: Any) -> ActionResult:
    """Ours by id or filters, paged; ids that only moto knows are asked of moto."""
    account, region, ids = response.current_account, response.region, response._get_param("VpcEndpointIds", [])
    if ids and not any(i in table("endpoint") for i in ids) and any(
        i in response.ec2_backend.vpc_end_points for i in ids
    ):
        return _moto["describe_vpc_endpoints"](response)  # type: ignore[no-any-return]
    if ids:
        held = [find(account, region, i) for i in ids]
    else:
        held = [e for e in table("endpoint").values() if (e.account, e.region) == (account, region) and not e.gone]
    readers = {
        "vpc-endpoint-id": lambda e: e.id,
        "vpc-id": lambda e: e.vpc_id,
        "service-name": lambda e: e.service_name,
        "service-region": lambda e: e.service_region,
        "vpc-endpoint-state": lambda e: e.state,
        "vpc-endpoint-type": lambda e: "Interface",
        "ip-address-type": lambda e: e.ip_type,
    }
    held = matching(response, held, readers, lambda e: tag_strings(response.ec2_backend, e.id))
    shown, token = page(response, held)
    return ActionResult({"VpcEndpoints": [described(e) for e in shown], "NextToken": token})


def modify_vpc_endpoint(response: Any) -> ActionResult:
    """Subnets, groups, private DNS (refused until the endpoint was accepted)."""
    params, backend = response.params, response.ec2_backend
    if params["VpcEndpointId"] in backend.vpc_end_points:
        return _moto["modify_vpc_endpoint"](response)  # type: ignore[no-any-return]
    endpoint = find(backend.account_id, backend.region_name, params["VpcEndpointId"])
    service, vpc = table("service")[endpoint.service_id], backend.get_vpc(endpoint.vpc_id)
    if "PrivateDnsEnabled" in params:
        wanted = params["PrivateDnsEnabled"] is True
        if wanted and endpoint.state not in ("available", "pending"):
            message = f"Endpoint {endpoint.id} must be in state available to enable private DNS."
            raise AwsError("InvalidParameter", message)
        if wanted and not endpoint.private_dns:
            endpoint_checks.private_dns_possible(vpc, service)
        endpoint.private_dns = wanted
    left = [s for s in endpoint.subnet_ids if s not in (params.get("RemoveSubnetIds") or [])]
    added = params.get("AddSubnetIds") or []
    endpoint.subnet_ids = endpoint_checks.subnets(backend, vpc, service, [*left, *added])
    kept = [g for g in endpoint.group_ids if g not in (params.get("RemoveSecurityGroupIds") or [])]
    endpoint.group_ids = [*kept, *(params.get("AddSecurityGroupIds") or [])]
    match_interfaces(endpoint)
    return ActionResult({"Return": True})


def delete_vpc_endpoints(response: Any) -> ActionResult:
    """Answers 200 with `Unsuccessful`."""
    backend, failed = response.ec2_backend, []
    for thing in response._get_param("VpcEndpointIds", []):
        if thing in backend.vpc_end_points:
            backend.delete_vpc_endpoints(vpce_ids=[thing])
            continue
        try:
            endpoint = find(backend.account_id, backend.region_name, thing)
        except AwsError as wrong:
            error = {"Code": "InvalidVpcEndpoint.NotFound", "Message": wrong.message}
            failed.append({"ResourceId": thing, "Error": error})
            continue
        if endpoint.deleted_at is None:
            endpoint.deleted_at = clock.now()
            backend.tags.pop(thing, None)
            match_interfaces(endpoint)
    return ActionResult({"Unsuccessful": failed})


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
            if endpoint_checks.offered(service, remote[0] if remote else None, here)
            and lists_explicitly(service, caller)
        ]
        details = [_detail(service, here) for service in visible] + ([] if remote else list(own.values()))
    readers = {
        "owner": lambda d: d["Owner"],
        "service-name": lambda d: d["ServiceName"],
        "service-region": lambda d: d["ServiceRegion"],
        "service-type": lambda d: d["ServiceType"][0]["ServiceType"],
        "supported-ip-address-types": lambda d: d["SupportedIpAddressTypes"],
    }
    details = matching(
        response, details, readers, lambda d: [f"{t['Key']}={t['Value']}" for t in d.get("Tags", [])]
    )
    shown, token = page(response, details)
    listed = [d["ServiceName"] for d in shown]
    return ActionResult({"ServiceNames": listed, "ServiceDetails": shown, "NextToken": token})


def _by_name(name: str, caller: identity.Caller, here: str, remote: list[str]) -> Service:
    return find_visible(name, remote[0] if remote else None, caller, here)


def _detail(service: Service, here: str) -> dict[str, Any]:
    """One ServiceDetail; zones are not shown for a service of another region."""
    backend = ec2_backends[service.account][service.region]
    detail: dict[str, Any] = {
        "ServiceName": service.name,
        "ServiceId": service.id,
        "ServiceType": [{"ServiceType": "Interface"}],
        "ServiceRegion": service.region,
        "Owner": service.account,
        "BaseEndpointDnsNames": [f"{service.id}.{here}.vpce.amazonaws.com"],
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
