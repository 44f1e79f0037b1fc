"""Where a value that was found parts from the one expected, letter by letter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

SHOWN = 40
COMPARED = 256


@dataclass(frozen=True)
class Piece:
    """A stretch of both values; `same` if they agree in it, otherwise either may be empty."""

    same: bool
    expected: str
    found: str


def pieces(expected: str, found: str) -> list[Piece]:
    """Both values cut into the stretches where they agree and differ, for a page to mark."""
    # Comparing takes the product of both lengths; what was found may be long on purpose.
    found, rest = found[:COMPARED], found[COMPARED:]
    matcher = SequenceMatcher(None, expected[:COMPARED], found, autojunk=False)
    tail = [Piece(False, expected[COMPARED:], rest)] if rest or expected[COMPARED:] else []
    return [Piece(kind == "equal", expected[a:b], found[c:d]) for kind, a, b, c, d in matcher.get_opcodes()] + tail


def closest(expected: str, found: Sequence[str]) -> str:
    """The value that is most like the expected one; `found` holds one or more."""
    return max(found, key=lambda value: likeness(expected, value))


def likeness(expected: str, found: str) -> float:
    """How alike two values are, from 0 to 1, by the letters they share in whatever order."""
    return SequenceMatcher(None, expected[:COMPARED], found[:COMPARED], autojunk=False).quick_ratio()


def pointer(expected: str, found: str) -> str:
    """The first difference in a sentence, letters counted from 1; "" if there is none."""
    if expected == found:
        return ""
    at = next(
        (i for i, (a, b) in enumerate(zip(expected, found, strict=False)) if a != b), min(len(expected), len(found))
    )
    if at == len(expected):
        return f"After the last letter {_quoted(found[at:])} follows."
    if at == len(found):
        return f"It ends after letter {at}: {_quoted(expected[at:])} is missing."
    return f"Character {at + 1} is {_quoted(found[at])}, not {_quoted(expected[at])}."


def _quoted(text: str) -> str:
    """Letters that print, between quotation marks; others by their number."""
    shown = "".join(letter if letter.isprintable() else f"\\u{ord(letter):04x}" for letter in text[:SHOWN])
    return f"“{shown}{'…' if len(text) > SHOWN else ''}”"
