"""What a seller has in the account already, made as a seller makes it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from tests.pages.picker.conftest import Shop


def named(kind: str, name: str) -> list[dict[str, Any]]:
    """The TagSpecifications that give a name."""
    return [{"ResourceType": kind, "Tags": [{"Key": "Name", "Value": name}]}]


def vpc(shop: Shop, cidr: str = "10.20.0.0/16", *, name: str = "", dns: bool = True) -> str:
    """A VPC with DNS on."""
    ec2 = shop.aws("ec2")
    more = {"TagSpecifications": named("vpc", name)} if name else {}
    made = str(ec2.create_vpc(CidrBlock=cidr, **more)["Vpc"]["VpcId"])
    if dns:
        ec2.modify_vpc_attribute(VpcId=made, EnableDnsHostnames={"Value": True})
    return made


def zone_ids(shop: Shop) -> list[str]:
    """The zone ids of the region."""
    return sorted(zone["ZoneId"] for zone in shop.aws("ec2").describe_availability_zones()["AvailabilityZones"])


def subnets(shop: Shop, vpc_id: str, zones: Sequence[str], cidr: str = "10.20.{}.0/24") -> list[str]:
    """One subnet in each of the zones."""
    ec2 = shop.aws("ec2")
    return [
        str(ec2.create_subnet(VpcId=vpc_id, CidrBlock=cidr.format(at), AvailabilityZoneId=zone)["Subnet"]["SubnetId"])
        for at, zone in enumerate(zones)
    ]


def group(shop: Shop, vpc_id: str, name: str, port: int = 0) -> str:
    """A security group, with the port open to 10.0.0.0/8 if there is one."""
    ec2 = shop.aws("ec2")
    made = str(ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc_id)["GroupId"])
    if port:
        rule = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}
        ec2.authorize_security_group_ingress(GroupId=made, IpPermissions=[rule])
    return made


def instance(shop: Shop, subnet_id: str, group_id: str, listens: int = 0) -> str:
    """A running instance."""
    ec2 = shop.aws("ec2")
    script = {"UserData": f"# plc:listen {listens}/tcp\n"} if listens else {}
    made = ec2.run_instances(
        ImageId="ami-0a1c2e3f405162738",
        InstanceType="t3.micro",
        MinCount=1,
        MaxCount=1,
        SubnetId=subnet_id,
        SecurityGroupIds=[group_id],
        **script,
    )
    one = str(made["Instances"][0]["InstanceId"])
    until(lambda: _instance(shop, one)["State"]["Name"], "running")
    return one


def _instance(shop: Shop, instance_id: str) -> Any:
    return shop.aws("ec2").describe_instances(InstanceIds=[instance_id])["Reservations"][0]["Instances"][0]


def balancer(shop: Shop, name: str, subnet_ids: Sequence[str], kind: str = "network", **more: Any) -> str:
    """A load balancer, active."""
    elbv2 = shop.aws("elbv2")
    made = elbv2.create_load_balancer(Name=name, Type=kind, Scheme="internal", Subnets=list(subnet_ids), **more)
    arn = str(made["LoadBalancers"][0]["LoadBalancerArn"])
    until(lambda: elbv2.describe_load_balancers(LoadBalancerArns=[arn])["LoadBalancers"][0]["State"]["Code"], "active")
    return arn


def attributes(shop: Shop, arn: str, **values: str) -> None:
    """`attributes(shop, arn, cross_zone="true")`: of a load balancer."""
    names = {"cross_zone": "load_balancing.cross_zone.enabled", "protected": "deletion_protection.enabled"}
    wanted = [{"Key": names[name], "Value": value} for name, value in values.items()]
    shop.aws("elbv2").modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=wanted)


def targets(shop: Shop, vpc_id: str, name: str, port: int = 8443, protocol: str = "TCP") -> str:
    """A target group of instances."""
    made = shop.aws("elbv2").create_target_group(Name=name, Protocol=protocol, Port=port, VpcId=vpc_id)
    return str(made["TargetGroups"][0]["TargetGroupArn"])


def listener(shop: Shop, balancer_arn: str, group_arn: str, port: int = 443, protocol: str = "TCP") -> str:
    """A listener that sends to the group."""
    made = shop.aws("elbv2").create_listener(
        LoadBalancerArn=balancer_arn,
        Protocol=protocol,
        Port=port,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": group_arn}],
    )
    return str(made["Listeners"][0]["ListenerArn"])


def healthy(shop: Shop, group_arn: str, instance_id: str) -> None:
    """Registers the instance and waits until it is well."""
    elbv2 = shop.aws("elbv2")
    elbv2.register_targets(TargetGroupArn=group_arn, Targets=[{"Id": instance_id}])
    until(
        lambda: elbv2.describe_target_health(TargetGroupArn=group_arn)["TargetHealthDescriptions"][0]["TargetHealth"][
            "State"
        ],
        "healthy",
    )


def service(shop: Shop, balancer_arn: str, *, asks: bool = True) -> str:
    """An endpoint service over the load balancer, available."""
    ec2 = shop.aws("ec2")
    made = ec2.create_vpc_endpoint_service_configuration(
        NetworkLoadBalancerArns=[balancer_arn], AcceptanceRequired=asks
    )
    service_id = str(made["ServiceConfiguration"]["ServiceId"])
    until(
        lambda: ec2.describe_vpc_endpoint_service_configurations(ServiceIds=[service_id])["ServiceConfigurations"][0][
            "ServiceState"
        ],
        "Available",
    )
    return service_id


def until(read: Any, word: str, seconds: float = 5.0) -> None:
    """Waits until AWS says the word."""
    end = time.monotonic() + seconds
    while (found := read()) != word:
        assert time.monotonic() < end, f"It is still {found}, not {word}."
        time.sleep(0.02)
