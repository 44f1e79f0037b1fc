"""What the simulated public DNS answers, for those parts of AWS that look there: ACM and PrivateLink.

One hook for both, so that nothing of AWS needs to know how names are served.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

# (name, record type) -> values, empty when the name has none. Names come with or without a final dot.
Lookup = Callable[[str, str], Sequence[str]]
_lookup: list[Lookup] = []


def use_lookup(lookup: Lookup | None) -> Lookup | None:
    """Answer by this function from now on; None: nothing serves DNS. Gives the one before."""
    before = _lookup[0] if _lookup else None
    _lookup[:] = [lookup] if lookup else []
    return before


def is_served() -> bool:
    """True when there is a public DNS at all."""
    return bool(_lookup)


def names(name: str, kind: str) -> set[str]:
    """The host names or addresses that a name has, in lower case without a final dot."""
    return {value.lower().rstrip(".") for value in _answer(name, kind)}


def texts(name: str) -> set[str]:
    """The TXT values of a name, with their case, parts joined and without quotes."""
    return {_joined(value) for value in _answer(name, "TXT")}


def parents(name: str) -> Iterator[str]:
    """The name and its parents, the top-level domain left out."""
    labels = name.rstrip(".").split(".")
    for start in range(len(labels) - 1):
        yield ".".join(labels[start:])


def authorities(name: str) -> set[str] | None:
    """The authorities that may issue for a name, `*.` included, by CAA (RFC 8659): None where nobody restricts it."""
    for place in parents(name.removeprefix("*.")):
        fields = [value.split(None, 2) for value in _answer(place, "CAA")]
        if found := [(tag.lower(), value) for _, tag, value in (field for field in fields if len(field) == 3)]:
            tags = {tag for tag, _ in found}
            decides = "issuewild" if name.startswith("*.") and "issuewild" in tags else "issue"
            issuers = {value.strip('"').split(";")[0].strip().lower() for tag, value in found if tag == decides}
            return issuers if decides in tags else None
    return None


def _answer(name: str, kind: str) -> Sequence[str]:
    return _lookup[0](name.rstrip("."), kind) if _lookup else ()


def _joined(value: str) -> str:
    if not value.startswith('"'):
        return value
    return "".join(value.strip('"').split('" "'))
