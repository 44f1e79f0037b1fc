"""The provider's endpoint service: its life, its allow list, its private DNS name."""

from __future__ import annotations

import re
from typing import Any

import pytest

from sandbox import world
from sandbox.aws import private_dns
from sandbox.clock import clock
from tests.sandbox import build
from tests.sandbox.conftest import BUYER, REGION, SELLER, STRANGER, Answers, Client


@pytest.fixture
def elb(client: Client) -> Any:
    return client("elbv2")


@pytest.fixture
def net(client: Client) -> build.Network:
    return build.network(client("ec2"), zones=3)


@pytest.fixture
def nlb(elb: Any, net: build.Network) -> str:
    two = build.Network(net.ec2, net.vpc, net.subnets[:2], net.zone_ids[:2])
    return str(build.balancer(elb, two)["LoadBalancerArn"])


def described(ec2: Any, service_id: str) -> dict[str, Any]:
    found = ec2.describe_vpc_endpoint_service_configurations(ServiceIds=[service_id])
    return dict(found["ServiceConfigurations"][0])


def test_it_is_pending_then_available(net: build.Network, nlb: str) -> None:
    made = net.ec2.create_vpc_endpoint_service_configuration(
        NetworkLoadBalancerArns=[nlb], AcceptanceRequired=True, ClientToken="one"
    )["ServiceConfiguration"]
    assert re.fullmatch(r"vpce-svc-[0-9a-f]{17}", made["ServiceId"])
    assert made["ServiceName"] == f"com.amazonaws.vpce.{REGION}.{made['ServiceId']}"
    assert made["ServiceState"] == "Pending"
    assert made["AcceptanceRequired"] is True
    assert made["AvailabilityZoneIds"] == sorted(net.zone_ids[:2])
    assert made["BaseEndpointDnsNames"] == [f"{made['ServiceId']}.{REGION}.vpce.amazonaws.com"]
    clock.advance(world.settings.service_seconds)
    assert described(net.ec2, made["ServiceId"])["ServiceState"] == "Available"


def test_what_cannot_carry_a_service_is_refused(net: build.Network, elb: Any, nlb: str, code: Any) -> None:
    def refused(arn: str) -> str:
        return str(code(net.ec2.create_vpc_endpoint_service_configuration, NetworkLoadBalancerArns=[arn]))

    assert refused("arn:aws:x") == "InvalidNetworkLoadBalancerArn.Malformed"
    assert refused(nlb[:-4] + "0000") == "InvalidNetworkLoadBalancerArn.NotFound"
    young = elb.create_load_balancer(Name="young", Type="network", Subnets=net.subnets)["LoadBalancers"][0]
    assert refused(young["LoadBalancerArn"]) == "InvalidParameter"
    build.service(net.ec2, nlb)
    assert refused(nlb) == "InvalidParameter"


def test_filters_and_paging_work(net: build.Network, elb: Any, nlb: str, code: Any) -> None:
    ec2, tag = net.ec2, {"Key": "plc:run", "Value": "r1"}
    ours = build.service(ec2, nlb, TagSpecifications=[{"ResourceType": "vpc-endpoint-service", "Tags": [tag]}])
    for number in range(6):
        arn = build.balancer(elb, net, f"more-{number}")["LoadBalancerArn"]
        build.service(ec2, arn)
    call = ec2.describe_vpc_endpoint_service_configurations

    def found(name: str, value: str) -> list[str]:
        answer = call(Filters=[{"Name": name, "Values": [value]}])["ServiceConfigurations"]
        return [service["ServiceId"] for service in answer]

    assert found("tag:plc:run", "r*") == [ours["ServiceId"]]
    assert found("service-name", ours["ServiceName"]) == [ours["ServiceId"]]
    assert found("service-state", "Deleting") == []
    assert code(call, Filters=[{"Name": "colour", "Values": ["red"]}]) == "InvalidParameterValue"
    first = call(MaxResults=5)
    second = call(MaxResults=5, NextToken=first["NextToken"])
    ids = [s["ServiceId"] for page in (first, second) for s in page["ServiceConfigurations"]]
    assert len(first["ServiceConfigurations"]) == 5
    assert len(set(ids)) == 7
    assert "NextToken" not in second


def test_a_new_zone_arrives_with_an_empty_modify(net: build.Network, elb: Any, nlb: str) -> None:
    made = build.service(net.ec2, nlb)["ServiceId"]
    elb.set_subnets(LoadBalancerArn=nlb, Subnets=net.subnets)
    assert described(net.ec2, made)["AvailabilityZoneIds"] == sorted(net.zone_ids[:2])
    net.ec2.modify_vpc_endpoint_service_configuration(ServiceId=made)
    assert described(net.ec2, made)["AvailabilityZoneIds"] == sorted(net.zone_ids)


