"""Looks of a step's verification, made side by side: all answers, or the first error."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from onboarding.checklist.step import Context, NeedsAction


def together(ctx: Context, jobs: Sequence[Callable[[], Any]]) -> list[Any]:
    """The answers in order, after all have ended. Raises the first exception among them; a Wrong, which says what a
    person has to do, before an error of a single call.
    """
    answers = ctx.side_by_side(list(jobs)) if jobs else []
    errors = [answer for answer in answers if isinstance(answer, Exception)]
    for error in sorted(errors, key=lambda error: not isinstance(error, NeedsAction)):
        raise error
    return answers
