"""The permission preflight: IAM is asked to simulate the role's policy for every action that the steps take
(SEC10).

Each action is simulated on a resource of its kind, with the tags that our calls carry. That the role may
not simulate itself is only a warning: then AWS tells at the call.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from botocore.exceptions import ClientError

from onboarding import policy
from onboarding.aws.errors import Kind, read
from onboarding.steps import checklist
from onboarding.steps.base import Context, Outcome, Proof, Wrong
from onboarding.steps.looks import together


def proofs(ctx: Context) -> list[Proof]:
    """Evidence that the service role may do all that is needed. Raises Wrong with the statements that are
    missing.
    """
    role = ctx.spec.connections.service
    document = policy.policy(checklist(), ctx.spec, owner=ctx.owner)
    region = next(iter(ctx.spec.regions))
    try:
        answers = together(ctx, [_job(ctx, role, region, statement) for statement in document["Statement"]])
    except ClientError as error:
        if read(error).kind is not Kind.PERMISSION and error.response["Error"].get("Code") != "NoSuchEntity":
            raise
        said = (
            "The role may not simulate its own policy, so a missing permission shows only at the call "
            "that needs it."
        )
        return [Proof(check="permissions", outcome=Outcome.WARN, sentence=said)]
    missing = sorted({action for denied in answers for action in denied})
    if missing:
        lacking = [_only(s, missing) for s in document["Statement"] if set(s["Action"]) & set(missing)]
        raise Wrong(
            f"The role {role} lacks {len(missing)} permission{'s' if len(missing) > 1 else ''}: "
            f"{', '.join(missing)}.",
            "Add the statements shown here to the role's policy, then retry this step.",
            missing=json.dumps({"Version": "2012-10-17", "Statement": lacking}, indent=2),
        )
    asked = sorted({action for statement in document["Statement"] for action in statement["Action"]})
    said = f"The role's policy allows all {len(asked)} actions that the steps take."
    return [Proof(check="permissions", outcome=Outcome.PASS, sentence=said, facts={"actions": asked})]


def _job(ctx: Context, role: str, region: str, statement: Any) -> Any:
    return lambda: list(_denied(ctx, role, region, statement))


def _denied(ctx: Context, role: str, region: str, statement: Any) -> Iterator[str]:
    """The actions of one statement that the role's policies do not allow on its resources."""
    entries = [_entry("aws:RequestedRegion", region)]
    for pairs in statement.get("Condition", {}).values():
        entries += [
            _entry(k, v if isinstance(v, str) else v[0])
            for k, v in pairs.items()
            if k != "aws:RequestedRegion"
        ]
    pages = (
        ctx.doors("service", "")
        .iam.get_paginator("simulate_principal_policy")
        .paginate(
            PolicySourceArn=role,
            ActionNames=statement["Action"],
            ResourceArns=[_example(arn, region) for arn in _listed(statement["Resource"])],
            ContextEntries=entries,
        )
    )
    for page in pages:
        for result in page["EvaluationResults"]:
            # A decision that hangs on facts which only the call has is no proof of a refusal.
            if result["EvalDecision"] != "allowed" and not result.get("MissingContextValues"):
                yield result["EvalActionName"]


def _only(statement: Any, missing: Sequence[str]) -> Any:
    return {**statement, "Action": [action for action in statement["Action"] if action in missing]}


def _entry(key: str, value: str) -> Any:
    return {"ContextKeyName": key, "ContextKeyValues": [value], "ContextKeyType": "string"}


def _example(arn: str, region: str) -> str:
    """A resource that the pattern covers, as the simulation wants one by name."""
    if arn == "*":
        return arn
    head, _, tail = arn.partition(":*:")
    return (f"{head}:{region}:{tail}" if tail else arn).replace("*", "preflight")


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)
