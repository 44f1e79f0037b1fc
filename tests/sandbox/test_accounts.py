"""Sessions, trust policies and keys."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.aws import accounts
from sandbox.clock import clock
from tests.sandbox import build
from tests.sandbox.conftest import BUYER, SELLER, Client
from tests.sandbox.roles import EVERYTHING, Assume, role, trust


def test_the_session_says_who_it_is(client: Client, assume: Assume) -> None:
    who = client("sts", keys=assume(role())).get_caller_identity()
    assert who["Account"] == SELLER
    assert who["Arn"] == f"arn:aws:sts::{SELLER}:assumed-role/onboarding/plc-test"


@pytest.mark.parametrize("external_id", [{}, {"ExternalId": "wrong"}, {"ExternalId": "RIGHT"}])
def test_a_missing_or_wrong_external_id_is_refused(hub: Any, code: Any, external_id: dict[str, str]) -> None:
    arn = role()
    assert code(hub.assume_role, RoleArn=arn, RoleSessionName="plc-test", **external_id) == "AccessDenied"


def test_a_role_without_a_condition_is_open_to_its_principal(assume: Assume, hub: Any) -> None:
    arn = role(external_id=None)
    assert hub.assume_role(RoleArn=arn, RoleSessionName="plc-test")["Credentials"]["AccessKeyId"]


def test_a_role_that_trusts_another_account_or_does_not_exist_is_refused(hub: Any, code: Any) -> None:
    other = role(principal=build.root(BUYER))
    missing = f"arn:aws:iam::{SELLER}:role/nobody"
    for arn in (other, missing):
        assert code(hub.assume_role, RoleArn=arn, RoleSessionName="x1", ExternalId="right") == "AccessDenied"


def test_a_user_needs_permission_to_assume(client: Client, code: Any) -> None:
    arn = role(principal=build.root(SELLER))
    backend = client("iam")
    backend.create_user(UserName="weak")
    key = backend.create_access_key(UserName="weak")["AccessKey"]
    keys = {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}
    weak = client("sts", keys=keys)
    assert weak.get_caller_identity()["Arn"].endswith(":user/weak")
    assert code(weak.assume_role, RoleArn=arn, RoleSessionName="x1", ExternalId="right") == "AccessDenied"


@pytest.mark.parametrize(
    ("service", "call", "expected"),
    [
        ("ec2", "describe_vpcs", "RequestExpired"),
        ("elbv2", "describe_load_balancers", "ExpiredToken"),
        ("sts", "get_caller_identity", "ExpiredToken"),
    ],
)
def test_a_session_expires(client: Client, assume: Assume, code: Any, service: str, call: str, expected: str) -> None:
    made = client(service, keys=assume(role(), DurationSeconds=900))
    getattr(made, call)()
    clock.advance(901)
    assert code(getattr(made, call)) == expected


def test_durations_have_limits(assume: Assume, hub: Any, code: Any, client: Client) -> None:
    arn = role()
    asked = {"RoleArn": arn, "RoleSessionName": "x1", "ExternalId": "right"}
    for seconds in (3601, 43201):
        assert code(hub.assume_role, DurationSeconds=seconds, **asked) == "ValidationError"


def test_a_key_of_another_life_is_refused_and_not_taken_for_another_account(
    client: Client, assume: Assume, code: Any
) -> None:
    import sandbox.aws

    keys = assume(role())
    sandbox.aws.reset()
    assert code(client("sts", keys=keys).get_caller_identity) == "InvalidClientTokenId"
    assert code(client("ec2", keys=keys).describe_vpcs) == "InvalidClientTokenId"


def test_a_session_without_its_token_is_refused(client: Client, assume: Assume, code: Any) -> None:
    keys = assume(role())
    keys["aws_session_token"] = "made-up"
    assert code(client("ec2", keys=keys).describe_vpcs) == "InvalidClientTokenId"


def test_a_source_identity_must_be_trusted_too(hub: Any, code: Any) -> None:
    arn = role()
    asked = {"RoleArn": arn, "RoleSessionName": "x1", "ExternalId": "right", "SourceIdentity": "ann"}
    assert code(hub.assume_role, **asked) == "AccessDenied"
    open_ = trust()
    open_["Statement"][0]["Action"] = ["sts:AssumeRole", "sts:SetSourceIdentity"]
    accounts.create_role(SELLER, "onboarding", open_, [EVERYTHING])
    assert hub.assume_role(**asked)["SourceIdentity"] == "ann"


def test_every_account_has_keys_of_its_own(client: Client) -> None:
    accounts_seen = [client("sts", account=a).get_caller_identity()["Account"] for a in ("1" * 12, "1" * 11 + "2")]
    assert accounts_seen == ["1" * 12, "1" * 11 + "2"]
