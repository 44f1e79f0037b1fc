"""What differs between two versions of a submission: facts in words, and the lines of two mails."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from onboarding.submission.text import one_line

WORDS = {
    "seller": "seller",
    "product": "product name",
    "product_id": "Marketplace product ID",
    "friendly_name": "user-friendly DNS name",
    "private_name": "private DNS name",
    "servers": "name servers",
    "keep": "records to keep",
    "process": "process",
    "account": "account",
    "service_id": "endpoint service id",
    "service_name": "endpoint service",
    "arn": "certificate",
    "names": "names of the certificate",
}


@dataclass(frozen=True, kw_only=True)
class Change:
    """One fact that differs; "" where it was or is not there."""

    region: str
    what: str
    before: str
    after: str

    @property
    def sentence(self) -> str:
        """“endpoint service in eu-west-1: A, was B”."""
        where = f" in {self.region}" if self.region else ""
        return f"{self.what}{where}: {self.after or 'none'}, was {self.before or 'none'}"


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """The facts that differ, the product's first, then region by region."""
    old, new = dict(_flat(before)), dict(_flat(after))
    places = list(dict.fromkeys([*new, *old]))
    return [
        Change(region=region, what=what, before=old.get((region, what), ""), after=new.get((region, what), ""))
        for region, what in places
        if old.get((region, what), "") != new.get((region, what), "")
    ]


def told(changed: list[Change], most: int = 3) -> str:
    """The first few changes in one sentence's worth of words."""
    shown = "; ".join(change.sentence for change in changed[:most])
    return f"{shown}; and {len(changed) - most} more" if len(changed) > most else shown


def lines(before: str, after: str) -> list[tuple[str, str]]:
    """Two mails line by line: (" ", same), ("-", removed), ("+", added); hints for the eye are left out."""
    found = difflib.ndiff(before.splitlines(), after.splitlines())
    return [(line[0], line[2:]) for line in found if line[0] in " -+"]


def _flat(facts: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], str]]:
    for name, value in facts.items():
        if name == "regions":
            for one in value:
                yield from _region(one)
        else:
            yield ("", WORDS.get(name, name)), _text(value)


def _region(one: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], str]]:
    for name, value in one.items():
        if name == "certificate":
            for part, inner in value.items():
                words = "certificate account" if part == "account" else WORDS.get(part, part)
                yield (one["region"], words), _text(inner)
        elif name != "region":
            yield (one["region"], WORDS.get(name, name)), _text(value)


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        return " ".join(_text(inner) for inner in value.values())
    if isinstance(value, (list, tuple)):
        return ", ".join(_text(inner) for inner in value)
    return one_line(str(value), 200)
