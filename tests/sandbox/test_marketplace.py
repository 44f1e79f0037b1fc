"""The Marketplace side: its zone for a friendly name, and what goes live under it, seen by buyers and by DNS."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox import world
from sandbox.aws import certificates
from sandbox.aws.reach import decide
from sandbox.clock import clock
from sandbox.dns.lookup import resolve
from sandbox.marketplace import zones
from tests.sandbox import build
from tests.sandbox.conftest import BUYER, SELLER, Client
from tests.sandbox.domain import Domain

NAME = "api.vpce.example.com"
KEPT = f"_abc.{NAME}"
PROOF = "_def.acm-validations.aws"


@pytest.fixture
def domain(client: Client) -> Domain:
    return Domain(client("route53"))


@pytest.fixture
def net(client: Client) -> build.Network:
    return build.network(client("ec2"))


@pytest.fixture
def service(client: Client, net: build.Network) -> dict[str, Any]:
    """A service that works in both of its zones, with the buyer allowed."""
    elb = client("elbv2")
    nlb = build.balancer(elb, net)["LoadBalancerArn"]
    targets = build.target_group(elb, net)
    build.listener(elb, nlb, targets)
    behind = build.group(net, "behind", 8443)
    ids = [build.instance(net, subnet, [behind]) for subnet in net.subnets]
    elb.register_targets(TargetGroupArn=targets, Targets=[{"Id": thing} for thing in ids])
    clock.advance(world.settings.target_health_seconds)
    made = build.service(net.ec2, nlb)
    build.allow(net.ec2, made["ServiceId"], build.root(BUYER))
    return {**made, "nlb": nlb}


@pytest.fixture
def buyer(client: Client, net: build.Network) -> build.Network:
    return build.network(client("ec2", account=BUYER), cidr="10.9", zone_ids=net.zone_ids)


def connected(buyer: build.Network, service: dict[str, Any]) -> str:
    """An available endpoint in both zones."""
    made = build.endpoint(buyer, service["ServiceName"], SubnetIds=buyer.subnets)
    clock.advance(world.settings.endpoint_seconds)
    return str(made["VpcEndpointId"])


def names(buyer: build.Network, endpoint: str) -> list[str]:
    shown = buyer.ec2.describe_vpc_endpoints(VpcEndpointIds=[endpoint])["VpcEndpoints"][0]
    return [entry["DnsName"] for entry in shown["DnsEntries"]]


def addresses(buyer: build.Network, endpoint: str) -> dict[str, str]:
    """The private address of each zone's interface, by zone name."""
    shown = buyer.ec2.describe_vpc_endpoints(VpcEndpointIds=[endpoint])["VpcEndpoints"][0]
    held = buyer.ec2.describe_network_interfaces(NetworkInterfaceIds=shown["NetworkInterfaceIds"])
    return {eni["AvailabilityZone"]: eni["PrivateIpAddress"] for eni in held["NetworkInterfaces"]}


def test_its_zone_is_served_by_four_servers_and_holds_what_it_was_told_to_keep(client: Client) -> None:
    servers = zones.make_zone(f"{NAME.upper()}.", {f"{KEPT}.": f"{PROOF}."})
    assert len(set(servers)) == 4
    assert zones.make_zone(NAME, {}) == servers
    route53 = client("route53", account=zones.ACCOUNT)
    (zone,) = route53.list_hosted_zones()["HostedZones"]
    assert zone["Name"] == f"{NAME}."
    held = route53.list_resource_record_sets(HostedZoneId=zone["Id"])["ResourceRecordSets"]
    assert {(r["Name"], r["Type"]) for r in held} == {(f"{NAME}.", "NS"), (f"{NAME}.", "SOA"), (f"{KEPT}.", "CNAME")}
    assert client("route53").list_hosted_zones()["HostedZones"] == []


def test_its_records_are_public_once_the_name_is_delegated(domain: Domain) -> None:
    servers = zones.make_zone(NAME, {KEPT: PROOF})
    clock.advance(world.settings.dns_seconds)
    assert resolve(KEPT, "CNAME") == []
    assert [zone["delegated"] for zone in zones.listed()] == [False]
    domain.put(NAME, "NS", *(f"{server}." for server in servers))
    assert resolve(KEPT, "CNAME") == [PROOF]
    assert [zone["delegated"] for zone in zones.listed()] == [True]


@pytest.mark.parametrize("keep", [True, False])
def test_delegation_hides_the_record_that_a_renewal_needs_unless_it_is_kept(
    client: Client, domain: Domain, keep: bool
) -> None:
    acm = client("acm")
    arn = acm.request_certificate(DomainName=NAME, ValidationMethod="DNS")["CertificateArn"]
    clock.advance(world.settings.certificate_record_seconds)
    option = acm.describe_certificate(CertificateArn=arn)["Certificate"]["DomainValidationOptions"][0]
    record = option["ResourceRecord"]
    domain.put(record["Name"], "CNAME", record["Value"])
    acm.describe_certificate(CertificateArn=arn)
    clock.advance(world.settings.certificate_seconds)
    assert acm.describe_certificate(CertificateArn=arn)["Certificate"]["Status"] == "ISSUED"
    servers = zones.make_zone(NAME, {record["Name"]: record["Value"]} if keep else {})
    domain.put(NAME, "NS", *servers)
    certificates.renew(arn)
    clock.advance(world.settings.certificate_seconds)
    summary = acm.describe_certificate(CertificateArn=arn)["Certificate"]["RenewalSummary"]
    assert summary["RenewalStatus"] == ("SUCCESS" if keep else "PENDING_VALIDATION")


