"""Jobs side by side: an error is a result like any other, until somebody asks for all answers."""

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


def one_by_one(jobs: Sequence[Callable[[], Any]]) -> list[Any]:
    """A context's `side_by_side` for jobs that don't wait for anything."""
    return [caught(job) for job in jobs]


def caught(job: Callable[[], Any]) -> Any:
    """The job's result, or its exception."""
    try:
        return job()
    except Exception as error:
        return error
