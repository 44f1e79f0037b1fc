"""Filters and paging of EC2's Describe calls."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sandbox.aws.errors import AwsError
from sandbox.aws.policy import like

Value = str | Sequence[str] | None
Reader = Callable[[Any], Value]


def new_id(prefix: str) -> str:
    """An id as AWS makes them now: prefix and 17 hex digits."""
    return f"{prefix}-{secrets.token_hex(9)[:17]}"


def matching(response: Any, things: list[Any], readers: Mapping[str, Reader], tags: Reader) -> list[Any]:
    """The things that pass the call's filters. `tags` gives `key=value` strings. Unknown filters are refused."""
    for name, patterns in response._filters_from_querystring().items():
        things = [thing for thing in things if _passes(name, patterns, thing, readers, tags)]
    return things


def _passes(name: str, patterns: list[str], thing: Any, readers: Mapping[str, Reader], tags: Reader) -> bool:
    if name.startswith("tag:"):
        have: Value = [t.partition("=")[2] for t in tags(thing) or () if t.partition("=")[0] == name[4:]]
    elif name == "tag-key":
        have = [t.partition("=")[0] for t in tags(thing) or ()]
    elif name in readers:
        have = readers[name](thing)
    else:
        raise AwsError("InvalidParameterValue", f"The filter '{name}' is invalid")
    values = [have] if isinstance(have, str) else have or []
    return any(like(value, pattern) for value in values for pattern in patterns)


def page(response: Any, things: list[Any], default: int = 1000) -> tuple[list[Any], str | None]:
    """(one page, token of the next). MaxResults below 5 is raised to 5, as AWS's minimum is."""
    size = max(int(response._get_param("MaxResults") or default), 5)
    token = str(response._get_param("NextToken") or "0")
    if not token.isdigit():
        raise AwsError("InvalidNextToken", f"The token '{token}' is invalid")
    start = int(token)
    return things[start : start + size], str(start + size) if len(things) > start + size else None


def tag_strings(backend: Any, thing_id: str) -> list[str]:
    """The tags of an id as `key=value`."""
    return [f"{key}={value}" for key, value in backend.tags.get(thing_id, {}).items()]


def specified_tags(params: Mapping[str, Any], kind: str) -> dict[str, str]:
    """The tags in TagSpecifications; another resource type is refused."""
    tags: dict[str, str] = {}
    for spec in params.get("TagSpecifications") or []:
        if spec.get("ResourceType") != kind:
            message = f"'{spec.get('ResourceType')}' is not a valid taggable resource type for this operation."
            raise AwsError("InvalidParameterValue", message)
        tags |= {tag["Key"]: tag.get("Value") or "" for tag in spec.get("Tags", [])}
    return tags
