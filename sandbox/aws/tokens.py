"""ClientToken: the same token and parameters give the first answer again."""

from __future__ import annotations

from typing import Any

from sandbox import world
from sandbox.aws.errors import AwsError

Answer = tuple[int, dict[str, Any], Any]
_answers: dict[tuple[str, str, str, str], tuple[str, Answer]] = {}


def _key(account: str, region: str, action: str, params: dict[str, Any]) -> tuple[str, str, str, str] | None:
    token = params.get("ClientToken")
    return (account, region, action, token) if token else None


def recall(account: str, region: str, action: str, params: dict[str, Any]) -> Answer | None:
    """The first answer to this token, or None if it is new. Other parameters are refused."""
    known = _answers.get(_key(account, region, action, params) or ("", "", "", ""))
    if known is None:
        return None
    digest, answer = known
    if digest != world.digest(params):
        raise AwsError(
            "IdempotentParameterMismatch",
            "The client token you have provided has already been used with different parameters.",
        )
    return answer


def keep(account: str, region: str, action: str, params: dict[str, Any], answer: Answer) -> None:
    """Remember the answer to a call that had a token and succeeded."""
    if key := _key(account, region, action, params):
        _answers[key] = (world.digest(params), answer)


def forget_all() -> None:
    """Forget all tokens."""
    _answers.clear()
