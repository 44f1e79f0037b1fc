"""The window in which a new id is not known yet."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox import world
from sandbox.clock import clock
from tests.sandbox import build
from tests.sandbox.conftest import Client


def test_a_new_id_is_unknown_for_a_while(client: Client, code: Any) -> None:
    ec2 = client("ec2")
    old = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    world.settings.update({"stale_seconds": 10})
    new = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    listed = {v["VpcId"] for v in ec2.describe_vpcs()["Vpcs"]}
    assert old in listed
    assert new not in listed
    assert code(ec2.describe_vpcs, VpcIds=[new]) == "InvalidVpcID.NotFound"
    assert code(ec2.create_subnet, VpcId=new, CidrBlock="10.1.0.0/24") == "InvalidVpcID.NotFound"
    ec2.create_subnet(VpcId=old, CidrBlock="10.0.0.0/24")
    clock.advance(10)
    assert new in {v["VpcId"] for v in ec2.describe_vpcs()["Vpcs"]}
    ec2.create_subnet(VpcId=new, CidrBlock="10.1.0.0/24")


def test_the_window_is_closed_by_default(client: Client) -> None:
    ec2 = client("ec2")
    made = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    assert ec2.describe_vpcs(VpcIds=[made])["Vpcs"]


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ("subnet", "InvalidSubnetID.NotFound"),
        ("group", "InvalidGroup.NotFound"),
        ("instance", "InvalidInstanceID.NotFound"),
        ("service", "InvalidVpcEndpointServiceId.NotFound"),
    ],
)
def test_each_kind_has_its_own_code(client: Client, code: Any, what: str, expected: str) -> None:
    net = build.network(client("ec2"))
    ec2, nlb = net.ec2, build.balancer(client("elbv2"), net)["LoadBalancerArn"]
    world.settings.update({"stale_seconds": 10})
    if what == "subnet":
        made = ec2.create_subnet(VpcId=net.vpc, CidrBlock="10.20.9.0/24")["Subnet"]["SubnetId"]
        refused = code(ec2.describe_subnets, SubnetIds=[made])
    elif what == "group":
        made = ec2.create_security_group(GroupName="g", Description="g", VpcId=net.vpc)["GroupId"]
        refused = code(ec2.describe_security_groups, GroupIds=[made])
    elif what == "instance":
        run = ec2.run_instances(ImageId=build.IMAGE, MinCount=1, MaxCount=1, SubnetId=net.subnets[0])
        made = run["Instances"][0]["InstanceId"]
        assert made not in str(ec2.describe_instances()["Reservations"])
        refused = code(ec2.describe_instances, InstanceIds=[made])
    else:
        answer = ec2.create_vpc_endpoint_service_configuration(NetworkLoadBalancerArns=[nlb])
        made = answer["ServiceConfiguration"]["ServiceId"]
        assert ec2.describe_vpc_endpoint_service_configurations()["ServiceConfigurations"] == []
        refused = code(ec2.describe_vpc_endpoint_service_configurations, ServiceIds=[made])
    assert refused == expected


def test_a_new_thing_is_not_found_by_its_tags_either(client: Client) -> None:
    ec2 = client("ec2")
    world.settings.update({"stale_seconds": 10})
    tags = [{"ResourceType": "vpc", "Tags": [{"Key": "plc:run", "Value": "1"}]}]
    ec2.create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=tags)
    mine = [{"Name": "key", "Values": ["plc:run"]}]
    assert ec2.describe_tags(Filters=mine)["Tags"] == []
    clock.advance(10)
    assert len(ec2.describe_tags(Filters=mine)["Tags"]) == 1
