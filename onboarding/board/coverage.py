"""Which of the names that buyers call each certificate covers (S21, S28, S29, S44)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from onboarding.board.words import Mark
from onboarding.models import Item
from onboarding.names import coverage as names
from sellers.models import Product

COVERED = Mark("Covered", "s-done", "circle-check")
BARE = Mark("Not covered", "s-you", "user-exclamation")


@dataclass(frozen=True)
class Called:
    """A name that buyers call, what it is, and for each name of the certificate whether that covers it."""

    name: str
    words: str
    by: list[bool]
    mark: Mark


@dataclass(frozen=True)
class Cover:
    """Certificates with the same names: the regions, the certificate's names, the names that buyers call."""

    where: str
    names: list[str]
    rows: list[Called]


def coverage(product: Product, items: Mapping[tuple[str, str], Item], regions: Sequence[str]) -> list[Cover]:
    """One table for all regions whose certificates name the same; no query."""
    wanted = names.wanted(product.friendly_dns_name, product.private_dns_name) if product.friendly_dns_name else ()
    groups: dict[tuple[str, ...], list[str]] = {}
    for region in regions:
        item = items.get(("certificate", region))
        if item and item.made and item.made.get("names"):
            groups.setdefault(tuple(item.made["names"]), []).append(region)
    return [_cover(product, sans, where, wanted) for sans, where in groups.items()]


def _cover(product: Product, sans: Sequence[str], where: Sequence[str], wanted: Sequence[str]) -> Cover:
    found = names.covers(sans, wanted).by
    rows = [
        Called(
            name, _words(product, name), [found.get(name) == san for san in sans], COVERED if found.get(name) else BARE
        )
        for name in wanted
    ]
    return Cover(", ".join(where), list(sans), rows)


def _words(product: Product, name: str) -> str:
    if name == product.friendly_dns_name:
        return "user-friendly name"
    return "private name" if name == product.private_dns_name else "names of buyers’ endpoints, regional and zonal"
