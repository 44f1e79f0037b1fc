"""Builds what the contract tests need, by real calls, as a provider and a buyer would."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sandbox import world
from sandbox.clock import clock

LISTENS = "#!/bin/sh\n# plc:listen 8443/tcp\n"
IMAGE = "ami-0123456789abcdef0"


@dataclass
class Network:
    """A VPC with subnets in different zones."""

    ec2: Any
    vpc: str
    subnets: list[str]
    zone_ids: list[str]


def network(ec2: Any, cidr: str = "10.20", zones: int = 2, zone_ids: list[str] | None = None) -> Network:
    """A VPC and `zones` subnets in it."""
    vpc = ec2.create_vpc(CidrBlock=f"{cidr}.0.0/16")["Vpc"]["VpcId"]
    offers = ec2.describe_instance_type_offerings(
        LocationType="availability-zone-id", Filters=[{"Name": "instance-type", "Values": ["t3.micro"]}]
    )
    known = sorted({offer["Location"] for offer in offers["InstanceTypeOfferings"]})
    ids = zone_ids or known[:zones]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"{cidr}.{n}.0/24", AvailabilityZoneId=zone)["Subnet"]["SubnetId"]
        for n, zone in enumerate(ids)
    ]
    return Network(ec2, vpc, subnets, ids)


def group(net: Network, name: str, port: int | None = None, source: dict[str, Any] | None = None) -> str:
    """A security group that lets `source` (default: everybody) in at the port."""
    made: str = net.ec2.create_security_group(GroupName=name, Description=name, VpcId=net.vpc)["GroupId"]
    if port is not None:
        rule = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port}
        rule |= source or {"IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
        net.ec2.authorize_security_group_ingress(GroupId=made, IpPermissions=[rule])
    return made


def instance(net: Network, subnet: str, groups: list[str], user_data: str = LISTENS) -> str:
    """A running instance."""
    made = net.ec2.run_instances(
        ImageId=IMAGE,
        InstanceType="t3.micro",
        MinCount=1,
        MaxCount=1,
        SubnetId=subnet,
        SecurityGroupIds=groups,
        UserData=user_data,
    )
    clock.advance(world.settings.instance_seconds)
    thing: str = made["Instances"][0]["InstanceId"]
    return thing


def balancer(elb: Any, net: Network, name: str = "nlb", **more: Any) -> dict[str, Any]:
    """A network load balancer, active."""
    more.setdefault("Scheme", "internal")
    made = elb.create_load_balancer(Name=name, Type="network", Subnets=net.subnets, **more)
    clock.advance(world.settings.nlb_seconds)
    shown: dict[str, Any] = made["LoadBalancers"][0]
    return shown


def target_group(elb: Any, net: Network, name: str = "targets", **more: Any) -> str:
    """A TCP target group on 8443."""
    made = elb.create_target_group(Name=name, Protocol="TCP", Port=8443, VpcId=net.vpc, **more)
    arn: str = made["TargetGroups"][0]["TargetGroupArn"]
    return arn


def listener(elb: Any, balancer_arn: str, target_arn: str, port: int = 443, **more: Any) -> str:
    """A listener that forwards to the target group."""
    more.setdefault("Protocol", "TCP")
    action = [{"Type": "forward", "TargetGroupArn": target_arn}]
    made = elb.create_listener(LoadBalancerArn=balancer_arn, Port=port, DefaultActions=action, **more)
    arn: str = made["Listeners"][0]["ListenerArn"]
    return arn


def service(ec2: Any, balancer_arn: str, acceptance: bool = False, **more: Any) -> dict[str, Any]:
    """An endpoint service, available."""
    made = ec2.create_vpc_endpoint_service_configuration(
        NetworkLoadBalancerArns=[balancer_arn], AcceptanceRequired=acceptance, **more
    )
    clock.advance(world.settings.service_seconds)
    shown: dict[str, Any] = made["ServiceConfiguration"]
    return shown


def allow(ec2: Any, service_id: str, *principals: str) -> None:
    """Put principals on the allow list."""
    ec2.modify_vpc_endpoint_service_permissions(ServiceId=service_id, AddAllowedPrincipals=list(principals))


def root(account: str) -> str:
    """The principal that means a whole account."""
    return f"arn:aws:iam::{account}:root"


def endpoint(net: Network, service_name: str, **more: Any) -> dict[str, Any]:
    """An interface endpoint in the first subnet."""
    more.setdefault("SubnetIds", net.subnets[:1])
    made = net.ec2.create_vpc_endpoint(VpcId=net.vpc, ServiceName=service_name, VpcEndpointType="Interface", **more)
    shown: dict[str, Any] = made["VpcEndpoint"]
    return shown


def states(ec2: Any, *ids: str) -> list[str]:
    """The states of endpoints."""
    return [e["State"] for e in ec2.describe_vpc_endpoints(VpcEndpointIds=list(ids))["VpcEndpoints"]]


def healths(elb: Any, target_arn: str) -> list[str]:
    """The states of all targets, with their reasons."""
    found = elb.describe_target_health(TargetGroupArn=target_arn)["TargetHealthDescriptions"]
    return [" ".join(filter(None, (t["TargetHealth"]["State"], t["TargetHealth"].get("Reason")))) for t in found]