@pytest.fixture
def live(domain: Domain, service: dict[str, Any]) -> None:
    """The name is delegated, and the service is live under it."""
    domain.put(NAME, "NS", *zones.make_zone(NAME, {}))
    zones.go_live(NAME, [service["ServiceName"]])


def test_endpoints_there_and_to_come_get_friendly_names_that_resolve_and_connect(
    domain: Domain, service: dict[str, Any], buyer: build.Network
) -> None:
    old = connected(buyer, service)
    own = names(buyer, old)
    domain.put(NAME, "NS", *zones.make_zone(NAME, {}))
    assert zones.go_live(NAME, [service["ServiceName"]]) == [service["ServiceId"]]
    clock.advance(world.settings.dns_seconds)
    for endpoint in (old, connected(buyer, service)):
        held = addresses(buyer, endpoint)
        stem = f"{endpoint}.{NAME}"
        shown = names(buyer, endpoint)
        assert shown[0] == stem
        assert sorted(shown[1:]) == sorted(f"{zone}-{stem}" for zone in held)
        clock.advance(world.settings.dns_seconds)
        assert sorted(resolve(stem, "A")) == sorted(held.values())
        for zone, address in held.items():
            assert resolve(f"{zone}-{stem}", "A") == [address]
        assert {decide(name, 443).outcome for name in shown} == {"open"}
    assert decide(own[0], 443).outcome == "open"


@pytest.mark.usefixtures("live")
def test_a_friendly_name_goes_with_its_endpoint(service: dict[str, Any], buyer: build.Network) -> None:
    endpoint = connected(buyer, service)
    clock.advance(world.settings.dns_seconds)
    name = f"{endpoint}.{NAME}"
    assert decide(name, 443).outcome == "open"
    buyer.ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint])
    clock.advance(world.settings.dns_seconds)
    assert resolve(name, "A") == []
    assert decide(name, 443).outcome == "unknown_host"


@pytest.mark.usefixtures("live")
def test_a_friendly_name_leads_nowhere_without_the_delegation(
    domain: Domain, service: dict[str, Any], buyer: build.Network
) -> None:
    endpoint = connected(buyer, service)
    clock.advance(world.settings.dns_seconds)
    domain.put(NAME, "NS", *zones.servers_of(NAME), action="DELETE")
    assert decide(f"{endpoint}.{NAME}", 443).outcome == "unknown_host"


@pytest.mark.usefixtures("live")
def test_buyers_then_see_marketplace_as_the_owner_and_the_same_service_name(
    net: build.Network, service: dict[str, Any], buyer: build.Network
) -> None:
    call = buyer.ec2.describe_vpc_endpoint_services
    found = call(ServiceNames=[service["ServiceName"]])["ServiceDetails"][0]
    assert (found["Owner"], found["ServiceId"]) == ("aws-marketplace", service["ServiceId"])
    assert found["BaseEndpointDnsNames"] == [NAME]
    by_owner = call(Filters=[{"Name": "owner", "Values": ["aws-marketplace"]}])["ServiceNames"]
    assert by_owner == [service["ServiceName"]]
    assert call(Filters=[{"Name": "owner", "Values": [SELLER]}])["ServiceNames"] == []
    ours = net.ec2.describe_vpc_endpoint_service_configurations(ServiceIds=[service["ServiceId"]])
    assert ours["ServiceConfigurations"][0]["BaseEndpointDnsNames"] == [NAME]


@pytest.mark.usefixtures("live")
def test_a_tls_listener_serves_its_certificate_at_the_friendly_name(
    client: Client, service: dict[str, Any], buyer: build.Network
) -> None:
    acm, elb = client("acm"), client("elbv2")
    asked = {"DomainName": NAME, "SubjectAlternativeNames": [f"*.{NAME}"], "ValidationMethod": "DNS"}
    arn = acm.request_certificate(**asked)["CertificateArn"]
    certificates.set_status(arn)
    listener = elb.describe_listeners(LoadBalancerArn=service["nlb"])["Listeners"][0]["ListenerArn"]
    elb.modify_listener(ListenerArn=listener, Protocol="TLS", Certificates=[{"CertificateArn": arn}])
    endpoint = connected(buyer, service)
    clock.advance(world.settings.dns_seconds)
    for name in names(buyer, endpoint):
        met = decide(name, 443)
        assert (met.outcome, met.tls, met.names) == ("open", True, (NAME, f"*.{NAME}"))
    world.switches.hosts[f"{endpoint}.{NAME}"] = "wrong certificate"
    assert decide(f"{endpoint}.{NAME}", 443).wrong_certificate


@pytest.mark.usefixtures("live")
def test_a_dropped_zone_gives_the_services_their_own_names_back(
    client: Client, service: dict[str, Any], buyer: build.Network
) -> None:
    endpoint = connected(buyer, service)
    zones.drop(NAME)
    assert names(buyer, endpoint)[0].endswith(".vpce.amazonaws.com")
    assert resolve(NAME, "SOA") == []
    assert client("route53", account=zones.ACCOUNT).list_hosted_zones()["HostedZones"] == []


def test_what_cannot_be_is_told(service: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="is not below"):
        zones.make_zone(NAME, {"_a.example.com": PROOF})
    with pytest.raises(ValueError, match="is not a label"):
        zones.make_zone("api vpce.example.com", {})
    with pytest.raises(ValueError, match="there is no zone"):
        zones.go_live(NAME, [service["ServiceId"]])
    zones.make_zone(NAME, {})
    with pytest.raises(ValueError, match="services is empty"):
        zones.go_live(NAME, [])
    with pytest.raises(ValueError, match="no endpoint service"):
        zones.go_live(NAME, ["vpce-svc-0123456789abcdef0"])
    with pytest.raises(ValueError, match="there is no zone"):
        zones.drop("other.example.com")