def test_modify_changes_what_it_names(net: build.Network, nlb: str, code: Any) -> None:
    made = build.service(net.ec2, nlb, acceptance=True)["ServiceId"]
    modify = net.ec2.modify_vpc_endpoint_service_configuration
    modify(ServiceId=made, AcceptanceRequired=False, AddSupportedRegions=["eu-west-1"])
    shown = described(net.ec2, made)
    assert shown["AcceptanceRequired"] is False
    assert shown["SupportedRegions"] == [{"Region": "eu-west-1", "ServiceState": "Available"}]
    assert shown["RemoteAccessEnabled"] is True
    modify(ServiceId=made, RemoveSupportedRegions=["eu-west-1"])
    assert described(net.ec2, made)["SupportedRegions"][0]["ServiceState"] == "Closed"
    assert code(modify, ServiceId=made, RemoveSupportedRegions=["eu-west-1"]) == "InvalidParameter"
    assert code(modify, ServiceId=made, AddSupportedRegions=["me-south-1"]) == "InvalidParameter"
    assert code(modify, ServiceId=made, RemoveNetworkLoadBalancerArns=[nlb]) == "InvalidParameter"
    assert code(modify, ServiceId=made, AddSupportedIpAddressTypes=["ipv6"]) == "InvalidParameter"


def test_a_deleted_one_lingers_and_ends(net: build.Network, nlb: str, code: Any) -> None:
    ec2, made = net.ec2, build.service(net.ec2, nlb)["ServiceId"]
    delete = ec2.delete_vpc_endpoint_service_configurations
    assert delete(ServiceIds=[made])["Unsuccessful"] == []
    assert described(ec2, made)["ServiceState"] == "Deleting"
    clock.advance(world.settings.service_seconds)
    call = ec2.describe_vpc_endpoint_service_configurations
    assert code(call, ServiceIds=[made]) == "InvalidVpcEndpointServiceId.NotFound"
    assert call()["ServiceConfigurations"] == []
    failed = delete(ServiceIds=[made])["Unsuccessful"]
    assert failed[0]["Error"]["Code"] == "InvalidVpcEndpointService.NotFound"


def test_the_allow_list_takes_real_principals_only(client: Client, net: build.Network, nlb: str, code: Any) -> None:
    made = build.service(net.ec2, nlb)["ServiceId"]
    modify, read = (net.ec2.modify_vpc_endpoint_service_permissions, net.ec2.describe_vpc_endpoint_service_permissions)
    for wrong in (
        BUYER,
        f"arn:aws:iam::{BUYER}:role/path/name",
        f"arn:aws:sts::{BUYER}:assumed-role/a/b",
        "arn:aws:iam::123:root",
        f"arn:aws:iam::{BUYER}:role/nobody",
    ):
        asked = {"ServiceId": made, "AddAllowedPrincipals": [build.root(BUYER), wrong]}
        assert code(modify, **asked) == "InvalidParameter"
    assert read(ServiceId=made)["AllowedPrincipals"] == []
    added = modify(ServiceId=made, AddAllowedPrincipals=[build.root(BUYER), "*"])["AddedPrincipals"]
    assert [(a["PrincipalType"], a["Principal"]) for a in added] == [("Account", build.root(BUYER)), ("All", "*")]
    assert re.fullmatch(r"vpce-svc-perm-[0-9a-f]{17}", added[0]["ServicePermissionId"])
    assert modify(ServiceId=made, AddAllowedPrincipals=["*"]).get("AddedPrincipals", []) == []
    modify(ServiceId=made, RemoveAllowedPrincipals=["*"])
    shown = read(ServiceId=made, Filters=[{"Name": "principal-type", "Values": ["Account"]}])
    assert shown["AllowedPrincipals"][0]["ServicePermissionId"] == added[0]["ServicePermissionId"]
    assert code(read, ServiceId="vpce-svc-0123456789abcdef0") == "InvalidVpcEndpointServiceId.NotFound"


def test_a_private_name_waits_for_its_proof(net: build.Network, nlb: str, answers: Answers) -> None:
    ec2 = net.ec2
    made = build.service(ec2, nlb, PrivateDnsName="api.example.com")["ServiceId"]

    def proof() -> dict[str, str]:
        return dict(described(ec2, made)["PrivateDnsNameConfiguration"])

    first = proof()
    assert first["State"] == "pendingVerification"
    assert first["Type"] == "TXT"
    assert first["Name"].startswith("_")
    assert "." not in first["Name"]
    assert first["Value"].startswith("vpce:")
    clock.advance(3600)
    assert proof()["State"] == "pendingVerification"  # AWS looks only when asked
    ec2.start_vpc_endpoint_service_private_dns_verification(ServiceId=made)
    assert proof()["State"] == "pendingVerification"
    clock.advance(world.settings.private_dns_seconds)
    assert proof()["State"] == "failed"
    answers[f"{first['Name']}.api.example.com", "TXT"] = [f'"{first["Value"]}"']
    ec2.start_vpc_endpoint_service_private_dns_verification(ServiceId=made)
    clock.advance(world.settings.private_dns_seconds)
    assert proof()["State"] == "verified"
    ec2.modify_vpc_endpoint_service_configuration(ServiceId=made, PrivateDnsName="other.example.com")
    assert proof()["State"] == "pendingVerification"
    assert proof()["Value"] != first["Value"]
    ec2.modify_vpc_endpoint_service_configuration(ServiceId=made, RemovePrivateDnsName=True)
    assert "PrivateDnsName" not in described(ec2, made)


