"""The buyer's side: finding a service, and endpoints to it."""

from __future__ import annotations

import secrets
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.responses import EC2Response

from sandbox.aws import endpoint_checks, identity, patching
from sandbox.aws.endpoint import Endpoint, accept, described, find, match_interfaces
from sandbox.aws.endpoint_checks import find_visible
from sandbox.aws.errors import AwsError
from sandbox.aws.lists import matching, new_id, page, specified_tags, tag_strings
from sandbox.clock import clock
from sandbox.state import table

KIND = "vpc-endpoint"
_moto: dict[str, Any] = {}


def install() -> None:
    """Put our endpoints in front of moto's, which keeps gateway endpoints and those to AWS's services."""
    ours = (create_vpc_endpoint, describe_vpc_endpoints, modify_vpc_endpoint, delete_vpc_endpoints)
    for handler in ours:
        _moto[handler.__name__] = patching.replace(EC2Response, handler.__name__, handler)


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


def describe_vpc_endpoints(response: Any) -> ActionResult:
    """Ours by id or filters, paged; ids that only moto knows are asked of moto."""
    account, region, ids = response.current_account, response.region, response._get_param("VpcEndpointIds", [])
    if (
        ids
        and not any(i in table("endpoint") for i in ids)
        and any(i in response.ec2_backend.vpc_end_points for i in ids)
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
