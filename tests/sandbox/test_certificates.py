"""Certificates: pending until issued by hand, a record that takes a moment, one record a name."""

from __future__ import annotations

from typing import Any

from sandbox import world
from sandbox.aws import certificates
from sandbox.clock import clock
from tests.sandbox.conftest import BUYER, Client

NAMES = ["*.api.vpce.example.com", "api.example.com"]


def request(acm: Any, once: str = "t1") -> str:
    made = acm.request_certificate(
        DomainName="api.vpce.example.com", SubjectAlternativeNames=NAMES, ValidationMethod="DNS",
        IdempotencyToken=once, Tags=[{"Key": "plc:run", "Value": "1"}],
    )  # fmt: skip
    return str(made["CertificateArn"])


def described(acm: Any, arn: str) -> dict[str, Any]:
    return dict(acm.describe_certificate(CertificateArn=arn)["Certificate"])


def records(acm: Any, arn: str) -> dict[str, str]:
    options = described(acm, arn)["DomainValidationOptions"]
    return {o["DomainName"]: o["ResourceRecord"]["Name"] for o in options if "ResourceRecord" in o}


def test_it_stays_pending_until_it_is_issued(client: Client) -> None:
    acm = client("acm")
    arn = request(acm)
    clock.advance(3 * 24 * 3600)
    shown = described(acm, arn)
    assert shown["Status"] == "PENDING_VALIDATION"
    assert not {"NotAfter", "NotBefore", "Serial", "IssuedAt"} & set(shown)
    certificates.set_status(arn)
    shown = described(acm, arn)
    assert shown["Status"] == "ISSUED"
    assert shown["SubjectAlternativeNames"] == ["api.vpce.example.com", *NAMES]
    assert shown["NotAfter"] > shown["NotBefore"]
    assert shown["DomainValidationOptions"][0]["ValidationStatus"] == "SUCCESS"


def test_its_record_takes_a_moment_and_belongs_to_account_and_name(client: Client) -> None:
    acm, arn = client("acm"), ""
    arn = request(acm)
    assert records(acm, arn) == {}
    other, far = client("acm", account=BUYER), client("acm", region="eu-west-1")
    theirs, elsewhere = request(other), request(far)
    clock.advance(world.settings.certificate_record_seconds)
    ours = records(acm, arn)
    assert ours["api.vpce.example.com"] == ours["*.api.vpce.example.com"]
    assert ours["api.vpce.example.com"].endswith(".api.vpce.example.com.")
    assert ours["api.example.com"] != ours["api.vpce.example.com"]
    assert records(far, elsewhere) == ours
    assert records(other, theirs) != ours


def test_a_token_gives_the_same_certificate(client: Client) -> None:
    acm = client("acm")
    assert request(acm) == request(acm)
    assert request(acm) != request(acm, "t2")


def test_too_long_a_name_and_an_unknown_certificate_are_refused(client: Client, code: Any) -> None:
    acm = client("acm")
    name = f"{'a' * 60}.example.com"
    assert code(acm.request_certificate, DomainName=name, ValidationMethod="DNS") == (
        "InvalidDomainValidationOptionsException"
    )
    missing = "arn:aws:acm:us-east-1:111111111111:certificate/00000000-0000-0000-0000-000000000000"
    assert code(acm.describe_certificate, CertificateArn=missing) == "ResourceNotFoundException"


def test_the_list_filters_by_status_and_shows_tags(client: Client) -> None:
    acm = client("acm")
    arn = request(acm)
    listed = acm.list_certificates(CertificateStatuses=["ISSUED"])["CertificateSummaryList"]
    assert listed == []
    certificates.set_status(arn)
    listed = acm.list_certificates(CertificateStatuses=["ISSUED"])["CertificateSummaryList"]
    assert [c["CertificateArn"] for c in listed] == [arn]
    assert acm.list_tags_for_certificate(CertificateArn=arn)["Tags"] == [{"Key": "plc:run", "Value": "1"}]
