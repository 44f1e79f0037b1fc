"""Certificates: requested, proven by DNS, issued, refused (S21, S44)."""

from __future__ import annotations

import pytest

from onboarding.checklist.step import NeedsAction
from sellers import formats
from tests.contract.test_steps import _plain
from tests.contract.world import ANY, World
from tests.steps.conftest import Make
from tests.steps.dns import FRIENDLY, HOME, NAMES, OTHER, PRIVATE, SELLER, STEPS, hosted, standing, walk


def test_it_is_requested_proven_issued_and_taken_away_again(product: Make, world_by_hand: World) -> None:
    zone_id = hosted(world_by_hand)
    driver = product(facts=NAMES)
    before = _plain(world_by_hand.inventory())

    walk(driver)

    made = driver.outputs["certificate", HOME]
    assert set(made.names) == {FRIENDLY, f"*.{FRIENDLY}", PRIVATE}
    assert made.account == SELLER
    [proof] = driver.proofs["certificate", HOME]
    assert {"arn", "account", "status", "names", "not_after"} <= set(proof.facts)
    cnames = standing(world_by_hand, zone_id, "CNAME")
    assert sorted(name.partition(".")[2] for name in cnames) == [f"{PRIVATE}.", f"{FRIENDLY}."]
    driver.down()
    assert _plain(world_by_hand.inventory()) == before
    assert standing(world_by_hand, zone_id, "CNAME") == {}


def test_a_second_walk_changes_nothing(product: Make, world_by_hand: World) -> None:
    hosted(world_by_hand)
    driver = product(facts=NAMES)
    walk(driver)
    driver.gate.calls.clear()

    walk(driver)

    assert driver.gate.changes == []


def test_with_the_native_profile_the_private_name_alone_is_asked_for(product: Make, world_by_hand: World) -> None:
    hosted(world_by_hand)
    driver = product(facts={"private_dns_name": PRIVATE}, listener={"protocol": "TLS"})

    walk(driver)

    assert driver.outputs["certificate", HOME].names == (PRIVATE,)


def test_a_product_without_any_name_is_told_so(product: Make) -> None:
    driver = product(listener={"protocol": "TLS"})

    with pytest.raises(NeedsAction, match="no name that it could be for") as caught:
        walk(driver, "access", "certificate_request")

    assert "private DNS name" in caught.value.cure
    assert driver.gate.changes == []


def test_a_name_too_long_for_a_certificate_is_told(product: Make) -> None:
    long = f"{'a' * 60}.example.com"
    driver = product(facts={"private_dns_name": long}, listener={"protocol": "TLS"})

    with pytest.raises(NeedsAction, match="72 characters, and a certificate needs one name of 64"):
        walk(driver, "access", "certificate_request")


def test_a_tls_listener_in_another_account_gets_a_certificate_of_its_own(product: Make, world_by_hand: World) -> None:
    zone_id = hosted(world_by_hand)
    theirs = world_by_hand.role(ANY, account=OTHER, name="certificates")
    driver = product(facts=NAMES, listener={"protocol": "TLS"}, certificates=theirs)

    walk(driver, *STEPS, "listener_certificate")

    made = driver.outputs["certificate", HOME]
    assert made.account == OTHER
    assert formats.account_of(made.listener_arn) == SELLER
    assert driver.outputs["listener_certificate", HOME].arn == made.listener_arn
    assert len(standing(world_by_hand, zone_id, "CNAME")) == 4, "ACM asks each account for records of its own"


@pytest.mark.parametrize(
    ("status", "reason", "said", "cure"),
    [
        ("FAILED", "CAA_ERROR", "A CAA record of api.vpce.example.com", "amazon.com"),
        ("FAILED", "ADDITIONAL_VERIFICATION_REQUIRED", "wants to know more", "AWS Support"),
        ("FAILED", "INVALID_PUBLIC_DOMAIN", "public top-level domain", "public DNS"),
        ("FAILED", "DOMAIN_NOT_ALLOWED", "unsafe", "taken off the lists"),
        ("VALIDATION_TIMED_OUT", "", "within 72 hours", "are served"),
        ("REVOKED", "", "revoked", "AWS Support"),
    ],
)
def test_a_bad_end_is_told_with_its_cure(
    product: Make, world_by_hand: World, status: str, reason: str, said: str, cure: str
) -> None:
    hosted(world_by_hand)
    driver = product(facts=NAMES)
    walk(driver, "access", "certificate_request", "validation")
    arn = driver.outputs["certificate_request", HOME].arn
    world_by_hand.process.post("certificates", {"arn": arn, "status": status, "reason": reason})

    with pytest.raises(NeedsAction, match=said) as caught:
        walk(driver, "certificate")

    assert cure in caught.value.cure
    assert status in caught.value.sentence
