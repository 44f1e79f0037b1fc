"""What is wrong with a spec: each problem a path and a sentence, all of them at once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sellers import formats
from sellers.formats import quoted
from sellers.spec.lines import line_of

RULE = "spec_rule"  # errors of this type are found by `rules` too, with a better path


@dataclass(frozen=True, order=True)
class Problem:
    """A place, such as "regions.us-east-1.network.cidr", what is wrong there, and its line in a file, if it has one."""

    field: str
    sentence: str
    line: int = 0

    def __str__(self) -> str:
        field = formats.printable(self.field)
        line = f"line {self.line}" if self.line else ""
        where = f"{field} ({line})" if field and line else field or line.capitalize()
        return f"{where}: {self.sentence}" if where else self.sentence


class SpecErrors(ValueError):
    """A spec that cannot be used; `problems` has at least one."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def in_file(self, text: str) -> "SpecErrors":
        """The same problems, each with its line in the YAML text that they are about."""
        return SpecErrors([replace(one, line=one.line or line_of(text, one.field)) for one in self.problems])


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


_NOT = {
    "string_type": "isn't text. Put it in quotes, which also keeps leading zeros.",
    "bool_type": "is not true or false.",
    "bool_parsing": "is not true or false.",
    "int_type": "isn't a whole number.",
    "int_parsing": "isn't a whole number.",
    "list_type": "isn't a list. Write [a, b], or one entry per line after a hyphen.",
    "tuple_type": "isn't a list. Write [a, b], or one entry per line after a hyphen.",
    "dict_type": "isn't a set of keys. Write key: value pairs below it.",
    "model_type": "isn't a set of keys. Write key: value pairs below it.",
    "model_attributes_type": "isn't a set of keys. Write key: value pairs below it.",
}


def _sentence(item: ErrorDetails, allowed: dict[tuple[str, ...], list[str]]) -> str:
    kind, value, context = item["type"], item["input"], item.get("ctx", {})
    if kind == "extra_forbidden":
        return _unknown_key(item["loc"], allowed)
    if kind == "literal_error":
        words = context["expected"].replace("'", "")
        return f"{quoted(value)} isn't one of {words}."
    if kind == "value_error":
        error = context["error"]
        return error.quoting if isinstance(error, formats.FormatError) else str(error)
    if kind == "too_short":
        return "Required. Add at least one."
    if kind == "missing" or value is None:
        return "Required. Add a value."
    return f"{quoted(value)} {_NOT[kind]}" if kind in _NOT else f"{item['msg']}."


def _unknown_key(loc: tuple[str | int, ...], allowed: dict[tuple[str, ...], list[str]]) -> str:
    parts = ["*" if isinstance(part, int) else part for part in loc[:-1]]
    if len(parts) >= 2 and parts[0] == "regions":
        parts[1] = "*"
    keys = allowed.get(tuple(parts), [])
    near = get_close_matches(str(loc[-1]), keys, n=1, cutoff=0.5)
    if near:
        return f"{quoted(loc[-1])} isn't a key here. Did you mean {near[0]}?"
    return f"{quoted(loc[-1])} isn't a key here. Use {', '.join(keys)}."
