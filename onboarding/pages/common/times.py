"""Times for people: relative in words, the exact UTC time behind them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"))


@dataclass(frozen=True)
class Moment:
    """A point in time: words such as "6 min ago", ISO 8601 for machines, the exact UTC time as title."""

    words: str
    iso: str
    exact: str


def span(seconds: float) -> str:
    """A length of time in one unit: "45 s", "6 min", "3 h", "2 d"."""
    whole = max(round(seconds), 0)
    for size, unit in UNITS:
        if whole >= 2 * size or (whole >= size and unit == "min"):
            return f"{whole // size} {unit}"
    return f"{whole} s"


def clock(seconds: float) -> str:
    """A duration as minutes and seconds: "3:10", or "1:02:07"."""
    minutes, left = divmod(max(round(seconds), 0), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"


def moment(at: datetime | None, *, how: str = "{} ago", ahead: str = "in {}") -> Moment | None:
    """A moment seen from now, past or to come; None stays None."""
    if at is None:
        return None
    seconds = (timezone.now() - at).total_seconds()
    words = how.format(span(seconds)) if seconds >= 0 else ahead.format(span(-seconds))
    return Moment(words, at.isoformat(timespec="seconds"), f"{at:%Y-%m-%d %H:%M:%S} UTC")


def age(at: datetime | None) -> Moment | None:
    """A moment as how long it lasts already: "6 min"."""
    return moment(at, how="{}", ahead="{}")


def between(start: datetime | None, end: datetime | None) -> str:
    """How long something took; "" if it is not known."""
    return clock((end - start).total_seconds()) if start and end else ""
