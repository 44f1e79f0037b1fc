"""Accounts of the simulated world: the hub, roles and users, regions and quotas set from outside."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from moto.core.exceptions import ServiceException
from moto.iam import models as iam_models
from moto.iam.models import iam_backends

from sandbox.aws import identity, patching, quotas, regions
from sandbox.aws.identity import Caller

HUB_ACCOUNT = "999999999999"
HUB_ACCESS_KEY = "AKIAHUBDEMO234567EXA"
HUB_SECRET_KEY = "hub-demo-secret-key-of-the-simulated-aws"  # noqa: S105 - a fixed demo key, worthless elsewhere
_ANYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
_HUB = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Action": ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"], "Resource": "*"}
    ],
}


def install() -> None:
    """moto notes the last use of each key, which costs time and makes accounts appear; nobody reads it."""
    patching.replace(iam_models, "mark_account_as_visited", lambda **_: None)


def make_hub() -> None:
    """The operator's own account: an IAM user `hub` with fixed keys that may assume roles."""
    _make_user(HUB_ACCOUNT, "hub", _HUB, HUB_ACCESS_KEY)


def hub_credentials() -> dict[str, str]:
    """Keys of the hub's user, in the names that boto3 takes."""
    return {"aws_access_key_id": HUB_ACCESS_KEY, "aws_secret_access_key": HUB_SECRET_KEY}


def admin_credentials(account_id: str) -> dict[str, str]:
    """Keys of a user who may do all in the account: a person at its console, for tests and the demo."""
    key = f"AKIAADMI{_letters(account_id)}"  # 20 characters, as AWS's keys
    _make_user(account_id, "admin", _ANYTHING, key)
    return {"aws_access_key_id": key, "aws_secret_access_key": f"admin-secret-of-{account_id}"}


def _letters(account_id: str) -> str:
    return "".join(chr(ord("A") + int(digit)) for digit in account_id)


def _make_user(account_id: str, name: str, policy: Mapping[str, Any], key: str) -> None:
    backend = iam_backends[account_id]["aws"]
    if name not in backend.users:
        backend.create_user("us-east-1", name)
        backend.put_user_policy(name, name, json.dumps(policy))
    user = backend.users[name]
    identity.remember(key, Caller(account_id, user.arn, user.id, user=name))


def create_role(
    account_id: str,
    role_name: str,
    trust_policy: Mapping[str, Any],
    policies: Iterable[Mapping[str, Any]],
    max_session_duration: int = 3600,
) -> str:
    """Make a role as a person at the console would; gives its ARN.

    A role of that name that is already there gets the new trust and policies. ValueError names the policy
    document that is wrong.
    """
    backend = iam_backends[account_id]["aws"]
    found = next((role for role in backend.get_roles() if role.name == role_name), None)
    role = found or backend.create_role(
        role_name=role_name,
        assume_role_policy_document=json.dumps(trust_policy),
        path="/",
        permissions_boundary=None,
        description="",
        tags=[],
        max_session_duration=str(max_session_duration),
    )
    role.assume_role_policy_document = json.dumps(trust_policy)
    role.policies.clear()
    for number, policy in enumerate(policies, start=1):
        text = json.dumps({"Version": "2012-10-17", **policy})
        try:
            backend.put_role_policy(role_name, f"policy-{number}", text)
        except ServiceException as wrong:
            raise ValueError(f"policy {number} is not a valid policy document: {wrong.message}") from wrong
    arn: str = role.arn
    return arn


def enable_region(account_id: str, region: str) -> None:
    """Opt the account in to an opt-in region."""
    regions.enable(account_id, region)


def disable_region(account_id: str, region: str) -> None:
    """Opt the account out again. ValueError for a region that is always on."""
    regions.disable(account_id, region)


def set_quota(account_id: str, region: str, service: str, code: str, value: float) -> None:
    """Set an applied quota, e.g. ("vpc", "L-F678F1CE", 1). ValueError for a quota that we do not know."""
    quotas.set_quota(account_id, region, service, code, value)