def verified(ec2: Any, service_id: str) -> bool:
    """Asks AWS to look, and tells what it found."""
    ec2.start_vpc_endpoint_service_private_dns_verification(ServiceId=service_id)
    clock.advance(world.settings.private_dns_seconds)
    return str(described(ec2, service_id)["PrivateDnsNameConfiguration"]["State"]) == "verified"


@pytest.mark.parametrize(
    ("owner", "value", "expected"),
    [
        ("{label}.a.api.example.com", "{value}", True),
        ("{label}.api.example.com", "{value}", True),
        ("{label}.example.com", '"{value}"', True),
        ("api.example.com", "{value}", True),
        ("{label}.com", "{value}", False),
        ("{label}.b.example.com", "{value}", False),
        ("{label}.example.com", "{lower}", False),
        ("{label}.example.com", "{value}x", False),
    ],
)
def test_the_proof_stands_at_the_name_or_a_parent_with_its_exact_case(
    net: build.Network, nlb: str, answers: Answers, owner: str, value: str, expected: bool
) -> None:
    made = build.service(net.ec2, nlb, PrivateDnsName="*.a.api.example.com")["ServiceId"]
    proof = described(net.ec2, made)["PrivateDnsNameConfiguration"]
    words = {"label": proof["Name"], "value": proof["Value"], "lower": proof["Value"].lower()}
    assert words["value"] != words["lower"]
    answers[owner.format(**words), "TXT"] = ["other", value.format(**words)]
    assert verified(net.ec2, made) is expected


@pytest.mark.usefixtures("no_dns")
def test_without_dns_a_private_name_stays_pending_until_set_by_hand(net: build.Network, nlb: str, code: Any) -> None:
    made = build.service(net.ec2, nlb)["ServiceId"]
    start = net.ec2.start_vpc_endpoint_service_private_dns_verification
    assert code(start, ServiceId=made) == "InvalidParameter"
    modify = net.ec2.modify_vpc_endpoint_service_configuration
    assert code(modify, ServiceId=made, PrivateDnsName="no_such") == "InvalidParameter"
    modify(ServiceId=made, PrivateDnsName="api.example.com")
    start(ServiceId=made)
    clock.advance(3600)
    assert described(net.ec2, made)["PrivateDnsNameConfiguration"]["State"] == "pendingVerification"
    private_dns.set_state(made, "verified")
    assert described(net.ec2, made)["PrivateDnsNameConfiguration"]["State"] == "verified"


def test_notifications_are_kept(net: build.Network, nlb: str, code: Any) -> None:
    ec2, made = net.ec2, build.service(net.ec2, nlb)["ServiceId"]
    topic = f"arn:aws:sns:{REGION}:{SELLER}:events"
    asked = {"ServiceId": made, "ConnectionNotificationArn": topic, "ConnectionEvents": ["Connect", "Delete"]}
    create = ec2.create_vpc_endpoint_connection_notification
    assert code(create, **{**asked, "ConnectionEvents": ["Sneeze"]}) == "InvalidParameter"
    assert code(create, **{**asked, "ConnectionNotificationArn": "x"}) == "InvalidParameter"
    one = create(**asked, ClientToken="t")["ConnectionNotification"]
    assert create(**asked, ClientToken="t")["ConnectionNotification"] == one
    by_service = [{"Name": "service-id", "Values": [made]}]
    shown = ec2.describe_vpc_endpoint_connection_notifications(Filters=by_service)["ConnectionNotificationSet"]
    assert [n["ConnectionNotificationId"] for n in shown] == [one["ConnectionNotificationId"]]
    delete = ec2.delete_vpc_endpoint_connection_notifications
    ids = [one["ConnectionNotificationId"]]
    assert delete(ConnectionNotificationIds=ids)["Unsuccessful"] == []
    assert delete(ConnectionNotificationIds=ids)["Unsuccessful"][0]["ResourceId"] == ids[0]


def test_one_account_does_not_see_anothers_service(client: Client, net: build.Network, nlb: str, code: Any) -> None:
    made = build.service(net.ec2, nlb)["ServiceId"]
    other = client("ec2", account=STRANGER)
    assert other.describe_vpc_endpoint_service_configurations()["ServiceConfigurations"] == []
    call = other.describe_vpc_endpoint_service_configurations
    assert code(call, ServiceIds=[made]) == "InvalidVpcEndpointServiceId.NotFound"
