"""The checklist: one step a file, in an order in which each stands after what it needs."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from functools import cache
from typing import Any

from onboarding.checklist.step import Step

BACKGROUND = 15


@cache
def checklist() -> tuple[Step[Any], ...]:
    """One instance of every step, needs first; discovered, so that a new file is known without touching another."""
    found: dict[str, type[Step[Any]]] = {}
    for module in pkgutil.iter_modules(__path__):
        loaded = importlib.import_module(f"{__name__}.{module.name}")
        for _, cls in inspect.getmembers(loaded, inspect.isclass):
            if cls.__module__ == loaded.__name__ and issubclass(cls, Step) and not inspect.isabstract(cls):
                found[cls.slug] = cls
    ordered: dict[str, Step[Any]] = {}

    def add(cls: type[Step[Any]]) -> None:
        for need in cls.needs:
            add(need)
        ordered.setdefault(cls.slug, cls())

    for slug in sorted(found, key=lambda slug: (_line(found[slug]), slug)):
        add(found[slug])
    return tuple(ordered.values())


def _line(cls: type[Step[Any]]) -> int:
    """The first of its guide lines that is something to do: S1 to S15 are background."""
    numbers = (int(code[1:]) for code in cls.guide if code.startswith("S"))
    return min((number for number in numbers if number > BACKGROUND), default=0)


@cache
def by_slug() -> dict[str, Step[Any]]:
    """slug -> step. A slug in the database that is not here is shown as retired."""
    return {step.slug: step for step in checklist()}


def title(slug: str) -> str:
    """A step's noun; the slug of one that this version no longer has."""
    step = by_slug().get(slug)
    return step.title if step else f"{slug} (retired)"


def place(slug: str, region: str) -> str:
    """An item in words: "Load balancer in eu-west-1"."""
    return f"{title(slug)} in {region}" if region else title(slug)


def doing(slug: str, region: str) -> str:
    """What happens while an item works: "Building the network load balancer in eu-west-1"."""
    step = by_slug().get(slug)
    words = step.doing if step else title(slug)
    return f"{words} in {region}" if region else words
