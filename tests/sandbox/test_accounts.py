"""Sessions, trust policies, role policies, keys, regions, zones and quotas."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from sandbox import world
from sandbox.aws import accounts
from sandbox.clock import clock
from tests.sandbox import build
from tests.sandbox.conftest import BUYER, REGION, SELLER, Client

EVERYTHING = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
READ_ONLY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "ec2:Describe*", "Resource": "*"}]}
Assume = Callable[..., dict[str, str]]


def trust(principal: str = "arn:aws:iam::999999999999:root", external_id: str | None = "right") -> dict[str, Any]:
    statement: dict[str, Any] = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole"}
    if external_id:
        statement["Condition"] = {"StringEquals": {"sts:ExternalId": external_id}}
    return {"Version": "2012-10-17", "Statement": [statement]}


def role(*policies: dict[str, Any], **how: Any) -> str:
    return accounts.create_role(SELLER, "onboarding", trust(**how), list(policies or (EVERYTHING,)))


@pytest.fixture
def hub(client: Client) -> Any:
    return client("sts", keys=accounts.hub_credentials())


@pytest.fixture
def assume(hub: Any) -> Assume:
    """`assume(arn, ...)`: keys of a session, for `client(keys=...)`."""

    def session(arn: str, **more: Any) -> dict[str, str]:
        more.setdefault("ExternalId", "right")
        made = hub.assume_role(RoleArn=arn, RoleSessionName="plc-test", **more)["Credentials"]
        return {
            "aws_access_key_id": made["AccessKeyId"],
            "aws_secret_access_key": made["SecretAccessKey"],
            "aws_session_token": made["SessionToken"],
        }

    return session


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
def test_a_session_expires(
    client: Client, assume: Assume, code: Any, service: str, call: str, expected: str
) -> None:
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
    keys["aws_session_token"] = "made-up"  # noqa: S105 - a wrong token on purpose
    assert code(client("ec2", keys=keys).describe_vpcs) == "InvalidClientTokenId"


def test_a_session_policy_narrows_the_role(client: Client, assume: Assume, code: Any) -> None:
    keys = assume(role(), Policy=json.dumps(READ_ONLY))
    ec2, elb = client("ec2", keys=keys), client("elbv2", keys=keys)
    ec2.describe_vpcs()
    assert code(ec2.create_vpc, CidrBlock="10.0.0.0/16") == "UnauthorizedOperation"
    assert code(elb.describe_load_balancers) == "AccessDenied"
    assert code(client("acm", keys=keys).list_certificates) == "AccessDeniedException"
    assert "vpcs" not in world.inventory(SELLER).get(REGION, {})


def test_a_dry_run_tells_what_the_role_lacks(client: Client, assume: Assume, code: Any) -> None:
    ec2 = client("ec2", keys=assume(role(READ_ONLY)))
    assert code(ec2.create_vpc, CidrBlock="10.0.0.0/16", DryRun=True) == "UnauthorizedOperation"
    assert code(ec2.describe_vpcs, DryRun=True) == "DryRunOperation"


OWNED = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Action": "ec2:Describe*", "Resource": "*"},
        {
            "Effect": "Allow",
            "Action": ["ec2:CreateVpc"],
            "Resource": "arn:aws:ec2:*:*:vpc/*",
            "Condition": {
                "StringEquals": {"aws:RequestTag/plc:owner": "ten", "aws:RequestedRegion": ["us-east-1"]}
            },
        },
        {
            "Effect": "Allow",
            "Action": "ec2:CreateTags",
            "Resource": "arn:aws:ec2:*:*:*/*",
            "Condition": {"StringEquals": {"ec2:CreateAction": ["CreateVpc"]}},
        },
        {
            "Effect": "Allow",
            "Action": "ec2:DeleteVpc",
            "Resource": "*",
            "Condition": {"StringLike": {"aws:ResourceTag/plc:owner": "t*"}},
        },
    ],
}


def test_tag_and_region_conditions_hold(client: Client, assume: Assume, code: Any) -> None:
    keys = assume(role(OWNED))
    ec2, other = client("ec2", keys=keys), client("ec2", keys=keys, region="eu-west-1")
    ours = [{"ResourceType": "vpc", "Tags": [{"Key": "plc:owner", "Value": "ten"}]}]
    theirs = [{"ResourceType": "vpc", "Tags": [{"Key": "plc:owner", "Value": "x"}]}]
    assert code(ec2.create_vpc, CidrBlock="10.0.0.0/16") == "UnauthorizedOperation"
    assert code(ec2.create_vpc, CidrBlock="10.0.0.0/16", TagSpecifications=theirs) == "UnauthorizedOperation"
    assert code(other.create_vpc, CidrBlock="10.0.0.0/16", TagSpecifications=ours) == "UnauthorizedOperation"
    made = ec2.create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=ours)["Vpc"]["VpcId"]
    assert code(ec2.create_tags, Resources=[made], Tags=[{"Key": "a", "Value": "b"}]) == "UnauthorizedOperation"
    adopted = client("ec2").create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    assert code(ec2.delete_vpc, VpcId=adopted) == "UnauthorizedOperation"
    ec2.delete_vpc(VpcId=made)


def test_tags_at_creation_need_their_own_permission(client: Client, assume: Assume, code: Any) -> None:
    policy = {"Statement": [{"Effect": "Allow", "Action": ["ec2:CreateVpc", "ec2:Describe*"], "Resource": "*"}]}
    ec2 = client("ec2", keys=assume(role(policy)))
    tags = [{"ResourceType": "vpc", "Tags": [{"Key": "a", "Value": "1"}]}]
    ec2.create_vpc(CidrBlock="10.0.0.0/16")
    assert code(ec2.create_vpc, CidrBlock="10.1.0.0/16", TagSpecifications=tags) == "UnauthorizedOperation"


def test_a_deny_wins(client: Client, assume: Assume, code: Any) -> None:
    deny = {"Statement": [{"Effect": "Deny", "Action": "ec2:Delete*", "Resource": "*"}]}
    ec2 = client("ec2", keys=assume(role(EVERYTHING, deny)))
    made = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    assert code(ec2.delete_vpc, VpcId=made) == "UnauthorizedOperation"


def test_policy_simulation_reads_the_roles_policies(client: Client, assume: Assume) -> None:
    arn = role(OWNED)
    iam = client("iam")
    asked = {"PolicySourceArn": arn, "ActionNames": ["ec2:DescribeVpcs", "ec2:DeleteVpc", "elasticloadbalancing:X"]}
    found = iam.simulate_principal_policy(**asked)["EvaluationResults"]
    assert [r["EvalDecision"] for r in found] == ["allowed", "implicitDeny", "implicitDeny"]
    assert found[1]["MissingContextValues"] == ["aws:ResourceTag/plc:owner"]
    entry = {
        "ContextKeyName": "aws:ResourceTag/plc:owner",
        "ContextKeyValues": ["ten"],
        "ContextKeyType": "string",
    }
    found = iam.simulate_principal_policy(ContextEntries=[entry], **asked)["EvaluationResults"]
    assert [r["EvalDecision"] for r in found] == ["allowed", "allowed", "implicitDeny"]
