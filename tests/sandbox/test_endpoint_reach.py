"""Names of endpoints seen from the buyer's VPC: its default VPC, its security groups, its private name."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox import world
from sandbox.aws.reach import decide
from sandbox.clock import clock
from tests.sandbox import build
from tests.sandbox.conftest import BUYER, Answers, Client

PRIVATE = "api.example.com"


@pytest.fixture
def net(client: Client) -> build.Network:
    return build.network(client("ec2"))


@pytest.fixture
def service(client: Client, net: build.Network) -> dict[str, Any]:
    """A service that works, with a private name, and the buyer allowed."""
    elb = client("elbv2")
    nlb, targets = build.balancer(elb, net)["LoadBalancerArn"], build.target_group(elb, net)
    build.listener(elb, nlb, targets)
    behind = build.group(net, "behind", 8443)
    ids = [build.instance(net, subnet, [behind]) for subnet in net.subnets]
    elb.register_targets(TargetGroupArn=targets, Targets=[{"Id": thing} for thing in ids])
    clock.advance(world.settings.target_health_seconds)
    made = build.service(net.ec2, nlb, PrivateDnsName=PRIVATE)
    build.allow(net.ec2, made["ServiceId"], build.root(BUYER))
    return made


def connect(net: build.Network, service: dict[str, Any], **more: Any) -> list[str]:
    """The names of an available endpoint."""
    made = build.endpoint(net, service["ServiceName"], **more)
    clock.advance(world.settings.endpoint_seconds)
    shown = net.ec2.describe_vpc_endpoints(VpcEndpointIds=[made["VpcEndpointId"]])["VpcEndpoints"][0]
    return [entry["DnsName"] for entry in shown["DnsEntries"]]


def default_network(ec2: Any, zone_ids: list[str]) -> build.Network:
    """The default VPC of an account, its subnets in these zones."""
    (vpc,) = ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"]
    inside = [{"Name": "vpc-id", "Values": [vpc["VpcId"]]}]
    subnets = ec2.describe_subnets(Filters=inside)["Subnets"]
    wanted = [s["SubnetId"] for s in subnets if s["AvailabilityZoneId"] in zone_ids]
    return build.Network(ec2, vpc["VpcId"], wanted, zone_ids)


@pytest.mark.parametrize("region", ["us-east-1", "eu-west-1", "ap-southeast-2"])
def test_a_new_account_has_a_default_vpc_with_a_subnet_in_each_zone(client: Client, region: str) -> None:
    ec2 = client("ec2", account="777777777777", region=region)
    (vpc,) = ec2.describe_vpcs()["Vpcs"]
    assert (vpc["IsDefault"], vpc["CidrBlock"], vpc["State"]) == (True, "172.31.0.0/16", "available")
    for name in ("enableDnsSupport", "enableDnsHostnames"):
        shown = ec2.describe_vpc_attribute(VpcId=vpc["VpcId"], Attribute=name)
        assert shown[name[0].upper() + name[1:]]["Value"] is True
    subnets = ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc["VpcId"]]}])["Subnets"]
    zones = ec2.describe_availability_zones()["AvailabilityZones"]
    assert sorted(s["AvailabilityZoneId"] for s in subnets) == sorted(zone["ZoneId"] for zone in zones)
    assert all(s["DefaultForAz"] and s["AvailableIpAddressCount"] > 4000 for s in subnets)
    groups = ec2.describe_security_groups(Filters=[{"Name": "vpc-id", "Values": [vpc["VpcId"]]}])["SecurityGroups"]
    assert [group["GroupName"] for group in groups] == ["default"]


def test_an_endpoint_in_the_default_vpc_connects(client: Client, net: build.Network, service: dict[str, Any]) -> None:
    home = default_network(client("ec2", account=BUYER), net.zone_ids)
    names = connect(home, service, SubnetIds=home.subnets)
    assert len(names) == 3
    assert [decide(name, 443).outcome for name in names] == ["open"] * 3


def test_the_endpoints_own_group_must_open_the_port(
    client: Client, net: build.Network, service: dict[str, Any]
) -> None:
    home = default_network(client("ec2", account=BUYER), net.zone_ids)
    shut, opened = build.group(home, "shut", 80), build.group(home, "opened", 443)
    closed, *_ = connect(home, service, SecurityGroupIds=[shut], SubnetIds=home.subnets[:1])
    assert decide(closed, 443).outcome == "timeout"
    usable, *_ = connect(home, service, SecurityGroupIds=[shut, opened], SubnetIds=home.subnets[:1])
    assert decide(usable, 443).outcome == "open"
    assert decide(usable, 80).outcome == "refused"


def test_a_private_name_resolves_once_it_is_proven_and_switched_on(
    client: Client, net: build.Network, service: dict[str, Any], answers: Answers, code: Any
) -> None:
    home = default_network(client("ec2", account=BUYER), net.zone_ids)
    asked = {"VpcId": home.vpc, "ServiceName": service["ServiceName"], "VpcEndpointType": "Interface"}
    create = home.ec2.create_vpc_endpoint
    assert code(create, **asked, SubnetIds=home.subnets, PrivateDnsEnabled=True) == "InvalidParameter"
    ids = {"ServiceId": service["ServiceId"]}
    proof = net.ec2.describe_vpc_endpoint_service_configurations(ServiceIds=[service["ServiceId"]])
    wanted = proof["ServiceConfigurations"][0]["PrivateDnsNameConfiguration"]
    answers[f"{wanted['Name']}.example.com", "TXT"] = [wanted["Value"]]
    net.ec2.start_vpc_endpoint_service_private_dns_verification(**ids)
    clock.advance(world.settings.private_dns_seconds)
    assert decide(PRIVATE, 443).outcome == "unknown_host"
    assert connect(home, service, SubnetIds=home.subnets, PrivateDnsEnabled=True)[-1] == PRIVATE
    assert decide(PRIVATE, 443).outcome == "open"
