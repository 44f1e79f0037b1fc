"""The AWS CLI command that does what a call did or would do, made from the call itself (so it cannot drift)."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from botocore import xform_name

SECRET = ("SecretAccessKey", "SessionToken", "ExternalId", "Password", "AuthorizationToken", "UserData")
VARIABLE = re.compile(r"(\$[A-Z][A-Z0-9_]*)", re.ASCII)
COUNTS = ("MinCount", "MaxCount")  # of RunInstances: the AWS CLI has one option for both


def command(
    service: str,
    operation: str,
    params: Mapping[str, Any],
    region: str,
    variables: Collection[str] = (),
    query: str = "",
) -> str:
    """`aws ec2 create-vpc --cidr-block 10.0.0.0/16 --region us-east-1`; structures are given as JSON.

    Safe to paste: every value is quoted for the shell. Only `$NAME` of the names in `variables` is left for the shell
    to fill in. `query` (JMESPath) prints that part of the answer alone.
    """
    words = ["aws", service, xform_name(operation, "-")]
    for name, value in _options(operation, params):
        words += _option(name, value, variables)
    words += ["--region", shlex.quote(region)] if region else []
    return " ".join([*words, "--query", shlex.quote(query), "--output", "text"] if query else words)


def _options(operation: str, params: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The options in the order of the call, by the names that the AWS CLI gives them."""
    counted = operation == "RunInstances" and "MinCount" in params
    for name, value in params.items():
        if counted and name in COUNTS:
            if name == "MinCount":
                most = params.get("MaxCount", value)
                yield "count", value if most == value else f"{value}:{most}"
        else:
            yield xform_name(name, "-"), value


def _option(name: str, value: Any, variables: Collection[str]) -> list[str]:
    if isinstance(value, bool):
        return [f"--{name}" if value else f"--no-{name}"]
    if isinstance(value, (list, tuple)) and value and all(isinstance(v, (str, int)) for v in value):
        return [f"--{name}", *(_quoted(str(v), variables) for v in value)]
    if isinstance(value, (dict, list, tuple)):
        text = json.dumps(value, separators=(",", ":"), default=str, ensure_ascii=False)
        return [f"--{name}", _quoted(text, variables)]
    text = str(value)
    if text.startswith("-"):  # else it would be read as an option
        return [f"--{name}={_quoted(text, variables)}"]
    return [f"--{name}", _quoted(text, variables)]


def _quoted(text: str, variables: Collection[str]) -> str:
    """One shell word; the variables in it stand in double quotes."""
    parts = VARIABLE.split(text) if variables else [text]
    known = [n % 2 == 1 and part[1:] in variables for n, part in enumerate(parts)]
    if not any(known):
        return shlex.quote(text)
    told: list[str] = [""]
    for part, ours in zip(parts, known, strict=True):  # what is no variable of ours is quoted with its neighbours
        if ours:
            told += [f'"{part}"', ""]
        else:
            told[-1] += part
    return "".join(word if n % 2 else shlex.quote(word) if word else "" for n, word in enumerate(told))


def redacted(params: Mapping[str, Any]) -> dict[str, Any]:
    """The call's parameters without secrets, JSON-native, long text cut (user data, policies)."""
    return {key: _plain(value, key) for key, value in params.items()}


def _plain(value: Any, key: str = "") -> Any:
    if key in SECRET:
        return "•••"
    if isinstance(value, Mapping):
        return {k: _plain(v, k) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    if isinstance(value, (bool, int, float)) or value is None:
        return value
    text = str(value)
    return text if len(text) <= 2048 else text[:2048] + "…"
