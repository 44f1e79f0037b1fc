"""Reads single values from a spec that may be wrong elsewhere, so that rules between fields always run."""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from sellers import formats

T = TypeVar("T")


def parsed(parse: Callable[[str], T], value: object) -> T | None:
    """The normalised value, or None if it is absent or does not fit."""
    if not isinstance(value, str) or not value:
        return None
    try:
        return parse(value)
    except formats.FormatError:
        return None


class Reader:
    """A view of raw data; what is wrong or absent reads as None, and is reported by the models."""

    def __init__(self, data: object) -> None:
        self.data = data

    def raw(self, *path: str) -> Any:
        """What stands at a path, whatever it is; None if nothing does."""
        found: Any = self.data
        for key in path:
            found = found.get(key) if isinstance(found, dict) else None
        return found

    def get(self, parse: Callable[[str], T], *path: str) -> T | None:
        """The normalised value at a path."""
        return parsed(parse, self.raw(*path))

    def items(self, *path: str) -> list[object]:
        """The entries of the list at a path."""
        found = self.raw(*path)
        return list(found) if isinstance(found, list | tuple) else []

    def account(self, role: str) -> str | None:
        """The account of a connection; certificates and dns fall back to service."""
        arn = self.get(formats.role_arn, "connections", role)
        if arn:
            return formats.arn_parts(arn).account
        absent = self.raw("connections", role) in (None, "")
        return self.account("service") if absent and role in {"certificates", "dns"} else None

    def regions(self) -> Iterator[tuple[str, str]]:
        """(key as written, region code) of each region that exists."""
        found = self.raw("regions")
        for key in found if isinstance(found, dict) else {}:
            code = parsed(formats.region, key)
            if code:
                yield str(key), code
