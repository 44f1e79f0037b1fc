"""The error table (T20): every code that we know, in each direction, ends in the state that engine.md's table gives."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
)

from onboarding.aws import errors
from onboarding.engine import failures
from onboarding.engine.lease import Lease
from onboarding.engine.transition import Transition
from onboarding.models import Item
from onboarding.steps import by_slug

AGAIN = {"up": "waiting", "down": "undoing"}
GOES_ON = (
    (errors.THROTTLE, 0),
    (errors.THROTTLE, 50),
    (errors.DOUBT, 0),
    (errors.DOUBT, 50),
    (errors.CREDENTIALS, 0),
    (errors.NOT_FOUND, 0),
    (errors.NOT_FOUND, 50),
    ({"NobodyKnowsThisCode"}, 0),
    ({"NobodyKnowsThisCode"}, 2),
)
STOPS = (
    (errors.PERMISSION, 0, "permission"),
    (errors.YOURS, 0, "yours to fix"),
    (errors.CREDENTIALS, 1, "credentials"),
    ({"NobodyKnowsThisCode"}, 3, "permanent"),
)


def outcome(error: Exception, *, direction: str = "up", tries: int = 0, since: float = 0.0) -> Transition:
    now = datetime.now(UTC)
    item = Item(
        direction=direction, error_count=tries, state=AGAIN[direction], started_at=now - timedelta(seconds=since)
    )
    held = Lease(item=item, owner=uuid.uuid4(), now_at_claim=now)
    return failures.outcome(held, by_slug()["network"], error)


def said(code: str, status: int = 400) -> ClientError:
    message = f"{code} is what AWS says."
    return ClientError(
        {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status, "RequestId": "r"}},  # type: ignore[typeddict-item]  # the parts that are read
        "CreateVpc",
    )


@pytest.mark.parametrize("direction", ["up", "down"])
def test_what_passes_by_itself_is_tried_again(direction: str) -> None:
    for codes, tries in GOES_ON:
        for code in sorted(codes):
            to = outcome(said(code), direction=direction, tries=tries)
            assert to.to == AGAIN[direction], (code, tries)
            assert to.next_in is not None, code
            assert 0 < to.next_in <= 300, code
            assert code in to.sentence


@pytest.mark.parametrize("direction", ["up", "down"])
def test_what_a_person_must_mend_fails_with_code_and_cure(direction: str) -> None:
    for codes, tries, kind in STOPS:
        for code in sorted(codes):
            to = outcome(said(code), direction=direction, tries=tries)
            assert to.to == "failed", (code, tries)
            assert to.failure is not None
            assert (to.failure.kind, to.failure.code) == (kind, code)
            assert to.failure.cure.endswith((".", "step.")), code
            assert to.failure.request_id == "r"


def test_every_code_of_the_table_has_one_class() -> None:
    groups = [
        errors.THROTTLE,
        errors.DOUBT,
        errors.CREDENTIALS,
        errors.PERMISSION,
        errors.YOURS,
        errors.DELETE_ORDER,
        errors.NOT_FOUND,
    ]
    codes = [code for group in groups for code in group]
    assert len(codes) == len(set(codes))


def test_what_is_still_in_use_is_tried_for_half_an_hour_and_then_named() -> None:
    for code in sorted(errors.DELETE_ORDER):
        assert outcome(said(code), direction="down").to == "undoing"
        late = outcome(said(code), direction="down", since=31 * 60)
        assert late.to == "failed"
        assert code in late.sentence
        assert outcome(said(code), direction="up").to == "waiting"
        assert outcome(said(code), direction="up", since=31 * 60).to == "failed"


def test_what_aws_does_not_know_after_ten_minutes_is_gone() -> None:
    for code in sorted(errors.NOT_FOUND):
        to = outcome(said(code), tries=9, since=11 * 60)
        assert to.failure is not None
        assert (to.to, to.failure.kind) == ("failed", "not found")


def test_throttling_is_not_counted_and_doubt_is() -> None:
    assert "error_count" not in outcome(said("RequestLimitExceeded")).fields
    assert outcome(said("InternalError", 500)).fields["error_count"] == 1


def test_doubt_backs_off_to_five_minutes() -> None:
    for tries in range(12):
        most = min(2.0 * 2**tries, 300.0)
        wait = outcome(said("InternalError", 500), tries=tries).next_in
        assert wait is not None
        assert 0 < wait <= most


def test_an_unknown_code_of_a_broken_service_is_in_doubt_for_ever() -> None:
    assert outcome(said("NobodyKnowsThisCode", 503), tries=50).to == "waiting"


@pytest.mark.parametrize(
    "error",
    [
        ReadTimeoutError(endpoint_url="https://ec2"),
        EndpointConnectionError(endpoint_url="https://ec2"),
        ConnectTimeoutError(endpoint_url="https://ec2"),
    ],
)
def test_a_line_that_breaks_is_tried_again(error: BotoCoreError) -> None:
    assert outcome(error, tries=20).to == "waiting"


def test_a_fault_of_ours_fails_without_showing_its_insides() -> None:
    to = outcome(KeyError("secret"))
    assert to.to == "failed"
    assert to.failure is not None
    assert (to.failure.kind, to.failure.code) == ("ours", "KeyError")
    assert "secret" not in to.failure.sentence
