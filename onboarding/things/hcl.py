"""Terraform's language, as much of it as a plan needs: blocks and attributes, laid out as by `terraform fmt`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


class Expr(str):
    """An expression, written as it is: a reference, a call."""

    __slots__ = ()


class Body(dict[str, Any]):
    """The body of a nested block; a plain mapping is an object value."""


def block(kind: str, labels: Sequence[str], body: Mapping[str, Any]) -> str:
    """`resource "aws_vpc" "main" { ... }`. Values: str, int, bool, Expr, lists and mappings of these, and Body.

    None is left out.
    """
    head = " ".join([kind, *(f'"{label}"' for label in labels)])
    inner = list(_lines(body, "  "))
    return "\n".join([f"{head} {{", *inner, "}"]) + "\n"


def text(value: str) -> str:
    """A quoted string in which nothing is a template."""
    escaped = "".join(_ESCAPES.get(c, c if c >= " " else f"\\u{ord(c):04x}") for c in value)
    return '"' + escaped.replace("${", "$${").replace("%{", "%%{") + '"'


def _lines(body: Mapping[str, Any], indent: str) -> Iterator[str]:
    plain = {name: value for name, value in body.items() if value is not None and not isinstance(value, Body)}
    for group in _groups(plain):
        width = max(len(name) for name, _ in group)
        yield from (f"{indent}{name:<{width}} = {_value(value, indent)}" for name, value in group)
    for name, value in body.items():
        if isinstance(value, Body):
            yield from ["", f"{indent}{name} {{", *_lines(value, indent + "  "), f"{indent}}}"]


def _groups(plain: Mapping[str, Any]) -> Iterator[list[tuple[str, Any]]]:
    """Attributes whose equals signs stand under each other: one over several lines ends a group."""
    group: list[tuple[str, Any]] = []
    for name, value in plain.items():
        if isinstance(value, Mapping):
            yield from [group] if group else []
            yield [(name, value)]
            group = []
        else:
            group.append((name, value))
    yield from [group] if group else []


def _value(value: Any, indent: str) -> str:
    if isinstance(value, Expr):
        return str(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Mapping):
        keys = {name: text(name) for name in value}
        width = max((len(key) for key in keys.values()), default=0)
        inner = [f"{indent}  {key:<{width}} = {_value(value[name], indent + '  ')}" for name, key in keys.items()]
        return "\n".join(["{", *inner, f"{indent}}}"])
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"[{', '.join(_value(one, indent) for one in value)}]"
    return text(str(value))
