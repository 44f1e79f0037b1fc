"""The words, times and guide lines that pages share."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from onboarding.checklist import guide
from onboarding.models import ItemState, WaitsFor
from onboarding.pages.common import states, times
from onboarding.steps import checklist

ICONS = Path(__file__).parents[3] / "static" / "icons.svg"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (59, "59 s"),
        (61, "1 min"),
        (119 * 60, "119 min"),
        (7200, "2 h"),
        (47 * 3600, "47 h"),
        (172_800, "2 d"),
    ],
)
def test_a_span_is_said_in_one_unit(seconds: float, said: str) -> None:
    assert times.span(seconds) == said


def test_a_duration_is_minutes_and_seconds() -> None:
    assert [times.clock(seconds) for seconds in (0, 31, 190, 3727)] == ["0:00", "0:31", "3:10", "1:02:07"]


def test_a_moment_is_relative_with_the_exact_time_behind_it() -> None:
    past = timezone.now() - timedelta(minutes=6)
    said = times.moment(past)
    assert said is not None
    assert (said.words, said.exact) == ("6 min ago", f"{past:%Y-%m-%d %H:%M:%S} UTC")
    ahead = times.moment(timezone.now() + timedelta(seconds=9))
    assert ahead is not None
    assert ahead.words in ("in 9 s", "in 8 s")
    assert times.moment(None) is None


def test_every_state_has_a_word_a_colour_and_an_icon_that_exists() -> None:
    icons = set(re.findall(r'symbol id="([^"]+)"', ICONS.read_text()))
    marks = [states.mark(state) for state in ItemState.values if state != "waiting"]
    marks += [states.mark("waiting", reason) for reason in WaitsFor.values]
    assert {mark.icon for mark in marks} <= icons
    assert {mark.css_class for mark in marks} <= {"s-todo", "s-work", "s-wait", "s-done", "s-you", "s-fail", "s-undone"}
    assert {mark.whole for mark in marks} == {
        "Not started",
        "In progress",
        "Waiting on AWS",
        "Waiting on DNS",
        "Waiting on AWS Marketplace",
        "Waiting on the buyer",
        "Action required",
        "Done",
        "Failed",
        "Skipped",
        "Canceled",
        "Deleting",
        "Deleted",
        "Not needed",
    }


def test_every_guide_line_that_a_step_names_has_a_text() -> None:
    assert [f"S{n}" for n in range(1, 50)] == [line for line in guide.LINES if line.startswith("S")]
    for step in checklist():
        assert len(guide.lines(step.guide)) == len(step.guide), step.slug
