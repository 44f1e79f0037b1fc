"""STS: AssumeRole that enforces the trust policy, and GetCallerIdentity that tells the truth."""

from __future__ import annotations

import json
import re
import secrets
from typing import Any

from moto.core.responses import ActionResult
from moto.iam.models import Role, iam_backends
from moto.sts.responses import TokenResponse

from sandbox.aws import identity, patching, policy
from sandbox.aws.errors import AwsError
from sandbox.aws.identity import Caller
from sandbox.clock import clock

_ROLE_ARN = re.compile(r"arn:aws:iam::(\d{12}):role/(?:.*/)?([\w+=,.@-]{1,64})", re.ASCII)


def install() -> None:
    """Put our STS in the place of moto's."""
    patching.replace(TokenResponse, "assume_role", assume_role)
    patching.replace(TokenResponse, "get_caller_identity", get_caller_identity)


def get_caller_identity(response: Any) -> ActionResult:
    """Account, ARN and id of whoever signed the call."""
    caller = identity.lookup(response.access_key)
    return ActionResult({"UserId": caller.user_id, "Account": caller.account, "Arn": caller.arn})


def assume_role(response: Any) -> ActionResult:
    """A session of the role, if its trust policy lets this caller in."""
    params = response.params
    caller = identity.lookup(response.access_key)
    seconds = int(params.get("DurationSeconds") or 3600)
    role = _trusted_role(params, caller)
    _check_duration(seconds, caller, role)
    name = params["RoleSessionName"]
    account = role.arn.split(":")[4]
    session = Caller(
        account=account,
        arn=f"arn:aws:sts::{account}:assumed-role/{role.name}/{name}",
        user_id=f"{role.id}:{name}",
        role=role.name,
        role_arn=role.arn,
        token=secrets.token_urlsafe(120),
        expires=clock.wall() + seconds,
        session_policies=_session_policies(params),
    )
    answer = {
        "Credentials": identity.new_session(session),
        "AssumedRoleUser": {"AssumedRoleId": session.user_id, "Arn": session.arn},
        "PackedPolicySize": 6,
    }
    if source := params.get("SourceIdentity"):
        answer["SourceIdentity"] = source
    return ActionResult(answer)


def _trusted_role(params: dict[str, Any], caller: Caller) -> Role:
    """The role, if it exists and trusts the caller; AWS gives the same refusal for both."""
    arn = params["RoleArn"]
    refusal = AwsError(
        "AccessDenied", f"User: {caller.arn} is not authorized to perform: sts:AssumeRole on resource: {arn}", 403
    )
    match = _ROLE_ARN.fullmatch(arn)
    if not match:
        raise AwsError("ValidationError", f"{arn} is invalid")
    backend = iam_backends[match[1]]["aws"]
    role = next((r for r in backend.get_roles() if r.arn == arn), None)
    if role is None or not _lets_in(role, params, caller):
        raise refusal
    return role


def _lets_in(role: Role, params: dict[str, Any], caller: Caller) -> bool:
    context = {
        "aws:PrincipalArn": caller.role_arn or caller.arn,
        "aws:PrincipalAccount": caller.account,
        "sts:RoleSessionName": params.get("RoleSessionName", ""),
    }
    for key, name in (("ExternalId", "sts:ExternalId"), ("SourceIdentity", "sts:SourceIdentity")):
        if params.get(key):
            context[name] = params[key]
    trusted = [
        statement
        for statement in policy.statements([json.loads(role.assume_role_policy_document)])
        if policy.principal_matches(statement, caller.account, caller.arn, caller.role_arn)
    ]
    needed = ["sts:AssumeRole"]
    needed += ["sts:SetSourceIdentity"] if params.get("SourceIdentity") else []
    needed += ["sts:TagSession"] if params.get("Tags") else []
    documents = [{"Statement": trusted}]
    return all(policy.evaluate(documents, action, role.arn, context) == "allowed" for action in needed)


def _check_duration(seconds: int, caller: Caller, role: Role) -> None:
    longest = 3600 if caller.role else int(role.max_session_duration or 3600)
    if seconds < 900 or seconds > 43200:
        raise AwsError(
            "ValidationError",
            f"1 validation error detected: Value '{seconds}' at 'durationSeconds' failed to satisfy "
            "constraint: Member must have value between 900 and 43200",
        )
    if seconds > longest:
        why = (
            "the 1 hour session limit for roles assumed by role chaining"
            if caller.role
            else ("the MaxSessionDuration set for this role")
        )
        raise AwsError("ValidationError", f"The requested DurationSeconds exceeds {why}.")


def _session_policies(params: dict[str, Any]) -> tuple[dict[str, Any], ...]:
    text = params.get("Policy")
    if not text:
        return ()
    if len(text) > 2048:
        raise AwsError("PackedPolicyTooLarge", "Packed policy consumes more than 100% of allotted space.")
    try:
        return (json.loads(text),)
    except ValueError as wrong:
        raise AwsError("MalformedPolicyDocument", "This policy contains invalid Json") from wrong
