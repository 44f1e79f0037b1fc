"""Reading what a form or a JSON body holds. Forms give text, JSON gives numbers; both are taken.

Each function raises ValueError with a sentence that names the field, the rule and the cure.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

Values = Mapping[str, Any]


def text(values: Values, name: str) -> str:
    """A field that must hold some text."""
    value = values.get(name)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{name} is empty. Give it some text.")
    return value.strip()


def number(values: Values, name: str) -> float:
    """A field that must hold a number."""
    value = values.get(name)
    try:
        if isinstance(value, bool):
            raise TypeError
        return float(value)  # type: ignore[arg-type]  # None and lists raise TypeError, which is the point
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be a number; got {value!r}. Write it like 2 or 0.5.") from None


def flag(values: Values, name: str) -> bool:
    """A field that must say yes or no."""
    value = values.get(name)
    if isinstance(value, bool):
        return value
    if value in ("true", "on", "1", "yes"):
        return True
    if value in ("false", "off", "0", "no", None):
        return False
    raise ValueError(f"{name} must be true or false; got {value!r}.")


def account(values: Values, name: str = "account_id") -> str:
    """A field that must hold the 12 digits of an account."""
    value = text(values, name)
    if not re.fullmatch(r"[0-9]{12}", value):
        raise ValueError(f"{name} must have 12 digits; got {value!r}.")
    return value


def document(values: Values, name: str) -> Any:
    """A field that holds JSON, as such or as text."""
    value = values.get(name)
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError as error:
        raise ValueError(f"{name} is not JSON: {error}.") from None


def mapping(values: Values, name: str) -> dict[str, Any]:
    """A field that must hold a JSON object."""
    value = document(values, name)
    if not isinstance(value, dict):
        raise ValueError(f"{name} must be a JSON object, like {{}}; got {value!r}.")
    return value
