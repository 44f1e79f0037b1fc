"""Certificates for the tests, asked for and proven as the product does it."""

from __future__ import annotations

from typing import Any

from sandbox import world
from sandbox.clock import clock
from tests.sandbox.conftest import Answers

NAMES = ["*.api.vpce.example.com", "api.example.com"]
DAY = 24 * 3600


def request(acm: Any, once: str = "t1", **more: Any) -> str:
    asked = {
        "DomainName": "api.vpce.example.com",
        "SubjectAlternativeNames": NAMES,
        "ValidationMethod": "DNS",
        "IdempotencyToken": once,
        "Tags": [{"Key": "plc:run", "Value": "1"}],
    }
    return str(acm.request_certificate(**(asked | more))["CertificateArn"])


def described(acm: Any, arn: str) -> dict[str, Any]:
    return dict(acm.describe_certificate(CertificateArn=arn)["Certificate"])


def status(acm: Any, arn: str) -> str:
    return str(described(acm, arn)["Status"])


def records(acm: Any, arn: str) -> dict[str, tuple[str, str]]:
    """The record of each name that has one."""
    options = described(acm, arn)["DomainValidationOptions"]
    found = {o["DomainName"]: o["ResourceRecord"] for o in options if "ResourceRecord" in o}
    assert all(record["Type"] == "CNAME" for record in found.values())
    return {name: (record["Name"], record["Value"]) for name, record in found.items()}


def publish(acm: Any, arn: str, answers: Answers, *names: str) -> None:
    """Serve the records of the names, or of all."""
    clock.advance(world.settings.certificate_record_seconds)
    for name, (owner, value) in records(acm, arn).items():
        if not names or name in names:
            answers[owner.rstrip("."), "CNAME"] = [value]


def issued(acm: Any, answers: Answers, **more: Any) -> str:
    """A certificate that DNS has proven."""
    arn = request(acm, **more)
    publish(acm, arn, answers)
    assert status(acm, arn) == "PENDING_VALIDATION"
    clock.advance(world.settings.certificate_seconds)
    assert status(acm, arn) == "ISSUED"
    return arn
