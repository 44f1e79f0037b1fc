"""Certificates: found by tag whatever their key, asked once an hour, and every bad end has its cure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import botocore.session
import pytest

from onboarding.aws.gate import passing
from onboarding.things.base import State
from onboarding.things.certificate import KEYS, Certificate
from onboarding.things.certificate_ends import BAD, end_of
from tests.contract.conftest import world_by_hand
from tests.contract.driver import Gate, mark_for
from tests.contract.world import World

__all__ = ["world_by_hand"]
MODEL: Any = botocore.session.get_session().get_service_model("acm")
NAMES = ("api.vpce.example.com", "*.api.vpce.example.com")
WANTED = Certificate(key="certificate", names=NAMES)
MARK = mark_for("p/us-east-1/certificate_request/certificate/g1", "certificate")


@pytest.fixture(autouse=True)
def gate() -> Iterator[Gate]:
    """Every call of the test, let through and kept."""
    found = Gate()
    with passing(found):
        yield found


@pytest.mark.parametrize("reason", MODEL.shape_for("FailureReason").enum)
def test_every_reason_of_acms_has_a_sentence_and_a_cure(reason: str) -> None:
    end = end_of("arn:a", "FAILED", reason, NAMES)

    assert f"cannot be used (FAILED, {reason})." in end.sentence
    assert "ACM says" not in end.sentence
    assert end.sentence.endswith(".")
    assert end.cure[0].isupper()
    assert end.cure.endswith(".")
    assert "{" not in end.sentence + end.cure


def test_every_status_of_acms_is_known() -> None:
    assert {*BAD, "ISSUED", "PENDING_VALIDATION"} == set(MODEL.shape_for("CertificateStatus").enum)
    for status in BAD[1:]:
        assert "ACM says" not in end_of("arn:a", status, "", NAMES).sentence
    assert "ACM says SOMETHING_NEW." in end_of("arn:a", "SOMETHING_NEW", "", NAMES).sentence


def test_every_kind_of_key_is_asked_for() -> None:
    assert set(KEYS["keyTypes"]) == set(MODEL.shape_for("KeyAlgorithm").enum)


def test_one_with_another_key_is_found_by_its_tag(world_by_hand: World) -> None:
    door = world_by_hand.admin()
    alike: Any = {"DomainName": NAMES[0], "ValidationMethod": "DNS"}
    ours = door.acm.request_certificate(**alike, KeyAlgorithm="EC_prime256v1", Tags=MARK.pairs())
    door.acm.request_certificate(**alike, KeyAlgorithm="RSA_2048", Tags=[{"Key": "plc:item", "Value": "another"}])

    assert WANTED.find(door, MARK) == [ours["CertificateArn"]]


def test_the_token_is_one_that_acm_takes(world_by_hand: World, gate: Gate) -> None:
    made = [WANTED.make(world_by_hand.admin(), MARK) for _ in range(2)]

    assert made[0].id == made[1].id
    [token] = {call.params["IdempotencyToken"] for call in gate.calls}
    assert re.fullmatch(r"\w{1,32}", token, re.ASCII)


def test_a_bad_end_is_wrong_and_spent(world_by_hand: World) -> None:
    door = world_by_hand.admin()
    arn = WANTED.make(door, MARK).id
    world_by_hand.process.post("certificates", {"arn": arn, "status": "FAILED", "reason": "CAA_ERROR"})

    [seen] = Certificate.check(door, [(WANTED, arn)])
    [chosen] = Certificate.check(door, [(Certificate(given=arn, names=NAMES), arn)])

    assert (seen.state, seen.spent, seen.aws_status) == (State.WRONG, True, "FAILED")
    assert "amazon.com" in seen.cure
    assert not chosen.spent, "what a person chose is not replaced"


def test_wildcard_and_base_share_one_record(world_by_hand: World) -> None:
    door = world_by_hand.admin()
    arn = WANTED.make(door, MARK).id
    world_by_hand.later(30)

    [seen] = Certificate.check(door, [(WANTED, arn)])

    [record] = seen.values["records"]
    assert record["name"].endswith(".api.vpce.example.com")
    assert seen.values["status"] == "PENDING_VALIDATION"
    assert seen.state is State.READY
