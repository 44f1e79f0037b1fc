"""The AWS CLI command that does what a recorded call did, made from the call itself (so it cannot drift)."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from typing import Any

from botocore import xform_name

SECRET = ("SecretAccessKey", "SessionToken", "ExternalId", "Password", "AuthorizationToken", "UserData")


def command(service: str, operation: str, params: Mapping[str, Any], region: str) -> str:
    """`aws ec2 create-vpc --cidr-block 10.0.0.0/16 --region us-east-1`; structures are given as JSON."""
    words = ["aws", service, xform_name(operation, "-")]
    for name, value in params.items():
        words += _option(xform_name(name, "-"), value)
    return " ".join([*words, "--region", region] if region else words)


def _option(name: str, value: Any) -> list[str]:
    if isinstance(value, bool):
        return [f"--{name}" if value else f"--no-{name}"]
    if isinstance(value, (list, tuple)) and all(isinstance(v, (str, int)) for v in value):
        return [f"--{name}", *(shlex.quote(str(v)) for v in value)]
    if isinstance(value, (dict, list, tuple)):
        return [f"--{name}", shlex.quote(json.dumps(value, separators=(",", ":"), default=str))]
    return [f"--{name}", shlex.quote(str(value))]


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
