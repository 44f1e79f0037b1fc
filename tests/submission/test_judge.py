"""The live lines: each says what AWS says, and what is wrong with it, with the cure."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from onboarding.checklist.step import CheckResult, Outcome
from onboarding.submission.aws_snapshot import Certificate, Look, Service, default_name
from onboarding.submission.facts import Kept
from onboarding.submission.live_checks import Declared, proofs
from tests.submission.package import CERTIFICATES, NOW, SELLER, facts, region

HOME = "us-east-1"
FACTS = facts(regions=(region(HOME),))
DECLARED = Declared(service_account=SELLER, certificate_accounts=(SELLER, CERTIFICATES))


def service(**more: Any) -> Service:
    """The region's service, as AWS has it."""
    one = FACTS.regions[0]
    whole = Service(
        account=SELLER,
        id=one.service_id,
        name=one.service_name,
        state="Available",
        balancers=("arn:nlb",),
        zone_ids=("use1-az1",),
        allowed=(),
    )
    return replace(whole, **more)


def certificate(**more: Any) -> Certificate:
    """The region's certificate, as ACM has it."""
    one = FACTS.regions[0].certificate
    whole = Certificate(
        account=CERTIFICATES,
        arn=one.arn,
        status="ISSUED",
        names=one.names,
        records=(Kept(name="_x.api.vpce.example.com", value="_y.acm-validations.aws"),),
        not_after=NOW + timedelta(days=300),
    )
    return replace(whole, **more)


def judged(
    service: Service | None, certificate: Certificate | None, declared: Declared = DECLARED, **more: Any
) -> dict[str, CheckResult]:
    look = Look(region=HOME, service=service, certificate=certificate)
    found = proofs(replace(FACTS, **more), [look], declared, NOW)
    return {proof.check: proof for proof in found}


def failing(found: dict[str, CheckResult]) -> list[str]:
    return [check for check, proof in found.items() if proof.outcome is Outcome.FAIL]


def test_everything_in_order_is_said_with_its_values() -> None:
    found = judged(service(), certificate())

    assert failing(found) == []
    assert found[f"S27.{HOME}"].facts["account"] == SELLER
    assert found["S29"].facts["accounts"] == [CERTIFICATES]
    assert found[f"S44.{HOME}"].facts["arn"] == FACTS.regions[0].certificate.arn
    assert found["S46"].outcome is Outcome.ATTESTED


def test_a_service_that_aws_does_not_know_fails_every_line_of_it() -> None:
    assert failing(judged(None, certificate())) == [f"S27.{HOME}", f"S42.{HOME}", f"S43.{HOME}"]


@pytest.mark.parametrize(
    ("more", "check", "words"),
    [
        ({"state": "Pending"}, "S27", "is Pending at AWS"),
        ({"balancers": ()}, "S27", "no network load balancer"),
        ({"account": "999999999999"}, "S42", "answers for account 999999999999"),
        ({"name": "com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0"}, "S43", "is in eu-west-1, not us-east-1"),
        ({"name": f"com.amazonaws.vpce.{HOME}.vpce-svc-00000000000000000"}, "S43", "is not the name of"),
        ({"name": "example"}, "S43", '"example" isn\'t an endpoint service name'),
    ],
)
def test_a_service_that_does_not_fit_is_told(more: dict[str, Any], check: str, words: str) -> None:
    found = judged(service(**more), certificate())

    assert failing(found) == [f"{check}.{HOME}"]
    assert words in found[f"{check}.{HOME}"].sentence


def test_a_name_that_marketplace_has_overridden_is_right_and_the_package_keeps_the_default() -> None:
    live = service(name="com.amazonaws.vpce.us-east-1.api.vpce.example.com")

    assert failing(judged(live, certificate())) == []
    assert default_name(live, HOME, FACTS.friendly_name) == FACTS.regions[0].service_name
    assert default_name(service(), HOME, FACTS.friendly_name) == FACTS.regions[0].service_name


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"status": "PENDING_VALIDATION"}, "is PENDING_VALIDATION, not ISSUED"),
        ({"status": "FAILED", "why": "CAA_ERROR"}, r"FAILED (CAA_ERROR)"),
        ({"names": ("api.vpce.example.com", "api.example.com")}, "does not cover *.api.vpce.example.com"),
        ({"names": ("api.vpce.example.com", "*.api.vpce.example.com")}, "does not cover api.example.com"),
        ({"account": "999999999999"}, f"is in account {CERTIFICATES}"),
        ({"not_after": NOW - timedelta(days=1)}, "xpired"),
    ],
)
def test_a_certificate_that_does_not_serve_is_told(more: dict[str, Any], words: str) -> None:
    found = judged(service(), certificate(**more))

    assert failing(found) == [f"S44.{HOME}"]
    assert words in found[f"S44.{HOME}"].sentence


def test_a_certificate_that_ends_soon_is_a_warning() -> None:
    ends = judged(service(), certificate(not_after=NOW + timedelta(days=9)))[f"S44.{HOME}"]

    assert ends.outcome is Outcome.WARN


def test_without_any_certificate_nobody_requested_one() -> None:
    assert failing(judged(service(), None)) == ["S29", f"S44.{HOME}"]


def test_a_certificate_of_an_undeclared_account_is_refused() -> None:
    strict = Declared(service_account=SELLER, certificate_accounts=(SELLER,))

    assert failing(judged(service(), certificate(), strict)) == [f"S44.{HOME}"]


def test_what_the_product_lacks_is_told() -> None:
    found = judged(service(), certificate(), product_id="", process="")

    assert failing(found) == ["S26", "S46"]
    assert judged(service(), certificate(), private_name="")["S45"].outcome is Outcome.WARN
