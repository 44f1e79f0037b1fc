"""All things by kind, discovered from this folder: a new file is known without touching another."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from functools import cache

from onboarding.things.base import Thing


@cache
def kinds() -> dict[str, type[Thing]]:
    """kind -> class, for every concrete thing in this folder. Two classes of one kind are an error."""
    found: dict[str, type[Thing]] = {}
    for module in pkgutil.iter_modules(__path__):
        loaded = importlib.import_module(f"{__name__}.{module.name}")
        for _, cls in inspect.getmembers(loaded, inspect.isclass):
            if cls.__module__ != loaded.__name__ or not issubclass(cls, Thing) or inspect.isabstract(cls):
                continue
            if found.setdefault(cls.kind, cls) is not cls:
                raise RuntimeError(f"Two things are of kind {cls.kind}: {found[cls.kind]} and {cls}.")
    return found


@cache
def tagged_kinds() -> dict[str, type[Thing]]:
    """EC2's type of resource, as its tags name it -> class."""
    return {cls.tag_type: cls for cls in kinds().values() if cls.tag_type}


def thing_words(kind: str) -> str:
    """What people call a thing of this kind."""
    return kinds()[kind].words if kind in kinds() else kind.replace("_", " ")
