"""Plain text of a mail into which people's words go: a line stays a line, a text stays behind its marks."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterator

WIDTH = 76


def one_line(text: str, limit: int = 500) -> str:
    """The text on one line: line ends, control, invisible and direction-changing characters become blanks."""
    plain = "".join(" " if unicodedata.category(char)[0] in "CZ" else char for char in text)
    short = " ".join(plain.split())
    return short if len(short) <= limit else short[: limit - 1] + "…"


def quoted(text: str) -> list[str]:
    """A text of several lines, every line of it behind “> ”, so that it cannot pass for a line of ours."""
    lines = [one_line(line, 4000) for line in text.splitlines()]
    return [f"> {part}".rstrip() for line in lines for part in (_wrapped(line, WIDTH - 2) or [""])]


def paragraph(text: str) -> list[str]:
    """A sentence of ours over as many lines as it takes; long names stay whole."""
    return _wrapped(text, WIDTH)


def item(label: str, text: str, width: int) -> Iterator[str]:
    """A labelled value: the label in its column, the value beside it, further lines below the value."""
    head = label.ljust(width)
    for part in _wrapped(one_line(text), WIDTH - width) or [""]:
        yield f"{head}{part}".rstrip()
        head = " " * width


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)
