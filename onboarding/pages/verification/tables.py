"""Availability Zones by id, which is the same place in every account: load balancer, service, seen by the buyer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from onboarding.dns import coverage as names
from onboarding.models import Evidence, Item
from onboarding.pages.common.states import OUTCOMES, Mark
from onboarding.pages.common.times import Moment, age
from sellers.models import Product

YES = Mark("yes", "s-done", "circle-check")
NO = Mark("no", "s-you", "user-exclamation")
UNKNOWN = Mark("not tried", "s-todo", "circle-dashed")


@dataclass(frozen=True)
class ZoneRow:
    """One zone: its id, its name in the seller's account, and who is in it."""

    zone_id: str
    name: str
    balancer: Mark
    service: Mark
    buyer: Mark


@dataclass(frozen=True)
class ZoneTable:
    """The zones of one region."""

    region: str
    rows: list[ZoneRow]


def zone_tables(
    regions: Sequence[str], items: Mapping[tuple[str, str], Item], evidence: Iterable[Evidence]
) -> list[ZoneTable]:
    """A table for each region whose network is known; no query."""
    seen = _seen_by_buyer(evidence)
    tables = [ZoneTable(region, _rows(region, items, seen.get(region, set()))) for region in regions]
    return [table for table in tables if table.rows]


def _rows(region: str, items: Mapping[tuple[str, str], Item], buyer: set[str]) -> list[ZoneRow]:
    network = _outputs(items, "network", region)
    names = dict(zip(network.get("region_zone_ids", ()), network.get("region_zone_names", ()), strict=False))
    balancer = set(_outputs(items, "load_balancer", region).get("zone_ids", ()))
    service = set(_outputs(items, "endpoint_service", region).get("zone_ids", ()))
    return [
        ZoneRow(
            zone_id=zone,
            name=names.get(zone, ""),
            balancer=_mark(zone, balancer),
            service=_mark(zone, service),
            buyer=YES if zone in buyer else UNKNOWN,
        )
        for zone in sorted({*names, *balancer, *service})
    ]


def _mark(zone: str, known: set[str]) -> Mark:
    return (YES if zone in known else NO) if known else UNKNOWN


def _outputs(items: Mapping[tuple[str, str], Item], slug: str, region: str) -> dict[str, Any]:
    item = items.get((slug, region))
    return (item.outputs or {}) if item else {}


def _seen_by_buyer(evidence: Iterable[Evidence]) -> dict[str, set[str]]:
    """Region -> the zones in which the buyer's test endpoint was."""
    found: dict[str, set[str]] = {}
    for row in evidence:
        if row.item.slug == "rehearsal":
            found.setdefault(row.item.region, set()).update(map(str, row.facts.get("zone_ids", ())))
    return found


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
        if item and item.outputs and item.outputs.get("names"):
            groups.setdefault(tuple(item.outputs["names"]), []).append(region)
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
        return "user-friendly DNS name"
    return "private name" if name == product.private_dns_name else "names of buyers’ endpoints, regional and zonal"


@dataclass(frozen=True)
class Stage:
    """One check of a rehearsal."""

    mark: Mark
    sentence: str


@dataclass(frozen=True)
class Rehearsal:
    """The last rehearsal in one region. A verdict that repeats the words of its stage is said once."""

    region: str
    url: str
    age: Moment | None
    stages: list[Stage]


def rehearsals(regions: Sequence[str], evidence: Iterable[Evidence]) -> list[Rehearsal]:
    """Those of the regions that have been rehearsed, each with the checks of its last attempt; no query."""
    mine: dict[str, list[Evidence]] = {}
    for row in evidence:
        if row.item.slug == "rehearsal":
            mine.setdefault(row.item.region, []).append(row)
    return [_rehearsal(region, mine[region]) for region in regions if region in mine]


def _rehearsal(region: str, rows: Sequence[Evidence]) -> Rehearsal:
    last = rows[-1]
    stages = [row for row in rows if (row.run_id, row.attempt) == (last.run_id, last.attempt)]
    return Rehearsal(
        region=region,
        url=reverse("onboarding:item", args=[last.item_id]),
        age=age(last.at),
        stages=list(dict.fromkeys(Stage(OUTCOMES[row.outcome], row.sentence) for row in stages)),
    )
