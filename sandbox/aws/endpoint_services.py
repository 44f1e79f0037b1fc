"""Endpoint services: create, describe, modify, delete, with their refusals."""

from __future__ import annotations

import re
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models import EC2Backend, ec2_backends
from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend
from moto.ec2.responses import EC2Response
from moto.elbv2.models import elbv2_backends

from sandbox.aws import load_balancing, patching, regions
from sandbox.aws.errors import AwsError
from sandbox.aws.lists import matching, new_id, page, specified_tags, tag_strings
from sandbox.aws.private_dns import make_private_dns
from sandbox.aws.service import Service, balancers_of, described, find, owned, zone_ids
from sandbox.clock import clock
from sandbox.state import table

KIND = "vpc-endpoint-service"
_NLB = re.compile(r"arn:aws:elasticloadbalancing:[a-z0-9-]+:\d{12}:loadbalancer/net/[^/]+/[0-9a-f]{16}", re.ASCII)


def install() -> None:
    """Put our endpoint services in the place of moto's."""
    patching.actions(
        EC2Response,
        create_vpc_endpoint_service_configuration,
        describe_vpc_endpoint_service_configurations,
        modify_vpc_endpoint_service_configuration,
        delete_vpc_endpoint_service_configurations,
        modify_vpc_endpoint_service_payer_responsibility,
        start_vpc_endpoint_service_private_dns_verification,
    )
    patching.replace(EC2Backend, "get_vpc_endpoint_service", _get_for_tagging)


def _get_for_tagging(backend: Any, resource_id: str) -> Any:
    return find(backend.account_id, backend.region_name, resource_id)


def create_vpc_endpoint_service_configuration(response: Any) -> ActionResult:
    """CreateVpcEndpointServiceConfiguration."""
    params, backend = response.params, response.ec2_backend
    if params.get("GatewayLoadBalancerArns"):
        raise AwsError("UnsupportedOperation", "Gateway Load Balancers are not simulated here.")
    arns = params.get("NetworkLoadBalancerArns") or []
    if not arns:
        message = "You must specify at least one Network Load Balancer ARN or Gateway Load Balancer ARN"
        raise AwsError("InvalidParameter", message)
    for arn in arns:
        _check_balancer(backend, arn)
    tags = specified_tags(params, KIND)
    service = Service(
        id=new_id("vpce-svc"),
        account=backend.account_id,
        region=backend.region_name,
        balancers=list(arns),
        acceptance_required=params.get("AcceptanceRequired", True) is not False,
        made=clock.now(),
    )
    _set_ip_types(service, params.get("SupportedIpAddressTypes") or ["ipv4"])
    _add_regions(service, params.get("SupportedRegions") or [])
    if name := params.get("PrivateDnsName"):
        service.private_dns = make_private_dns(service.id, name)
    service.zone_ids = zone_ids(service)
    table("service")[service.id] = service
    if tags:
        backend.create_tags([service.id], tags)
    answer = {"ServiceConfiguration": described(service), "ClientToken": params.get("ClientToken")}
    return ActionResult(answer)


def _check_balancer(backend: Any, arn: str) -> Any:
    if not _NLB.fullmatch(arn):
        message = f"The Network Load Balancer ARN '{arn}' is malformed."
        raise AwsError("InvalidNetworkLoadBalancerArn.Malformed", message)
    balancer = elbv2_backends[backend.account_id][backend.region_name].load_balancers.get(arn)
    if balancer is None:
        message = f"The Network Load Balancer '{arn}' does not exist."
        raise AwsError("InvalidNetworkLoadBalancerArn.NotFound", message)
    if not load_balancing.is_active(balancer):
        raise AwsError("InvalidParameter", f"The Network Load Balancer '{arn}' is not active.")
    if holder := load_balancing.service_of(arn):
        message = f"The Network Load Balancer '{arn}' is already associated with endpoint service '{holder}'."
        raise AwsError("InvalidParameter", message)
    return balancer


def _set_ip_types(service: Service, types: list[str]) -> None:
    stacks = {b.ip_address_type for b in balancers_of(service)}
    for kind in types:
        if kind not in ("ipv4", "ipv6"):
            raise AwsError("InvalidParameter", f"Invalid IP address type '{kind}'.")
        if kind == "ipv6" and stacks != {"dualstack"}:
            message = "IPv6 needs Network Load Balancers of IP address type dualstack."
            raise AwsError("InvalidParameter", message)
    service.ip_types = list(types)


def _add_regions(service: Service, names: list[str]) -> None:
    zones = {s.availability_zone for b in balancers_of(service) for s in b.subnets}
    for name in names:
        if name not in RegionsAndZonesBackend.zones or not regions.is_enabled(service.account, name):
            raise AwsError("InvalidParameter", f"The region '{name}' is not valid or not enabled.")
        if name != service.region and len(zones) < 2:
            message = "Cross-region access needs a load balancer in at least two Availability Zones."
            raise AwsError("InvalidParameter", message)
        service.regions[name] = "Available"


