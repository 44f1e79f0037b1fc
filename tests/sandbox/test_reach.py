"""Would a connection succeed: zones, listeners, firewalls, health, endpoints, switches."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox import world
from sandbox.aws import certificates
from sandbox.aws.reach import decide
from sandbox.clock import clock
from tests.sandbox import build
from tests.sandbox.conftest import BUYER, Client


@pytest.fixture
def elb(client: Client) -> Any:
    return client("elbv2")


@pytest.fixture
def net(client: Client) -> build.Network:
    return build.network(client("ec2"))


@pytest.fixture
def nlb(elb: Any, net: build.Network) -> dict[str, Any]:
    """A load balancer that lets 443 in, with one healthy target, in the first zone."""
    guard = build.group(net, "guard", 443)
    made = build.balancer(elb, net, SecurityGroups=[guard])
    targets = build.target_group(elb, net)
    build.listener(elb, made["LoadBalancerArn"], targets)
    behind = build.group(net, "behind", 8443, {"UserIdGroupPairs": [{"GroupId": guard}]})
    thing = build.instance(net, net.subnets[0], [behind])
    elb.register_targets(TargetGroupArn=targets, Targets=[{"Id": thing}])
    clock.advance(world.settings.target_health_seconds)
    return {**made, "targets": targets, "instance": thing, "guard": guard}


def zones(nlb: dict[str, Any], net: build.Network) -> list[str]:
    by_subnet = {z["SubnetId"]: z["ZoneName"] for z in nlb["AvailabilityZones"]}
    return [by_subnet[subnet] for subnet in net.subnets]


def test_a_name_and_its_zones_lead_to_healthy_targets(elb: Any, net: build.Network, nlb: dict[str, Any]) -> None:
    host = nlb["DNSName"]
    first, second = (f"{zone}.{host}" for zone in zones(nlb, net))
    assert decide(host, 443).outcome == "open"
    assert decide(first, 443).outcome == "open"
    assert decide(second, 443).outcome == "timeout"  # no target in this zone
    on = [{"Key": "load_balancing.cross_zone.enabled", "Value": "true"}]
    elb.modify_load_balancer_attributes(LoadBalancerArn=nlb["LoadBalancerArn"], Attributes=on)
    assert decide(second, 443).outcome == "open"


def test_what_does_not_resolve_or_listen_or_open_says_so(net: build.Network, nlb: dict[str, Any]) -> None:
    host = nlb["DNSName"]
    assert decide("nowhere." + host, 443).outcome == "unknown_host"
    assert decide("example.com", 443).outcome == "unknown_host"
    assert decide(host, 8080).outcome == "timeout"  # its group does not open the port
    opened = [{"IpProtocol": "tcp", "FromPort": 8080, "ToPort": 8080, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}]
    net.ec2.authorize_security_group_ingress(GroupId=nlb["guard"], IpPermissions=opened)
    assert decide(host, 8080).outcome == "refused"  # open, but no listener


def test_an_unhealthy_target_times_out(nlb: dict[str, Any]) -> None:
    world.switches.listens[f"{nlb['instance']}:8443"] = False
    assert decide(nlb["DNSName"], 443).outcome == "timeout"


def test_a_load_balancer_that_is_not_active_times_out(elb: Any, net: build.Network) -> None:
    made = elb.create_load_balancer(Name="young", Type="network", Subnets=net.subnets)["LoadBalancers"][0]
    assert decide(made["DNSName"], 443).outcome == "timeout"


def test_a_tls_listener_serves_the_names_of_its_certificate(client: Client, elb: Any, nlb: dict[str, Any]) -> None:
    acm = client("acm")
    arn = acm.request_certificate(
        DomainName="api.example.com", SubjectAlternativeNames=["*.api.example.com"], ValidationMethod="DNS"
    )["CertificateArn"]
    certificates.set_status(arn)
    listener = elb.describe_listeners(LoadBalancerArn=nlb["LoadBalancerArn"])["Listeners"][0]["ListenerArn"]
    elb.modify_listener(ListenerArn=listener, Protocol="TLS", Certificates=[{"CertificateArn": arn}])
    met = decide(nlb["DNSName"], 443)
    assert (met.outcome, met.tls) == ("open", True)
    assert met.names == ("api.example.com", "*.api.example.com")
    assert not met.expired
    clock.advance(400 * 24 * 3600)
    assert decide(nlb["DNSName"], 443).expired


def test_a_person_can_switch_a_host(nlb: dict[str, Any]) -> None:
    host = nlb["DNSName"]
    world.switches.hosts[host] = "refuse"
    assert decide(host, 443).outcome == "refused"
    world.switches.hosts[host] = "slow"
    assert (decide(host, 443).outcome, decide(host, 443).slow) == ("open", True)
    world.switches.hosts[host] = "wrong certificate"
    assert decide(host, 443).wrong_certificate
    world.switches.hosts[host] = "expired certificate"
    assert decide(host, 443).expired


def test_an_endpoint_leads_through_the_service(
    client: Client, elb: Any, net: build.Network, nlb: dict[str, Any]
) -> None:
    service = build.service(net.ec2, nlb["LoadBalancerArn"])
    build.allow(net.ec2, service["ServiceId"], build.root(BUYER))
    buyer = build.network(client("ec2", account=BUYER), cidr="192.168", zone_ids=net.zone_ids)
    made = build.endpoint(buyer, service["ServiceName"], SubnetIds=buyer.subnets)
    regional, *zonal = (entry["DnsName"] for entry in made["DnsEntries"])
    assert decide(regional, 443).outcome == "timeout"  # still pending
    clock.advance(world.settings.endpoint_seconds)
    assert decide(regional, 443).outcome == "open"
    assert sorted(decide(name, 443).outcome for name in zonal) == ["open", "timeout"]
    guard = nlb["guard"]
    everybody = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
    net.ec2.revoke_security_group_ingress(
        GroupId=guard, IpPermissions=[{**everybody, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
    )
    net.ec2.authorize_security_group_ingress(
        GroupId=guard, IpPermissions=[{**everybody, "IpRanges": [{"CidrIp": "10.20.0.0/16"}]}]
    )
    assert decide(nlb["DNSName"], 443).outcome == "open"
    assert decide(regional, 443).outcome == "timeout"  # the group judges the buyer's own address
    elb.set_security_groups(
        LoadBalancerArn=nlb["LoadBalancerArn"],
        SecurityGroups=[guard],
        EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic="off",
    )
    assert decide(regional, 443).outcome == "open"


def test_ip_targets_live_where_their_subnet_is_and_listen_by_switch(elb: Any, net: build.Network) -> None:
    nlb = build.balancer(elb, net)
    group = build.target_group(elb, net, TargetType="ip")
    build.listener(elb, nlb["LoadBalancerArn"], group)
    elb.register_targets(TargetGroupArn=group, Targets=[{"Id": "10.20.0.9"}])
    clock.advance(world.settings.target_health_seconds)
    assert build.healths(elb, group) == ["unhealthy Target.FailedHealthChecks"]
    world.switches.listens["10.20.0.9:8443"] = True
    assert build.healths(elb, group) == ["healthy"]
    by_zone = [decide(f"{zone}.{nlb['DNSName']}", 443).outcome for zone in zones(nlb, net)]
    assert by_zone == ["open", "timeout"]


def test_a_target_that_speaks_tls_serves_the_names_of_its_marker(elb: Any, net: build.Network) -> None:
    nlb, group = build.balancer(elb, net), build.target_group(elb, net)
    build.listener(elb, nlb["LoadBalancerArn"], group)
    opened = build.group(net, "opened", 8443)
    thing = build.instance(
        net, net.subnets[0], [opened], "#!/bin/sh\n# plc:listen 8443/tls a.example.com *.b.example.com\n"
    )
    elb.register_targets(TargetGroupArn=group, Targets=[{"Id": thing}])
    clock.advance(world.settings.target_health_seconds)
    met = decide(nlb["DNSName"], 443)
    assert (met.outcome, met.tls, met.names) == ("open", True, ("a.example.com", "*.b.example.com"))


def test_a_healthy_target_without_its_traffic_port_refuses(elb: Any, net: build.Network) -> None:
    nlb, group = build.balancer(elb, net), build.target_group(elb, net, HealthCheckPort="9000")
    build.listener(elb, nlb["LoadBalancerArn"], group)
    opened = build.group(net, "opened", 9000)
    thing = build.instance(net, net.subnets[0], [opened], "#!/bin/sh\n# plc:listen 9000/tcp\n")
    elb.register_targets(TargetGroupArn=group, Targets=[{"Id": thing}])
    clock.advance(world.settings.target_health_seconds)
    assert build.healths(elb, group) == ["healthy"]
    assert decide(nlb["DNSName"], 443).outcome == "refused"


def test_an_alb_can_be_the_target(elb: Any, net: build.Network, code: Any) -> None:
    nlb, group = build.balancer(elb, net), build.target_group(elb, net, TargetType="alb")
    build.listener(elb, nlb["LoadBalancerArn"], group)
    register = elb.register_targets
    assert code(register, TargetGroupArn=group, Targets=[{"Id": nlb["LoadBalancerArn"]}]) == "InvalidTarget"
    alb = elb.create_load_balancer(Name="alb", Subnets=net.subnets, Scheme="internal")["LoadBalancers"][0]
    register(TargetGroupArn=group, Targets=[{"Id": alb["LoadBalancerArn"]}])
    clock.advance(world.settings.target_health_seconds)
    assert build.healths(elb, group) == ["unhealthy Target.FailedHealthChecks"]
    fixed = [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "200"}}]
    elb.create_listener(LoadBalancerArn=alb["LoadBalancerArn"], Protocol="HTTP", Port=8443, DefaultActions=fixed)
    assert build.healths(elb, group) == ["healthy"]
    assert decide(nlb["DNSName"], 443).outcome == "open"
