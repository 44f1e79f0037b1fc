"""Certificates on their way: their record, their proof by DNS, and how they fail, renew and end."""

from __future__ import annotations

import pytest

from sandbox import world
from sandbox.aws import certificates
from sandbox.clock import clock
from tests.sandbox import build
from tests.sandbox.acm import DAY, NAMES, described, issued, publish, records, request, status
from tests.sandbox.conftest import BUYER, Answers, Client


def test_its_record_takes_a_moment_and_belongs_to_account_and_name(client: Client) -> None:
    acm = client("acm")
    arn = request(acm)
    assert records(acm, arn) == {}
    other, far = client("acm", account=BUYER), client("acm", region="eu-west-1")
    theirs, elsewhere = request(other), request(far)
    clock.advance(world.settings.certificate_record_seconds)
    ours = records(acm, arn)
    assert ours["api.vpce.example.com"] == ours["*.api.vpce.example.com"]
    assert ours["api.vpce.example.com"][0].endswith(".api.vpce.example.com.")
    assert ours["api.example.com"] != ours["api.vpce.example.com"]
    assert records(far, elsewhere) == ours
    assert records(other, theirs) != ours


def test_it_is_issued_a_while_after_every_name_resolves(client: Client, answers: Answers) -> None:
    acm = client("acm")
    arn = request(acm)
    publish(acm, arn, answers, "api.vpce.example.com")
    described(acm, arn)
    clock.advance(DAY)
    shown = described(acm, arn)
    assert shown["Status"] == "PENDING_VALIDATION"
    proven = {o["DomainName"]: o["ValidationStatus"] for o in shown["DomainValidationOptions"]}
    assert proven == {
        "api.vpce.example.com": "SUCCESS",
        "*.api.vpce.example.com": "SUCCESS",
        "api.example.com": "PENDING_VALIDATION",
    }
    assert not {"NotAfter", "NotBefore", "Serial", "IssuedAt"} & set(shown)
    publish(acm, arn, answers)
    assert status(acm, arn) == "PENDING_VALIDATION"
    clock.advance(world.settings.certificate_seconds)
    shown = described(acm, arn)
    assert shown["Status"] == "ISSUED"
    assert shown["SubjectAlternativeNames"] == ["api.vpce.example.com", *NAMES]
    assert (shown["NotAfter"] - shown["NotBefore"]).days == 395
    assert {o["ValidationStatus"] for o in shown["DomainValidationOptions"]} == {"SUCCESS"}


def test_another_value_at_the_name_proves_nothing(client: Client, answers: Answers) -> None:
    acm = client("acm")
    arn = request(acm)
    publish(acm, arn, answers)
    for key in answers:
        answers[key] = ["_0.acm-validations.aws.example.com."]
    described(acm, arn)
    clock.advance(DAY)
    assert status(acm, arn) == "PENDING_VALIDATION"


def test_it_gives_up_after_72_hours_for_good(client: Client, answers: Answers) -> None:
    acm = client("acm")
    arn = request(acm)
    clock.advance(3 * DAY - 60)
    assert status(acm, arn) == "PENDING_VALIDATION"
    clock.advance(60)
    shown = described(acm, arn)
    assert shown["Status"] == "VALIDATION_TIMED_OUT"
    assert {o["ValidationStatus"] for o in shown["DomainValidationOptions"]} == {"FAILED"}
    publish(acm, arn, answers)
    clock.advance(DAY)
    assert status(acm, arn) == "VALIDATION_TIMED_OUT"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ('0 issue "letsencrypt.org"', "FAILED"),
        ('0 issue ";"', "FAILED"),
        ('0 issue "amazon.com"', "ISSUED"),
        ('0 issue "amazontrust.com; account=1"', "ISSUED"),
        ('0 iodef "mailto:security@example.com"', "ISSUED"),
        ('0 issuewild "letsencrypt.org"', "FAILED"),
    ],
)
def test_caa_of_a_parent_decides_whether_amazon_may_issue(
    client: Client, answers: Answers, value: str, expected: str
) -> None:
    acm = client("acm")
    arn = request(acm)
    publish(acm, arn, answers)
    answers["example.com", "CAA"] = [value]
    described(acm, arn)
    clock.advance(world.settings.certificate_seconds)
    shown = described(acm, arn)
    assert (shown["Status"], shown.get("FailureReason")) == (expected, "CAA_ERROR" if expected == "FAILED" else None)


def test_a_person_can_fail_it_for_a_reason(client: Client) -> None:
    acm = client("acm")
    arn = request(acm)
    certificates.set_status(arn, "FAILED", "DOMAIN_NOT_ALLOWED")
    shown = described(acm, arn)
    assert (shown["Status"], shown["FailureReason"]) == ("FAILED", "DOMAIN_NOT_ALLOWED")
    for wrong in (("LOST",), ("FAILED", "BAD_LUCK"), ("ISSUED", "CAA_ERROR")):
        with pytest.raises(ValueError, match="must be one of"):
            certificates.set_status(arn, *wrong)


@pytest.fixture
def used(client: Client, answers: Answers) -> str:
    """An issued certificate that a listener holds."""
    net, elb = build.network(client("ec2")), client("elbv2")
    nlb = build.balancer(elb, net)["LoadBalancerArn"]
    arn = issued(client("acm"), answers)
    build.listener(elb, nlb, build.target_group(elb, net), Protocol="TLS", Certificates=[{"CertificateArn": arn}])
    shown = described(client("acm"), arn)
    assert (shown["InUseBy"], shown["RenewalEligibility"]) == ([nlb], "ELIGIBLE")
    return arn


def test_it_renews_by_itself_while_its_records_resolve(client: Client, used: str) -> None:
    acm = client("acm")
    before = described(acm, used)
    assert "RenewalSummary" not in before
    clock.advance(336 * DAY)
    assert described(acm, used)["RenewalSummary"]["RenewalStatus"] == "PENDING_AUTO_RENEWAL"
    clock.advance(world.settings.certificate_seconds)
    after = described(acm, used)
    assert after["RenewalSummary"]["RenewalStatus"] == "SUCCESS"
    assert after["NotAfter"] > before["NotAfter"]


def test_a_hidden_record_stops_the_renewal_and_the_certificate_ends(
    client: Client, used: str, answers: Answers
) -> None:
    acm = client("acm")
    hidden = {key: value for key, value in answers.items() if "vpce" in key[0]}
    for key in hidden:
        del answers[key]
    assert status(acm, used) == "ISSUED"
    assert certificates.renew(used) == "PENDING_VALIDATION"
    summary = described(acm, used)["RenewalSummary"]
    waiting = [o["DomainName"] for o in summary["DomainValidationOptions"] if o["ValidationStatus"] != "SUCCESS"]
    assert waiting == ["api.vpce.example.com", "*.api.vpce.example.com"]
    clock.advance(396 * DAY)
    shown = described(acm, used)
    assert (shown["Status"], shown["RenewalSummary"]["RenewalStatus"]) == ("EXPIRED", "FAILED")


def test_a_record_that_comes_back_lets_the_renewal_go_on(client: Client, used: str, answers: Answers) -> None:
    acm, kept = client("acm"), dict(answers)
    answers.clear()
    certificates.renew(used)
    answers.update(kept)
    described(acm, used)
    clock.advance(world.settings.certificate_seconds)
    assert described(acm, used)["RenewalSummary"]["RenewalStatus"] == "SUCCESS"


def test_only_an_issued_certificate_renews(client: Client) -> None:
    arn = request(client("acm"))
    with pytest.raises(ValueError, match="only an issued certificate"):
        certificates.renew(arn)
