"""The grants of all things, by IAM action."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from onboarding.things import kinds
from onboarding.things.grants import CREATE_ACTION, Grant


@cache
def grants() -> dict[str, tuple[Grant, ...]]:
    """Action -> on what it is allowed. One that several things need is allowed on what each of them names."""
    found: dict[str, tuple[Grant, ...]] = {}
    for cls in kinds().values():
        for grant in cls.grants:
            found[grant.action] = _with(found.get(grant.action, ()), grant)
    return found


def _with(known: tuple[Grant, ...], grant: Grant) -> tuple[Grant, ...]:
    if grant in known:
        return known
    if grant.condition == CREATE_ACTION and known:  # one statement for all, or the policy outgrows a role
        return (replace(grant, kinds=tuple(dict.fromkeys((*known[0].kinds, *grant.kinds)))),)
    return (*known, grant)
