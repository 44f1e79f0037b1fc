"""Roles for the tests of accounts and permissions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.aws import accounts
from tests.sandbox.conftest import SELLER

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
