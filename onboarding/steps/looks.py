"""Looks of a step's verification, made side by side: all answers, or the first error."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from onboarding.steps.base import Context


def together(ctx: Context, jobs: Sequence[Callable[[], Any]]) -> list[Any]:
    """The answers in order. Raises the first exception among them, after all have ended."""
    answers = ctx.side_by_side(list(jobs)) if jobs else []
    for answer in answers:
        if isinstance(answer, Exception):
            raise answer
    return answers
