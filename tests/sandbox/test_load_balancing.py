"""Network load balancers: names, states, groups, protection, interfaces."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox import world
from sandbox.clock import clock
from tests.sandbox import build
from tests.sandbox.conftest import REGION, SELLER, Client


@pytest.fixture
def elb(client: Client) -> Any:
    return client("elbv2")


@pytest.fixture
def net(client: Client) -> build.Network:
    return build.network(client("ec2"), zones=3)


def asked(net: build.Network, **more: Any) -> dict[str, Any]:
    return {"Name": "nlb", "Type": "network", "Scheme": "internal", "Subnets": net.subnets[:2], **more}


def test_it_is_a_network_load_balancer_that_takes_time(elb: Any, net: build.Network) -> None:
    made = elb.create_load_balancer(**asked(net))["LoadBalancers"][0]
    prefix = f"arn:aws:elasticloadbalancing:{REGION}:{SELLER}:loadbalancer/net/nlb/"
    assert made["LoadBalancerArn"].startswith(prefix)
    assert made["DNSName"].endswith(f".elb.{REGION}.amazonaws.com")
    assert made["State"]["Code"] == "provisioning"
    assert made["VpcId"] == net.vpc
    clock.advance(world.settings.nlb_seconds - 1)
    assert elb.describe_load_balancers()["LoadBalancers"][0]["State"]["Code"] == "provisioning"
    clock.advance(2)
    shown = elb.describe_load_balancers(Names=["nlb"])["LoadBalancers"][0]
    assert shown["State"]["Code"] == "active"
    assert {z["SubnetId"] for z in shown["AvailabilityZones"]} == set(net.subnets[:2])


def test_the_same_settings_are_the_same_one_and_others_are_refused(elb: Any, net: build.Network, code: Any) -> None:
    first = elb.create_load_balancer(**asked(net))["LoadBalancers"][0]["LoadBalancerArn"]
    again = elb.create_load_balancer(**asked(net, Subnets=net.subnets[1::-1]))
    assert again["LoadBalancers"][0]["LoadBalancerArn"] == first
    assert code(elb.create_load_balancer, **asked(net, Subnets=net.subnets)) == "DuplicateLoadBalancerName"
    assert len(elb.describe_load_balancers()["LoadBalancers"]) == 1


@pytest.mark.parametrize("name", ["internal-x", "-x", "x-", "x_y", "x" * 33])
def test_a_bad_name_is_refused(elb: Any, net: build.Network, code: Any, name: str) -> None:
    assert code(elb.create_load_balancer, **asked(net, Name=name)) == "ValidationError"


def test_bad_subnets_and_groups_are_refused(elb: Any, net: build.Network, code: Any) -> None:
    other = build.network(net.ec2, cidr="10.30", zone_ids=[net.zone_ids[2]])
    make = elb.create_load_balancer
    assert code(make, **asked(net, Subnets=["subnet-0123456789abcdef0"])) == "SubnetNotFound"
    assert code(make, **asked(net, Subnets=[net.subnets[0], other.subnets[0]])) == "InvalidSubnet"
    foreign = build.group(other, "foreign")
    assert code(make, **asked(net, SecurityGroups=[foreign])) == "InvalidSecurityGroup"


def test_a_group_comes_at_creation_or_never(elb: Any, net: build.Network, code: Any) -> None:
    bare = elb.create_load_balancer(**asked(net))["LoadBalancers"][0]
    one, two = build.group(net, "one"), build.group(net, "two")
    assert (
        code(elb.set_security_groups, LoadBalancerArn=bare["LoadBalancerArn"], SecurityGroups=[one])
        == "InvalidConfigurationRequest"
    )
    made = elb.create_load_balancer(**asked(net, Name="two", SecurityGroups=[one]))["LoadBalancers"][0]
    assert made["EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic"] == "on"
    elb.set_security_groups(
        LoadBalancerArn=made["LoadBalancerArn"],
        SecurityGroups=[two],
        EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic="off",
    )
    shown = elb.describe_load_balancers(Names=["two"])["LoadBalancers"][0]
    assert shown["SecurityGroups"] == [two]
    assert shown["EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic"] == "off"


def test_cross_zone_is_off_until_it_is_set(elb: Any, net: build.Network) -> None:
    arn = build.balancer(elb, net)["LoadBalancerArn"]

    def cross_zone() -> str:
        found = elb.describe_load_balancer_attributes(LoadBalancerArn=arn)["Attributes"]
        return str({a["Key"]: a["Value"] for a in found}["load_balancing.cross_zone.enabled"])

    assert cross_zone() == "false"
    on = [{"Key": "load_balancing.cross_zone.enabled", "Value": "true"}]
    elb.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=on)
    assert cross_zone() == "true"


def test_a_protected_one_stays(elb: Any, net: build.Network, code: Any) -> None:
    arn = build.balancer(elb, net)["LoadBalancerArn"]
    for value in ("true", "false"):
        attributes = [{"Key": "deletion_protection.enabled", "Value": value}]
        elb.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=attributes)
        if value == "true":
            assert code(elb.delete_load_balancer, LoadBalancerArn=arn) == "OperationNotPermitted"
    elb.delete_load_balancer(LoadBalancerArn=arn)
    elb.delete_load_balancer(LoadBalancerArn=arn)  # absent is success
    assert code(elb.describe_load_balancers, LoadBalancerArns=[arn]) == "LoadBalancerNotFound"


def test_one_with_an_endpoint_service_stays(elb: Any, net: build.Network, code: Any) -> None:
    arn = build.balancer(elb, net)["LoadBalancerArn"]
    made = build.service(net.ec2, arn)
    assert code(elb.delete_load_balancer, LoadBalancerArn=arn) == "ResourceInUse"
    net.ec2.delete_vpc_endpoint_service_configurations(ServiceIds=[made["ServiceId"]])
    elb.delete_load_balancer(LoadBalancerArn=arn)


def test_its_interfaces_live_with_it_and_linger(elb: Any, net: build.Network, code: Any) -> None:
    guard = build.group(net, "guard")
    arn = build.balancer(elb, net, SecurityGroups=[guard])["LoadBalancerArn"]

    def interfaces() -> list[str]:
        in_vpc = [{"Name": "vpc-id", "Values": [net.vpc]}]
        found = net.ec2.describe_network_interfaces(Filters=in_vpc)["NetworkInterfaces"]
        return [eni["Description"] for eni in found]

    assert interfaces() == [f"ELB {arn.split('loadbalancer/')[1]}"] * 3
    elb.delete_load_balancer(LoadBalancerArn=arn)
    assert len(interfaces()) == 3
    assert code(net.ec2.delete_subnet, SubnetId=net.subnets[0]) == "DependencyViolation"
    assert code(net.ec2.delete_security_group, GroupId=guard) == "DependencyViolation"
    clock.advance(world.settings.eni_linger_seconds)
    assert interfaces() == []
    net.ec2.delete_subnet(SubnetId=net.subnets[0])
    net.ec2.delete_security_group(GroupId=guard)


def test_it_can_gain_a_zone(elb: Any, net: build.Network) -> None:
    made = elb.create_load_balancer(**asked(net))["LoadBalancers"][0]["LoadBalancerArn"]
    grown = elb.set_subnets(LoadBalancerArn=made, Subnets=net.subnets)["AvailabilityZones"]
    assert {z["SubnetId"] for z in grown} == set(net.subnets)
    assert elb.create_load_balancer(**asked(net, Subnets=net.subnets))["LoadBalancers"][0]["LoadBalancerArn"] == made


def test_tags_at_creation_are_kept(elb: Any, net: build.Network) -> None:
    made = build.balancer(elb, net, Tags=[{"Key": "plc:run", "Value": "1"}])["LoadBalancerArn"]
    found = elb.describe_tags(ResourceArns=[made])["TagDescriptions"][0]
    assert found["Tags"] == [{"Key": "plc:run", "Value": "1"}]
    elb.delete_load_balancer(LoadBalancerArn=made)
