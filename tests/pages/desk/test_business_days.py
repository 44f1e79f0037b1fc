"""Business days: what is due when, over weekends, and that the database's bound is the same as the words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from onboarding.pages.desk.queue import due, due_by, due_words, left


def at(day: int, hour: int = 13) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("came", "day"),
    [(23, 26), (20, 25), (21, 26), (22, 26), (18, 23), (27, 32)],  # 23 is a Monday
)
def test_a_decision_is_due_after_three_business_days(came: int, day: int) -> None:
    assert due(at(came)) == date(2026, 11, 1) + timedelta(days=day - 1)


def test_business_days_are_counted_both_ways() -> None:
    monday = date(2026, 11, 23)
    assert [left(monday + timedelta(days=n), monday) for n in (-3, 0, 1, 5, 7)] == [-1, 0, 1, 4, 5]


@pytest.mark.parametrize("today", range(9, 30))
def test_the_bound_for_the_database_finds_what_the_words_call_late(today: int) -> None:
    now = at(today)
    for hours in range(0, 24 * 12, 5):
        came = now - timedelta(hours=hours)
        assert due_words(came, now).late == (came < due_by(now.date()))


@pytest.mark.parametrize(
    ("came", "said"),
    [
        (23, ("Thu 26 Nov", "In 3 business days")),
        (18, ("today", "Due today")),
        (17, ("Fri 20 Nov", "1 business day over")),
    ],
)
def test_it_is_said_in_words(came: int, said: tuple[str, str]) -> None:
    found = due_words(at(came), at(23))
    assert (found.day, found.words) == said
