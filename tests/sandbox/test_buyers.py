"""The buyer: who finds a service, what its endpoint goes through, and what the provider may do to it."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox import world
from sandbox.aws import private_dns
from sandbox.aws.inventory import collect
from sandbox.clock import clock
from tests.sandbox import build
from tests.sandbox.conftest import BUYER, REGION, STRANGER, Client


@pytest.fixture
def seller(client: Client) -> build.Network:
    return build.network(client("ec2"))


@pytest.fixture
def service(client: Client, seller: build.Network) -> dict[str, Any]:
    """A service with acceptance required, and nobody allowed."""
    nlb = build.balancer(client("elbv2"), seller)["LoadBalancerArn"]
    return build.service(seller.ec2, nlb, acceptance=True)


@pytest.fixture
def buyer(client: Client, seller: build.Network) -> build.Network:
    return build.network(client("ec2", account=BUYER), cidr="10.9", zone_ids=seller.zone_ids)


def listed(ec2: Any) -> list[str]:
    return list(ec2.describe_vpc_endpoint_services()["ServiceNames"])


def test_only_the_allowed_find_it(
    client: Client, seller: build.Network, service: dict[str, Any], buyer: build.Network, code: Any
) -> None:
    name, stranger = service["ServiceName"], client("ec2", account=STRANGER)
    assert code(buyer.ec2.describe_vpc_endpoint_services, ServiceNames=[name]) == "InvalidServiceName"
    build.allow(seller.ec2, service["ServiceId"], build.root(BUYER))
    found = buyer.ec2.describe_vpc_endpoint_services(ServiceNames=[name])["ServiceDetails"][0]
    assert found["AvailabilityZoneIds"] == sorted(seller.zone_ids)
    assert found["AcceptanceRequired"] is True
    assert name in listed(buyer.ec2)
    assert name not in listed(stranger)
    assert code(stranger.describe_vpc_endpoint_services, ServiceNames=[name]) == "InvalidServiceName"


def test_with_a_star_alone_it_is_found_by_name_but_not_listed(
    client: Client, seller: build.Network, service: dict[str, Any]
) -> None:
    build.allow(seller.ec2, service["ServiceId"], "*")
    stranger, name = client("ec2", account=STRANGER), service["ServiceName"]
    assert stranger.describe_vpc_endpoint_services(ServiceNames=[name])["ServiceNames"] == [name]
    assert name not in listed(stranger)
    assert any(n.startswith("com.amazonaws.us-east-1.") for n in listed(stranger))


def test_a_service_is_found_in_its_own_and_its_supported_regions_only(
    client: Client, seller: build.Network, service: dict[str, Any], code: Any
) -> None:
    build.allow(seller.ec2, service["ServiceId"], build.root(BUYER))
    remote, name = client("ec2", account=BUYER, region="eu-west-1"), service["ServiceName"]
    call = remote.describe_vpc_endpoint_services
    assert code(call, ServiceNames=[name]) == "InvalidServiceName"
    assert code(call, ServiceNames=[name], ServiceRegions=[REGION]) == "InvalidServiceName"
    modify = seller.ec2.modify_vpc_endpoint_service_configuration
    modify(ServiceId=service["ServiceId"], AddSupportedRegions=["eu-west-1"])
    found = call(ServiceNames=[name], ServiceRegions=[REGION])["ServiceDetails"][0]
    assert found.get("AvailabilityZoneIds", []) == []
    net = build.network(remote, cidr="10.50")
    made = build.endpoint(net, name, ServiceRegion=REGION)
    assert len(made["DnsEntries"]) == 1


def test_what_the_buyer_may_not_have_is_refused(
    client: Client, seller: build.Network, service: dict[str, Any], buyer: build.Network, code: Any
) -> None:
    name = service["ServiceName"]
    create = buyer.ec2.create_vpc_endpoint
    asked = {"VpcId": buyer.vpc, "ServiceName": name, "VpcEndpointType": "Interface"}
    assert code(create, **asked, SubnetIds=buyer.subnets[:1]) == "InvalidServiceName"
    build.allow(seller.ec2, service["ServiceId"], build.root(BUYER))
    assert code(create, VpcId=buyer.vpc, ServiceName=name) == "InvalidParameter"  # Gateway by default
    zones = [z["ZoneId"] for z in buyer.ec2.describe_availability_zones()["AvailabilityZones"]]
    lonely = next(z for z in zones if z not in seller.zone_ids)
    make = buyer.ec2.create_subnet
    outside = make(VpcId=buyer.vpc, CidrBlock="10.9.7.0/24", AvailabilityZoneId=lonely)["Subnet"]["SubnetId"]
    twin = make(VpcId=buyer.vpc, CidrBlock="10.9.8.0/24", AvailabilityZoneId=seller.zone_ids[0])
    assert code(create, **asked, SubnetIds=[outside]) == "InvalidParameter"
    both = [buyer.subnets[0], twin["Subnet"]["SubnetId"]]
    assert code(create, **asked, SubnetIds=both) == "DuplicateSubnetsInSameZone"
    ready = {**asked, "SubnetIds": buyer.subnets}
    assert code(create, **ready, PrivateDnsEnabled=True) == "InvalidParameter"
    assert code(create, **ready, SecurityGroupIds=["sg-0123456789abcdef0"]) == "InvalidGroup.NotFound"
    assert collect(BUYER)[BUYER][REGION].get("endpoints") is None


def test_the_endpoint_waits_for_acceptance_and_then_for_aws(
    seller: build.Network, service: dict[str, Any], buyer: build.Network
) -> None:
    build.allow(seller.ec2, service["ServiceId"], build.root(BUYER))
    made = build.endpoint(buyer, service["ServiceName"], SubnetIds=buyer.subnets)
    thing = made["VpcEndpointId"]
    clock.advance(3600)
    assert build.states(buyer.ec2, thing) == ["pendingAcceptance"]
    base = f".{service['ServiceId']}.{REGION}.vpce.amazonaws.com"
    names = [entry["DnsName"] for entry in made["DnsEntries"]]
    assert len(names) == 3
    assert all(name.startswith(thing) and name.endswith(base) for name in names)
    by_state = [{"Name": "vpc-endpoint-state", "Values": ["pendingAcceptance"]}]
    waiting = seller.ec2.describe_vpc_endpoint_connections(Filters=by_state)["VpcEndpointConnections"]
    assert [(w["VpcEndpointOwner"], w["VpcEndpointId"]) for w in waiting] == [(BUYER, thing)]
    decide = {"ServiceId": service["ServiceId"], "VpcEndpointIds": [thing]}
    assert seller.ec2.accept_vpc_endpoint_connections(**decide)["Unsuccessful"] == []
    assert build.states(buyer.ec2, thing) == ["pending"]
    clock.advance(world.settings.endpoint_seconds)
    assert build.states(buyer.ec2, thing) == ["available"]
    shown = buyer.ec2.describe_vpc_endpoints(VpcEndpointIds=[thing])["VpcEndpoints"][0]
    assert len(shown["NetworkInterfaceIds"]) == 2
    again = seller.ec2.accept_vpc_endpoint_connections(**decide)["Unsuccessful"]
    assert again[0]["Error"]["Code"] == "InvalidState"


def test_without_acceptance_it_connects_by_itself(
    seller: build.Network, service: dict[str, Any], buyer: build.Network
) -> None:
    build.allow(seller.ec2, service["ServiceId"], build.root(BUYER))
    modify = seller.ec2.modify_vpc_endpoint_service_configuration
    modify(ServiceId=service["ServiceId"], AcceptanceRequired=False)
    made = build.endpoint(buyer, service["ServiceName"])
    assert made["State"] == "pending"
    clock.advance(world.settings.endpoint_seconds)
    assert build.states(buyer.ec2, made["VpcEndpointId"]) == ["available"]


def test_removal_from_the_list_keeps_the_connection_and_rejection_cuts_it(
    seller: build.Network, service: dict[str, Any], buyer: build.Network
) -> None:
    ec2, service_id = seller.ec2, service["ServiceId"]
    build.allow(ec2, service_id, build.root(BUYER))
    thing = build.endpoint(buyer, service["ServiceName"])["VpcEndpointId"]
    ec2.accept_vpc_endpoint_connections(ServiceId=service_id, VpcEndpointIds=[thing])
    clock.advance(world.settings.endpoint_seconds)
    ec2.modify_vpc_endpoint_service_permissions(ServiceId=service_id, RemoveAllowedPrincipals=[build.root(BUYER)])
    assert build.states(buyer.ec2, thing) == ["available"]
    delete = ec2.delete_vpc_endpoint_service_configurations
    assert delete(ServiceIds=[service_id])["Unsuccessful"][0]["Error"]["Code"] == "ExistingVpcEndpointConnections"
    ec2.reject_vpc_endpoint_connections(ServiceId=service_id, VpcEndpointIds=[thing])
    assert build.states(buyer.ec2, thing) == ["rejected"]
    assert delete(ServiceIds=[service_id])["Unsuccessful"] == []


def test_an_unknown_connection_is_unsuccessful_in_a_good_answer(
    seller: build.Network, service: dict[str, Any], code: Any
) -> None:
    ids = ["vpce-0123456789abcdef0"]
    for call in (seller.ec2.accept_vpc_endpoint_connections, seller.ec2.reject_vpc_endpoint_connections):
        failed = call(ServiceId=service["ServiceId"], VpcEndpointIds=ids)["Unsuccessful"]
        assert [(f["ResourceId"], f["Error"]["Code"]) for f in failed] == [(ids[0], "InvalidVpcEndpoint.NotFound")]
    gone = seller.ec2.delete_vpc_endpoints(VpcEndpointIds=ids)["Unsuccessful"]
    assert gone[0]["Error"]["Code"] == "InvalidVpcEndpoint.NotFound"
    missing = {"ServiceId": "vpce-svc-0123456789abcdef0", "VpcEndpointIds": ids}
    assert code(seller.ec2.accept_vpc_endpoint_connections, **missing) == "InvalidVpcEndpointServiceId.NotFound"


def test_a_deleted_endpoint_ends_and_frees_its_subnet(
    seller: build.Network, service: dict[str, Any], buyer: build.Network, code: Any
) -> None:
    build.allow(seller.ec2, service["ServiceId"], build.root(BUYER))
    thing = build.endpoint(buyer, service["ServiceName"])["VpcEndpointId"]
    seller.ec2.accept_vpc_endpoint_connections(ServiceId=service["ServiceId"], VpcEndpointIds=[thing])
    assert code(buyer.ec2.delete_subnet, SubnetId=buyer.subnets[0]) == "DependencyViolation"
    assert buyer.ec2.delete_vpc_endpoints(VpcEndpointIds=[thing])["Unsuccessful"] == []
    assert build.states(buyer.ec2, thing) == ["deleting"]
    clock.advance(world.settings.eni_linger_seconds)
    assert code(buyer.ec2.describe_vpc_endpoints, VpcEndpointIds=[thing]) == "InvalidVpcEndpointId.NotFound"
    buyer.ec2.delete_subnet(SubnetId=buyer.subnets[0])


def test_private_dns_is_switched_on_after_acceptance(
    seller: build.Network, service: dict[str, Any], buyer: build.Network, code: Any
) -> None:
    ec2, service_id, name = seller.ec2, service["ServiceId"], service["ServiceName"]
    build.allow(ec2, service_id, build.root(BUYER))
    ec2.modify_vpc_endpoint_service_configuration(ServiceId=service_id, PrivateDnsName="api.example.com")
    private_dns.set_state(service_id, "verified")
    asked = {"VpcId": buyer.vpc, "ServiceName": name, "VpcEndpointType": "Interface"}
    subnets = {"SubnetIds": buyer.subnets[:1]}
    assert code(buyer.ec2.create_vpc_endpoint, **asked, **subnets, PrivateDnsEnabled=True) == "InvalidParameter"
    one = build.endpoint(buyer, name, PrivateDnsEnabled=False)["VpcEndpointId"]
    switch = buyer.ec2.modify_vpc_endpoint
    assert code(switch, VpcEndpointId=one, PrivateDnsEnabled=True) == "InvalidParameter"
    ec2.accept_vpc_endpoint_connections(ServiceId=service_id, VpcEndpointIds=[one])
    assert code(switch, VpcEndpointId=one, PrivateDnsEnabled=True) == "InvalidParameter"  # the VPC's attributes
    buyer.ec2.modify_vpc_attribute(VpcId=buyer.vpc, EnableDnsHostnames={"Value": True})
    switch(VpcEndpointId=one, PrivateDnsEnabled=True)
    shown = buyer.ec2.describe_vpc_endpoints(VpcEndpointIds=[one])["VpcEndpoints"][0]
    assert shown["DnsEntries"][-1]["DnsName"] == "api.example.com"
    two = build.endpoint(buyer, name, SubnetIds=buyer.subnets[1:2], PrivateDnsEnabled=False)["VpcEndpointId"]
    ec2.accept_vpc_endpoint_connections(ServiceId=service_id, VpcEndpointIds=[two])
    assert code(switch, VpcEndpointId=two, PrivateDnsEnabled=True) == "InvalidParameter"  # conflicting domain
