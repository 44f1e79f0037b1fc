"""The provider's side of endpoint connections: describe, accept, reject."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.responses import EC2Response

from sandbox.aws import patching
from sandbox.aws.endpoint import Endpoint, accept, created, dns_entries, match_interfaces
from sandbox.aws.lists import matching, page
from sandbox.aws.service import find
from sandbox.clock import clock
from sandbox.state import table


def install() -> None:
    """Add the calls, which moto lacks."""
    patching.actions(
        EC2Response, describe_vpc_endpoint_connections, accept_vpc_endpoint_connections, reject_vpc_endpoint_connections
    )


def describe_vpc_endpoint_connections(response: Any) -> ActionResult:
    """Connections to the services of this account and region."""
    account, region = response.current_account, response.region
    services = {s.id: s for s in table("service").values() if (s.account, s.region) == (account, region)}
    held = [e for e in table("endpoint").values() if e.service_id in services and not e.gone]
    readers = {
        "service-id": lambda e: e.service_id,
        "vpc-endpoint-id": lambda e: e.id,
        "vpc-endpoint-owner": lambda e: e.account,
        "vpc-endpoint-state": lambda e: e.state,
        "vpc-endpoint-region": lambda e: e.region,
        "ip-address-type": lambda e: e.ip_type,
    }
    held = matching(response, held, readers, lambda e: [])
    shown, token = page(response, held)
    answers = [_described(e, services[e.service_id].balancers) for e in shown]
    return ActionResult({"VpcEndpointConnections": answers, "NextToken": token})


def _described(endpoint: Endpoint, balancers: list[str]) -> dict[str, Any]:
    return {
        "ServiceId": endpoint.service_id,
        "VpcEndpointId": endpoint.id,
        "VpcEndpointOwner": endpoint.account,
        "VpcEndpointState": endpoint.state,
        "VpcEndpointRegion": endpoint.region,
        "VpcEndpointConnectionId": endpoint.connection_id,
        "CreationTimestamp": created(endpoint),
        "DnsEntries": dns_entries(endpoint),
        "NetworkLoadBalancerArns": list(balancers),
        "IpAddressType": endpoint.ip_type,
    }


def accept_vpc_endpoint_connections(response: Any) -> ActionResult:
    """Accept what waits or was rejected before."""
    return _decide(response, ("pendingAcceptance", "rejected"), accept)


def reject_vpc_endpoint_connections(response: Any) -> ActionResult:
    """Reject what waits, and cut what is connected."""
    return _decide(response, ("pendingAcceptance", "pending", "available"), _reject)


def _reject(endpoint: Endpoint) -> None:
    endpoint.decision, endpoint.decided = "rejected", clock.now()
    match_interfaces(endpoint)


def _decide(response: Any, states: tuple[str, ...], act: Callable[[Endpoint], None]) -> ActionResult:
    """200 with `Unsuccessful` for ids that are unknown or in another state."""
    service = find(response.current_account, response.region, response._get_param("ServiceId"))
    failed = []
    for thing in response._get_param("VpcEndpointIds", []):
        endpoint: Endpoint | None = table("endpoint").get(thing)
        if endpoint is None or endpoint.gone or endpoint.service_id != service.id:
            failed.append(_failure(thing, "InvalidVpcEndpoint.NotFound", "does not exist"))
        elif endpoint.state not in states:
            failed.append(_failure(thing, "InvalidState", f"is in state {endpoint.state}"))
        else:
            act(endpoint)
    return ActionResult({"Unsuccessful": failed})


def _failure(thing: str, code: str, why: str) -> dict[str, Any]:
    return {"ResourceId": thing, "Error": {"Code": code, "Message": f"The Vpc Endpoint Id '{thing}' {why}"}}
