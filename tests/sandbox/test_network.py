"""VPCs, subnets, groups, tags: what is refused, and what stands in the way of deletion."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox import world
from sandbox.clock import clock
from tests.sandbox import build
from tests.sandbox.conftest import Client


@pytest.fixture
def net(client: Client) -> build.Network:
    return build.network(client("ec2"))


@pytest.mark.parametrize(
    ("cidr", "expected"),
    [
        ("10.20.0.128/25", "InvalidSubnet.Conflict"),
        ("10.21.0.0/24", "InvalidSubnet.Range"),
        ("10.20.9.0/29", "InvalidSubnet.Range"),
        ("10.20.9.0", "InvalidSubnet.Range"),
        ("10.20.9.0/x", "InvalidParameterValue"),
    ],
)
def test_a_subnet_must_fit(net: build.Network, code: Any, cidr: str, expected: str) -> None:
    assert code(net.ec2.create_subnet, VpcId=net.vpc, CidrBlock=cidr) == expected


def test_a_new_subnet_is_neither_default_nor_public(net: build.Network) -> None:
    subnet = net.ec2.describe_subnets(SubnetIds=net.subnets)["Subnets"][0]
    assert not subnet["DefaultForAz"]
    assert not subnet["MapPublicIpOnLaunch"]
    assert subnet["AvailableIpAddressCount"] == 251


def test_vpc_attributes_are_kept(net: build.Network) -> None:
    read = net.ec2.describe_vpc_attribute
    assert read(VpcId=net.vpc, Attribute="enableDnsSupport")["EnableDnsSupport"]["Value"] is True
    assert read(VpcId=net.vpc, Attribute="enableDnsHostnames")["EnableDnsHostnames"]["Value"] is False
    net.ec2.modify_vpc_attribute(VpcId=net.vpc, EnableDnsHostnames={"Value": True})
    assert read(VpcId=net.vpc, Attribute="enableDnsHostnames")["EnableDnsHostnames"]["Value"] is True


def test_ids_that_do_not_exist_have_their_own_codes(client: Client, code: Any) -> None:
    ec2 = client("ec2")
    none = "0123456789abcdef0"
    assert code(ec2.describe_vpcs, VpcIds=[f"vpc-{none}"]) == "InvalidVpcID.NotFound"
    assert code(ec2.describe_subnets, SubnetIds=[f"subnet-{none}"]) == "InvalidSubnetID.NotFound"
    assert code(ec2.describe_security_groups, GroupIds=[f"sg-{none}"]) == "InvalidGroup.NotFound"
    assert code(ec2.describe_instances, InstanceIds=[f"i-{none}"]) == "InvalidInstanceID.NotFound"
    assert code(ec2.delete_vpc, VpcId=f"vpc-{none}") == "InvalidVpcID.NotFound"
    assert code(ec2.delete_subnet, SubnetId=f"subnet-{none}") == "InvalidSubnetID.NotFound"
    assert code(ec2.delete_security_group, GroupId=f"sg-{none}") == "InvalidGroup.NotFound"


def test_names_and_rules_of_groups_are_unique(net: build.Network, code: Any) -> None:
    made = build.group(net, "one", 443)
    assert code(net.ec2.create_security_group, GroupName="one", Description="d", VpcId=net.vpc) == (
        "InvalidGroup.Duplicate"
    )
    rule = [{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
    assert code(net.ec2.authorize_security_group_ingress, GroupId=made, IpPermissions=rule) == (
        "InvalidPermission.Duplicate"
    )


def test_a_group_that_a_rule_names_cannot_go(net: build.Network, code: Any) -> None:
    front = build.group(net, "front")
    back = build.group(net, "back", 8443, {"UserIdGroupPairs": [{"GroupId": front}]})
    assert code(net.ec2.delete_security_group, GroupId=front) == "DependencyViolation"
    net.ec2.delete_security_group(GroupId=back)
    net.ec2.delete_security_group(GroupId=front)


def test_a_vpc_goes_last(net: build.Network, code: Any) -> None:
    made = build.group(net, "one")
    for subnet in net.subnets:
        assert code(net.ec2.delete_vpc, VpcId=net.vpc) == "DependencyViolation"
        net.ec2.delete_subnet(SubnetId=subnet)
    assert code(net.ec2.delete_vpc, VpcId=net.vpc) == "DependencyViolation"
    net.ec2.delete_security_group(GroupId=made)
    net.ec2.delete_vpc(VpcId=net.vpc)
    assert code(net.ec2.describe_vpcs, VpcIds=[net.vpc]) == "InvalidVpcID.NotFound"


def test_an_instance_takes_time_to_start_and_to_end(net: build.Network, code: Any) -> None:
    ec2, guard = net.ec2, build.group(net, "one")
    made = ec2.run_instances(
        ImageId=build.IMAGE,
        InstanceType="t3.micro",
        MinCount=1,
        MaxCount=1,
        SubnetId=net.subnets[0],
        SecurityGroupIds=[guard],
    )["Instances"][0]

    def state() -> str:
        found = ec2.describe_instances(InstanceIds=[made["InstanceId"]])
        return str(found["Reservations"][0]["Instances"][0]["State"]["Name"])

    assert made["State"]["Name"] == state() == "pending"
    clock.advance(world.settings.instance_seconds)
    assert state() == "running"
    running = [{"Name": "instance-state-name", "Values": ["running"]}]
    assert ec2.describe_instances(Filters=running)["Reservations"]
    ended = ec2.terminate_instances(InstanceIds=[made["InstanceId"]])["TerminatingInstances"][0]
    assert (ended["PreviousState"]["Name"], ended["CurrentState"]["Name"]) == ("running", "shutting-down")
    assert state() == "shutting-down"
    assert code(ec2.delete_subnet, SubnetId=net.subnets[0]) == "DependencyViolation"
    assert code(ec2.delete_security_group, GroupId=guard) == "DependencyViolation"
    clock.advance(world.settings.terminate_seconds)
    assert state() == "terminated"
    ec2.delete_subnet(SubnetId=net.subnets[0])
    ec2.delete_security_group(GroupId=guard)


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ({"ImageId": "ami-nonsense"}, "InvalidAMIID.Malformed"),
        ({"InstanceType": "t3.gigantic"}, "InvalidParameterValue"),
        ({"SubnetId": "subnet-0123456789abcdef0"}, "InvalidSubnetID.NotFound"),
        ({"SecurityGroupIds": ["sg-0123456789abcdef0"]}, "InvalidGroup.NotFound"),
    ],
)
def test_an_instance_that_cannot_be_is_refused(
    net: build.Network, code: Any, wrong: dict[str, Any], expected: str
) -> None:
    asked = {"ImageId": build.IMAGE, "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1}
    assert code(net.ec2.run_instances, **{**asked, "SubnetId": net.subnets[0], **wrong}) == expected


def test_all_that_run_instances_makes_bears_its_tags(net: build.Network) -> None:
    ec2 = net.ec2
    specs = [
        {"ResourceType": kind, "Tags": [{"Key": "plc:run", "Value": kind}]}
        for kind in ("instance", "volume", "network-interface")
    ]
    ec2.run_instances(ImageId=build.IMAGE, MinCount=1, MaxCount=1, SubnetId=net.subnets[0], TagSpecifications=specs)
    found = ec2.describe_tags(Filters=[{"Name": "key", "Values": ["plc:*"]}])["Tags"]
    assert {tag["ResourceType"]: tag["Value"] for tag in found} == {
        kind: kind for kind in ("instance", "volume", "network-interface")
    }


def test_tags_are_found_by_key_value_and_type(client: Client) -> None:
    ec2 = client("ec2")
    tags = [{"ResourceType": "vpc", "Tags": [{"Key": "plc:run", "Value": "r1"}, {"Key": "Name", "Value": "x"}]}]
    made = ec2.create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=tags)["Vpc"]["VpcId"]

    def found(**filters: str) -> list[tuple[str, str]]:
        asked = [{"Name": name.replace("_", "-"), "Values": [value]} for name, value in filters.items()]
        return [(t["Key"], t["ResourceId"]) for t in ec2.describe_tags(Filters=asked)["Tags"]]

    assert found(key="plc:*", value="r?") == [("plc:run", made)]
    assert found(resource_type="vpc", key="Name") == [("Name", made)]
    assert found(resource_id=made, value="nothing") == []
    by_tag = [{"Name": "tag:plc:run", "Values": ["r*"]}]
    assert [v["VpcId"] for v in ec2.describe_vpcs(Filters=by_tag)["Vpcs"]] == [made]
    assert [t["Key"] for t in ec2.describe_tags(Filters=by_tag)["Tags"]] == ["plc:run"]


def test_new_tags_reach_what_was_tagged_by_hand(net: build.Network) -> None:
    net.ec2.create_tags(Resources=[net.vpc, net.subnets[0]], Tags=[{"Key": "plc:owner", "Value": "me"}])
    owned = [{"Name": "tag:plc:owner", "Values": ["me"]}]
    assert len(net.ec2.describe_subnets(Filters=owned)["Subnets"]) == 1
    net.ec2.delete_tags(Resources=[net.vpc], Tags=[{"Key": "plc:owner"}])
    assert net.ec2.describe_vpcs(Filters=owned)["Vpcs"] == []


def test_tags_go_with_what_bore_them(net: build.Network) -> None:
    ec2, guard = net.ec2, build.group(net, "guard")
    ec2.create_tags(Resources=[net.vpc, guard, *net.subnets], Tags=[{"Key": "plc:owner", "Value": "me"}])
    specs = [
        {"ResourceType": k, "Tags": [{"Key": "plc:owner", "Value": "me"}]} for k in ("volume", "network-interface")
    ]
    run = ec2.run_instances(
        ImageId=build.IMAGE, MinCount=1, MaxCount=1, SubnetId=net.subnets[0], TagSpecifications=specs
    )
    owned = [{"Name": "key", "Values": ["plc:owner"]}]
    assert len(ec2.describe_tags(Filters=owned)["Tags"]) == 6
    ec2.terminate_instances(InstanceIds=[run["Instances"][0]["InstanceId"]])
    clock.advance(world.settings.terminate_seconds)
    for subnet in net.subnets:
        ec2.delete_subnet(SubnetId=subnet)
    ec2.delete_security_group(GroupId=guard)
    ec2.delete_vpc(VpcId=net.vpc)
    assert ec2.describe_tags(Filters=owned)["Tags"] == []


def test_rules_are_found_by_group_with_their_tags(net: build.Network) -> None:
    guard = build.group(net, "guard")
    rule = [{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}]
    tags = [{"ResourceType": "security-group-rule", "Tags": [{"Key": "plc:run", "Value": "1"}]}]
    net.ec2.authorize_security_group_ingress(GroupId=guard, IpPermissions=rule, TagSpecifications=tags)
    by_group = [{"Name": "group-id", "Values": [guard]}]
    found = net.ec2.describe_security_group_rules(Filters=by_group)["SecurityGroupRules"]
    (inbound,) = [r for r in found if not r["IsEgress"]]
    assert (inbound["CidrIpv4"], inbound["FromPort"], inbound["ToPort"]) == ("10.0.0.0/8", 443, 443)
    assert inbound["Tags"] == [{"Key": "plc:run", "Value": "1"}]
