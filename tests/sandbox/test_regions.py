"""Opt-in regions, zones whose names differ from account to account, and quotas."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.aws import accounts
from tests.sandbox import build
from tests.sandbox.conftest import BUYER, REGION, SELLER, Client


def zones(ec2: Any) -> dict[str, str]:
    return {z["ZoneName"]: z["ZoneId"] for z in ec2.describe_availability_zones()["AvailabilityZones"]}


def test_zone_names_are_shuffled_by_account_and_ids_are_stable(client: Client) -> None:
    seen = [zones(client("ec2", account=str(n) * 12)) for n in range(1, 6)]
    assert len({tuple(sorted(names.items())) for names in seen}) > 1
    assert len({tuple(sorted(names.values())) for names in seen}) == 1
    assert seen[0] == zones(client("ec2", account=SELLER))


def test_zones_say_what_they_are(client: Client) -> None:
    wanted = [{"Name": "zone-type", "Values": ["availability-zone"]}, {"Name": "state", "Values": ["available"]}]
    zone = client("ec2").describe_availability_zones(Filters=wanted)["AvailabilityZones"][0]
    assert zone["RegionName"] == zone["NetworkBorderGroup"] == REGION
    assert (zone["State"], zone["OptInStatus"]) == ("available", "opt-in-not-required")
    assert zone["ZoneType"] == "availability-zone"


def test_a_subnet_by_zone_id_lands_in_the_accounts_zone_of_that_id(client: Client, code: Any) -> None:
    for account in (SELLER, BUYER):
        ec2 = client("ec2", account=account)
        name, zone_id = sorted(zones(ec2).items())[-1]
        net = build.network(ec2, zone_ids=[zone_id])
        subnet = ec2.describe_subnets(SubnetIds=net.subnets)["Subnets"][0]
        assert (subnet["AvailabilityZone"], subnet["AvailabilityZoneId"]) == (name, zone_id)
        wrong = {"VpcId": net.vpc, "CidrBlock": "10.20.9.0/24", "AvailabilityZoneId": "use1-az9"}
        assert code(ec2.create_subnet, **wrong) == "InvalidParameterValue"


def test_a_region_must_be_enabled_first(client: Client, code: Any) -> None:
    ec2, elb = client("ec2", region="me-south-1"), client("elbv2", region="me-south-1")
    assert code(ec2.describe_vpcs) == "AuthFailure"
    assert code(elb.describe_load_balancers) == "OptInRequired"
    accounts.enable_region(SELLER, "me-south-1")
    ec2.describe_vpcs()
    assert code(client("ec2", account=BUYER, region="me-south-1").describe_vpcs) == "AuthFailure"
    accounts.disable_region(SELLER, "me-south-1")
    assert code(ec2.describe_vpcs) == "AuthFailure"
    with pytest.raises(ValueError, match="always enabled"):
        accounts.disable_region(SELLER, REGION)


def test_regions_are_listed_with_their_status(client: Client) -> None:
    ec2 = client("ec2")
    accounts.enable_region(SELLER, "af-south-1")
    listed = {r["RegionName"] for r in ec2.describe_regions()["Regions"]}
    every = {r["RegionName"]: r["OptInStatus"] for r in ec2.describe_regions(AllRegions=True)["Regions"]}
    assert "af-south-1" in listed
    assert "me-south-1" not in listed
    assert every["us-east-1"] == "opt-in-not-required"
    assert every["af-south-1"] == "opted-in"
    assert every["me-south-1"] == "not-opted-in"
    assert not any(name.startswith(("cn-", "us-gov-")) for name in every)


def test_a_quota_is_shown_and_enforced(client: Client, code: Any) -> None:
    ec2, quotas = client("ec2"), client("service-quotas")
    accounts.set_quota(SELLER, REGION, "vpc", "L-F678F1CE", 2)
    shown = quotas.get_service_quota(ServiceCode="vpc", QuotaCode="L-F678F1CE")["Quota"]
    default = quotas.get_aws_default_service_quota(ServiceCode="vpc", QuotaCode="L-F678F1CE")["Quota"]
    assert (shown["Value"], default["Value"]) == (2.0, 5.0)
    ec2.create_vpc(CidrBlock="10.0.0.0/16")  # the default VPC counts
    assert code(ec2.create_vpc, CidrBlock="10.1.0.0/16") == "VpcLimitExceeded"
    client("ec2", region="eu-west-1").create_vpc(CidrBlock="10.1.0.0/16")


def test_an_unknown_quota_is_refused(client: Client, code: Any) -> None:
    quotas = client("service-quotas")
    asked = {"ServiceCode": "vpc", "QuotaCode": "L-00000000"}
    assert code(quotas.get_service_quota, **asked) == "NoSuchResourceException"
    assert quotas.list_service_quotas(ServiceCode="elasticloadbalancing")["Quotas"]


@pytest.mark.parametrize(
    ("service", "quota", "expected"),
    [
        ("vpc", "L-407747CB", "SubnetLimitExceeded"),
        ("vpc", "L-E79EC296", "SecurityGroupLimitExceeded"),
        ("ec2", "L-1216C47A", "VcpuLimitExceeded"),
        ("elasticloadbalancing", "L-69A177A2", "TooManyLoadBalancers"),
        ("elasticloadbalancing", "L-B22855CB", "TooManyTargetGroups"),
    ],
)
def test_every_quota_has_its_own_error(client: Client, code: Any, service: str, quota: str, expected: str) -> None:
    ec2, elb = client("ec2"), client("elbv2")
    net = build.network(ec2)
    accounts.set_quota(SELLER, REGION, service, quota, 1)
    calls: dict[str, tuple[Any, dict[str, Any]]] = {
        "SubnetLimitExceeded": (ec2.create_subnet, {"VpcId": net.vpc, "CidrBlock": "10.20.9.0/24"}),
        "SecurityGroupLimitExceeded": (
            ec2.create_security_group,
            {"VpcId": net.vpc, "GroupName": "a", "Description": "a"},
        ),
        "VcpuLimitExceeded": (
            ec2.run_instances,
            {"ImageId": build.IMAGE, "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1},
        ),
        "TooManyLoadBalancers": (elb.create_load_balancer, {"Name": "b", "Type": "network", "Subnets": net.subnets}),
        "TooManyTargetGroups": (
            elb.create_target_group,
            {"Name": "b", "Protocol": "TCP", "Port": 80, "VpcId": net.vpc},
        ),
    }
    if expected == "TooManyLoadBalancers":
        build.balancer(elb, net)
    if expected == "TooManyTargetGroups":
        build.target_group(elb, net)
    call, params = calls[expected]
    assert code(call, **params) == expected
