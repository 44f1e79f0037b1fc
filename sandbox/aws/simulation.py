"""iam:SimulatePrincipalPolicy against the policies that the role really has."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.iam.models import iam_backends
from moto.iam.responses import IamResponse

from sandbox.aws import patching, policy
from sandbox.aws.errors import AwsError
from sandbox.aws.identity import Caller


def install() -> None:
    """Add the call, which moto lacks."""
    patching.actions(IamResponse, simulate_principal_policy)


def simulate_principal_policy(response: Any) -> ActionResult:
    """One result for each action and resource, by the role's (or user's) policies and the given context."""
    params = response.params
    documents = _documents(params["PolicySourceArn"])
    context = {e["ContextKeyName"]: list(e["ContextKeyValues"]) for e in params.get("ContextEntries") or []}
    results = [
        _result(documents, action, resource, context)
        for action in params["ActionNames"]
        for resource in params.get("ResourceArns") or ["*"]
    ]
    return ActionResult({"EvaluationResults": results, "IsTruncated": False})


def _documents(arn: str) -> list[policy.Document]:
    account = arn.split(":")[4] if arn.count(":") >= 5 else ""
    kind, _, name = arn.rpartition(":")[2].partition("/")
    if kind not in ("role", "user") or not account:
        raise AwsError("InvalidInput", f"Invalid Entity Arn: {arn} does not clearly define entity type and name.")
    backend = iam_backends[account]["aws"]
    names = [r.name for r in backend.get_roles()] if kind == "role" else list(backend.users)
    plain = name.rpartition("/")[2]
    if plain not in names:
        raise AwsError("NoSuchEntity", f"The {kind} with name {plain} cannot be found.", 404)
    return Caller(account, arn, "", **{kind: plain}).documents()  # type: ignore[arg-type]


def _result(
    documents: list[policy.Document], action: str, resource: str, context: dict[str, list[str]]
) -> dict[str, Any]:
    return {
        "EvalActionName": action,
        "EvalResourceName": resource,
        "EvalDecision": policy.evaluate(documents, action, resource, context),
        "MatchedStatements": [],
        "MissingContextValues": _missing(documents, action, context),
    }


def _missing(documents: list[policy.Document], action: str, context: dict[str, list[str]]) -> list[str]:
    """Condition keys that statements of this action ask for and the caller did not give."""
    given = {key.lower() for key in context}
    asked = [
        key
        for statement in policy.statements(documents)
        if any(policy.like(action.lower(), a.lower()) for a in policy.as_list(statement.get("Action", [])))
        for pairs in statement.get("Condition", {}).values()
        for key in pairs
    ]
    return sorted({key for key in asked if key.lower() not in given})
