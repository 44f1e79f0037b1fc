"""How a number of things is said, on pages and in mails."""

from __future__ import annotations


def counted(number: int, one: str, many: str = "") -> str:
    """ "1 item", "3 items"."""
    return f"{number} {one if number == 1 else many or one + 's'}"
