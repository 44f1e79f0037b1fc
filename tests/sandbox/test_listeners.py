"""Listeners, target groups, their certificates, and target health."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox import world
from sandbox.aws import certificates
from sandbox.clock import clock
from tests.sandbox import build
from tests.sandbox.conftest import BUYER, Client


@pytest.fixture
def elb(client: Client) -> Any:
    return client("elbv2")


@pytest.fixture
def net(client: Client) -> build.Network:
    return build.network(client("ec2"), zones=2)


@pytest.fixture
def nlb(elb: Any, net: build.Network) -> str:
    return str(build.balancer(elb, net)["LoadBalancerArn"])


@pytest.fixture
def targets(elb: Any, net: build.Network) -> str:
    return build.target_group(elb, net)


def certificate(client: Client, issued: bool = True, **where: Any) -> str:
    acm = client("acm", **where)
    arn = acm.request_certificate(DomainName="api.example.com", ValidationMethod="DNS")["CertificateArn"]
    if issued:
        certificates.set_status(arn)
    return str(arn)


def test_a_port_has_one_listener(elb: Any, nlb: str, targets: str, net: build.Network, code: Any) -> None:
    first = build.listener(elb, nlb, targets)
    assert build.listener(elb, nlb, targets) == first
    other = build.target_group(elb, net, "other")
    action = [{"Type": "forward", "TargetGroupArn": other}]
    asked = {"LoadBalancerArn": nlb, "Protocol": "TCP", "Port": 443, "DefaultActions": action}
    assert code(elb.create_listener, **asked) == "DuplicateListener"
    assert build.listener(elb, nlb, targets, port=444) != first
    assert len(elb.describe_listeners(LoadBalancerArn=nlb)["Listeners"]) == 2


def test_protocols_must_fit(elb: Any, nlb: str, targets: str, code: Any) -> None:
    action = [{"Type": "forward", "TargetGroupArn": targets}]
    asked = {"LoadBalancerArn": nlb, "Port": 80, "DefaultActions": action}
    assert code(elb.create_listener, Protocol="HTTP", **asked) == "UnsupportedProtocol"
    assert code(elb.create_listener, Protocol="UDP", **asked) == "IncompatibleProtocols"


def test_tls_needs_an_issued_certificate_of_this_account_and_region(
    client: Client, elb: Any, nlb: str, targets: str, code: Any
) -> None:
    def refused(*arns: str) -> str:
        action = [{"Type": "forward", "TargetGroupArn": targets}]
        return str(
            code(
                elb.create_listener,
                LoadBalancerArn=nlb,
                Protocol="TLS",
                Port=443,
                DefaultActions=action,
                Certificates=[{"CertificateArn": arn} for arn in arns],
            )
        )

    assert refused() == "CertificateNotFound"
    assert refused(certificate(client, account=BUYER)) == "CertificateNotFound"
    assert refused(certificate(client, region="eu-west-1")) == "CertificateNotFound"
    assert refused(certificate(client, issued=False)) == "UnsupportedCertificate"
    good = certificate(client)
    made = build.listener(elb, nlb, targets, Protocol="TLS", Certificates=[{"CertificateArn": good}])
    shown = elb.describe_listeners(ListenerArns=[made])["Listeners"][0]
    assert shown["Certificates"] == [{"CertificateArn": good}]
    assert shown["SslPolicy"].startswith("ELBSecurityPolicy-TLS13")


def test_a_certificate_in_use_stays(client: Client, elb: Any, nlb: str, targets: str, code: Any) -> None:
    acm, arn = client("acm"), certificate(client)
    made = build.listener(elb, nlb, targets, Protocol="TLS", Certificates=[{"CertificateArn": arn}])
    assert acm.describe_certificate(CertificateArn=arn)["Certificate"]["InUseBy"] == [nlb]
    assert code(acm.delete_certificate, CertificateArn=arn) == "ResourceInUseException"
    elb.delete_listener(ListenerArn=made)
    acm.delete_certificate(CertificateArn=arn)
    assert code(acm.describe_certificate, CertificateArn=arn) == "ResourceNotFoundException"


def test_a_listener_can_change_to_tls(client: Client, elb: Any, nlb: str, targets: str) -> None:
    made, arn = build.listener(elb, nlb, targets), certificate(client)
    elb.modify_listener(ListenerArn=made, Protocol="TLS", Certificates=[{"CertificateArn": arn}])
    assert elb.describe_listeners(ListenerArns=[made])["Listeners"][0]["Protocol"] == "TLS"
    assert build.listener(elb, nlb, targets, Protocol="TLS", Certificates=[{"CertificateArn": arn}]) == made


def test_a_target_group_in_use_stays(elb: Any, net: build.Network, nlb: str, targets: str, code: Any) -> None:
    made = build.listener(elb, nlb, targets)
    shown = elb.describe_target_groups(TargetGroupArns=[targets])["TargetGroups"][0]
    assert shown["LoadBalancerArns"] == [nlb]
    assert code(elb.delete_target_group, TargetGroupArn=targets) == "ResourceInUse"
    elb.delete_load_balancer(LoadBalancerArn=nlb)
    assert code(elb.describe_listeners, ListenerArns=[made]) == "ListenerNotFound"
    elb.delete_target_group(TargetGroupArn=targets)


def test_target_groups_of_one_name_are_one(elb: Any, net: build.Network, targets: str, code: Any) -> None:
    assert build.target_group(elb, net) == targets
    asked = {"Name": "targets", "Protocol": "TCP", "Port": 9000, "VpcId": net.vpc}
    assert code(elb.create_target_group, **asked) == "DuplicateTargetGroupName"


def test_only_running_instances_of_the_vpc_can_be_targets(
    elb: Any, net: build.Network, targets: str, code: Any
) -> None:
    def refused(thing: str) -> str:
        return str(code(elb.register_targets, TargetGroupArn=targets, Targets=[{"Id": thing}]))

    assert refused("i-0123456789abcdef0") == "InvalidTarget"
    young = net.ec2.run_instances(ImageId=build.IMAGE, MinCount=1, MaxCount=1, SubnetId=net.subnets[0])
    assert refused(young["Instances"][0]["InstanceId"]) == "InvalidTarget"
    other = build.network(net.ec2, cidr="10.30", zone_ids=net.zone_ids)
    assert refused(build.instance(other, other.subnets[0], [])) == "InvalidTarget"
    assert code(elb.deregister_targets, TargetGroupArn=targets, Targets=[{"Id": "i-1"}]) == "InvalidTarget"


def test_a_target_is_healthy_only_if_something_listens_and_may_be_reached(
    elb: Any, net: build.Network, nlb: str, targets: str
) -> None:
    open_, shut = build.group(net, "open", 8443), build.group(net, "shut", 22)
    first = net.subnets[0]
    good, deaf, closed = (
        build.instance(net, first, [open_]),
        build.instance(net, first, [open_], user_data="#!/bin/sh\n"),
        build.instance(net, first, [shut]),
    )
    elb.register_targets(TargetGroupArn=targets, Targets=[{"Id": i} for i in (good, deaf, closed)])
    assert set(build.healths(elb, targets)) == {"unused Target.NotInUse"}
    build.listener(elb, nlb, targets)
    assert set(build.healths(elb, targets)) == {"initial Elb.InitialHealthChecking"}
    clock.advance(world.settings.target_health_seconds)
    assert build.healths(elb, targets) == ["healthy", "unhealthy Target.FailedHealthChecks", "unhealthy Target.Timeout"]
    world.switches.listens[f"{deaf}:8443"] = True
    world.switches.listens[f"{good}:8443"] = False
    assert build.healths(elb, targets)[:2] == ["unhealthy Target.FailedHealthChecks", "healthy"]
    net.ec2.terminate_instances(InstanceIds=[deaf])
    asked = elb.describe_target_health(TargetGroupArn=targets, Targets=[{"Id": deaf}])["TargetHealthDescriptions"]
    assert asked[0]["TargetHealth"]["State"] in ("unused", "draining")


def test_a_target_in_a_zone_without_the_load_balancer_is_unused(client: Client, elb: Any) -> None:
    net = build.network(client("ec2"), cidr="10.40", zones=3)
    two = build.Network(net.ec2, net.vpc, net.subnets[:2], net.zone_ids[:2])
    arn, group = build.balancer(elb, two, "two")["LoadBalancerArn"], build.target_group(elb, net, "two")
    build.listener(elb, arn, group)
    lost = build.instance(net, net.subnets[2], [build.group(net, "open", 8443)])
    elb.register_targets(TargetGroupArn=group, Targets=[{"Id": lost}])
    clock.advance(world.settings.target_health_seconds)
    assert build.healths(elb, group) == ["unused Target.NotInUse"]