def describe_vpc_endpoint_service_configurations(response: Any) -> ActionResult:
    """By id (all must exist) or by filters, paged."""
    account, region = response.current_account, response.region
    ids = response._get_param("ServiceIds", [])
    held = [find(account, region, thing) for thing in ids] if ids else owned(account, region)
    readers = {
        "service-id": lambda s: s.id,
        "service-name": lambda s: s.name,
        "service-state": lambda s: s.state,
        "supported-ip-address-types": lambda s: s.ip_types,
    }
    held = matching(response, held, readers, lambda s: tag_strings(response.ec2_backend, s.id))
    shown, token = page(response, held)
    return ActionResult({"ServiceConfigurations": [described(s) for s in shown], "NextToken": token})


def modify_vpc_endpoint_service_configuration(response: Any) -> ActionResult:
    """ModifyVpcEndpointServiceConfiguration; with the id alone it takes over the load balancers' new zones."""
    params, backend = response.params, response.ec2_backend
    service = find(backend.account_id, backend.region_name, params["ServiceId"])
    for arn in params.get("AddNetworkLoadBalancerArns") or []:
        _check_balancer(backend, arn)
        service.balancers.append(arn)
    gone = params.get("RemoveNetworkLoadBalancerArns") or []
    if gone and not set(service.balancers) - set(gone):
        raise AwsError("InvalidParameter", "An endpoint service must keep at least one load balancer.")
    service.balancers = [arn for arn in service.balancers if arn not in gone]
    if "AcceptanceRequired" in params:
        service.acceptance_required = params["AcceptanceRequired"] is not False
    _modify_private_dns(service, params)
    added = params.get("AddSupportedIpAddressTypes") or []
    left = [t for t in service.ip_types if t not in (params.get("RemoveSupportedIpAddressTypes") or [])]
    _set_ip_types(service, list(dict.fromkeys([*left, *added])))
    _modify_regions(service, params)
    service.zone_ids = zone_ids(service)
    return ActionResult({"Return": True})


def _modify_private_dns(service: Service, params: dict[str, Any]) -> None:
    name = params.get("PrivateDnsName")
    if params.get("RemovePrivateDnsName"):
        service.private_dns = None
    elif name and (service.private_dns is None or service.private_dns.name != name):
        service.private_dns = make_private_dns(service.id, name)


def _modify_regions(service: Service, params: dict[str, Any]) -> None:
    _add_regions(service, params.get("AddSupportedRegions") or [])
    for name in params.get("RemoveSupportedRegions") or []:
        if name == service.region or service.regions.get(name) in (None, "Closed"):
            raise AwsError("InvalidParameter", f"The supported region '{name}' cannot be removed.")
        service.regions[name] = "Closed"


def delete_vpc_endpoint_service_configurations(response: Any) -> ActionResult:
    """Answers 200 with `Unsuccessful`; a service with live endpoints is kept."""
    account, region = response.current_account, response.region
    failed = [
        {"ResourceId": thing, "Error": {"Code": wrong.aws_code, "Message": wrong.message}}
        for thing in response._get_param("ServiceIds", [])
        if (wrong := _delete(account, region, thing))
    ]
    return ActionResult({"Unsuccessful": failed})


def _delete(account: str, region: str, service_id: str) -> AwsError | None:
    try:
        service = find(account, region, service_id)
    except AwsError as wrong:
        return AwsError("InvalidVpcEndpointService.NotFound", wrong.message)
    live = ("pendingacceptance", "pending", "available")
    if any(e.service_id == service_id and e.state.lower() in live for e in table("endpoint").values()):
        message = f"Service {service_id} has existing active VPC Endpoint connections."
        return AwsError("ExistingVpcEndpointConnections", message)
    if not service.deleted:
        service.deleted_at = clock.now()
        ec2_backends[account][region].tags.pop(service_id, None)
    return None


def modify_vpc_endpoint_service_payer_responsibility(response: Any) -> ActionResult:
    """One way: the owner may take over the payment, never give it back."""
    service = find(response.current_account, response.region, response._get_param("ServiceId"))
    service.payer = response._get_param("PayerResponsibility")
    return ActionResult({"ReturnValue": True})


def start_vpc_endpoint_service_private_dns_verification(response: Any) -> ActionResult:
    """Ask AWS to look for the TXT record."""
    service = find(response.current_account, response.region, response._get_param("ServiceId"))
    if service.private_dns is None:
        message = f"The service {service.id} does not have a private DNS name."
        raise AwsError("InvalidParameter", message)
    if service.private_dns.state != "verified":
        service.private_dns.known, service.private_dns.started = "pendingVerification", clock.now()
    return ActionResult({"ReturnValue": True})
