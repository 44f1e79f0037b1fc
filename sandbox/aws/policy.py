"""Decides IAM policy documents: actions, resources, principals and the condition operators we need."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Literal

Document = Mapping[str, Any]
Context = Mapping[str, str | Sequence[str]]
Decision = Literal["allowed", "explicitDeny", "implicitDeny"]


def evaluate(documents: Iterable[Document], action: str, resource: str, context: Context) -> Decision:
    """What the documents together say: a Deny wins, then an Allow, else nothing allows it."""
    decision: Decision = "implicitDeny"
    for statement in statements(documents):
        if not applies(statement, action, resource, context):
            continue
        if statement.get("Effect") == "Deny":
            return "explicitDeny"
        decision = "allowed"
    return decision


def statements(documents: Iterable[Document]) -> Iterable[Mapping[str, Any]]:
    """All statements; AWS allows a single one without its list."""
    for document in documents:
        found = document.get("Statement", [])
        yield from [found] if isinstance(found, Mapping) else found


def applies(statement: Mapping[str, Any], action: str, resource: str, context: Context) -> bool:
    """True if action, resource and every condition of the statement hold."""
    return (
        _chosen(statement, "Action", action.lower(), fold=True)
        and _chosen(statement, "Resource", resource)
        and conditions_hold(statement.get("Condition", {}), context)
    )


def _chosen(statement: Mapping[str, Any], key: str, value: str, fold: bool = False) -> bool:
    if f"Not{key}" in statement:
        return not _any_like(statement[f"Not{key}"], value, fold)
    return _any_like(statement.get(key, "*" if key == "Resource" else []), value, fold)


def _any_like(patterns: Any, value: str, fold: bool = False) -> bool:
    return any(like(value, p.lower() if fold else p) for p in as_list(patterns))


def as_list(value: Any) -> list[Any]:
    """AWS writes one value without its list."""
    return list(value) if isinstance(value, list | tuple | set | frozenset) else [value]


@lru_cache(maxsize=4096)
def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."), re.DOTALL)


def like(value: str, pattern: str) -> bool:
    """AWS wildcards: `*` any run of characters, `?` one."""
    if "*" not in pattern and "?" not in pattern:
        return value == pattern
    return pattern == "*" or _pattern(pattern).fullmatch(value) is not None


def principal_matches(statement: Mapping[str, Any], account: str, arn: str, role_arn: str | None) -> bool:
    """True if a trust policy's statement speaks of this caller.

    `arn:aws:iam::ID:root` and a bare account id mean the whole account; a session is its role too.
    """
    principal = statement.get("Principal", {})
    names = ["*"] if principal == "*" else as_list(principal.get("AWS", []))
    return any(n in ("*", account, f"arn:aws:iam::{account}:root", arn, role_arn) for n in names)


_OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "StringEquals": lambda have, want: have == want,
    "StringEqualsIgnoreCase": lambda have, want: have.lower() == want.lower(),
    "StringLike": like,
    "ArnEquals": like,
    "ArnLike": like,
    "Bool": lambda have, want: have.lower() == want.lower(),
    "NumericEquals": lambda have, want: float(have) == float(want),
    "NumericLessThanEquals": lambda have, want: float(have) <= float(want),
    "NumericGreaterThanEquals": lambda have, want: float(have) >= float(want),
}


def conditions_hold(block: Mapping[str, Mapping[str, Any]], context: Context) -> bool:
    """True if every condition holds. An operator that we do not know holds never."""
    folded = {key.lower(): value for key, value in context.items()}
    return all(
        _holds(operator, as_list(wanted), folded.get(key.lower()))
        for operator, pairs in block.items()
        for key, wanted in pairs.items()
    )


def _holds(operator: str, wanted: list[Any], have: str | Sequence[str] | None) -> bool:
    quantifier, _, rest = operator.rpartition(":")
    if rest == "Null":
        return (have is None) == (str(wanted[0]).lower() == "true")
    name = rest.removesuffix("IfExists")
    positive = name.replace("Not", "", 1)
    negated = positive != name
    test = _OPERATORS.get(positive)
    if test is None:
        return False
    if have is None:
        return rest != name or negated or quantifier == "ForAllValues"
    values = as_list(have) if not isinstance(have, str) else [have]
    wishes = [str(w).lower() if isinstance(w, bool) else str(w) for w in wanted]
    hits = [any(test(value, wish) for wish in wishes) != negated for value in values]
    return all(hits) if quantifier == "ForAllValues" or negated else any(hits)
