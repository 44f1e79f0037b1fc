"""Assumed-role sessions: one for each run and role, 15 minutes, refreshed, in memory only.

Before a door is given out, GetCallerIdentity must name the account that the seller declared: an account that answers
for another one is never written to.
"""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import boto3
from botocore.credentials import RefreshableCredentials
from botocore.session import Session as CoreSession
from cachetools import LRUCache, cached

from onboarding.aws.clients import CONFIG, LOADER, RegionClients, new_session
from onboarding.aws.instrumentation import watch
from sellers import formats

READ_ONLY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": [
                    "ec2:Describe*",
                    "ec2:Get*",
                    "elasticloadbalancing:Describe*",
                    "acm:Describe*",
                    "acm:List*",
                    "acm:Get*",
                    "route53:Get*",
                    "route53:List*",
                    "sts:GetCallerIdentity",
                    "servicequotas:Get*",
                    "servicequotas:List*",
                    "iam:SimulatePrincipalPolicy",
                    "iam:Get*",
                    "iam:List*",
                    "ssm:GetParameters",
                ],
                "Resource": "*",
            }
        ],
    },
    separators=(",", ":"),
)
MOST_SESSIONS = 256


class WrongAccount(Exception):
    """The role's session belongs to another account than its ARN says."""


@dataclass(frozen=True, kw_only=True)
class Role:
    """Whose role, and for what: `purpose` goes into the session's name, which the account's CloudTrail shows."""

    arn: str
    external_id: str = field(repr=False)
    purpose: str
    read_only: bool = False

    @property
    def account(self) -> str:
        """The 12-digit account of the ARN."""
        return formats.account_of(self.arn)


@dataclass
class _Kept:
    lock: threading.Lock = field(default_factory=threading.Lock)
    session: boto3.Session | None = None
    arn: str = ""


_sessions: LRUCache[Role, _Kept] = LRUCache(MOST_SESSIONS)
_lock = threading.Lock()


@cached(_sessions, key=lambda role: role, lock=_lock)
def _kept(role: Role) -> _Kept:
    """The place of a role's session, not the session: one that is opened while `forget` runs is not found again."""
    return _Kept()


def door(role: Role, region: str) -> RegionClients:
    """The door to `region` under `role`. Raises ClientError if the role refuses us, WrongAccount if another answers."""
    kept = _kept(role)
    with kept.lock:
        if kept.session is None:
            session = _assumed(role)
            arn = identity(session, region)
            if (answering := formats.account_of(arn)) != role.account:
                raise WrongAccount(
                    f"The role {role.arn} answers for account {answering}, not for {role.account}. "
                    "Nothing was changed. Enter the ARN of the role in the account you mean."
                )
            kept.session, kept.arn = session, arn
    return RegionClients(kept.session, role.account, region, kept.arn)


def forget(arn: str = "") -> None:
    """Drop the sessions of one role (its policy changed, its keys expired), or all: the next call assumes again."""
    with _lock:
        for role in [r for r in _sessions if arn in ("", r.arn)]:
            del _sessions[role]


def hub() -> RegionClients:
    """The door of our own identity: the default credential chain of this process, in STS's home region."""
    session = _hub_session()
    return RegionClients(session, "", session.region_name or "us-east-1")


def hub_principal(configured: str = "") -> str:
    """The ARN that sellers trust: the configured HUB_PRINCIPAL_ARN, else who we are by GetCallerIdentity.

    On EC2, ECS or EKS we are a session of a role, whose name changes with the machine: sellers trust the role. A
    session does not tell its role's path, so a role that has one (`role/team/name`) needs HUB_PRINCIPAL_ARN.
    """
    return configured or _role_of(hub().sts.get_caller_identity()["Arn"])


def _role_of(arn: str) -> str:
    """`arn:aws:sts::A:assumed-role/NAME/SESSION` as `arn:aws:iam::A:role/NAME`; any other ARN as it is."""
    _, partition, service, _, account, resource = arn.split(":", 5)
    kind, _, name = resource.partition("/")
    if (service, kind) != ("sts", "assumed-role"):
        return arn
    return f"arn:{partition}:iam::{account}:role/{name.partition('/')[0]}"


def assume(role_arn: str, external_id: str | None, name: str, policy: str = "") -> dict[str, str]:
    """One AssumeRole: temporary keys in botocore's metadata form. `external_id` None leaves it out (to prove it is
    needed).
    """
    more: dict[str, Any] = {"Policy": policy} if policy else {}
    if external_id is not None:
        more["ExternalId"] = external_id
    keys = hub().sts.assume_role(RoleArn=role_arn, RoleSessionName=name[:64], DurationSeconds=900, **more)[
        "Credentials"
    ]
    return {
        "access_key": keys["AccessKeyId"],
        "secret_key": keys["SecretAccessKey"],
        "token": keys["SessionToken"],
        "expiry_time": keys["Expiration"].isoformat(),
    }


def identity(session: boto3.Session, region: str) -> str:
    """The caller's ARN, asked from STS of `region` with the session's own keys."""
    client = session.client("sts", region_name=region, config=CONFIG)
    watch(client, "sts", region, "")
    return client.get_caller_identity()["Arn"]


def _assumed(role: Role) -> boto3.Session:
    def fetch() -> dict[str, str]:
        return assume(role.arn, role.external_id, role.purpose, READ_ONLY if role.read_only else "")

    core = CoreSession()
    core.register_component("data_loader", LOADER)
    core._credentials = RefreshableCredentials.create_from_metadata(  # type: ignore[attr-defined]
        metadata=fetch(), refresh_using=fetch, method="sts-assume-role", advisory_timeout=180, mandatory_timeout=60
    )
    return boto3.Session(botocore_session=core)


@cache
def _hub_session() -> boto3.Session:
    return new_session()
