"""Puts our parts into moto, and refuses loudly when moto has changed under us."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version
from typing import Any


def replace(owner: Any, name: str, new: Any) -> Any:
    """Put `new` in the place of `owner.name` and give the old one back.

    AttributeError when the name is gone, so that a new moto is noticed at start and not in a demo.
    """
    if not hasattr(owner, name):
        where = getattr(owner, "__name__", owner)
        raise AttributeError(
            f"moto {version('moto')} has no {where}.{name} any more; the sandbox patches it. "
            "Go back to the moto named in pyproject.toml, or adapt sandbox/aws."
        )
    old = getattr(owner, name)
    setattr(owner, name, new)
    return old


def actions(owner: type, *handlers: Callable[[Any], Any]) -> None:
    """Make each function the handler of the AWS action of its name, whether moto had one or not."""
    for handler in handlers:
        setattr(owner, handler.__name__, handler)
