"""What AWS looks for in public DNS, with real zones in between: ACM's CNAME and CAA, PrivateLink's TXT."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox import world
from sandbox.clock import clock
from tests.sandbox import build
from tests.sandbox.acm import described, records, request, status
from tests.sandbox.conftest import BUYER, Client
from tests.sandbox.domain import Domain


@pytest.fixture
def domain(client: Client) -> Domain:
    """The domain lies in another account than the certificates."""
    return Domain(client("route53", account=BUYER))


def put_records(acm: Any, arn: str, domain: Domain) -> None:
    clock.advance(world.settings.certificate_record_seconds)
    for owner, value in set(records(acm, arn).values()):
        domain.put(owner, "CNAME", value)


def test_one_record_in_dns_issues_the_certificates_of_all_regions(client: Client, domain: Domain) -> None:
    near, far = client("acm"), client("acm", region="eu-west-1")
    certificates = [(near, request(near)), (far, request(far))]
    put_records(*certificates[0], domain)
    assert [status(*one) for one in certificates] == ["PENDING_VALIDATION"] * 2
    clock.advance(world.settings.certificate_seconds)
    assert [status(*one) for one in certificates] == ["ISSUED"] * 2


def test_a_record_that_is_not_yet_in_sync_proves_nothing(client: Client, domain: Domain) -> None:
    world.settings.update({"dns_seconds": 10_000})
    acm = client("acm")
    arn = request(acm)
    clock.advance(world.settings.certificate_record_seconds)
    (owner, value), *_ = records(acm, arn).values()
    domain.put(owner, "CNAME", value, wait=9_000)
    assert {o["ValidationStatus"] for o in described(acm, arn)["DomainValidationOptions"]} == {"PENDING_VALIDATION"}
    clock.advance(1_000)
    assert "SUCCESS" in {o["ValidationStatus"] for o in described(acm, arn)["DomainValidationOptions"]}


def test_caa_in_the_zone_fails_the_certificate(client: Client, domain: Domain) -> None:
    acm = client("acm")
    domain.put("example.com", "CAA", '0 issue "letsencrypt.org"')
    arn = request(acm)
    put_records(acm, arn, domain)
    status(acm, arn)
    clock.advance(world.settings.certificate_seconds)
    shown = described(acm, arn)
    assert (shown["Status"], shown["FailureReason"]) == ("FAILED", "CAA_ERROR")


@pytest.mark.parametrize(("lower", "expected"), [(False, "verified"), (True, "failed")])
def test_a_private_name_is_verified_by_the_txt_that_is_served(
    client: Client, domain: Domain, lower: bool, expected: str
) -> None:
    net = build.network(client("ec2"))
    nlb = build.balancer(client("elbv2"), net)["LoadBalancerArn"]
    made = build.service(net.ec2, nlb, PrivateDnsName="api.example.com")["ServiceId"]

    def proof() -> dict[str, str]:
        found = net.ec2.describe_vpc_endpoint_service_configurations(ServiceIds=[made])
        return dict(found["ServiceConfigurations"][0]["PrivateDnsNameConfiguration"])

    value = proof()["Value"]
    domain.put(f"{proof()['Name']}.example.com", "TXT", f'"{value.lower() if lower else value}"')
    net.ec2.start_vpc_endpoint_service_private_dns_verification(ServiceId=made)
    clock.advance(world.settings.private_dns_seconds)
    assert proof()["State"] == expected
