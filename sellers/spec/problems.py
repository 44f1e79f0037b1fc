"""What is wrong with a spec: each problem a path and a sentence, all of them at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

RULE = "spec_rule"  # errors of this type are found by `rules` too, with a better path


@dataclass(frozen=True, order=True)
class Problem:
    """A place, such as "regions.us-east-1.network.cidr", and a sentence with the rule and the cure."""

    field: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.field}: {self.sentence}" if self.field else self.sentence


class SpecErrors(ValueError):
    """A spec that cannot be used; `problems` has at least one."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def path_of(loc: Sequence[str | int]) -> str:
    """A location as people write it: keys with dots, places in lists from 1 in brackets."""
    path = ""
    for part in loc:
        if part == "[key]":
            continue
        path += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if path else str(part)
    return path


def from_pydantic(error: ValidationError, allowed: dict[tuple[str, ...], list[str]]) -> list[Problem]:
    """Our sentences for pydantic's errors; `allowed` gives the keys of each model by its path pattern."""
    return [Problem(path_of(item["loc"]), _sentence(item, allowed)) for item in error.errors() if item["type"] != RULE]


_TYPES = {
    "string_type": "This must be text. Write it in quotes, so that digits keep their leading zeros.",
    "bool_type": "This is true or false. Write one of them.",
    "bool_parsing": "This is true or false. Write one of them.",
    "int_type": "This must be a whole number. Correct it.",
    "int_parsing": "This must be a whole number. Correct it.",
    "list_type": "This must be a list. Write [a, b], or one entry a line with - in front.",
    "tuple_type": "This must be a list. Write [a, b], or one entry a line with - in front.",
    "dict_type": "This must be a set of keys. Write key: value pairs below it.",
    "model_type": "This must be a set of keys. Write key: value pairs below it.",
    "model_attributes_type": "This must be a set of keys. Write key: value pairs below it.",
    "missing": "This is required. Add it.",
    "too_short": "At least one entry is required. Add it.",
}


def _sentence(item: ErrorDetails, allowed: dict[tuple[str, ...], list[str]]) -> str:
    context: dict[str, Any] = item.get("ctx", {})
    if item["type"] == "extra_forbidden":
        return _unknown_key(item["loc"], allowed)
    if item["type"] == "literal_error":
        return f"This must be one of {context['expected']}. Choose one."
    if item["type"] == "value_error":
        return str(context["error"])
    return _TYPES.get(item["type"], f"{item['msg']}. Correct it.")


def _unknown_key(loc: tuple[str | int, ...], allowed: dict[tuple[str, ...], list[str]]) -> str:
    parts = ["*" if isinstance(part, int) else part for part in loc[:-1]]
    if len(parts) >= 2 and parts[0] == "regions":
        parts[1] = "*"
    keys = allowed.get(tuple(parts), [])
    near = get_close_matches(str(loc[-1]), keys, n=1, cutoff=0.5)
    if near:
        return f"This key is not known. Did you mean {near[0]}?"
    return f"This key is not known. Allowed here: {', '.join(keys)}."
