"""Business days: Monday to Friday in UTC. Public holidays are nobody's in particular, and are not counted out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

TARGET_DAYS = 3  # a decision is promised within so many business days


def due(since: datetime, days: int = TARGET_DAYS) -> date:
    """The day by whose end something is due that came at `since`; what comes at a weekend came on Monday."""
    day = since.astimezone(UTC).date()
    while day.weekday() > 4:
        day += timedelta(days=1)
    for _ in range(days):
        day += timedelta(days=3 if day.weekday() == 4 else 1)
    return day


def left(until: date, today: date) -> int:
    """Business days from today until then: 0 today, negative when it is over."""
    sign, (first, last) = (1, (today, until)) if until >= today else (-1, (until, today))
    days = (first + timedelta(days=n + 1) for n in range((last - first).days))
    return sign * sum(day.weekday() < 5 for day in days)


def due_by(today: date, days: int = TARGET_DAYS) -> datetime:
    """What came before this moment is due today, or was: the moment from which on things are due later."""
    moment = datetime(today.year, today.month, today.day, tzinfo=UTC)
    while due(moment, days) > today:
        moment -= timedelta(days=1)
    return moment + timedelta(days=1)


@dataclass(frozen=True)
class Due:
    """A due day in words: "today", "Thu 26 Nov", "2 business days over"; `late` when it is today or over."""

    day: str
    words: str
    late: bool


def due_words(since: datetime, now: datetime) -> Due:
    """When what came at `since` is due, seen from now."""
    day, today = due(since), now.astimezone(UTC).date()
    days = left(day, today)
    many = f"{abs(days)} business day{'' if abs(days) == 1 else 's'}"
    words = "Due today" if day == today else f"In {many}" if day > today else f"{many} over" if days else "Over"
    return Due("today" if day == today else f"{day:%a} {day.day} {day:%b}", words, day <= today)
