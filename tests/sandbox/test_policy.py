"""The policy engine itself, and the helper that refuses to patch what is gone."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.aws import patching
from sandbox.aws.policy import conditions_hold, evaluate, principal_matches

ARN = "arn:aws:ec2:us-east-1:111111111111:vpc/vpc-1"


def says(statement: dict[str, Any], action: str = "ec2:DeleteVpc", resource: str = ARN, **context: Any) -> str:
    return evaluate([{"Statement": statement}], action, resource, context)


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ({"Effect": "Allow", "Action": "ec2:*", "Resource": "*"}, "allowed"),
        ({"Effect": "Allow", "Action": ["EC2:deletevpc"], "Resource": [ARN]}, "allowed"),
        ({"Effect": "Allow", "Action": "ec2:Delete*", "Resource": "arn:aws:ec2:*:*:vpc/*"}, "allowed"),
        ({"Effect": "Allow", "Action": "ec2:Delete*", "Resource": "arn:aws:ec2:*:*:subnet/*"}, "implicitDeny"),
        ({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}, "allowed"),
        ({"Effect": "Allow", "Action": "ec2:*", "NotResource": ARN}, "implicitDeny"),
        ({"Effect": "Deny", "Action": "*", "Resource": "*"}, "explicitDeny"),
        ({"Effect": "Allow", "Action": "ec2:DeleteVp?", "Resource": "*"}, "allowed"),
        ({"Effect": "Allow", "Action": "ec2:DeleteVpc.", "Resource": "*"}, "implicitDeny"),
    ],
)
def test_a_statement_speaks_of_its_actions_and_resources(statement: dict[str, Any], expected: str) -> None:
    assert says(statement) == expected


def test_a_deny_among_allows_wins() -> None:
    allow = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    deny = {"Effect": "Deny", "Action": "ec2:Delete*", "Resource": "*"}
    assert evaluate([{"Statement": [allow, deny]}], "ec2:DeleteVpc", ARN, {}) == "explicitDeny"


@pytest.mark.parametrize(
    ("block", "context", "holds"),
    [
        ({"StringEquals": {"aws:RequestTag/a": "1"}}, {"aws:RequestTag/a": "1"}, True),
        ({"StringEquals": {"aws:RequestTag/a": ["0", "1"]}}, {"AWS:requesttag/A": "1"}, True),
        ({"StringEquals": {"aws:RequestTag/a": "1"}}, {}, False),
        ({"StringEqualsIfExists": {"aws:RequestTag/a": "1"}}, {}, True),
        ({"StringEqualsIfExists": {"aws:RequestTag/a": "1"}}, {"aws:RequestTag/a": "2"}, False),
        ({"StringNotEquals": {"aws:RequestTag/a": "1"}}, {}, True),
        ({"StringNotEquals": {"aws:RequestTag/a": ["1", "2"]}}, {"aws:RequestTag/a": "2"}, False),
        ({"StringLike": {"x": "t*"}}, {"x": "ten"}, True),
        ({"StringNotLike": {"x": "t*"}}, {"x": "ten"}, False),
        ({"Null": {"x": "true"}}, {}, True),
        ({"Null": {"x": "true"}}, {"x": "1"}, False),
        ({"Bool": {"x": True}}, {"x": "true"}, True),
        ({"ForAllValues:StringEquals": {"aws:TagKeys": ["a", "b"]}}, {"aws:TagKeys": ["a"]}, True),
        ({"ForAllValues:StringEquals": {"aws:TagKeys": ["a", "b"]}}, {"aws:TagKeys": ["a", "c"]}, False),
        ({"ForAllValues:StringEquals": {"aws:TagKeys": ["a"]}}, {}, True),
        ({"ForAnyValue:StringEquals": {"aws:TagKeys": ["a"]}}, {"aws:TagKeys": ["a", "c"]}, True),
        ({"ForAnyValue:StringEquals": {"aws:TagKeys": ["a"]}}, {}, False),
        ({"StringEquals": {"x": "1"}, "StringLike": {"y": "2"}}, {"x": "1", "y": "3"}, False),
        ({"WeatherIs": {"x": "fine"}}, {"x": "fine"}, False),
    ],
)
def test_conditions(block: dict[str, Any], context: dict[str, Any], holds: bool) -> None:
    assert conditions_hold(block, context) is holds


@pytest.mark.parametrize(
    ("principal", "matches"),
    [
        ("*", True),
        ({"AWS": "*"}, True),
        ({"AWS": "999999999999"}, True),
        ({"AWS": ["arn:aws:iam::1:root", "arn:aws:iam::999999999999:root"]}, True),
        ({"AWS": "arn:aws:iam::999999999999:user/hub"}, True),
        ({"AWS": "arn:aws:iam::999999999999:user/other"}, False),
        ({"Service": "ec2.amazonaws.com"}, False),
    ],
)
def test_a_trust_policys_principal(principal: Any, matches: bool) -> None:
    statement = {"Principal": principal}
    assert principal_matches(statement, "999999999999", "arn:aws:iam::999999999999:user/hub", None) is matches


def test_a_name_that_is_gone_is_not_patched() -> None:
    class Service:
        """Stands for a part of moto."""

        def kept(self) -> int:
            return 1

    patching.replace(Service, "kept", lambda self: 2)
    assert Service().kept() == 2
    with pytest.raises(AttributeError, match=r"moto 5\.\d+\.\d+ has no Service\.lost any more"):
        patching.replace(Service, "lost", lambda self: 2)
