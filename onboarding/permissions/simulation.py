"""The permission preflight: IAM is asked to simulate the role's policy for every action that the steps take.

Each action is simulated on a resource of its kind, with the tags that our calls carry. That the role may
not simulate itself is only a warning: then AWS tells at the call.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from onboarding.aws.errors import ErrorClass, code_of, read
from onboarding.checklist.side_by_side import together
from onboarding.checklist.step import CheckResult, Context, NeedsAction, Outcome, Step
from onboarding.checklist.words import counted
from onboarding.permissions import policy

if TYPE_CHECKING:
    from sellers.spec import OnboardSpec

ONLY_READS = "only_reads"  # the fact by which later steps know a role that may change nothing


def proofs(ctx: Context, steps: Sequence[Step[Any]]) -> list[CheckResult]:
    """Evidence that the service role may do all that is needed. Raises Wrong with the missing statements.

    A role that may change nothing is enough where a person makes everything.
    """
    role = ctx.spec.connections.service
    statements = policy.policy(steps, ctx.spec, owner=ctx.owner, picked=False)["Statement"]
    asked = _questions(statements, next(iter(ctx.spec.regions)))
    try:
        answers = together(ctx, [partial(_denied, ctx, role, question) for question in asked])
    except ClientError as error:
        if read(error).kind is not ErrorClass.PERMISSION and code_of(error) != "NoSuchEntity":
            raise
        said = "The role may not simulate its own policy; a missing permission shows at the call that needs it."
        return [CheckResult(check="permissions", outcome=Outcome.WARN, sentence=said)]
    missing = sorted({action for denied in answers for action in denied})
    changes = {action for statement in statements for action in statement["Action"] if not policy.reads(action)}
    if set(missing) == changes and _all_by_hand(ctx.spec, steps):
        said = (
            "The role may only read, as a person makes every part. What a run would add to them you add as well: the "
            "pages of the parts show the commands."
        )
        return [CheckResult(check="permissions", outcome=Outcome.WARN, sentence=said, facts={ONLY_READS: True})]
    if missing:
        lacking = [_only(s, missing) for s in statements if set(s["Action"]) & set(missing)]
        raise NeedsAction(
            f"The role {role} lacks {counted(len(missing), 'permission')}: {', '.join(missing)}.",
            "Add the statements shown here to the role's policy, then retry this step.",
            missing=json.dumps({"Version": "2012-10-17", "Statement": lacking}, indent=2),
        )
    allowed = sorted({action for statement in statements for action in statement["Action"]})
    said = f"The role's policy allows all {len(allowed)} actions that the steps take."
    return [CheckResult(check="permissions", outcome=Outcome.PASS, sentence=said, facts={"actions": allowed})]


def _all_by_hand(spec: OnboardSpec, steps: Sequence[Step[Any]]) -> bool:
    """Whether the service role has nothing to make: every part is chosen or made by a person, and so is each record."""
    parts = [step.choice for step in steps if step.choice and step.applies(spec)]
    modes = {getattr(choices, part).mode for choices in spec.regions.values() for part in parts}
    return "create" not in modes and policy.arn_of(spec, "dns") != spec.connections.service


def explained(ctx: Context, steps: Sequence[Step[Any]], error: ClientError) -> Exception:
    """A read that was refused, as it is; or, from a role that may not even simulate its policy, the whole policy.

    One refusal after the other would be told otherwise, a run each.
    """
    trouble = read(error)
    if trouble.kind is not ErrorClass.PERMISSION or error.operation_name == "AssumeRole":
        return error
    if all(proof.outcome is Outcome.PASS for proof in proofs(ctx, steps)):
        return error
    document = policy.policy(steps, ctx.spec, owner=ctx.owner)
    return NeedsAction(
        f"The role {ctx.spec.connections.service} may not do {trouble.action}, and it may not simulate its own policy "
        "(iam:SimulatePrincipalPolicy), so what else it lacks is not known.",
        "Put the whole policy shown here on the role, then retry this step.",
        missing=json.dumps(document, indent=2),
    )


@dataclass
class _Question:
    """One simulation: which action on which resource, with the facts that a call would have."""

    pairs: set[tuple[str, str]] = field(default_factory=set)
    facts: dict[str, str] = field(default_factory=dict)


def _questions(statements: Sequence[Any], region: str) -> list[_Question]:
    """One question for each service of the resources: few calls, since IAM allows few a second."""
    found: dict[str, _Question] = {}
    for statement in statements:
        for arn in (_example(arn, region) for arn in statement["Resource"]):
            question = found.setdefault(arn.split(":")[2] if arn != "*" else arn, _Question())
            question.pairs |= {(action, arn) for action in statement["Action"]}
            question.facts["aws:RequestedRegion"] = region
            for key, value in statement.get("Condition", {}).get("StringEquals", {}).items():
                question.facts.setdefault(key, value if isinstance(value, str) else value[0])
    return list(found.values())


def _denied(ctx: Context, role: str, question: _Question) -> set[str]:
    """The actions that the role's policies do not allow on a resource on which we need them."""
    pages = (
        ctx.doors("service", "")
        .iam.get_paginator("simulate_principal_policy")
        .paginate(
            PolicySourceArn=role,
            ActionNames=sorted({action for action, _ in question.pairs}),
            ResourceArns=sorted({arn for _, arn in question.pairs}),
            ContextEntries=[
                {"ContextKeyName": key, "ContextKeyValues": [value], "ContextKeyType": "string"}
                for key, value in question.facts.items()
            ],
            PaginationConfig={"PageSize": 1000},
        )
    )
    return {
        action
        for page in pages
        for result in page["EvaluationResults"]
        for action, arn in _refused(result)
        if (action, arn) in question.pairs
    }


def _refused(result: Any) -> Iterator[tuple[str, str]]:
    """(action, resource) of what is not allowed. A decision that hangs on facts which only the call has is none."""
    action = result["EvalActionName"]
    for each in result.get("ResourceSpecificResults", ()):
        if each["EvalResourceDecision"] != "allowed" and not each.get("MissingContextValues"):
            yield action, each["EvalResourceName"]
    alone = not result.get("ResourceSpecificResults")
    if alone and result["EvalDecision"] != "allowed" and not result.get("MissingContextValues"):
        yield action, result.get("EvalResourceName", "*")


def _only(statement: Any, missing: Sequence[str]) -> Any:
    return {**statement, "Action": [action for action in statement["Action"] if action in missing]}


def _example(arn: str, region: str) -> str:
    """A resource that the pattern covers, as the simulation wants one by name."""
    if arn == "*":
        return arn
    head, _, tail = arn.partition(":*:")
    return (f"{head}:{region}:{tail}" if tail else arn).replace("*", "preflight")
