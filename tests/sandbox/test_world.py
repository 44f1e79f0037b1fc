"""What the world tells: inventories that can be compared; and that many callers at once do not break it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import sandbox.aws
from sandbox import world
from sandbox.aws.inventory import collect, normal
from sandbox.clock import Clock, clock
from tests.sandbox import build
from tests.sandbox.conftest import BUYER, REGION, SELLER, Client


def everything(client: Client) -> None:
    """A small product with one buyer."""
    ec2, elb = client("ec2"), client("elbv2")
    net = build.network(ec2)
    nlb = build.balancer(elb, net, SecurityGroups=[build.group(net, "front", 443)])["LoadBalancerArn"]
    targets = build.target_group(elb, net)
    build.listener(elb, nlb, targets)
    behind = build.group(net, "behind", 8443)
    ids = [build.instance(net, subnet, [behind]) for subnet in net.subnets]
    elb.register_targets(TargetGroupArn=targets, Targets=[{"Id": i} for i in ids])
    service = build.service(ec2, nlb)
    build.allow(ec2, service["ServiceId"], build.root(BUYER))
    buyer = build.network(client("ec2", account=BUYER), cidr="10.9", zone_ids=net.zone_ids)
    build.endpoint(buyer, service["ServiceName"])
    clock.advance(600)


def test_the_inventory_holds_all_that_exists_and_no_defaults(client: Client) -> None:
    everything(client)
    seen = collect()
    counts = {kind: len(things) for kind, things in seen[SELLER][REGION].items()}
    assert counts == {
        "vpcs": 1,
        "subnets": 2,
        "security_groups": 2,
        "instances": 2,
        "volumes": 2,
        "network_interfaces": 4,
        "load_balancers": 1,
        "target_groups": 1,
        "listeners": 1,
        "endpoint_services": 1,
    }
    assert set(seen[BUYER][REGION]) == {"vpcs", "subnets", "endpoints", "network_interfaces"}
    assert list(collect(SELLER, REGION)) == [SELLER]
    assert collect(SELLER, "eu-west-1") == {}
    for things in seen[SELLER][REGION].values():
        assert all({"id", "tags", "state"} <= set(thing) for thing in things)


def test_two_equal_worlds_have_equal_inventories_but_for_ids(client: Client) -> None:
    seen = []
    for _ in range(2):
        sandbox.aws.reset()
        everything(client)
        seen.append(collect())
    assert seen[0] != seen[1]
    assert normal(seen[0]) == normal(seen[1])
    client("ec2").create_vpc(CidrBlock="10.77.0.0/16")
    assert normal(collect()) != normal(seen[0])


def test_reset_leaves_only_the_hub(client: Client) -> None:
    everything(client)
    sandbox.aws.reset()
    assert collect() == {}
    assert world.calls() == []


def test_many_callers_at_once_get_what_they_asked_for(client: Client) -> None:
    regions = ["us-east-1", "us-east-2", "us-west-2", "eu-west-1"]
    accounts = [SELLER, BUYER]

    def work(job: tuple[str, str]) -> int:
        account, region = job
        ec2 = client("ec2", account=account, region=region, max_pool_connections=4)
        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        made: set[Any] = set()
        for number in range(8):
            tags = [{"ResourceType": "security-group", "Tags": [{"Key": "n", "Value": str(number)}]}]
            asked = {"GroupName": f"g{number}", "Description": "d", "VpcId": vpc}
            made.add(ec2.create_security_group(**asked, TagSpecifications=tags)["GroupId"])
            ec2.describe_tags(Filters=[{"Name": "key", "Values": ["n"]}])
        found = ec2.describe_security_groups(Filters=[{"Name": "tag:n", "Values": ["*"]}])["SecurityGroups"]
        return len(made & {group["GroupId"] for group in found})

    jobs = [(account, region) for account in accounts for region in regions]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, jobs)) == [8] * len(jobs)


def test_the_clock_runs_faster_and_moves_by_hand() -> None:
    fast = Clock(speed=1000)
    before = fast.now()
    while fast.now() < before + 5:
        pass
    wall = fast.wall()
    fast.set_speed(1)
    then = fast.now()
    fast.advance(100)
    assert 100 <= fast.now() - then < 101
    assert 100 <= fast.wall() - wall < 101


def test_things_ripen_at_the_clocks_speed(client: Client) -> None:
    ec2, elb = client("ec2"), client("elbv2")
    net = build.network(ec2)
    elb.create_load_balancer(Name="nlb", Type="network", Subnets=net.subnets)
    clock.set_speed(100_000)
    states = {elb.describe_load_balancers()["LoadBalancers"][0]["State"]["Code"] for _ in range(200)}
    assert "active" in states


def test_a_person_can_force_the_states_that_aws_rarely_shows(client: Client) -> None:
    ec2, elb = client("ec2"), client("elbv2")
    net = build.network(ec2)
    nlb = build.balancer(elb, net)["LoadBalancerArn"]
    service = build.service(ec2, nlb)["ServiceId"]
    world.switches.states |= {nlb: "failed", service: "Failed"}
    shown = elb.describe_load_balancers()["LoadBalancers"][0]["State"]
    assert shown["Code"] == "failed"
    assert shown["Reason"]
    found = ec2.describe_vpc_endpoint_service_configurations()["ServiceConfigurations"]
    assert [s["ServiceState"] for s in found] == ["Failed"]
