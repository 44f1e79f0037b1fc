"""ACM's calls: tokens, refusals, lists, the quota."""

from __future__ import annotations

from typing import Any

from sandbox import world
from sandbox.aws import accounts, certificates
from sandbox.clock import clock
from tests.sandbox.acm import NAMES, described, issued, request, status
from tests.sandbox.conftest import Answers, Client


def test_a_token_gives_the_same_certificate_for_an_hour(client: Client) -> None:
    acm = client("acm")
    first = request(acm)
    assert request(acm) == first
    assert request(acm, "t2") != first
    assert request(acm, DomainName="other.example.com") != first
    assert request(client("acm", region="eu-west-1")) != first
    clock.advance(3600)
    again = request(acm)
    assert again != first
    acm.delete_certificate(CertificateArn=again)
    assert request(acm) != again


def test_what_cannot_be_a_request_is_refused(client: Client, code: Any) -> None:
    acm = client("acm")
    name = f"{'a' * 60}.example.com"
    call = acm.request_certificate
    assert code(call, DomainName=name, ValidationMethod="DNS") == "InvalidDomainValidationOptionsException"
    assert code(call, DomainName="under_score.example.com", ValidationMethod="DNS") == "ValidationException"
    assert code(call, DomainName="example.com", IdempotencyToken="a-b") == "ValidationException"
    many = [f"a{number}.example.com" for number in range(10)]
    assert code(call, DomainName="example.com", SubjectAlternativeNames=many) == "LimitExceededException"
    missing = "arn:aws:acm:us-east-1:111111111111:certificate/00000000-0000-0000-0000-000000000000"
    for call in (acm.describe_certificate, acm.delete_certificate, acm.list_tags_for_certificate):
        assert code(call, CertificateArn=missing) == "ResourceNotFoundException"


def test_a_new_certificate_is_unknown_while_reads_lag(client: Client, code: Any) -> None:
    world.settings.update({"stale_seconds": 8})
    acm = client("acm")
    arn = request(acm)
    assert code(acm.describe_certificate, CertificateArn=arn) == "ResourceNotFoundException"
    assert acm.list_certificates()["CertificateSummaryList"] == []
    clock.advance(8)
    assert status(acm, arn) == "PENDING_VALIDATION"


def test_the_list_filters_by_status_and_shows_tags(client: Client, answers: Answers) -> None:
    acm = client("acm")
    arn = issued(acm, answers)
    waiting = request(acm, "t2", DomainName="new.example.com")
    listed = acm.list_certificates(CertificateStatuses=["ISSUED"])["CertificateSummaryList"]
    assert [c["CertificateArn"] for c in listed] == [arn]
    assert listed[0]["SubjectAlternativeNameSummaries"] == ["api.vpce.example.com", *NAMES]
    assert (listed[0]["InUse"], listed[0]["KeyAlgorithm"]) == (False, "RSA_2048")
    assert {c["CertificateArn"] for c in acm.list_certificates()["CertificateSummaryList"]} == {arn, waiting}
    assert acm.list_tags_for_certificate(CertificateArn=arn)["Tags"] == [{"Key": "plc:run", "Value": "1"}]


def test_other_keys_than_rsa_2048_are_listed_only_when_named(client: Client) -> None:
    acm = client("acm")
    plain, curved = request(acm), request(acm, "t2", KeyAlgorithm="EC_prime256v1")
    assert described(acm, curved)["KeyAlgorithm"] == "EC_prime256v1"

    def listed(**how: Any) -> list[str]:
        return [c["CertificateArn"] for c in acm.list_certificates(**how)["CertificateSummaryList"]]

    assert listed() == [plain]
    assert listed(Includes={"keyTypes": ["EC_prime256v1", "RSA_2048"]}) == [plain, curved]


def test_the_list_comes_in_pages(client: Client) -> None:
    acm = client("acm")
    made = [request(acm, f"t{number}") for number in range(3)]
    pages = list(acm.get_paginator("list_certificates").paginate(PaginationConfig={"PageSize": 2}))
    assert [[c["CertificateArn"] for c in page["CertificateSummaryList"]] for page in pages] == [made[:2], made[2:]]
    newest = acm.list_certificates(SortBy="CREATED_AT", SortOrder="DESCENDING")["CertificateSummaryList"]
    assert [c["CertificateArn"] for c in newest] == made[::-1]


def test_the_quota_counts_every_certificate(client: Client, code: Any) -> None:
    acm = client("acm")
    accounts.set_quota("111111111111", "us-east-1", "acm", "L-F141DD1D", 1)
    certificates.set_status(request(acm), "FAILED")
    asked = {"DomainName": "b.example.com", "ValidationMethod": "DNS"}
    assert code(acm.request_certificate, **asked) == "LimitExceededException"
